"""What people search is counted without them, and shown to editors with two cures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from nucleo import counting
from search import alerts, tally, vocabulary
from search.backends import analysis
from search.documents import PUBLIC
from search.models import MissingGuide, Pin, PutAway, SearchTally, SynonymGroup
from tests.factories.comunidad import ThemeFactory
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db
REPORT = "/admin/busquedas/"


@pytest.fixture(autouse=True)
def nothing_waits() -> Iterator[None]:
    tally.waiting.forget()
    yield
    tally.waiting.forget()


def counted() -> dict[str, tuple[int, int, int]]:
    tally.flush()
    return {row.text: (row.searched, row.empty, row.opened) for row in SearchTally.objects.all()}


def search(client: Client, text: str, **headers: str) -> str:
    return client.get("/buscar/", {"q": text}, headers=headers).content.decode()


# --- Counting -------------------------------------------------------------------------------------
def test_a_search_is_counted_by_its_words_and_its_week(client: Client, stock: Callable[..., Any]) -> None:
    (row,) = stock("Acta de compromiso")
    for text in ("acta", "Actas ", "xqzw"):
        search(client, text)
    client.post("/buscar/elegido/", {"q": "ACTA", "d": f"pagina:{row.pk}"})
    assert counted() == {"acta": (1, 0, 1), "xqzw": (1, 1, 0)}, "one person's repetition is the same search"
    assert {row.week for row in SearchTally.objects.all()} == {tally.monday(timezone.localdate())}
    client.force_login(UserFactory())
    search(client, "acta")
    assert counted()["acta"] == (2, 0, 1), "counts are added to"


@pytest.mark.parametrize(
    ("text", "query", "headers"),
    [
        ("ana@correo.example", {}, {}),
        ("cédula 1047123456", {}, {}),
        ("300 123 45 67", {}, {}),
        ("maria perez", {}, {}),
        ("MUÑOZ José", {}, {}),
        ("Juan Carlos", {}, {}),
        ("buenas tardes, la señora María", {}, {}),
        ("buenos días, yo quisiera saber si mi hija Laura Gómez puede", {}, {}),
        ("  ", {}, {}),
        ("acta", {"tipo": "pagina"}, {}),
        ("acta", {"pagina": "2"}, {}),
        ("acta", {}, {"user-agent": "Googlebot/2.1"}),
        ("acta", {}, {"user-agent": "WhatsApp/2.23.20.0 A"}),
        ("acta", {}, {"sec-purpose": "prefetch"}),
    ],
)
def test_what_names_a_person_or_is_no_search_of_one_is_not_counted(
    client: Client, stock: Callable[..., Any], text: str, query: dict[str, str], headers: dict[str, str]
) -> None:
    stock("Acta")
    client.get("/buscar/", {"q": text, **query}, headers=headers)
    assert counted() == {}


@pytest.mark.parametrize(
    "text", ["santa marta", "rosa", "doña rosa", "luz", "capital semilla", "divorcio", "buenos días"]
)
def test_what_names_nobody_is_counted(client: Client, stock: Callable[..., Any], text: str) -> None:
    search(client, text)
    assert text in counted()


def test_who_greets_asks_for_the_same(client: Client, stock: Callable[..., Any]) -> None:
    stock("Acta")
    for text in ("acta", "Buenas tardes, quisiera saber: acta", "acta, muchas gracias"):
        search(client, text)
    assert counted() == {"acta": (1, 0, 0)}, "one person, within half an hour"


def test_editors_do_not_learn_that_private_papers_say_a_word(
    client: Client, shelf: Any, stock: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from search import registry

    (row,) = stock("Acta secreta", audience=frozenset({"mesa:1"}))
    shelf.members_only.add(str(row.pk))
    monkeypatch.setattr(registry, "_audiences", [lambda user: ["mesa:1"]])
    client.force_login(UserFactory())
    assert "secreta</a>" in search(client, "secreta").replace("<mark>", "").replace("</mark>", "")
    client.post("/buscar/elegido/", {"q": "secreta", "d": f"pagina:{row.pk}"})
    assert counted() == {"secreta": (1, 1, 0)}, "as for everybody: nothing"


def test_editors_do_not_learn_that_private_papers_come_before_the_public_ones(
    client: Client, shelf: Any, stock: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from search import registry

    private = stock(*(f"Acta {n}" for n in range(25)), body="acta", audience=frozenset({"mesa:1"}))
    shelf.members_only |= {str(row.pk) for row in private}
    stock("De otra cosa y larga", body=f"{'habla de ello ' * 300} al final de un acta")
    monkeypatch.setattr(registry, "_audiences", [lambda user: ["mesa:1"]])
    client.force_login(UserFactory())
    assert "De otra cosa" not in search(client, "acta"), "it is on the second page"
    assert counted() == {"acta": (1, 0, 0)}, "everybody finds one"


def test_old_weeks_are_forgotten() -> None:
    for days in (0, 60, 200):
        week = tally.monday(timezone.localdate() - timedelta(days=days))
        SearchTally.objects.create(week=week, key=str(days), text=str(days), searched=1)
    assert set(counted()) == {"0", "60"}


def test_so_many_wait_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MAX_WAITING", 2)
    for text in ("uno", "dos", "tres", "uno"):
        tally.note_search(text, found=True)
    assert counted() == {"uno": (2, 0, 0), "dos": (1, 0, 0)}


def test_a_beacon_takes_anything_and_answers_nothing(client: Client, stock: Callable[..., Any]) -> None:
    (row,) = stock("Acta")
    for text in ("", "x" * 100_000, "\0", "<script>"):
        for opened in ({}, {"d": text}, {"d": f"pagina:{text}"}, {"d": f"{text}:1"}):
            assert client.post("/buscar/elegido/", {"q": "acta"} | opened).status_code == 204
            assert client.post("/buscar/elegido/", {"q": text} | opened).status_code == 204
    assert counted() == {}
    assert client.get("/buscar/elegido/").status_code == 405
    for _ in range(70):
        client.post("/buscar/elegido/", {"q": "acta", "d": f"pagina:{row.pk}"})
    assert counted()["acta"][2] <= 60


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("registrar marca", "registrar una marca comercial", True),
        ("como registrar la marca", "registro de marca", True),
        ("emprenderismo", "emprendersmo", True),
        ("empleo", "empleo joven", False),
        ("crédito", "acta", False),
        ("acta de cali", "acta de pasto", False),
    ],
)
def test_queries_are_grouped_by_likeness(one: str, other: str, same: bool) -> None:
    found = [tally.Line(text, 1, 1, 0, analysis.key(text)) for text in (one, other)]
    groups = tally.grouped(found)
    assert len(groups) == (1 if same else 2)
    assert sum(group.searched for group in groups) == 2


def test_groups_stand_by_how_much_they_are_searched_together() -> None:
    texts = {"capital semilla": 3, "registrar marca": 2, "registrar marca comercial": 2}
    found = [tally.Line(text, times, times, 0, analysis.key(text)) for text, times in texts.items()]
    first, second = tally.grouped(found)
    assert (first.text, first.searched) == ("registrar marca", 4)
    assert [line.text for line in first.others] == ["registrar marca comercial"]
    assert second.text == "capital semilla"


# --- What editors see and do ----------------------------------------------------------------------
def test_the_report_begins_with_what_nothing_answers(editor: Client) -> None:
    monday = tally.monday(timezone.localdate())
    rows = [("vacía", 5, 5, 0), ("sin abrir", 4, 0, 0), ("buena", 9, 1, 7)]
    for text, searched, empty, opened in rows:
        SearchTally.objects.create(
            week=monday, key=text, text=text, searched=searched, empty=empty, opened=opened
        )
    SearchTally.objects.create(
        week=monday - timedelta(days=7), key="otra", text="otra", searched=1, empty=1, opened=0
    )

    def shown(query: str = "") -> list[str]:
        page = editor.get(f"{REPORT}{query}").content.decode()
        return [text for text in ("vacía", "sin abrir", "buena", "otra") if f'data-busqueda="{text}"' in page]

    assert shown() == ["vacía"]
    assert shown("?ver=sin-abrir") == ["sin abrir"]
    assert shown("?ver=todas") == ["vacía", "sin abrir", "buena"]
    assert shown(f"?semana={monday - timedelta(days=7)}") == ["otra"]
    assert shown("?ver=nada&semana=ayer") == ["vacía"], "nonsense is the default"
    assert [line.text for line in tally.lines(None)] == ["buena", "vacía", "sin abrir", "otra"]


def test_editors_are_told_what_nobody_opened_does_not_say(editor: Client) -> None:
    """Without JavaScript nothing tells that a result was opened."""
    page = editor.get(f"{REPORT}?ver=sin-abrir").content.decode()
    assert "Donde el teléfono no lo corre, se cuenta la búsqueda y no lo que se abrió" in page
    assert '<details class="use-how" open>' in page, "where it matters it need not be looked for"
    assert '<details class="use-how">' in editor.get(REPORT).content.decode()


def test_only_who_teaches_the_search_sees_it(client: Client) -> None:
    client.force_login(UserFactory())
    for address in (REPORT, f"{REPORT}fijar/?q=acta", "/admin/snippets/search/synonymgroup/"):
        assert client.get(address).status_code in (302, 403)
        assert client.post(address).status_code in (302, 403, 405)
    assert not Pin.objects.exists()


def test_a_synonym_acts_at_once(
    editor: Client, client: Client, stock: Callable[..., Any], django_capture_on_commit_callbacks: Any
) -> None:
    stock("Cuaderno de ventas")
    assert 'data-total="0"' in search(client, "libretica")
    address = "/admin/snippets/search/synonymgroup/add/"
    assert 'value="libretica, "' in editor.get(f"{address}?palabras=libretica").content.decode()
    refused = editor.post(address, {"words": "libretica, "}).content.decode()
    assert "al menos dos" in refused and "Grupo de sinónimos: todavía no se creó" in refused
    assert "first error" not in refused
    with django_capture_on_commit_callbacks(execute=True):
        assert editor.post(address, {"words": "libretica, cuaderno , cuaderno"}).status_code == 302
    assert SynonymGroup.objects.get().words == "libretica, cuaderno"
    assert 'data-total="1"' in search(client, "libretica")
    with django_capture_on_commit_callbacks(execute=True):
        SynonymGroup.objects.all().delete()
    assert 'data-total="0"' in search(client, "libretica")


def first(page: str) -> str:
    return page[page.index('class="hit ') :].split("data-id=")[1].split('"')[1]


def test_a_result_is_put_first_and_let_go(
    editor: Client, client: Client, stock: Callable[..., Any], django_capture_on_commit_callbacks: Any
) -> None:
    best, other, elsewhere = stock("Tienda", "Tienda de barrio con muchas palabras", "Plan de negocio")
    address = f"{REPORT}fijar/?q=tiendas"
    assert first(search(client, "tienda")) == str(best.pk)
    with django_capture_on_commit_callbacks(execute=True):
        answer = editor.post(address, {"documento": f"pagina:{other.pk}"}, follow=True)
    assert "El resultado «Tienda de barrio con muchas palabras» va de primero" in answer.content.decode()
    page = search(client, "tienda")
    assert first(page) == str(other.pk) and 'data-total="2"' in page
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(f"{address}&otra=plan", {"documento": f"pagina:{elsewhere.pk}"})
    page = search(client, "tiendas")
    assert first(page) == str(elsewhere.pk) and 'data-total="3"' in page, "also what the words do not find"
    assert first(search(client, "tienda -barrio")) == str(best.pk)
    assert "Plan de negocio" in editor.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(address, {"quitar": ""})
    assert first(search(client, "tienda")) == str(best.pk)


def test_what_is_hidden_cannot_be_put_first_nor_seen_there(
    editor: Client, client: Client, stock: Callable[..., Any], shelf: Any
) -> None:
    (row,) = stock("Acta secreta", audience=frozenset({"mesa:1"}))
    answer = editor.post(f"{REPORT}fijar/?q=acta", {"documento": f"pagina:{row.pk}"})
    assert "Elija otro" in answer.content.decode() and not Pin.objects.exists()
    (public,) = stock("Acta abierta", audience=frozenset({PUBLIC}))
    Pin.objects.create(text="acta", key=analysis.key("acta"), kind="pagina", document=str(row.pk), title="x")
    vocabulary.forget()
    page = search(client, "acta")
    assert "secreta" not in page and first(page) == str(public.pk)
    Pin.objects.update(document=str(public.pk))
    vocabulary.forget()
    shelf.refused.add(str(public.pk))
    assert "abierta" not in search(client, "acta"), "the database has the last word on it too"


@pytest.mark.parametrize("address", [f"{REPORT}fijar/", f"{REPORT}fijar/?q=", f"{REPORT}fijar/?q=%00"])
def test_nothing_is_pinned_for_no_words(editor: Client, address: str) -> None:
    assert editor.get(address).status_code == 404


def test_weeks_begin_on_monday() -> None:
    assert tally.monday(date(2026, 11, 24)) == date(2026, 11, 23)
    assert tally.monday(date(2026, 11, 23)) == date(2026, 11, 23)


def test_a_missing_guide_is_noted_written_and_let_go(editor: Client, client: Client) -> None:
    monday = tally.monday(timezone.localdate())
    for text in ("registrar marca", "registrar una marca propia"):
        SearchTally.objects.create(week=monday, key=analysis.key(text), text=text, searched=2, empty=2)
    alerts.ask(user=UserFactory(), text="registrar una marca propia")
    page = editor.get(REPORT).content.decode()
    assert "También: registrar una marca propia" in page and "Una persona espera" in page
    page = editor.post(f"{REPORT}falta/", {"q": "registrar marca"}, follow=True).content.decode()
    assert "Anotada como guía que falta" in page
    assert "/admin/snippets/guias/guide/add/?titulo=registrar+marca" in page
    form = editor.get("/admin/snippets/guias/guide/add/?titulo=registrar+marca").content.decode()
    assert 'value="registrar marca"' in form
    editor.post(f"{REPORT}falta/", {"q": "Registrar marcas"})
    assert MissingGuide.objects.count() == 1
    editor.post(f"{REPORT}falta/", {"q": "registrar marca", "quitar": "1"})
    assert not MissingGuide.objects.exists()
    assert editor.post(f"{REPORT}falta/", {"q": " … "}).status_code == 404
    client.force_login(UserFactory())
    assert client.post(f"{REPORT}falta/", {"q": "x"}).status_code in (302, 403)
    assert not MissingGuide.objects.exists()


def note_vain(*texts: str) -> None:
    monday = tally.monday(timezone.localdate())
    for text in texts:
        SearchTally.objects.create(week=monday, key=analysis.key(text), text=text, searched=2, empty=2)


def test_what_was_done_about_a_search_stands_beside_it(editor: Client) -> None:
    note_vain("quiero una libretica", "tienda", "nada de eso")

    def done(text: str) -> tuple[bool, bool]:
        row = editor.get(REPORT).content.decode().split(f'data-busqueda="{text}"')[1].split("</tr>")[0]
        return "libreticas, cuaderno" in row, "Ya va de primero: Plan" in row

    assert done("quiero una libretica") == done("tienda") == (False, False)
    SynonymGroup.objects.create(words="libreticas, cuaderno")
    Pin.objects.create(text="tiendas", key=analysis.key("tiendas"), kind="pagina", document="1", title="Plan")
    assert done("quiero una libretica") == (True, False)
    assert done("tienda") == (False, True)
    assert done("nada de eso") == (False, False)


def test_nonsense_is_put_away_for_good_and_taken_back(editor: Client, client: Client) -> None:
    note_vain("asdf ghjkl", "asdf ghjkl zxcv", "crédito")
    row = 'data-busqueda="asdf ghjkl"'
    assert row in editor.get(REPORT).content.decode()
    texts = ["asdf ghjkl", "asdf ghjkl zxcv"]
    page = editor.post(f"{REPORT}apartar/", {"q": texts}, follow=True).content.decode()
    assert 'data-busqueda="asdf' not in page and 'data-busqueda="crédito"' in page
    assert "2 búsquedas que se quitaron de la lista" in page
    tally.note_search("Asdf ghjkl", found=False)
    tally.flush()
    assert 'data-busqueda="asdf' not in editor.get(f"{REPORT}?ver=todas").content.decode().lower()
    page = editor.post(f"{REPORT}apartar/", {"q": "asdf ghjkl", "quitar": "1"}, follow=True).content.decode()
    assert row in page and "Una búsqueda que se quitó de la lista" in page
    assert editor.post(f"{REPORT}apartar/", {"q": " … "}).status_code == 404
    client.force_login(UserFactory())
    assert client.post(f"{REPORT}apartar/", {"q": "x"}).status_code in (302, 403)
    assert not PutAway.objects.filter(text="x").exists()


def test_what_was_put_away_is_forgotten_when_nobody_searches_it_any_more(editor: Client) -> None:
    note_vain("asdf ghjkl")
    editor.post(f"{REPORT}apartar/", {"q": "asdf ghjkl"})
    tally.note_search("otra", found=False)
    tally.flush()
    assert PutAway.objects.exists()
    SearchTally.objects.update(week=tally.monday(timezone.localdate() - timedelta(days=200)))
    tally.note_search("otra", found=False)
    tally.flush()
    assert not PutAway.objects.exists()


def test_a_question_begins_in_the_theme_that_is_nearest(editor: Client) -> None:
    ThemeFactory(slug="emprendimiento", name="Emprendimiento", description="")
    note_vain("emprendimientos raros", "xyzw")
    page = editor.get(REPORT).content.decode()
    address = re.search(r'href="(/admin/busquedas/preguntar/[^"]*raros)"', page)
    assert address
    where = editor.get(address[1])["Location"]
    assert where.startswith("/comunidad/preguntar/?tema=emprendimiento&") and "emprendimientos+raros" in where
    assert editor.get(f"{REPORT}preguntar/?q=xyzw")["Location"] == "/comunidad/preguntar/?titulo=xyzw"
    assert editor.get(f"{REPORT}preguntar/").status_code == 404
