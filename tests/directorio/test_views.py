"""The five lists, their entries and their files, as a visitor gets them."""

import datetime as dt
import json
import re
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser

from directorio.models import Supplier
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import (
    CenterFactory,
    CityFactory,
    DemandFactory,
    InstitutionFactory,
    OfferFactory,
    SupplierFactory,
)

pytestmark = pytest.mark.django_db

FACTORIES = {
    "centros": CenterFactory,
    "instituciones": InstitutionFactory,
    "oferta": OfferFactory,
    "proveedores": SupplierFactory,
    "demanda": DemandFactory,
}


def total(response):
    return int(re.search(r'data-total="(\d+)"', response.content.decode())[1])


def facet(response, name):
    """Counts by value of a facet, as shown."""
    html = response.content.decode()
    block = re.search(rf'data-faceta="{name}".*?</fieldset>', html, re.S)
    if block is None:
        return {}
    found = re.findall(r'value="([^"]+)".*?facet-count">\((\d+)\)', block[0], re.S)
    return {value: int(count) for value, count in found}


@pytest.mark.parametrize("name", FACTORIES)
def test_a_list_costs_the_same_with_one_and_with_three(name, assert_same_queries):
    def one():
        entry = FACTORIES[name]()
        if hasattr(entry, "partners"):
            entry.partners.add(InstitutionFactory())
        if hasattr(entry, "cities"):
            entry.cities.add(CityFactory())

    one()
    assert assert_same_queries(f"/directorio/{name}/", lambda: (one(), one())) <= 12


@pytest.mark.parametrize("name", FACTORIES)
def test_an_empty_list_says_what_to_do(name, client):
    response = client.get(f"/directorio/{name}/")
    assert response.status_code == 200
    assert total(response) == 0
    assert 'class="empty"' in response.content.decode()


@pytest.mark.parametrize("name", FACTORIES)
def test_an_entry_page_costs_the_same_whatever_is_related(name, client, assert_same_queries):
    city, body = CityFactory(), InstitutionFactory()
    entry = FACTORIES[name](**({"city": city} if name in ("centros", "proveedores", "demanda") else {}))

    def more():
        center = CenterFactory(city=CityFactory())
        center.partners.add(body)
        if name == "instituciones":
            center.partners.add(entry)
            OfferFactory(institution=entry)
        OfferFactory(institution=body).cities.add(city)
        OfferFactory()
        SupplierFactory(city=city)
        DemandFactory(city=city)
        if name == "centros":
            entry.partners.add(InstitutionFactory())

    more()
    assert_same_queries(entry.get_absolute_url(), lambda: (more(), more()))


def test_the_landing_tells_what_each_part_holds(client):
    CenterFactory()
    SupplierFactory(consent=False)
    html = client.get("/directorio/").content.decode()
    parts = {name: words.split() for name, words in re.findall(r'data-parte="(\w+)">([^<]*)<', html)}
    assert parts["centros"] == ["1", "centro"] and parts["proveedores"] == ["0", "proveedores"]
    for name in FACTORIES:
        assert f'href="/directorio/{name}/"' in html


def test_items_and_facets_carry_their_marks(client):
    center = CenterFactory()
    html = " ".join(client.get("/directorio/centros/").content.decode().split())
    assert f'data-tipo="centro" data-id="{center.pk}"' in html
    assert 'data-faceta="modalidad"' in html


def test_a_centre_says_its_stage_and_when_it_opened_and_was_launched(client):
    opened, launched = dt.date(2014, 3, 17), dt.date(2014, 11, 20)
    center = CenterFactory(modality="cemprende", opened_on=opened, launched_on=launched)
    html = client.get(center.get_absolute_url()).content.decode().replace("\xa0", " ")
    for words in ("Abierto desde", "17 de marzo de 2014", "Lanzamiento", "20 de noviembre de 2014"):
        assert words in html, words
    assert "Cemprende" in html.partition("Modalidad")[2].partition("</dd>")[0]
    waits = CenterFactory(modality="coee", launched_on=None, launch_state="pendiente")
    html = client.get(waits.get_absolute_url()).content.decode()
    assert "COEE" in html.partition("Modalidad")[2].partition("</dd>")[0] and "Pendiente" in html


def test_a_centre_says_first_how_to_reach_it_and_its_phone_can_be_pressed(client):
    center = CenterFactory(phone="(605) 664 0101 ext. 12", address="Calle 1 # 2-3", hours="8 a. m. a 4 p. m.")
    center.partners.add(InstitutionFactory())
    html = client.get(center.get_absolute_url()).content.decode()
    for words in ('href="tel:6056640101"', "(605) 664 0101 ext. 12", "Calle 1 # 2-3", "8 a. m. a 4 p. m."):
        assert html.index(words) < html.index("Socios"), words
    assert "Todavía no tenemos" not in html
    assert "(605) 664 0101 ext. 12" in client.get("/directorio/centros/").content.decode()


def test_a_centre_that_nobody_can_call_says_whom_to_ask(client):
    center = CenterFactory()
    assert "Pregunte a uno de sus socios" not in client.get(center.get_absolute_url()).content.decode()
    center.partners.add(InstitutionFactory())
    html = client.get(center.get_absolute_url()).content.decode()
    assert "Todavía no tenemos su teléfono" in html and "Pregunte a uno de sus socios" in html
    waits = CenterFactory(opened_on=None, launched_on=None, launch_state="pendiente")
    html = client.get(waits.get_absolute_url()).content.decode()
    assert "todavía no atiende" in html and "Todavía no tenemos" not in html


def test_counts_are_right_under_the_other_filters(client):
    CenterFactory(modality="coee", opened_on=None, launched_on=None, launch_state="pendiente")
    CenterFactory(modality="coee")
    CenterFactory(modality="cemprende")
    response = client.get("/directorio/centros/?modalidad=coee")
    assert total(response) == 2
    assert facet(response, "modalidad") == {"coee": 2, "cemprende": 1}
    assert facet(response, "atencion") == {"abierto": 1, "por-abrir": 1}
    both = client.get("/directorio/centros/?modalidad=coee&modalidad=cemprende&atencion=abierto")
    assert total(both) == 2
    assert facet(both, "modalidad") == {"coee": 1, "cemprende": 1}


def test_a_national_offer_counts_for_each_city(client):
    here, there = CityFactory(slug="aqui"), CityFactory(slug="alla")
    OfferFactory()
    OfferFactory().cities.add(here)
    response = client.get("/directorio/oferta/")
    assert facet(response, "ciudad") == {"aqui": 2, "alla": 1}
    assert total(client.get("/directorio/oferta/?ciudad=aqui")) == 2
    assert total(client.get(f"/directorio/oferta/?ciudad={there.slug}")) == 1


def test_an_institution_is_of_its_cities_and_of_those_of_its_centres(client):
    city, other = CityFactory(slug="aqui"), CityFactory(slug="alla")
    body = InstitutionFactory()
    body.cities.add(city)
    CenterFactory(city=other, slug="alla").partners.add(body)
    assert facet(client.get("/directorio/instituciones/"), "ciudad") == {"aqui": 1, "alla": 1}
    assert total(client.get("/directorio/instituciones/?ciudad=aqui&ciudad=alla")) == 1


def test_text_is_found_without_accents_and_through_partners(client):
    center = CenterFactory(city=CityFactory(name="Ibagué", slug="ibague"))
    center.partners.add(InstitutionFactory(name="Alcaldía de Ñuño", acronym="ADÑ"))
    CenterFactory()
    for text in ("ibague", "IBAGUÉ", "alcaldia", "adñ", "ibague alcaldia", "nuño"):
        assert total(client.get("/directorio/centros/", {"q": text})) == 1, text
    assert total(client.get("/directorio/centros/", {"q": "ibague nada"})) == 0


@pytest.mark.parametrize(
    "query",
    [
        "modalidad=zzz",
        "ciudad=%00",
        "pagina=-3",
        "pagina=hola",
        "x=1",
        "q=%00%00",
        "q=%25_'\"\\(",
        "q=" + "a" * 5000,
        "q=" + "b%20" * 3000,
        "q=🙂<script>",
        "atencion=abierto&atencion=abierto'--",
    ],
)
@pytest.mark.parametrize("name", FACTORIES)
def test_nonsense_is_answered_quietly(name, query, client):
    FACTORIES[name]()
    response = client.get(f"/directorio/{name}/?{query}")
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().replace('<script type="application/ld+json">', "")


def test_percent_is_a_letter_like_any_other(client):
    CenterFactory()
    assert total(client.get("/directorio/centros/", {"q": "%"})) == 0
    assert total(client.get("/directorio/centros/", {"q": "_"})) == 0


def test_pages_keep_what_was_asked(client):
    SupplierFactory.create_batch(25, city=CityFactory())
    response = client.get("/directorio/proveedores/?sector=alimentos&sector=nada")
    assert 'href="?sector=alimentos&amp;pagina=2"' in response.content.decode()
    assert len(client.get("/directorio/proveedores/?pagina=2").context["rows"]) == 5


def test_a_supplier_without_consent_is_nowhere(client):
    hidden = SupplierFactory(consent=False, name="Escondido")
    assert client.get(hidden.get_absolute_url()).status_code == 404
    for address in ("proveedores/", "proveedores.csv", "proveedores.geojson", "proveedores.xlsx", ""):
        response = client.get(f"/directorio/{address}")
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"Escondido" not in body
    demand = DemandFactory(city=hidden.city)
    assert "Escondido" not in client.get(demand.get_absolute_url()).content.decode()
    client.force_login(UserFactory(is_superuser=True))
    assert client.get(hidden.get_absolute_url()).status_code == 200
    assert not Supplier.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("centros", "GovernmentOffice"),
        ("instituciones", "GovernmentOrganization"),
        ("oferta", "Service"),
        ("proveedores", "LocalBusiness"),
        ("demanda", "Demand"),
    ],
)
def test_an_entry_tells_search_engines_what_it_is(name, kind, client):
    entry = FACTORIES[name]()
    html = client.get(entry.get_absolute_url()).content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[1])
    assert data["@context"] == "https://schema.org"
    assert data["@type"] == kind
    assert data["url"] == f"http://testserver{entry.get_absolute_url()}"
    assert html.count("<h1") == 1


def test_json_ld_cannot_leave_its_element(client):
    entry = SupplierFactory(name="</script><script>alert(1)//", description="<!-- & \u2028")
    html = client.get(entry.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[1])
    assert data["name"] == "</script><script>alert(1)//"


def test_a_nit_is_never_shown(client):
    entry = SupplierFactory(nit="899999003-1")
    assert "899999003" not in client.get(entry.get_absolute_url()).content.decode()
    assert b"899999003" not in b"".join(client.get("/directorio/proveedores.csv").streaming_content)


def test_unknown_entries_and_verbs(client):
    for name in FACTORIES:
        assert client.get(f"/directorio/{name}/no-existe/").status_code == 404
        assert client.post(f"/directorio/{name}/").status_code == 405
    assert client.get("/directorio/centros.pdf").status_code == 404


@pytest.mark.parametrize("name", FACTORIES)
def test_who_finds_an_error_may_say_so_and_who_may_mend_it_edits(name, client, admin_client):
    entry = FACTORIES[name]()
    html = client.get(entry.get_absolute_url()).content.decode()
    href = unescape(
        re.search(r'href="([^"]+)">\s*<svg[^>]*><use[^>]*flag"/></svg>\s*Avisar de un error', html)[1]
    )
    client.force_login(UserFactory())
    form = client.get(href).context["form"]
    assert form["sobre"].value() == entry.get_absolute_url() and str(entry)[:40] in form["titulo"].value()
    html = admin_client.get(entry.get_absolute_url()).content.decode()
    assert "Avisar de un error" not in html and "Editar esta ficha" in html


def test_how_to_reach_somebody_can_be_read_without_a_mail_program(client):
    supplier = SupplierFactory(email="ventas@taller.example", whatsapp="3001234567")
    html = client.get(supplier.get_absolute_url()).content.decode()
    assert ">ventas@taller.example</a></dd>" in html and ">3001234567</a></dd>" in html
    demand = DemandFactory(email="compras@planta.example")
    assert ">compras@planta.example</a></dd>" in client.get(demand.get_absolute_url()).content.decode()


def test_telephones_and_mails_can_be_pressed_wherever_an_entry_shows_them(client):
    def links(entry):
        html = client.get(entry.get_absolute_url()).content.decode()
        return [one for one in re.findall(r'href="((?:tel|mailto):[^"]+)"', html) if "mailto:?" not in one]

    supplier = SupplierFactory(name="Pan & Sal", email="a?cc=b@taller.example", whatsapp="3001234567")
    found = links(supplier)
    assert found.count("tel:3001234567") == 2
    assert "mailto:a%3Fcc%3Db@taller.example" in found
    assert "mailto:a%3Fcc%3Db@taller.example?subject=Pan%20%26%20Sal" in found
    demand = DemandFactory(email="compras@planta.example", title="Batas")
    mails = [one for one in links(demand) if "compras@planta.example" in one]
    assert len(mails) == 2 and mails[0].startswith(
        "mailto:compras@planta.example?subject=Batas&amp;body=http"
    )
    center = CenterFactory(phone="ext. 12", email="centro@red.example")
    assert links(center) == ["mailto:centro@red.example"]
    center = CenterFactory(phone="664 0101 ext. 1234 / 300 123 4567", email="")
    assert links(center) == ["tel:6640101", "tel:6640101", "tel:3001234567"], "the button calls one of them"
    html = client.get(center.get_absolute_url()).content.decode()
    assert re.search(r"Llamar al 664 0101\s*</a>", html) and "/ <a href" in html
    offer = OfferFactory(contact="Llame al 605 664 0101 o escriba a cursos@sena.example, desde 2014-03-17")
    assert links(offer) == ["tel:6056640101", "mailto:cursos@sena.example"]


def test_suppliers_and_demand_are_browsed_by_sector(client):
    baker, *_ = SupplierFactory.create_batch(2, trade="alimentos", city=CityFactory(slug="aqui"))
    SupplierFactory(trade="muebles")
    DemandFactory(trade="aseo")

    def chips(address):
        html = client.get(address).content.decode()
        block = re.search(r'<nav class="chips.*?</nav>', html, re.S)
        if not block:
            return None
        found = re.findall(r'href="([^"]+)"\s*(aria-current="true")?>(.*?)</a>', block[0], re.S)
        return [
            (unescape(href), bool(current), re.sub("<[^>]+>", " ", words).split())
            for href, current, words in found
        ]

    assert chips("/directorio/proveedores/") == [
        ("/directorio/proveedores/", True, ["Todos"]),
        ("/directorio/proveedores/?sector=alimentos", False, ["Alimentos", "2"]),
        ("/directorio/proveedores/?sector=muebles", False, ["Muebles", "y", "carpintería", "1"]),
    ]
    kept = chips("/directorio/proveedores/?ciudad=aqui&sector=muebles")
    assert kept[0] == ("/directorio/proveedores/?ciudad=aqui", False, ["Todos"])
    assert ("/directorio/proveedores/?sector=alimentos&ciudad=aqui", False, ["Alimentos", "2"]) in kept
    assert [current for _href, current, _words in kept] == [False, False, True]
    assert chips("/directorio/demanda/") is None, "one sector is no choice"
    html = client.get(baker.get_absolute_url()).content.decode()
    assert 'href="/directorio/proveedores/?sector=alimentos"' in html
