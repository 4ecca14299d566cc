"""What the index is told of each entry, and that the database has the last word."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.management import call_command

import directorio.search_documents  # noqa: F401
from search import registry
from search.comparing import differences
from search.models import PendingChange
from search.query import Query
from search.rebuilding import rebuild
from search.service import search
from tests.factories.directorio import (
    CenterFactory,
    CityFactory,
    DemandFactory,
    InstitutionFactory,
    OfferFactory,
    SupplierFactory,
)

pytestmark = pytest.mark.django_db


def documents(kind):
    source = registry.source(kind)
    return [document for row in source.queryset() for document in source.documents(row)]


def test_each_kind_makes_one_public_document():
    CenterFactory().partners.add(InstitutionFactory(name="Alcaldía de prueba", acronym="ADP"))
    OfferFactory()
    SupplierFactory(products="Pan: caliente")
    DemandFactory()
    for kind in ("centro", "institucion", "oferta", "proveedor", "demanda"):
        [document] = documents(kind)[:1]
        assert document.kind == kind
        assert document.audience == frozenset({"public"})
        assert document.url.startswith("/directorio/")
    [center] = documents("centro")
    assert "Alcaldía de prueba" in center.body
    assert "ADP" in center.body
    assert center.city.startswith("ciudad-")


def test_without_consent_nothing_is_found():
    hidden = SupplierFactory(consent=False, nit="899999003-1")
    seen = SupplierFactory(nit="800197268-4")
    assert [document.id for document in documents("proveedor")] == [str(seen.pk)]
    assert not any("899999003" in document.body + document.summary for document in documents("proveedor"))
    allowed = registry.source("proveedor").authorised([str(hidden.pk), str(seen.pk), "x"], AnonymousUser())
    assert allowed == {str(seen.pk)}


def test_cities_with_a_centre_are_suggested_by_how_their_words_begin(django_assert_num_queries):
    for name, slug in (("Puerto Asís", "puerto-asis"), ("Ocaña", "ocana")):
        CenterFactory(city=CityFactory(name=name, slug=slug))
    CityFactory(name="Ocampo")
    with django_assert_num_queries(1):
        [place] = registry.places("ocañ")
    assert (place.name, place.url) == ("Ocaña", "/buscar/?ciudad=ocana")
    with django_assert_num_queries(0):
        for typed in ("puerto as", "asis", "ASÍS"):
            assert [one.name for one in registry.places(typed)] == ["Puerto Asís"], typed
        assert [one.name for one in registry.places("oc")] == ["Ocaña"], (
            "nothing is found where there is no centre"
        )


def test_a_city_is_suggested_from_its_first_centre_on_and_by_its_new_name(django_capture_on_commit_callbacks):
    city = CityFactory(name="Ocampo", slug="ocampo")
    assert not registry.places("oca")
    with django_capture_on_commit_callbacks(execute=True):
        center = CenterFactory(city=city)
    assert [one.name for one in registry.places("oca")] == ["Ocampo"]
    with django_capture_on_commit_callbacks(execute=True):
        city.name = "Ocampo Nuevo"
        city.save()
    assert [one.name for one in registry.places("oca")] == ["Ocampo Nuevo"]
    with django_capture_on_commit_callbacks(execute=True):
        center.delete()
    assert not registry.places("oca")


def test_authorising_costs_one_query(django_assert_num_queries):
    ids = [str(DemandFactory().pk) for _n in range(3)]
    with django_assert_num_queries(1):
        assert registry.source("demanda").authorised(ids, AnonymousUser()) == set(ids)


def test_what_its_term_closes_is_found_as_closed_from_the_next_day(search_index, queued):
    cache.clear()
    with time_machine.travel("2026-03-02 12:00", tick=False) as clock:
        OfferFactory(title="Taller de panadería", until=dt.date(2026, 3, 2))
        DemandFactory(title="Panadería busca harina", until=dt.date(2026, 3, 2))
        OfferFactory(title="Panadería sin plazo")
        OfferFactory(title="Panadería de marzo", until=dt.date(2026, 3, 31))
        rebuild()

        def closed():
            page = search(Query(text="panadería"), AnonymousUser())
            return {hit.title for hit in page.hits if hit.status == "Cerrada"}

        call_command("tick")
        search_index()
        assert closed() == set()
        clock.move_to("2026-03-03 06:00")
        call_command("tick")
        search_index()
        assert closed() == {"Taller de panadería", "Panadería busca harina"}
        assert list(differences()) == []
        call_command("tick")
        assert not PendingChange.objects.exists(), "once a day"
