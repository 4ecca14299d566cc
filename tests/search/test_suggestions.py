"""What is offered while one types, as a browser asks for it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.factories.cuentas import UserFactory
from tests.search import ON_EACH_ENGINE

pytestmark = pytest.mark.django_db


@ON_EACH_ENGINE
def test_suggestions(client: Any, stock: Any) -> None:
    row = stock("Acta de compromiso")[0]
    stock("Acta secreta", audience=frozenset({"mesa:1"}))
    response = client.get("/buscar/sugerencias/?q=act")
    assert "private" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]
    assert json.loads(response.content) == {
        "q": "act",
        "sugerencias": [
            {
                "titulo": "Acta de compromiso",
                "direccion": f"/pagina/{row.pk}/",
                "tipo": "pagina",
                "etiqueta": "Página",
                "donde": "",
            },
            {
                "titulo": "Buscar «act»",
                "direccion": "/buscar/?q=act",
                "tipo": "",
                "etiqueta": "",
                "busca": "act",
            },
        ],
    }
    assert client.get("/buscar/sugerencias/").json() == {"q": "", "sugerencias": []}


@ON_EACH_ENGINE
def test_suggestions_that_would_read_alike_say_where_they_are(client: Client, stock: Any) -> None:
    for number, values in enumerate(
        [
            {"title": "Mesa de empleo", "city": "cali", "parent": "Red de Cali"},
            {"title": "Mesa de empleo", "city": "pasto", "parent": "Red de Pasto"},
            {"title": "Fichas", "parent": "Guía uno"},
            {"title": "Fichas", "parent": "Guía dos"},
            {"title": "Lista", "city": "cali", "parent": "Mesa uno"},
            {"title": "Lista", "city": "cali", "parent": "Mesa dos"},
            {"title": "Centro de Cali", "city": "cali"},
        ]
    ):
        stock(str(number), **values)

    def places(typed: str) -> set[str]:
        found = client.get("/buscar/sugerencias/", {"q": typed}).json()["sugerencias"][:-1]
        return {one["donde"] for one in found}

    assert places("mesa de") == {"CALI", "PASTO"}
    assert places("fichas") == {"Guía uno", "Guía dos"}
    assert places("lista") == {"CALI · Mesa uno", "CALI · Mesa dos"}, (
        "the city alone would not tell them apart"
    )
    assert places("centro") == {""}, "the title says it"


def test_a_browser_keeps_no_suggestions_of_who_is_signed_in(client: Client, stock: Any) -> None:
    stock("Acta")
    assert "max-age=30" in client.get("/buscar/sugerencias/?q=act")["Cache-Control"]
    client.force_login(UserFactory())
    answer = client.get("/buscar/sugerencias/?q=act")["Cache-Control"]
    assert "no-store" in answer and "max-age" not in answer


@ON_EACH_ENGINE
def test_suggestions_of_one_kind(client: Client, stock: Any) -> None:
    stock("Acta de compromiso")
    found = client.get("/buscar/sugerencias/?q=act&tipo=pagina&tipo=nada").json()["sugerencias"]
    assert [one["titulo"] for one in found] == ["Acta de compromiso", "Buscar «act» en todo el portal"]
    found = client.get("/buscar/sugerencias/?q=act&tipo=guia").json()["sugerencias"]
    assert [one["direccion"] for one in found] == ["/buscar/?q=act"]


@pytest.mark.parametrize(("address", "kinds"), [("/guias/", "guia"), ("/directorio/", "centro")])
def test_the_lists_suggest_what_they_hold(client: Client, address: str, kinds: str) -> None:
    html = client.get(address).content.decode()
    assert f'data-sugerencias="/buscar/sugerencias/?tipo={kinds}' in html and "js/sugerencias" in html
