"""What the index is told of networks, and who is authorised when something was found."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from nucleo.uploads import checked
from redip.actions.bitacoras import open_bitacora, publish_edition, save_section
from redip.actions.mesas import share_file
from redip.actions.networks import save_mesa, save_network
from redip.models import Milestone, Product
from redip.search_documents import OPERATOR, tokens
from search import registry
from search.documents import PUBLIC
from search.models import PendingChange
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import InstitutionFactory
from tests.factories.papers import pdf_of, upload
from tests.factories.redip import INSIDERS, Lived, MemberFactory, MesaFactory, RedFactory, browser, cast

pytestmark = pytest.mark.django_db
ANYONE = AnonymousUser()


def documents(name: str) -> dict[str, Any]:
    source = registry.source(name)
    return {document.id: document for row in source.queryset() for document in source.documents(row)}


def test_a_network_is_found_by_all_that_is_public_of_it() -> None:
    red = RedFactory(name="Red Equidad", pending="sumar actores")
    red.leaders.add(InstitutionFactory(name="Alcaldía de Prueba", acronym="ADP"))
    Milestone.objects.create(red=red, what="Asamblea anual", when_text="2014")
    Product.objects.create(red=red, name="Directorio de oferta")
    [document] = documents("red").values()
    assert document.audience == {PUBLIC}
    assert (document.title, document.status, document.city) == (red.title, "Fortalecimiento", red.city.slug)
    for words in ("Alcaldía de Prueba", "ADP", "Asamblea anual", "Directorio de oferta", "sumar actores"):
        assert words in document.body, words


def test_the_name_of_a_mesa_is_for_all_and_its_inside_for_insiders() -> None:
    lived = Lived()
    found = documents("mesa")
    public, private = found[str(lived.mesa.pk)], found[f"{lived.mesa.pk}-{lived.commitment.pk}"]
    assert public.audience == {PUBLIC} and lived.SECRET not in f"{public.body}{public.summary}{public.title}"
    assert private.audience == {f"mesa:{lived.mesa.pk}", OPERATOR}
    assert (private.title, private.label) == (lived.commitment.what, "Compromiso")
    [acta] = documents("acta").values()
    assert acta.audience == private.audience
    assert "Tema" in acta.summary and "Decisión" in acta.body


def test_only_the_last_edition_is_found_by_its_written_sections() -> None:
    red, boss = RedFactory(), UserFactory(is_superuser=True)
    bitacora = open_bitacora(red=red)
    assert documents("bitacora") == {}
    section = bitacora.sections.get(kind="barreras")
    for text in ("Lo viejo", "Lo vigente"):
        save_section(section=section, by=boss, revision=section.revision, text=text)
        publish_edition(bitacora=bitacora, by=boss)
    save_section(section=section, by=boss, revision=section.revision, text="Lo que se escribe")
    found = documents("bitacora")
    assert set(found) == {str(bitacora.pk), f"{bitacora.pk}-barreras"}
    part = found[f"{bitacora.pk}-barreras"]
    assert (part.body, part.label, part.status) == ("Lo vigente", "Sección de Bitácora", "Edición 2")
    assert part.url == f"/redip/{red.city.slug}/bitacora/barreras/"


def test_tokens_follow_the_rule_of_the_inside() -> None:
    mesa = MesaFactory()
    for who, user in cast(mesa).items():
        held = set(tokens(user))
        may = f"mesa:{mesa.pk}" in held or OPERATOR in held
        assert may is (who in INSIDERS), who


def test_tokens_cost_one_query(django_assert_num_queries: Any) -> None:
    user = MemberFactory().user
    MemberFactory(user=user)
    with django_assert_num_queries(1):
        assert len(list(tokens(user))) == 2


def test_the_database_has_the_last_word_in_one_query(django_assert_num_queries: Any) -> None:
    lived = Lived()
    people = cast(lived.mesa)
    part, whole = f"{lived.mesa.pk}-{lived.commitment.pk}", str(lived.mesa.pk)
    acta = str(lived.acta.pk)
    for who, user in people.items():
        with django_assert_num_queries(1):
            allowed = registry.source("mesa").authorised([part, whole, "x", "1-x", "9-9"], user)
        assert allowed == ({part, whole} if who in INSIDERS else {whole}), who
        assert registry.source("acta").authorised([acta, "x"], user) == ({acta} if who in INSIDERS else set())
    with django_assert_num_queries(1):
        assert registry.source("red").authorised([str(lived.mesa.red_id), "0"], ANYONE) == {
            str(lived.mesa.red_id)
        }


def test_a_bitacora_without_an_edition_is_not_found() -> None:
    red, boss = RedFactory(), UserFactory(is_superuser=True)
    bitacora = open_bitacora(red=red)
    ids = [str(bitacora.pk), f"{bitacora.pk}-barreras"]
    assert registry.source("bitacora").authorised(ids, boss) == set()
    section = bitacora.sections.get(kind="barreras")
    save_section(section=section, by=boss, revision=1, text="Algo")
    publish_edition(bitacora=bitacora, by=boss)
    assert registry.source("bitacora").authorised(ids, ANYONE) == set(ids)


def test_what_shows_a_name_is_queued_when_the_name_changes() -> None:
    lived = Lived()
    open_bitacora(red=lived.mesa.red)
    PendingChange.objects.all().delete()
    save_network(red=lived.mesa.red)
    save_mesa(mesa=lived.mesa)
    queued = set(PendingChange.objects.values_list("source", "object_id"))
    assert {
        ("red", str(lived.mesa.red_id)),
        ("mesa", str(lived.mesa.pk)),
        ("acta", str(lived.acta.pk)),
        ("bitacora", str(lived.mesa.red.bitacora.pk)),
    } <= queued


def test_they_are_found_by_what_people_type(search_index: Any, client: Any) -> None:
    mesa = MesaFactory(name="Microfinanzas")
    save_mesa(mesa=mesa)
    save_network(red=mesa.red)
    search_index()
    found = client.get("/api/v1/buscar?q=microfinanza").json()["results"]
    assert ("mesa", str(mesa.pk)) in {(row["tipo"], row["id"]) for row in found}


def test_a_file_of_a_mesa_is_found_by_the_words_of_its_pages_and_by_insiders_alone(
    search_index: Any, django_capture_on_commit_callbacks: Any
) -> None:
    seat = MemberFactory()
    paper = upload("Informe.pdf", pdf_of("Portada", "La microcapitalización llegó a Turbaco"))
    shared = share_file(mesa=seat.mesa, by=seat.user, upload=checked(paper))
    with django_capture_on_commit_callbacks(execute=True):
        search_index()
    search_index()
    address = "/api/v1/buscar?q=turbaco"
    (found,) = browser(seat.user).get(address).json()["results"]
    assert (found["tipo"], found["id"], found["lugar"]) == ("archivo", str(shared.pk), "Página 2")
    assert found["direccion"].endswith("?ver#page=2") and "<mark>Turbaco</mark>" in found["extracto_html"]
    for stranger in (ANYONE, MemberFactory().user):
        assert browser(stranger).get(address).json()["results"] == []
    response = browser(seat.user).get(f"{shared.get_absolute_url()}?ver")
    assert response["Content-Disposition"].startswith("inline")
    assert browser(seat.user).get(shared.get_absolute_url())["Content-Disposition"].startswith("attachment")
