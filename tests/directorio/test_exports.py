"""The same rows as the list, as CSV, XLSX and GeoJSON."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from directorio.models import Supplier
from tests.factories.directorio import (
    CenterFactory,
    CityFactory,
    DemandFactory,
    InstitutionFactory,
    OfferFactory,
    SupplierFactory,
)

pytestmark = pytest.mark.django_db


def table(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_csv_holds_the_filtered_rows(client):
    center = CenterFactory(modality="coee")
    center.partners.add(InstitutionFactory(name="Uno"), InstitutionFactory(name="Dos"))
    CenterFactory()
    response = client.get("/directorio/centros.csv?modalidad=coee")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    [row] = table(response)
    assert row["Centro"] == center.name
    assert row["Socios"] == "Dos; Uno"
    assert row["Apertura"] == "2012-12-01"


@pytest.mark.parametrize("name", ["centros", "instituciones", "oferta", "proveedores", "demanda"])
@pytest.mark.parametrize("format", ["csv", "xlsx", "geojson"])
def test_every_list_leaves_in_every_format(name, format, client):
    CenterFactory()
    InstitutionFactory()
    OfferFactory(with_institution=InstitutionFactory()).cities.add(CityFactory())
    SupplierFactory()
    DemandFactory(city=None)
    response = client.get(f"/directorio/{name}.{format}")
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if format == "xlsx":
        assert load_workbook(io.BytesIO(body)).active.max_row >= 2
    elif format == "geojson":
        assert json.loads(body)["features"]
    else:
        assert body.count(b"\r\n") >= 2


def test_formulas_of_others_do_not_run(client):
    SupplierFactory(name="=HYPERLINK(1)", products="+1", contact_name="@x")
    [row] = table(client.get("/directorio/proveedores.csv"))
    assert (row["Proveedor"], row["Qué vende"], row["Contacto"]) == ("'=HYPERLINK(1)", "'+1", "'@x")


def test_three_thousand_rows_are_read_by_chunks(client):
    city = CityFactory()
    Supplier.objects.bulk_create(
        SupplierFactory.build(city=city, name=f"P{n}", slug=f"p{n}") for n in range(3000)
    )
    response = client.get("/directorio/proveedores.csv")
    assert response.streaming
    with CaptureQueriesContext(connection) as queries:
        pieces = list(response.streaming_content)
    assert len(pieces) > 10
    assert max(map(len, pieces)) < 60_000
    assert len(queries) <= 2
    assert b"".join(pieces).count(b"\r\n") == 3001


def test_geojson_puts_longitude_first_and_knows_no_place(client):
    CenterFactory(city=CityFactory(lat=4.4389, lon=-75.2322))
    data = json.loads(b"".join(client.get("/directorio/centros.geojson").streaming_content))
    [feature] = data["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-75.2322, 4.4389]}
    assert feature["properties"]["modalidad"] == "Cemprende"
    OfferFactory()
    data = json.loads(b"".join(client.get("/directorio/oferta.geojson").streaming_content))
    assert data["features"][0]["geometry"] is None
