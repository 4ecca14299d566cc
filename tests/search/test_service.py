from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from search import backends, outbox, registry
from search.backends.base import EngineDown, Health
from search.documents import MEMBER, PUBLIC
from search.models import PendingChange
from search.permission import MOST
from search.query import DATE, Query
from search.service import ENOUGH, index_is_ready, search
from search.suggesting import suggest

pytestmark = pytest.mark.django_db
ANYONE = AnonymousUser()
MEMBER_USER = SimpleNamespace(is_authenticated=True)


def titles(text: str, viewer: Any = ANYONE, **options: Any) -> list[str]:
    return [hit.title for hit in search(Query(text=text, **options), viewer).hits]


def test_what_the_database_refuses_is_nowhere(shelf: Any, stock: Any) -> None:
    stock("Acta abierta", city="cali", updated=timezone.now())
    hidden = stock("Acta cerrada", city="pasto", updated=timezone.now())[0]
    shelf.refused.add(str(hidden.pk))
    page = search(Query(text="acta"), ANYONE)
    assert [hit.title for hit in page.hits] == ["Acta abierta"]
    assert page.total == 1
    assert [value.count for facet in page.periods for value in facet.values] == [1, 1]
    assert [(v.value, v.count) for facet in page.facets if facet.name == "ciudad" for v in facet.values] == [
        ("cali", 1)
    ]
    assert [one.title for one in suggest("acta", ANYONE)] == ["Acta abierta"]
    assert search(Query(text="zerrada"), ANYONE).did_you_mean == ""


def test_what_waits_in_the_outbox_and_is_refused_is_counted_on_no_page(shelf: Any, stock: Any) -> None:
    stock(*(f"Acta {n}" for n in range(6)), city="cali", updated=timezone.now())
    for row in stock(*(f"Acta cerrada {n}" for n in range(6)), city="pasto", updated=timezone.now()):
        shelf.refused.add(str(row.pk))
        outbox.queue("prueba", row.pk)
    shown = []
    for number in (1, 2, 3):
        page = search(Query(text="acta", per_page=3, page=number), ANYONE)
        assert (page.total, page.reach) == (6, 6)
        assert [v.value for f in page.facets if f.name == "ciudad" for v in f.values] == ["cali"]
        assert [value.count for facet in page.periods for value in facet.values] == [6, 6]
        shown.append(len(page.hits))
    assert shown == [3, 3, 0]
    assert len(suggest("acta", ANYONE)) == 6


def test_what_waits_and_may_be_read_is_found_meanwhile(shelf: Any, stock: Any) -> None:
    row = stock("Acta")[0]
    outbox.queue("prueba", row.pk)
    assert titles("acta") == ["Acta"] and len(suggest("acta", ANYONE)) == 1


def test_an_import_that_waits_does_not_hide_what_was_made_private_before_or_after_it(
    shelf: Any, stock: Any
) -> None:
    stock("Acta")
    closed = stock("Acta cerrada", "Acta cerrada después")
    shelf.refused |= {str(row.pk) for row in closed}
    outbox.queue("prueba", closed[0].pk)
    outbox.queue("prueba", *range(900_000, 900_000 + 2 * MOST))
    outbox.queue("prueba", closed[1].pk)
    page = search(Query(text="acta", per_page=1, page=2), ANYONE)
    assert (page.total, page.engine_down) == (1, False)


def test_an_index_too_far_behind_is_not_counted_in(
    shelf: Any, stock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.permission.MOST", 3)
    rows = stock(*(f"Acta {n}" for n in range(4)))
    shelf.refused |= {str(row.pk) for row in rows[:2]}
    outbox.queue("prueba", *(row.pk for row in rows[:3]))
    assert (page := search(Query(text="acta"), ANYONE)).total == 2 and not page.engine_down
    outbox.queue("prueba", rows[3].pk)
    page = search(Query(text="acta"), ANYONE)
    assert page.engine_down and page.facets == () and page.total == len(page.hits) == 2
    assert suggest("acta", ANYONE) == []
    PendingChange.objects.filter(object_id=str(rows[0].pk)).delete()
    assert not search(Query(text="acta"), ANYONE).engine_down


def test_a_membership_that_ended_ends_at_once(shelf: Any, stock: Any) -> None:
    mesas = ["mesa:1"]
    registry.register_audience(lambda user: mesas)
    row = stock("Acta de la mesa", audience=frozenset({"mesa:1"}))[0]
    assert titles("acta", MEMBER_USER) == ["Acta de la mesa"]
    assert titles("acta") == []
    mesas.clear()
    assert titles("acta", MEMBER_USER) == []
    mesas.append("mesa:1")
    row.delete()
    assert titles("acta", MEMBER_USER) == []


def test_members_find_what_the_public_does_not(stock: Any) -> None:
    stock("Nota interna", audience=frozenset({MEMBER}))
    assert titles("nota", MEMBER_USER) == ["Nota interna"]
    page = search(Query(text="nota"), ANYONE)
    assert (page.total, page.hits, page.narrower) == (0, (), ())
    assert suggest("nota", ANYONE) == []


def test_did_you_mean_shows_the_corrected_results(stock: Any) -> None:
    stock("Acta de compromiso", "Acta de desistimiento")
    page = search(Query(text="Acta de compromizo"), ANYONE)
    assert page.did_you_mean == "Acta de compromiso"
    assert page.hits[0].title_html == "<mark>Acta de compromiso</mark>"


def test_did_you_mean_never_says_what_may_not_be_read(shelf: Any, stock: Any) -> None:
    stock("Compromiso secreto", audience=frozenset({"mesa:1"}))
    refused = stock("Compromiso rechazado")[0]
    shelf.refused.add(str(refused.pk))
    page = search(Query(text="compromizo"), ANYONE)
    assert (page.did_you_mean, page.total, page.hits) == ("", 0, ())


def test_what_few_of_a_city_say_is_no_slip_when_others_say_it(stock: Any) -> None:
    stock("Alcaldía de Cali", "Centro de Cali", "Mesa de Cali", city="cali")
    stock("Casi todo en Jamundí", city="jamundi")
    assert titles("cali", cities=("jamundi",)) == []
    stock("Caso de Jamundí", city="jamundi")
    found = titles("cazo", cities=("jamundi",))
    assert found == ["Caso de Jamundí", "Casi todo en Jamundí"], "nobody says it: a slip, and what is near"


def test_no_small_word_is_what_somebody_meant(stock: Any) -> None:
    stock("Nuestros papeles", "Otros papeles de hacer cuentas")
    assert titles("muestras") == [] and titles("zzzxw") == []
    assert search(Query(text="muestras papeles"), ANYONE).did_you_mean == ""
    assert search(Query(text="aser"), ANYONE).did_you_mean == "hacer"


def test_a_word_that_is_written_somewhere_is_not_corrected(stock: Any) -> None:
    stock("La mesa", "La meta")
    assert search(Query(text="meta"), ANYONE).did_you_mean == ""
    assert titles("meta")[0] == "La meta"


def test_nothing_found_names_words_that_would_find(stock: Any) -> None:
    stock("Permisos de trabajo")
    page = search(Query(text='"sin dueño" permiso de mascotas'), ANYONE)
    assert (page.total, page.narrower) == (0, ("permiso",))


def test_with_few_results_some_of_the_words_are_enough_and_all_come_first(stock: Any) -> None:
    stock("Permisos de trabajo", "Mascotas", "El permiso de una mascota", "Otra cosa")
    page = search(Query(text="permiso de mascotas"), ANYONE)
    assert page.loose
    assert page.hits[0].title == "El permiso de una mascota"
    assert {hit.title for hit in page.hits} == {
        "Permisos de trabajo",
        "Mascotas",
        "El permiso de una mascota",
    }


def test_what_nothing_says_is_found_in_words_near_in_meaning(stock: Any) -> None:
    stock("Muebles de madera", "Otra cosa")
    page = search(Query(text="mobiliario"), ANYONE)
    assert ([hit.title for hit in page.hits], page.related, page.near) == (["Muebles de madera"], True, True)
    assert search(Query(text="mobiliario", exact=True), ANYONE).total == 0
    stock("El mobiliario")
    page = search(Query(text="mobiliario"), ANYONE)
    assert ([hit.title for hit in page.hits], page.related) == (["El mobiliario"], False)


def test_a_filter_makes_no_other_words_of_what_is_written_elsewhere(stock: Any) -> None:
    stock("Un mobiliario", "El mobiliario", "Su mobiliario", city="cali")
    stock("Muebles de madera", city="pasto")
    page = search(Query(text="mobiliario", cities=("pasto",)), ANYONE)
    assert (page.total, page.unfiltered, page.related) == (0, 3, False)


def test_with_enough_results_all_words_are_wanted(stock: Any) -> None:
    stock(*(f"El permiso {n} de una mascota" for n in range(ENOUGH)), "Permisos de trabajo")
    page = search(Query(text="permiso de mascotas"), ANYONE)
    assert (page.total, page.loose) == (ENOUGH, False)


def test_a_slip_and_a_word_that_nothing_has(stock: Any) -> None:
    stock("Acta de compromiso")
    page = search(Query(text="compromizo mascotas"), ANYONE)
    assert [hit.title_html for hit in page.hits] == ["Acta de <mark>compromiso</mark>"]


def test_facets_carry_labels_counts_and_choice(stock: Any) -> None:
    stock("Acta uno", "Acta dos", city="cali")
    stock("Acta tres", city="puerto-asis")
    facets = {facet.name: facet for facet in search(Query(text="acta", cities=("cali",)), ANYONE).facets}
    assert [(v.label, v.count, v.chosen) for v in facets["ciudad"].values] == [
        ("CALI", 2, True),
        ("PUERTO-ASIS", 1, False),
    ]
    assert [(v.label, v.count) for v in facets["tipo"].values] == [("Páginas", 2)]


def test_dates_include_the_last_day(stock: Any) -> None:
    stock("Acta")
    assert titles("acta", since=date(2026, 3, 1), until=date(2026, 3, 1)) == ["Acta"]
    assert titles("acta", since=date(2026, 3, 2)) == []
    assert titles("acta", until=date(2026, 2, 28)) == []
    assert titles("acta", until=date.max) == ["Acta"]


def test_filters_without_text_list_everything(stock: Any) -> None:
    stock("Uno", "Dos", city="cali")
    assert len(titles("", cities=("cali",))) == 2
    assert titles("", cities=("cali",), sort=DATE, kinds=("acta",)) == []
    assert search(Query(), ANYONE).total == 0


def test_what_a_city_is_comes_before_what_is_new_there(stock: Any) -> None:
    stock("Pregunta de hoy", city="cali", updated=timezone.now())
    stock("Centro de Cali", city="cali", kind="centro")
    registry.register(
        registry.Source(
            name="c", kind="centro", queryset=list, documents=list, authorised=lambda ids, _: set(ids)
        )
    )
    assert titles("", cities=("cali",)) == ["Centro de Cali", "Pregunta de hoy"]
    assert titles("", cities=("cali",), sort=DATE) == ["Pregunta de hoy", "Centro de Cali"]
    assert titles("", since=date(2026, 1, 1)) == ["Pregunta de hoy", "Centro de Cali"]


def test_one_query_a_kind_however_many_hits(shelf: Any, stock: Any, django_assert_num_queries: Any) -> None:
    stock("Acta 1")
    titles("acta")  # what editors taught is read once and kept
    for count in (1, 3, 5):
        shelf.asked = 0
        with django_assert_num_queries(2):  # the outbox, and those found
            assert len(titles("acta")) == count
        assert shelf.asked == 1
        stock(f"Acta {count}.2", f"Acta {count}.3")


class Down:
    def __getattr__(self, name: str) -> Any:
        def down(*args: Any) -> Any:
            raise EngineDown("apagado")

        return down


def test_an_engine_that_rests_leaves_the_titles(shelf: Any, stock: Any, monkeypatch: Any) -> None:
    stock("Acta de compromiso", "Guía")
    stock("Acta secreta", audience=frozenset({"mesa:1"}))
    hidden = stock("Acta rechazada")[0]
    shelf.refused.add(str(hidden.pk))
    monkeypatch.setattr(backends, "current", lambda engine="": Down())
    page = search(Query(text="acta"), ANYONE)
    assert page.engine_down
    assert [hit.title for hit in page.hits] == ["Acta de compromiso"]
    assert page.total == 1
    assert suggest("acta", ANYONE) == []
    assert titles("acta", kinds=("guia",)) == []


@pytest.mark.parametrize("text", ["orientacion", "ORIENTACIÓN", "orientación al empleo", '"al empleo"'])
def test_titles_are_found_without_their_accents_while_the_engine_rests(
    text: str, stock: Any, monkeypatch: Any
) -> None:
    stock("Orientación al empleo", "Otra")
    monkeypatch.setattr(backends, "current", lambda engine="": Down())
    assert titles(text) == ["Orientación al empleo"]


def test_a_corrupt_index_rests_too(stock: Any, search_index: Any, settings: Any) -> None:
    stock("Acta")
    for path in Path(settings.SEARCH_PLACE).glob("*/meta.json"):
        path.write_text("{")
    backends._made.cache_clear()
    page = search(Query(text="acta"), ANYONE)
    assert page.engine_down
    assert [hit.title for hit in page.hits] == ["Acta"]
    health = backends.current().health()
    assert isinstance(health, Health)
    assert not health.ok


def test_an_index_never_filled_is_no_reason_to_say_that_nothing_is_there(
    shelf: Any, settings: Any, tmp_path: Path
) -> None:
    from search.rebuilding import rebuild

    settings.SEARCH_PLACE = str(tmp_path / "another")
    shelf.add("Acta", audience=frozenset({PUBLIC}))
    PendingChange.objects.all().delete()
    assert not index_is_ready()
    page = search(Query(text="acta"), ANYONE)
    assert page.engine_down and [hit.title for hit in page.hits] == ["Acta"]
    assert suggest("acta", ANYONE) == []
    rebuild()
    assert index_is_ready()
    page = search(Query(text="acta"), ANYONE)
    assert not page.engine_down and page.total == 1


@pytest.mark.parametrize("text", ["", " ", "a", "\0", "😀", '"'])
def test_too_little_to_suggest(stock: Any, text: str) -> None:
    stock("Acta")
    assert suggest(text, ANYONE) == []


def test_suggestions_have_what_a_list_shows(stock: Any) -> None:
    stock("Acta de compromiso", label="Plantilla", audience=frozenset({PUBLIC}))
    one = suggest("compro", ANYONE)[0]
    assert (one.title, one.kind, one.label) == ("Acta de compromiso", "pagina", "Plantilla")


@pytest.mark.parametrize("typed", ["sen", "SENA", "sena"])
def test_an_acronym_suggests_what_it_stands_for(stock: Any, typed: str) -> None:
    stock("Servicio Nacional de Aprendizaje", audience=frozenset({PUBLIC}))
    stock("Servicio Nacional de Aprendizaje, sede", audience=frozenset({"mesa:1"}))
    stock("Servicio de Aprendizaje", audience=frozenset({PUBLIC}))
    assert [one.title for one in suggest(typed, ANYONE)] == ["Servicio Nacional de Aprendizaje"]


def test_another_word_for_it_is_suggested_after_the_word_itself(stock: Any) -> None:
    stock("Hacer la hoja de vida", "Currículo de ejemplo", audience=frozenset({PUBLIC}))
    titles = [one.title for one in suggest("curriculo", ANYONE)]
    assert titles == ["Currículo de ejemplo", "Hacer la hoja de vida"]


def test_places_are_suggested_first_and_leave_room(stock: Any) -> None:
    stock(*[f"Cartagena {number}" for number in range(9)], audience=frozenset({PUBLIC}))
    registry.register_places(lambda text: [registry.Place(f"{text} {n}", f"/{n}/") for n in range(5)])
    found = suggest("Carta", ANYONE)
    assert [(one.title, one.url, one.label) for one in found[:2]] == [
        ("carta 0", "/0/", "Ciudad"),
        ("carta 1", "/1/", "Ciudad"),
    ]
    assert len(found) == 6 and all(one.kind == "pagina" for one in found[2:])
    assert {one.kind for one in suggest("Carta", ANYONE, kinds=["pagina"])} == {"pagina"}


def test_places_are_suggested_while_the_engine_rests(shelf: Any, settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_PLACE = str(tmp_path / "never filled")
    registry.register_places(lambda text: [registry.Place("Cartagena", "/c/")])
    assert [one.title for one in suggest("carta", ANYONE)] == ["Cartagena"]


def test_a_question_whose_words_are_all_known_is_not_taken_for_slips(
    stock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To look for slips of six words takes the engine many times as long as to ask whether it has each."""
    words = ("panadero", "mercado", "vivienda", "transporte", "escuela", "hospital")
    stock(*words)
    engine, fuzzy = backends.current(), []
    find = engine.search
    monkeypatch.setattr(engine, "search", lambda request: fuzzy.append(request.fuzzy) or find(request))
    assert sorted(titles(" ".join(words))) == sorted(words), "some of the words are enough"
    assert fuzzy and not any(fuzzy)
    assert search(Query(text=" ".join([*words[:5], "hospittal"])), ANYONE).did_you_mean.endswith("hospital")
