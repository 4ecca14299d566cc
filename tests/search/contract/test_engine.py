"""Facets, permission, versions, rebuilding: what every engine must do alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from search.backends.base import Backend, dump, mark
from search.documents import MEMBER, PUBLIC, Part
from tests.factories.search import EPOCH, make_document


def test_what_was_indexed_comes_back_whole(put: Any, ask: Any) -> None:
    document = make_document(
        title="Ñandú «y» <b>", summary="Uno", body="Dos", label="Capítulo", parent="Guía", parent_id="guia-1",
        parent_url="/guias/una/", city="puerto-asis",
        theme="empleo", route="redip", status="Respondida", keywords=("tres", "cuatro"), weight=0.8,
    )  # fmt: skip
    put(document)
    assert ask("nandu").found[0].document == document


def test_facets_leave_their_own_filter_aside(put: Any, ask: Any) -> None:
    put(title="Acta uno", kind="acta", city="cali")
    put(title="Acta dos", kind="acta", city="pasto")
    put(title="Acta tres", kind="guia", city="cali")
    answer = ask("acta", filters={"kind": ["acta"], "city": ["cali"]})
    assert answer.total == 1
    assert answer.facets["kind"] == {"acta": 1, "guia": 1}
    assert answer.facets["city"] == {"cali": 1, "pasto": 1}
    assert ask("acta", filters={"city": ["cali", "pasto"]}).total == 3
    assert ask("", filters={"kind": ["guia"]}).total == 1


def test_parts_of_one_thing_are_counted_and_found_alone(put: Any, ask: Any) -> None:
    put(title="Feria uno", parent_id="guia-1")
    put(title="Feria dos", parent_id="guia-1")
    put(title="Feria tres", parent_id="guia-12")
    put(title="Feria secreta", parent_id="guia-1", audience=frozenset({"mesa:1"}))
    put(title="Feria suelta")
    assert ask("feria").facets["parent_id"] == {"guia-1": 2, "guia-12": 1}
    answer = ask("feria", filters={"parent_id": ["guia-1"]})
    assert {one.document.title for one in answer.found} == {"Feria uno", "Feria dos"}


def test_dates_narrow_and_are_counted(put: Any, ask: Any) -> None:
    old, new = EPOCH - timedelta(days=40), EPOCH
    put(title="Acta vieja", updated=old)
    put(title="Acta nueva", updated=new)
    since = int(new.timestamp() * 1_000_000)
    assert ask("acta", since=since).total == 1
    assert ask("acta", until=since).total == 1
    assert ask("acta", since=since, periods={"mes": since, "siempre": 0}).periods == {"mes": 1, "siempre": 2}


def test_sorts_by_date_and_pages(put: Any, titles: Any, ask: Any) -> None:
    for number in range(5):
        put(title=f"Acta {number}", updated=EPOCH + timedelta(days=number))
    assert titles("acta", by_date=True, limit=2) == ["Acta 4", "Acta 3"]
    assert titles("acta", by_date=True, limit=2, offset=4) == ["Acta 0"]
    assert ask("acta", offset=900).total == 5


def test_without_words_the_place_itself_is_listed_first_and_then_the_newest(put: Any, titles: Any) -> None:
    kinds = ("mesa", "bitacora", "tema", "red", "recurso", "centro", "mesa", "guia")
    for day, kind in enumerate(kinds):
        put(title=f"{kind} {day}", kind=kind, city="cali", updated=EPOCH + timedelta(days=day))
    put(title="ajeno", kind="centro", city="pasto")
    found = titles("", filters={"city": ["cali"]})
    assert found == ["centro 5", "red 3", "mesa 6", "mesa 0", "tema 2", "guia 7", "recurso 4", "bitacora 1"]
    assert titles("", filters={"city": ["cali"]}, offset=2, limit=2) == found[2:4]
    assert titles("", filters={"city": ["cali"]}, by_date=True) == sorted(
        found, key=lambda title: int(title.split()[1]), reverse=True
    )


@pytest.mark.parametrize("audience", [{PUBLIC}, {PUBLIC, MEMBER}, {PUBLIC, MEMBER, "mesa:2"}, set()])
def test_audience_hides_everywhere(engine: Backend, put: Any, ask: Any, audience: set[str]) -> None:
    put(title="Acta secreta", kind="acta", city="tumaco", audience=frozenset({"mesa:1", "mesa:11"}))
    put(title="Acta abierta", kind="guia", city="cali")
    seen = 1 if PUBLIC in audience else 0
    for text in ("acta", "secreta abierta", '"acta secreta"', "", "acta mesa:1", "secreto"):
        answer = ask(text, audience=audience, fuzzy=True)
        assert answer.total <= seen
        assert "tumaco" not in answer.facets["city"]
        assert "acta" not in answer.facets["kind"]
        assert all("secreta" not in one.document.title for one in answer.found)
    assert [d.title for d in engine.suggest(["acta"], audience, 5)] == ["Acta abierta"][:seen]
    assert engine.suggest(["acta", "secr"], audience, 5) == []
    assert ask("secreta", audience={PUBLIC, "mesa:1"}).total == 1
    assert [d.title for d in engine.suggest(["secr"], {"mesa:1"}, 5)] == ["Acta secreta"]


def test_suggests_unfinished_words(engine: Backend, put: Any) -> None:
    put(title="Proceso de Orientación")
    put(title="Orientación al empleo")
    put(title="Otra")
    assert {d.title for d in engine.suggest(["orienta"], {PUBLIC}, 5)} == {
        "Proceso de Orientación",
        "Orientación al empleo",
    }
    assert [d.title for d in engine.suggest(["orientacion", "emp"], {PUBLIC}, 5)] == ["Orientación al empleo"]
    assert engine.suggest([], {PUBLIC}, 5) == []


def test_finds_words_by_their_spelling(engine: Backend, put: Any) -> None:
    for title in ("El empleo", "Un empleado", "Otro"):
        put(title=title)
    for title in ("La emplea", "El plebeyo"):
        put(title=title, audience=frozenset({"mesa:1"}))
    found = [d.title for d in engine.spelt("mpleo", 2, {PUBLIC}, 5)]
    assert found == ["El empleo"]
    assert {d.title for d in engine.spelt("mpleo", 2, {PUBLIC, "mesa:1"}, 5)} == {
        "El empleo",
        "La emplea",
    }
    assert [d.title for d in engine.spelt("empleaod", 2, {PUBLIC}, 1)] == ["Un empleado"]
    held = engine.spelt("mpleo", 2, {PUBLIC}, 5)[0]
    assert engine.spelt("mpleo", 2, {PUBLIC}, 5, {held.key}) == []


def test_suggests_of_some_kinds_alone(engine: Backend, put: Any) -> None:
    put(title="Orientación al empleo", kind="guia")
    put(title="Orientación secreta", kind="guia", audience=frozenset({"mesa:1"}))
    put(title="Centro de orientación", kind="centro")
    put(title="Orientadores", kind="recurso")
    assert [d.title for d in engine.suggest(["orienta"], {PUBLIC}, 5, ["guia"])] == ["Orientación al empleo"]
    two = {d.title for d in engine.suggest(["orienta"], {PUBLIC}, 5, ["guia", "centro"])}
    assert two == {"Orientación al empleo", "Centro de orientación"}


def test_an_older_version_never_wins(put: Any, titles: Any) -> None:
    put(id="7", title="Acta nueva", updated=EPOCH)
    put(id="7", title="Acta vieja", updated=EPOCH - timedelta(days=1))
    assert titles("acta") == ["Acta nueva"]
    put(id="7", title="Acta igual de nueva", updated=EPOCH)
    assert titles("acta") == ["Acta igual de nueva"]


def test_a_row_replaces_all_its_documents(engine: Backend, ask: Any) -> None:
    chapters = [make_document(id=f"1-{n}", title=f"Capítulo {n}") for n in range(3)]
    engine.index({"guia:1": chapters, "guia:2": [make_document(title="Capítulo ajeno")]})
    assert ask("capitulo").total == 4
    engine.index({"guia:1": chapters[:1]})
    assert ask("capitulo").total == 2
    engine.delete(["guia:1", "guia:99"])
    assert [one.document.title for one in ask("capitulo").found] == ["Capítulo ajeno"]


def test_knows_its_versions(engine: Backend) -> None:
    read = EPOCH + timedelta(days=900)
    documents = [make_document(), make_document(touched=read), make_document(updated=EPOCH)]
    engine.index({f"fila:{d.id}": [d] for d in documents})
    held = {(f"fila:{d.id}", d.key, d.version, mark(dump(d))) for d in documents}
    assert set(engine.known_versions()) == held
    rows = [f"fila:{d.id}" for d in documents[:2]]
    assert set(engine.versions_of([*rows, "fila:999999"])) == {one for one in held if one[0] in rows}
    assert max(version for _, _, version, _ in held) == int(read.timestamp() * 1_000_000)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Otro"},
        {"body": "Otro"},
        {"audience": frozenset({"mesa:1"})},
        {"helped": 1},
        {"weight": 0.6},
        {"url": "/otra/"},
        {"parts": (Part(0, "/pagina/2/", "Página 2"),)},
        {"city": "cali"},
    ],
)
def test_knows_that_a_document_of_the_same_version_was_another(
    engine: Backend, change: dict[str, Any]
) -> None:
    document = make_document()
    engine.index({"fila:1": [document]})
    (before,) = engine.known_versions()
    engine.index({"fila:1": [document]})
    assert list(engine.known_versions()) == [before]
    engine.index({"fila:1": [replace(document, **change)]})
    (after,) = engine.known_versions()
    assert after.version == before.version and after.mark != before.mark


def test_goes_through_many_in_pages(engine: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.backends.embedded.MANY", 4)
    rows = {f"fila:{n}": [make_document(id=f"{n}-{m}", updated=EPOCH) for m in range(3)] for n in range(4)}
    engine.index(rows)
    held = [(row, d.key) for row, documents in rows.items() for d in documents]
    assert sorted((row, key) for row, key, *_ in engine.known_versions()) == sorted(held)
    assert len(list(engine.versions_of(["fila:0", "fila:3"]))) == 6


def test_what_was_only_read_anew_wins_and_keeps_its_date(engine: Backend, put: Any, ask: Any) -> None:
    put(id="7", title="Acta", updated=EPOCH)
    put(id="7", title="Acta con las palabras de su archivo", updated=EPOCH, touched=EPOCH + timedelta(days=9))
    put(id="7", title="Acta", updated=EPOCH)
    found = ask(
        "acta", since=int(EPOCH.timestamp() * 1_000_000), until=int(EPOCH.timestamp() * 1_000_000) + 1
    )
    assert [one.document.title for one in found.found] == ["Acta con las palabras de su archivo"]


def test_rebuilds_beside_live_traffic(engine: Backend, put: Any, titles: Any) -> None:
    put(title="Acta antigua")
    with engine.rebuild() as build:
        build.index({"test:n": [make_document(title="Acta reconstruida")]})
        assert titles("acta") == ["Acta antigua"]
        put(title="Acta escrita entretanto")
        assert len(titles("acta")) == 2
        build.swap()
    assert titles("acta") == ["Acta reconstruida"]
    put(title="Acta posterior")
    assert set(titles("acta")) == {"Acta reconstruida", "Acta posterior"}


def test_a_rebuild_that_fails_leaves_the_old_one(engine: Backend, put: Any, titles: Any) -> None:
    put(title="Acta antigua")
    with pytest.raises(RuntimeError), engine.rebuild() as build:
        build.index({"test:n": [make_document(title="Acta a medias")]})
        raise RuntimeError
    assert titles("acta") == ["Acta antigua"]


def test_health(engine: Backend, put: Any) -> None:
    put(title="Acta")
    before = engine.health()
    assert (before.ok, before.ready, before.documents) == (True, False, 1)
    with engine.rebuild() as build:
        build.swap()
    after = engine.health()
    assert (after.ok, after.ready, after.documents) == (True, True, 0)


def test_tells_cheaply_whether_it_was_ever_filled(engine: Backend, put: Any) -> None:
    assert not engine.is_ready()
    put(title="Acta")
    assert not engine.is_ready()
    with engine.rebuild() as build:
        build.swap()
    assert engine.is_ready()


def test_an_unfinished_rebuild_goes_on(engine: Backend, put: Any, titles: Any) -> None:
    put(title="Acta antigua")
    with engine.rebuild() as first:
        first.index({"test:1": [make_document(title="Acta primera")]})
        first.save()
    with engine.rebuild(first.name) as again:
        assert again.name == first.name
        again.index({"test:2": [make_document(title="Acta segunda")]})
        assert titles("acta") == ["Acta antigua"]
        again.swap()
    assert set(titles("acta")) == {"Acta primera", "Acta segunda"}


def test_what_serves_or_is_gone_is_no_unfinished_rebuild(engine: Backend, titles: Any) -> None:
    with engine.rebuild("no-hay") as build:
        assert build.name != "no-hay"
        build.index({"test:1": [make_document(title="Acta")]})
        build.swap()
    with engine.rebuild(build.name) as another:
        assert another.name != build.name
    with engine.rebuild() as third:
        assert third.name not in {another.name, build.name}
    with engine.rebuild(another.name) as fourth:
        assert fourth.name != another.name, "a new one removed what the other left"
    assert titles("acta") == ["Acta"]
