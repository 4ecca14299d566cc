"""The API as other programs meet it: the shape of lists, visibility, and errors they can read."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.directorio import (
    CenterFactory,
    CityFactory,
    DemandFactory,
    InstitutionFactory,
    OfferFactory,
    SupplierFactory,
)
from tests.factories.guias import GuideFactory, editor, published
from tests.factories.portal import AgendaEventFactory

pytestmark = pytest.mark.django_db


def get(client, address):
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200, response.content
    return response.json()


def test_it_describes_itself(client):
    paths = get(client, "openapi.json")["paths"]
    assert {"/api/v1/buscar", "/api/v1/guias", "/api/v1/directorio/{lista}", "/api/v1/agenda"} <= set(paths)
    page = client.get("/api/v1/docs").content.decode()
    assert "swagger-ui-init" in page and "https://" not in page


def test_a_guide_comes_with_its_chapters_files_and_versions(client):
    version = published(guide__slug="orientacion", changes="Cambió el cierre.")
    shelf = get(client, "guias")
    assert shelf["count"] == 1 and shelf["next"] is None
    assert shelf["results"][0]["version"]["cambios"] == ["Cambió el cierre."]
    whole = get(client, "guias/orientacion")
    assert [chapter["id"] for chapter in whole["capitulos"]] == ["recibir", "cerrar", "preguntas"]
    assert whole["archivos"]["pdf"].endswith(reverse("guias:download", args=["orientacion", "pdf"]))
    assert [one["numero"] for one in whole["versiones"]] == [version.number]
    assert whole["resumen"] == version.summary_lines


def test_the_shelf_takes_the_filters_of_its_page(client):
    GuideFactory(route="redip")
    GuideFactory(route="orientacion")
    assert get(client, "guias?ruta=redip")["count"] == 1
    assert get(client, "guias?ruta=nada")["count"] == 2


def test_a_guide_in_reserve_is_for_editors(client):
    guide = GuideFactory(is_public=False)
    assert get(client, "guias")["count"] == 0
    assert client.get(f"/api/v1/guias/{guide.slug}").status_code == 404
    client.force_login(editor())
    assert get(client, f"guias/{guide.slug}")["id"] == guide.slug


def test_a_center_says_who_its_partners_are(client):
    city = CityFactory()
    center = CenterFactory(city=city)
    center.partners.add(InstitutionFactory(name="Cámara de prueba"))
    entry = get(client, f"directorio/centros/{center.slug}")
    assert entry["detalle"]["socios"] == ["Cámara de prueba"]
    assert entry["ciudades"][0]["divipola"] == city.divipola
    assert get(client, f"directorio/centros?ciudad={city.slug}")["count"] == 1


@pytest.mark.parametrize("name", ["centros", "instituciones", "oferta", "proveedores", "demanda"])
def test_every_list_answers(client, name):
    assert get(client, f"directorio/{name}") == {"count": 0, "next": None, "results": []}


def test_a_supplier_without_consent_is_not_there_and_no_nit_ever_leaves(client):
    shown = SupplierFactory(consent=True, nit="900123456-8")
    hidden = SupplierFactory(consent=False)
    response = client.get("/api/v1/directorio/proveedores")
    assert [one["id"] for one in response.json()["results"]] == [shown.slug]
    assert "900123456" not in response.content.decode()
    assert client.get(f"/api/v1/directorio/proveedores/{hidden.slug}").status_code == 404


def test_lists_are_paged_by_addresses_that_lead_on(client, settings):
    for _ in range(51):
        AgendaEventFactory()
    first = get(client, "agenda")
    assert first["count"] == 51 and len(first["results"]) == 50
    rest = client.get(first["next"].removeprefix(settings.ORIGIN)).json()
    assert len(rest["results"]) == 1 and rest["next"] is None
    assert len(get(client, "agenda?pagina=nada")["results"]) == 50


@pytest.mark.parametrize(
    "address", ["guias/nada", "directorio/gatos", "directorio/centros/nada", "nada", "x/y"]
)
def test_what_is_not_there_is_a_problem_in_words(client, address):
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 404 and response.json()["title"]


ADDRESSES = ["guias", "guias/nada", "buscar", "agenda", "openapi.json", "docs"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_written_here_and_a_program_can_read_it(address, verb):
    browser = Client(enforce_csrf_checks=True)
    response = browser.generic(verb, f"/api/v1/{address}", "{}", "application/json")
    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    said = response.json()
    assert said["status"] == 405 and said["title"] == "Esta dirección no acepta ese método"
    assert "GET, HEAD, OPTIONS" in said["detail"]


def test_to_write_where_nothing_stands_is_a_problem_too():
    response = Client(enforce_csrf_checks=True).post("/api/v1/gatos", {"a": "b"})
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("address", ADDRESSES)
def test_options_tells_the_verbs(client, address):
    response = client.options(f"/api/v1/{address}")
    assert (response.status_code, response["Allow"], response.content) == (204, "GET, HEAD, OPTIONS", b"")


def test_head_is_get_without_its_body(client):
    published(guide__slug="orientacion")
    for address in (*ADDRESSES, "guias/orientacion", "guias?pagina=x", "gatos"):
        whole, head = client.get(f"/api/v1/{address}"), client.head(f"/api/v1/{address}")
        assert head.status_code == whole.status_code and head.content == b""
        names = ("Content-Type", "Content-Length", "ETag", "Vary", "Cache-Control")
        assert [head.get(name) for name in names] == [whole.get(name) for name in names], address


@pytest.mark.parametrize(
    "address",
    [
        "guias",
        *(f"directorio/{name}" for name in ("centros", "instituciones", "oferta", "proveedores", "demanda")),
        "agenda",
    ],
)
def test_a_list_costs_the_same_with_one_and_with_three(client, address, assert_same_queries):
    def one():
        published()
        body, city = InstitutionFactory(), CityFactory()
        body.cities.add(city)
        CenterFactory(city=city).partners.add(body)
        OfferFactory(institution=body, with_institution=InstitutionFactory()).cities.add(city)
        SupplierFactory(city=city)
        DemandFactory(city=city)
        AgendaEventFactory(cities=[city])

    one()
    assert assert_same_queries(f"/api/v1/{address}", lambda: (one(), one())) <= 6


def test_a_guide_costs_the_same_with_more_versions(client, assert_same_queries):
    guide = published(guide__slug="orientacion").guide

    def more():
        for number in (2, 3):
            published(guide=guide, number=number)

    assert assert_same_queries("/api/v1/guias/orientacion", more) <= 6
