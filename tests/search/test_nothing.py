"""The page that found nothing, and the ways on that it offers."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from search import registry

pytestmark = pytest.mark.django_db


def test_filters_that_leave_nothing_can_be_taken_away(client: Any, stock: Any) -> None:
    stock("Acta")
    html = client.get("/buscar/?q=acta&ciudad=neiva").content.decode()
    assert 'href="?q=acta"' in html
    assert "No encontramos «<bdi>acta</bdi>»" in html
    assert html.count("<h1") == 1


def test_who_finds_nothing_is_offered_a_word_spelt_nearly_so(client: Any, stock: Any) -> None:
    stock("La bodega")
    assert client.get("/api/v1/buscar", {"q": "obdega"}).json()["se_ofrece"] == "bodega"
    page = client.get("/buscar/", {"q": "obdega"}).content.decode()
    assert 'class="btn-main" href="?q=bodega"' in page and "Buscar «<bdi>bodega</bdi>»" in page
    assert "¿Quiso escribir" not in client.get("/buscar/", {"q": "bodegas"}).content.decode()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("q=obdega", "?q=bodega"),
        ("q=obdega&ciudad=neiva", "?q=bodega"),
        ("q=bodega&ciudad=neiva", "?q=bodega"),
        ("q=zzzzqqq", "/comunidad/preguntar/?titulo=zzzzqqq"),
    ],
)
def test_who_finds_nothing_has_one_main_way_on(client: Any, stock: Any, query: str, first: str) -> None:
    registry.register_ask(lambda text: f"/comunidad/preguntar/?titulo={quote(text)}")
    stock("La bodega")
    page = client.get(f"/buscar/?{query}").content.decode()
    assert 'class="nothing"' in page
    assert re.findall(r'class="btn-main" href="([^"]*)"', page) == [first]


def test_nothing_found_offers_ways_on(client: Any, stock: Any) -> None:
    stock("Permisos")
    html = client.get("/buscar/?q=permiso+de+mascotas+-permisos").content.decode()
    assert "No encontramos «<bdi>permiso de mascotas -permisos</bdi>»" in html
    assert 'href="?q=permiso"' in html
    assert "Preguntar" not in html
    registry.register_ask(lambda text: f"/comunidad/preguntar/?titulo={quote(text)}")
    html = client.get("/buscar/?q=mascotas").content.decode()
    assert 'href="/comunidad/preguntar/?titulo=mascotas"' in html
    assert html.count("<h1") == 1


def test_nothing_found_names_the_nearest_subject(client: Any, stock: Any) -> None:
    stock("Permisos")
    ask = "/comunidad/preguntar/?tema={}&titulo={}"
    registry.register_ask(lambda text: f"/comunidad/preguntar/?titulo={quote(text)}")
    registry.register_subjects(
        lambda text: [
            registry.Subject(name, ask.format(slug, quote(text)), words)
            for name, slug, words in (
                ("Empleabilidad", "empleo", "Buscar empleo y contratar"),
                ("Emprendimiento", "emprender", "Montar un negocio"),
            )
        ]
    )
    html = client.get("/buscar/?q=emprenderismo").content.decode()
    assert "Preguntar en Emprendimiento" in html
    assert 'href="/comunidad/preguntar/?tema=emprender&amp;titulo=emprenderismo"' in html
    assert "Empleabilidad" not in html
    html = client.get("/buscar/?q=mascotas").content.decode()
    assert "Preguntar «<bdi>mascotas</bdi>»" in html and "Preguntar en" not in html


def test_filters_that_leave_nothing_say_what_there_is_without_them(client: Any, stock: Any) -> None:
    stock("Permiso de obra", "Permiso de venta", city="cali")
    stock("Permiso secreto", city="cali", audience=frozenset({"mesa:1"}))
    html = client.get("/buscar/?q=permiso&ciudad=pasto").content.decode()
    assert "Ver los 2 resultados sin filtros" in html
    assert 'href="?q=permiso"' in html
    assert "Ver los" not in client.get("/buscar/?q=mascotas&ciudad=pasto").content.decode()
    assert "Ver los" not in client.get("/buscar/?ciudad=pasto").content.decode()


def test_who_typed_one_word_is_not_told_to_use_fewer(client: Any, stock: Any) -> None:
    stock("Permisos")
    html = client.get("/buscar/?q=mascotas").content.decode()
    assert "Use menos palabras" not in html and "con otra palabra" in html
    assert "Use menos palabras" in client.get("/buscar/?q=mascotas+loros").content.decode()
