"""Who has the same page already is not sent it again; what is for one person alone is never marked."""

import pytest

from comunidad.models import Resource
from directorio.models import Supplier
from portal.demo import accounts
from tests.factories.comunidad import ResourceFactory
from tests.factories.directorio import CenterFactory, SupplierFactory
from tests.factories.guias import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(db):
    CenterFactory()
    SupplierFactory()
    ResourceFactory()
    return published().guide.slug


PUBLIC = [
    "/", "/guias/", "/guias/{guide}/", "/guias/{guide}/v1/", "/directorio/", "/directorio/centros/",
    "/directorio/proveedores.csv", "/directorio/proveedores.xlsx", "/directorio/proveedores.geojson",
    "/redip/", "/comunidad/", "/agenda/", "/agenda.ics", "/indicadores/", "/indicadores.csv",
    "/feeds/guias.atom", "/feeds/comunidad.atom", "/sitemap.xml", "/robots.txt",
    "/manifest.webmanifest", "/api/v1/openapi.json", "/api/v1/directorio/centros", "/ayuda/",
]  # fmt: skip


def size(response):
    return sum(map(len, response.streaming_content)) if response.streaming else len(response.content)


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_the_same_is_not_sent_again(address, coding, content, client):
    address = address.format(guide=content)
    first = client.get(address, headers={"Accept-Encoding": coding})
    mark = first["ETag"]
    again = client.get(address, headers={"Accept-Encoding": coding, "If-None-Match": mark})
    assert first.status_code == 200 and size(first) > 0 and mark.startswith('W/"')
    assert again.status_code == 304 and size(again) == 0 and again["ETag"] == mark
    for response in (first, again):
        assert "Cookie" in response["Vary"] and not response.cookies
    assert first["Vary"] == again["Vary"] or again["Vary"] == f"{first['Vary']}, Accept-Encoding"


def test_who_only_asks_for_the_head_gets_the_mark(content, client):
    assert client.head("/guias/")["ETag"] == client.get("/guias/")["ETag"]


@pytest.mark.parametrize("format", ["csv", "xlsx", "geojson"])
def test_an_export_that_changed_is_sent(format, content, client):
    address = f"/directorio/proveedores.{format}"
    mark = client.get(address)["ETag"]
    Supplier.objects.update(name="Otro nombre")  # past auto_now: the mark is of the content
    assert client.get(address, headers={"If-None-Match": mark}).status_code == 200


def test_what_was_hidden_is_gone_from_the_feed_at_once(content, client):
    before = client.get("/feeds/comunidad.atom")
    seen = {"If-None-Match": before["ETag"], "If-Modified-Since": before["Last-Modified"]}
    assert client.get("/feeds/comunidad.atom", headers=seen).status_code == 304
    Resource.objects.all().delete()
    after = client.get("/feeds/comunidad.atom", headers=seen)
    assert after.status_code == 200 and b"<entry>" not in after.content
    only_date = {"If-Modified-Since": before["Last-Modified"]}
    assert client.get("/feeds/comunidad.atom", headers=only_date).status_code == 200


@pytest.mark.parametrize(
    "address", ["/", "/guias/", "/directorio/proveedores.csv", "/agenda.ics", "/cuenta/"]
)
def test_what_a_member_sees_has_no_mark(address, content, client):
    client.force_login(accounts.extra("miembro", "Miembro"))
    response = client.get(address)
    assert response.status_code == 200 and not response.has_header("ETag")


@pytest.mark.parametrize("address", ["/cuenta/entrar/", "/readyz", "/no-existe/"])
def test_forms_errors_and_states_have_no_mark(address, client):
    assert not client.get(address).has_header("ETag")


def test_a_page_with_a_token_has_no_mark(content, client):
    theme = ResourceFactory().theme
    response = client.get(theme.get_absolute_url())
    assert response.cookies and not response.has_header("ETag")


def test_a_large_export_is_sent_while_it_is_made(content, client, monkeypatch):
    monkeypatch.setattr("nucleo.tables.WHOLE", 10)
    response = client.get("/directorio/proveedores.csv")
    assert not response.has_header("ETag") and size(response) > 100
