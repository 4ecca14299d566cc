from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from search import backends, indexing, panels, registry
from search.backends.base import EngineDown
from search.models import PendingChange
from search.results import Hit

pytestmark = pytest.mark.django_db

WEIRD = [
    '"sin cerrar',
    "foo:bar",
    "(",
    "a" * 10_000,
    "😀",
    "\0",
    "%00",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "\u202eal revés",
    "-",
    "{{ 7 }}",
    "\ud800",
]
WEIRD_QUERIES = [
    "pagina=999999999999",
    "pagina=-1",
    "pagina=x",
    "pagina=²",
    "tipo=nada",
    "tipo=acta&tipo=guia&tipo=",
    "ciudad=../../x",
    "ciudad=" + "a" * 5000,
    "desde=ayer&hasta=mañana",
    "desde=0001-01-01&hasta=9999-12-31",
    "desde=2026-13-45",
    "orden=azar",
    "audience=mesa:1",
    "&".join(f"ciudad=c{n}" for n in range(500)),
]


def total(response: Any) -> int:
    found = re.search(r'data-total="(\d+)"', response.content.decode())
    assert found
    return int(found[1])


@pytest.mark.parametrize("text", WEIRD)
@pytest.mark.parametrize("address", ["/buscar/", "/buscar/sugerencias/"])
def test_any_text_gives_a_page(client: Any, stock: Any, text: str, address: str) -> None:
    stock("Acta")
    response = client.get(address, QUERY_STRING="q=" + quote(text, errors="surrogatepass"))
    assert response.status_code == 200
    assert b"<script>alert" not in response.content or "json" in response["Content-Type"]


@pytest.mark.parametrize("text", ["(", "😀", "-", '"', "a" * 300])
def test_text_without_words_shows_everything_and_says_so(client: Any, stock: Any, text: str) -> None:
    stock("Acta")
    response = client.get("/buscar/", {"q": text})
    assert total(response) == 1
    assert "no hay palabras para buscar" in response.content.decode()


@pytest.mark.parametrize("query", ["q=acta", "q=-nada", "q=nada", "tipo=pagina", "q="])
def test_other_searches_say_nothing_of_missing_words(client: Any, stock: Any, query: str) -> None:
    stock("Acta")
    assert "no hay palabras para buscar" not in client.get(f"/buscar/?{query}").content.decode()


def test_nonsense_finds_nothing(client: Any, stock: Any) -> None:
    stock("Lo que se sabe")
    assert "No encontramos «<bdi>zzzzqqq</bdi>»" in client.get("/buscar/?q=zzzzqqq").content.decode()


@pytest.mark.parametrize("query", WEIRD_QUERIES)
def test_any_parameter_gives_a_page(client: Any, stock: Any, query: str) -> None:
    stock("Acta")
    assert client.get(f"/buscar/?q=acta&{query}").status_code == 200
    assert client.get(f"/buscar/?{query}").status_code == 200


@hypothesis_settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=400))
def test_no_text_breaks_it(client: Any, stock: Any, text: str) -> None:
    assert client.get("/buscar/", {"q": text}).status_code == 200


def test_results_carry_the_marks_of_the_contract(client: Any, stock: Any) -> None:
    row = stock(
        "Acta de compromiso", city="cali", route="orientacion", status="Respondida", label="Pregunta"
    )[0]
    stock("Acta <b>dos</b>", city="pasto")
    response = client.get("/buscar/?q=acta")
    html = response.content.decode()
    assert total(response) == 2
    assert f'data-tipo="pagina" data-id="{row.pk}"' in html
    for name in ("tipo", "ciudad", "ruta"):
        assert f'data-faceta="{name}"' in html
    assert "<mark>Acta</mark> de compromiso" in html
    assert "&lt;b&gt;dos&lt;/b&gt;" in html
    assert "Orientación" in html
    assert "Respondida" in html
    assert html.count("<h1") == 1
    assert response["Cache-Control"] == "private, no-cache"


def test_facets_are_links_that_add_and_take_away(client: Any, stock: Any) -> None:
    stock("Acta uno", city="cali")
    stock("Acta dos", city="pasto")
    html = client.get("/buscar/?q=acta&ciudad=cali").content.decode()
    assert 'href="?q=acta&amp;ciudad=cali&amp;ciudad=pasto"' in html
    assert 'href="?q=acta"' in html
    assert total(client.get("/buscar/?q=acta&ciudad=cali&ciudad=pasto")) == 2
    assert total(client.get("/buscar/?q=acta&ciudad=cali")) == 1


def test_what_is_most_alike_is_offered_only_of_what_was_typed(client: Any, stock: Any) -> None:
    stock("Acta uno", "Acta dos", city="cali")
    assert "Lo más parecido" in client.get("/buscar/?q=acta").content.decode()
    assert "Lo más parecido" not in client.get("/buscar/?ciudad=cali").content.decode()


def test_where_the_date_decides_each_result_says_its_own(client: Any, stock: Any) -> None:
    stock("Acta vieja", updated=datetime(2024, 3, 5, 15, tzinfo=UTC))
    stock("Acta nueva", updated=datetime(2026, 11, 3, 15, tzinfo=UTC))
    stock(
        "Uno",
        "Dos",
        body="acta",
        parent="Guía",
        parent_id="guia-1",
        updated=datetime(2025, 1, 9, 15, tzinfo=UTC),
    )
    said = '<time datetime="2024-03-05">5 de marzo de 2024</time>'
    for query, days in {"": 0, "&orden=fecha": 4, "&hasta=2024-12-31": 1, "&desde=2024-01-01": 4}.items():
        html = client.get(f"/buscar/?q=acta{query}").content.decode().replace("\xa0", " ")
        assert html.count("<time datetime=") == days, query
        assert (said in html) is bool(days), query


def test_pages(client: Any, stock: Any) -> None:
    stock(*[f"Acta {number}" for number in range(45)])
    first = client.get("/buscar/?q=acta")
    assert first.content.count(b"data-id=") == 20
    assert b"?q=acta&amp;pagina=2" in first.content
    assert client.get("/buscar/?q=acta&pagina=3").content.count(b"data-id=") == 5
    assert client.get("/buscar/?q=acta&pagina=40").content.count(b"data-id=") == 5


@pytest.mark.parametrize("typed", ["acta", "zzzzqqq"])
def test_what_is_typed_does_not_turn_our_words_round(client: Any, stock: Any, typed: str) -> None:
    stock("Acta")
    signs = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    html = client.get("/buscar/", {"q": f"{signs}{typed}{signs}"}).content.decode()
    title, page = html.split("</title>", 1)
    assert f"«&#x2068;{typed}&#x2069;»" in title
    assert not set(signs) & set(html)
    assert f"«<bdi>{typed}</bdi>»" in page


def test_did_you_mean(client: Any, stock: Any) -> None:
    stock("Acta de compromiso")
    html = client.get("/buscar/?q=acta+de+compromizo").content.decode()
    assert '<a href="?q=acta+de+compromiso">' in html
    assert "¿Quiso decir" in html


def test_what_was_typed_can_be_searched_for_exactly(client: Any, stock: Any) -> None:
    stock(*(f"Acta de compromiso {number}" for number in range(45)))
    address = "?q=compromizo&amp;exacto=1"
    html = client.get("/buscar/?q=compromizo").content.decode()
    assert f'<a href="{address}">Buscar exactamente «<bdi>compromizo</bdi>»</a>' in html
    html = client.get("/buscar/?q=compromizo&ciudad=cali&exacto=1").content.decode()
    assert "No encontramos «<bdi>compromizo</bdi>»" in html and "Quiso decir" not in html
    assert 'href="?q=compromizo&amp;ciudad=cali"' in html and "Exactamente como lo escribió" in html
    html = client.get("/buscar/?q=compromiso&exacto=1").content.decode()
    assert "?q=compromiso&amp;exacto=1&amp;pagina=2" in html and "Buscar exactamente" not in html


def test_the_beginning_of_a_word_is_said(client: Any, stock: Any) -> None:
    stock("Cartagena <b>")
    html = " ".join(client.get("/buscar/?q=la+cartag").content.decode().split())
    whole = '<a href="?q=la+Cartagena"><strong><bdi>Cartagena</bdi></strong></a>'
    assert f"empieza por «<bdi>cartag</bdi>»: {whole}." in html
    assert '<a href="?q=la+cartag&amp;exacto=1">' in html and "Quiso decir" not in html


def test_the_page_says_that_it_was_said_with_other_words(client: Client, stock: Any) -> None:
    stock("Muebles de madera")
    html = client.get("/buscar/", {"q": "mobiliario"}).content.decode()
    assert "mostramos lo que lo dice con otras" in html and "exacto=1" in html
    assert "mostramos lo que lo dice" not in client.get("/buscar/", {"q": "muebles"}).content.decode()


def test_words_that_are_near_are_said(client: Any, stock: Any) -> None:
    stock("El niño", "El sino")
    html = client.get("/buscar/?q=nino").content.decode()
    assert "mostramos también palabras parecidas" in html
    assert '<a href="?q=nino&amp;exacto=1">' in html
    assert "parecidas" not in client.get("/buscar/?q=niño&exacto=1").content.decode()


def test_results_with_some_of_the_words_say_so_and_offer_to_ask(client: Any, stock: Any) -> None:
    stock("Permisos")
    assert "tienen todas sus palabras" not in client.get("/buscar/?q=permiso").content.decode()
    html = client.get("/buscar/?q=permiso+de+mascotas").content.decode()
    assert "tienen todas sus palabras" in html
    assert "Pregúntelo en la comunidad" not in html
    registry.register_ask(lambda text: f"/comunidad/preguntar/?titulo={quote(text)}")
    html = client.get("/buscar/?q=permiso+de+mascotas").content.decode()
    assert html.count('href="/comunidad/preguntar/?titulo=permiso%20de%20mascotas"') == 2


def test_who_read_all_results_and_did_not_find_it_may_ask(client: Any, stock: Any) -> None:
    stock("Permisos")
    assert "¿No está lo que busca?" not in client.get("/buscar/?q=permiso").content.decode()
    registry.register_ask(lambda text: f"/comunidad/preguntar/?titulo={quote(text)}")
    html = client.get("/buscar/?q=permiso").content.decode()
    assert html.index("Permisos") < html.index("¿No está lo que busca?")
    assert 'href="/comunidad/preguntar/?titulo=permiso"' in html
    assert "¿No está lo que busca?" not in client.get("/buscar/?tipo=pagina").content.decode()


def test_asked_nothing_yet(client: Any, stock: Any) -> None:
    response = client.get("/buscar/")
    assert response.status_code == 200
    assert response.content.count(b"<h1") == 1
    assert b"data-total" not in response.content


def test_who_comes_to_search_types_at_once_and_who_reads_is_left_alone(client: Any, stock: Any) -> None:
    stock("Acta")
    assert client.get("/buscar/").content.decode().count(" autofocus") == 1
    for address in ("/buscar/?q=acta", "/buscar/?q=zzzzqqq", "/buscar/?tipo=pagina"):
        assert " autofocus" not in client.get(address).content.decode(), address


def test_a_value_does_not_read_as_if_it_narrowed_nothing(client: Any, stock: Any, monkeypatch: Any) -> None:
    from search import labels

    registry.register_labels("ruta", labels.routes)
    stock("Acta", route="transversal")
    html = client.get("/buscar/?q=acta&ruta=transversal").content.decode()
    facet = html[html.index('class="with-nav results"') : html.index('class="list"')]
    assert facet.count("Comunes a todas las rutas") == 2 and ">Todas las rutas" not in facet


def test_too_long_is_said(client: Any, stock: Any) -> None:
    html = client.get("/buscar/", {"q": "acta " * 100}).content.decode()
    assert "primeras 200 letras" in html


def test_a_resting_engine_is_said_and_pages_work(client: Any, stock: Any, monkeypatch: Any) -> None:
    stock("Acta de compromiso")

    class Down:
        def __getattr__(self, name: str) -> Any:
            def down(*args: Any) -> Any:
                raise EngineDown("apagado")

            return down

    monkeypatch.setattr(backends, "current", lambda engine="": Down())
    html = client.get("/buscar/?q=acta").content.decode()
    assert "La búsqueda está descansando" in html
    assert "<mark>Acta</mark> de compromiso" in html
    assert html.count("<h1") == 1
    assert client.get("/buscar/sugerencias/?q=acta").status_code == 200
    assert client.get("/buscar/").status_code == 200


WAITS = {"source": "prueba", "object_id": "1"}


@pytest.mark.parametrize(
    ("values", "late"),
    [
        ({"attempts": 0}, True),
        ({"attempts": 3, "last_error": f"{indexing.ENGINE} no space left on device"}, True),
        ({"attempts": 3, "last_error": "ZeroDivisionError()"}, False),
    ],
)
def test_that_the_newest_may_be_missing_is_said(
    client: Client, stock: Any, values: dict[str, Any], late: bool
) -> None:
    stock("Acta")
    said = "puede no aparecer todavía"
    waiting = PendingChange.objects.create(**WAITS, **values)
    assert said not in client.get("/buscar/?q=acta").content.decode(), "it has just been written"
    cache.clear()
    waiting.queued_at -= indexing.LATE + timedelta(seconds=1)
    waiting.save()
    assert (said in client.get("/buscar/?q=acta").content.decode()) is late
    assert said not in client.get("/buscar/").content.decode()


def test_queries_do_not_grow_with_results(stock: Any, assert_same_queries: Any) -> None:
    stock("Acta 1", city="cali")
    assert_same_queries("/buscar/?q=acta", lambda: stock("Acta 2", "Acta 3", city="cali"))


def test_only_reading(client: Any, stock: Any) -> None:
    assert client.post("/buscar/").status_code == 405
    assert client.post("/buscar/sugerencias/").status_code == 405


@pytest.mark.parametrize(
    ("parent", "facts"),
    [("Orientación", []), ("Proceso de Orientación", ["Proceso de Orientación"]), ("", [])],
)
def test_a_result_does_not_name_its_route_twice(parent: str, facts: list[str]) -> None:
    found = Hit(
        kind="recurso", id="1", title="t", title_html="t", url="/", label="Pregunta", parent=parent,
        snippet_html="", status="", city="", theme="orientacion", route="orientacion",
        updated=datetime.now(tz=UTC), score=1.0,
    )  # fmt: skip
    assert panels.hit(found)["facts"] == facts
