from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from ninja import NinjaAPI
from ninja.testing import TestClient

from search.api import router
from tests.search import ON_EACH_ENGINE

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def api() -> TestClient:
    root = NinjaAPI(urls_namespace="search-test")
    root.add_router("/v1", router)
    return TestClient(root)


def get(api: TestClient, query: str) -> Any:
    response = api.get(f"/v1/buscar?{query}", user=AnonymousUser())
    assert response.status_code == 200
    return response.json()


@ON_EACH_ENGINE
def test_the_answers_of_the_page(api: TestClient, stock: Any, settings: Any) -> None:
    settings.BASE_URL = "https://red.example/"
    row = stock("Acta de compromiso", city="cali", status="Respondida", parent="Guía")[0]
    stock("Acta secreta", audience=frozenset({"mesa:1"}))
    answer = get(api, "q=acta")
    assert answer["count"] == 1
    assert answer["next"] is None
    assert answer["results"][0] == {
        "tipo": "pagina",
        "id": str(row.pk),
        "titulo": "Acta de compromiso",
        "titulo_html": "<mark>Acta</mark> de compromiso",
        "extracto_html": "",
        "direccion": f"https://red.example/pagina/{row.pk}/",
        "etiqueta": "Página",
        "parte_de": "Guía",
        "padre": None,
        "lugar": "",
        "estado": "Respondida",
        "ciudad": "cali",
        "tema": "",
        "ruta": "",
        "actualizado": "2026-03-01T12:00:00Z",
    }
    assert answer["facets"]["ciudad"] == [{"valor": "cali", "nombre": "CALI", "cuenta": 1}]


@ON_EACH_ENGINE
def test_a_chapter_names_its_guide_and_can_be_asked_for_alone(
    api: TestClient, stock: Any, settings: Any
) -> None:
    settings.BASE_URL = "https://red.example/"
    guide = {"parent": "Guía", "parent_id": "guia-1", "parent_url": "/guias/una/"}
    stock("Feria uno", "Feria dos", **guide)
    stock("Feria suelta")
    answer = get(api, "q=feria")
    parents = [one["padre"] for one in answer["results"] if one["padre"]]
    assert parents == [{"id": "guia-1", "titulo": "Guía", "direccion": "https://red.example/guias/una/"}] * 2
    assert answer["partes"] == {"guia-1": 2}
    assert {one["titulo"] for one in get(api, "q=feria&dentro=guia-1")["results"]} == {
        "Feria uno",
        "Feria dos",
    }


@ON_EACH_ENGINE
def test_pages_follow_one_another(api: TestClient, stock: Any) -> None:
    stock(*[f"Acta {number}" for number in range(25)])
    first = get(api, "q=acta&tipo=pagina")
    assert first["next"].endswith("?q=acta&tipo=pagina&pagina=2")
    second = get(api, first["next"].rsplit("?", 1)[1])
    assert len(second["results"]) == 5
    assert second["next"] is None
    assert not {one["id"] for one in first["results"]} & {one["id"] for one in second["results"]}


@ON_EACH_ENGINE
def test_what_was_meant_is_said_and_can_be_left_aside(api: TestClient, stock: Any) -> None:
    stock("El compromiso", "El niño", "El sino")
    answer = get(api, "q=compromizo")
    assert (answer["count"], answer["quiso_decir"], answer["parecidas"]) == (1, "compromiso", False)
    assert get(api, "q=compro")["quiso_decir"] == "compromiso"
    answer = get(api, "q=nino")
    assert (answer["count"], answer["quiso_decir"], answer["parecidas"]) == (2, "", True)
    for text, count in (("compromizo", 0), ("compro", 0), ("nino", 1)):
        answer = get(api, f"q={text}&exacto=1")
        assert (answer["count"], answer["quiso_decir"], answer["parecidas"]) == (count, "", False)


@pytest.mark.parametrize(
    "query", ["", "q=%00", "pagina=x&desde=nunca&tipo=nada&ciudad=..", "q=%22sin+cerrar"]
)
def test_any_parameter_gives_an_answer(api: TestClient, stock: Any, query: str) -> None:
    stock("Acta")
    assert get(api, query)["count"] in {0, 1}
