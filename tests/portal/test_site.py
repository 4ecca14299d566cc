import xml.etree.ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from portal.views import sitemap
from redip.actions.bitacoras import open_bitacora, publish_edition, save_section
from search.models import SearchAlert
from tests.factories.comunidad import ResourceFactory, replied
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import (
    CenterFactory,
    CityFactory,
    DemandFactory,
    InstitutionFactory,
    OfferFactory,
    SupplierFactory,
)
from tests.factories.guias import GuideFactory, published
from tests.factories.portal import AgendaEventFactory
from tests.factories.redip import CommitmentFactory, MemberFactory, RedFactory

pytestmark = pytest.mark.django_db


HERE = {"HTTP_ORIGIN": "http://testserver"}


def test_the_theme_is_kept_and_one_goes_back(client):
    response = client.post("/tema/", {"tema": "dark", "volver": "/guias/"}, **HERE)
    assert response.url == "/guias/" and response.cookies["tema"].value == "dark"
    assert 'data-theme="dark"' in client.get("/agenda/").content.decode()
    client.post("/tema/", {"tema": "", "volver": "/"}, **HERE)
    assert "data-theme" not in client.get("/agenda/").content.decode()


@pytest.mark.parametrize("back", ["https://malo.example/", "//malo.example", "javascript:alert(1)"])
def test_the_theme_never_leads_away(client, back):
    assert client.post("/tema/", {"tema": "light", "volver": back}, **HERE).url == "/"


@pytest.mark.parametrize("headers", [{}, {"HTTP_ORIGIN": "null"}, {"HTTP_REFERER": "https://malo.example/"}])
def test_the_theme_is_not_changed_from_elsewhere(client, headers):
    response = client.post("/tema/", {"tema": "dark"}, **headers)
    assert response.status_code == 403 and not response.cookies


def test_who_only_reads_gets_no_cookie_and_the_page_of_everybody():
    """A token in a page makes it another for each reader, and a cookie goes with all that follows."""
    published(guide=GuideFactory(slug="guia"))
    for address in (
        "/",
        "/guias/",
        "/guias/guia/",
        "/guias/guia/cerrar/",
        "/directorio/",
        "/redip/",
        "/agenda/",
    ):
        pages = []
        for _ in range(2):
            client = Client()
            pages.append(client.get(address).content)
            assert not client.cookies, address
        assert pages[0] == pages[1], address


def test_the_theme_changes_only_by_post(client):
    assert client.get("/tema/").status_code == 405


def test_robots_keep_out_of_private_places(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text and "/sitemap.xml" in text


def test_the_sitemap_has_what_is_public(client):
    shown, hidden = GuideFactory(), GuideFactory(is_public=False)
    parts = sitemap_parts(client)
    found = [address for part in parts.values() for address in part]
    assert shown.get_absolute_url() in found and hidden.get_absolute_url() not in found
    assert "/" in found and reverse("agenda") in found


def sitemap_parts(client):
    """Read the index and each part it names: address of the part → the addresses in it."""
    index = ET.fromstring(client.get("/sitemap.xml").content)
    assert index.tag.endswith("}sitemapindex")
    parts = {}
    for node in index:
        address = node[0].text.removeprefix("http://testserver")
        page = ET.fromstring(client.get(address).content)
        assert page.tag.endswith("}urlset") and len(page)
        parts[address] = [one[0].text.removeprefix("http://testserver") for one in page]
    return parts


def test_the_sitemap_is_an_index_of_small_parts(client, monkeypatch):
    guides = GuideFactory.create_batch(3)
    monkeypatch.setattr(sitemap, "MOST", 2)
    parts = sitemap_parts(client)
    assert "/sitemap-guias-1.xml" in parts and "/sitemap-guias-2.xml" in parts
    assert max(map(len, parts.values())) == 2
    found = [address for part in parts.values() for address in part]
    assert len(found) == len(set(found))
    assert {guide.get_absolute_url() for guide in guides} <= set(found)
    for address in ("/sitemap-guias-3.xml", "/sitemap-guias-0.xml", "/sitemap-otra-1.xml"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/sitemap.xml",
        *(f"/sitemap-{name}-1.xml" for name in ("paginas", "guias", "centros", "redes", "comunidad")),
        "/feeds/guias.atom",
        "/feeds/redip.atom",
    ],
)
def test_what_gathers_from_all_apps_costs_the_same_with_more(address, assert_same_queries):
    def one():
        published()
        CenterFactory()
        RedFactory()
        ResourceFactory()
        AgendaEventFactory(cities=[CityFactory()])

    one()
    assert_same_queries(address, lambda: (one(), one()))


@pytest.mark.parametrize("who", ["visitor", "member", "operator"])
def test_search_costs_the_same_with_more_of_every_kind(who, client, search_index, assert_same_queries):
    seat = MemberFactory()
    user = seat.user if who == "member" else UserFactory(is_superuser=True)
    if who != "visitor":
        client.force_login(user)

    def one():
        body = InstitutionFactory(description="ornitorrinco")
        OfferFactory(institution=body, description="ornitorrinco")
        SupplierFactory(description="ornitorrinco")
        DemandFactory(description="ornitorrinco")
        published(guide__lead="ornitorrinco")
        ResourceFactory(title="ornitorrinco", author=user)
        replied(ResourceFactory(title="otro ornitorrinco"), source="ornitorrinco")
        CommitmentFactory(member=seat, what="ornitorrinco")
        search_index()

    one()
    assert assert_same_queries("/buscar/?q=ornitorrinco", lambda: (one(), one())) <= 20
    assert assert_same_queries("/buscar/sugerencias/?q=ornit", one) <= 14


def test_what_one_awaits_costs_the_same_with_more(client, assert_same_queries):
    user = UserFactory()
    client.force_login(user)

    def one():
        SearchAlert.objects.create(user=user, text="x", key=f"k{SearchAlert.objects.count()}")

    one()
    assert assert_same_queries("/buscar/avisos/", lambda: (one(), one())) <= 4


def test_the_manifest_names_icons(client):
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    assert [icon["sizes"] for icon in response.json()["icons"]] == ["192x192", "512x512"]


def test_the_feed_of_guides_is_atom(client):
    root = ET.fromstring(client.get("/feeds/guias.atom").content)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"


def test_no_page_may_run_or_load_foreign_things(client):
    policy = client.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy and "frame-ancestors 'self'" in policy
    assert client.get("/")["Permissions-Policy"].startswith("accelerometer=()")
    assert client.get("/")["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_administration_has_its_own_stricter_policy(admin_client):
    response = admin_client.get("/admin/")
    policy = dict(
        part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";") if part.strip()
    )
    assert policy["script-src"] == "'self'" and policy["default-src"] == "'none'"


def test_pages_for_who_is_signed_in_stay_in_her_browser(client):
    assert "Cache-Control" not in client.get("/agenda/")
    client.force_login(UserFactory())
    assert "private" in client.get("/agenda/")["Cache-Control"]


def test_the_feed_of_networks_has_the_editions_of_bitacoras(client):
    red = RedFactory()
    bitacora = open_bitacora(red=red)
    section = bitacora.sections.first()
    operator = UserFactory(is_superuser=True, is_staff=True)
    save_section(section=section, by=operator, revision=section.revision, text="Un texto de prueba.")
    publish_edition(bitacora=bitacora, by=operator, note="La primera.")
    text = client.get("/feeds/redip.atom").content.decode()
    ET.fromstring(text)
    assert "La primera." in text and red.city.name in text and "/bitacora/ediciones/1/" in text
