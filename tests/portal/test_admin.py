import gettext
import json
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission

from portal.cuentas.models import User
from portal.demo import accounts
from portal.models import BasePage, ContentPage, HomePage

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
INLINE = re.compile(r"<script(?![^>]*\b(?:src=|type=\"(?:application/json|text/template)\"))[^>]*>")


@pytest.fixture
def editor(client):
    user = accounts.load()["editora"]
    client.force_login(user)
    return user


def pages():
    home = HomePage.objects.get()
    return [
        "/admin/",
        "/admin/pages/",
        f"/admin/pages/{home.pk}/edit/",
        f"/admin/pages/add/portal/contentpage/{home.pk}/",
        "/admin/snippets/portal/agendaevent/add/",
        "/admin/snippets/portal/indicator/add/",
        "/admin/snippets/guias/guide/add/",
        "/admin/snippets/guias/version/add/",
        "/admin/snippets/directorio/center/add/",
        "/admin/guias/uso/",
        "/admin/busquedas/",
        "/admin/busquedas/fijar/?q=acta",
        "/admin/snippets/search/synonymgroup/add/",
        "/admin/images/",
        "/admin/images/add/",
        "/admin/documents/",
    ]


def test_no_page_of_an_editor_has_an_inline_script(client, editor):
    found = {}
    for address in pages():
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        if scripts := INLINE.findall(response.content.decode()):
            found[address] = scripts
    assert found == {}


def test_what_wagtail_started_inline_is_there_as_data(client, editor):
    page = client.get("/admin/snippets/portal/agendaevent/add/").content.decode()
    assert 'data-inicio="initDateChooser"' in page
    page = client.get("/admin/snippets/portal/indicator/add/").content.decode()
    assert 'data-inicio="InlinePanel"' in page
    page = client.get("/admin/snippets/directorio/offer/add/").content.decode()
    assert 'data-inicio="SnippetChooser"' in page


def menu(client):
    page = client.get("/admin/").content.decode()
    props = re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.DOTALL)[1]
    return json.dumps(json.loads(props), ensure_ascii=False)


def test_an_editor_sees_what_she_needs(client, editor):
    page = menu(client)
    for word in ("Páginas", "Guías", "Directorio", "Agenda e indicadores"):
        assert word in page, word
    assert '"Informes"' not in page and "/admin/users/" not in page


def test_an_operator_sees_people(client):
    client.force_login(accounts.load()["admin"])
    assert "/admin/users/" in menu(client)


def test_an_editor_may_not_manage_people(client, editor):
    response = client.get("/admin/users/")
    assert response.status_code == 302


def test_an_editor_writes_and_publishes_a_page(client, editor):
    home = HomePage.objects.get()
    data = {
        "title": "Cómo pedir ayuda",
        "slug": "pedir-ayuda",
        "lead": "Una frase.",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "heading",
        "body-0-id": "",
        "body-0-value": "Primero",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }
    response = client.post(f"/admin/pages/add/portal/contentpage/{home.pk}/", data)
    assert response.status_code == 302, response.context and response.context["form"].errors
    page = client.get("/pedir-ayuda/").content.decode()
    assert "<h1>Cómo pedir ayuda</h1>" in page and 'id="primero"' in page


def test_home_can_be_edited_but_not_made_twice(client, editor):
    home = HomePage.objects.get()
    assert not HomePage.can_create_at(BasePage.objects.get(depth=1))
    assert ContentPage.can_create_at(home)


def test_an_operator_adds_and_mends_a_person(client):
    client.force_login(accounts.load()["admin"])
    fields = {"email": "otra@correo.example", "first_name": "Otra", "last_name": "Persona"}
    response = client.post("/admin/users/new/", fields)
    assert response.status_code == 302, response.context["form"].errors
    person = User.objects.get(email="otra@correo.example")
    assert person.display_name == "Otra Persona" and not person.has_usable_password()
    client.post(f"/admin/users/edit/{person.pk}/", {**fields, "first_name": "Una", "is_active": "on"})
    person.refresh_from_db()
    assert person.first_names == "Una"


def test_wagtails_account_page_is_the_sites(client, editor):
    assert client.get("/admin/account/").url == "/cuenta/"


ENGLISH = (
    "Search all pages",
    "Search…",
    " Pages ",
    "editor guide",
    "Referenced",
    "Toggle",
    "Reading time",
    " of ",
    "There are no",
    "match your",
)


def test_an_editor_reads_spanish(client, editor):
    found = {}
    empty = [f"/admin/snippets/guias/officialfile/{asked}" for asked in ("", "?q=zzqxw")]
    for address in [*pages(), *empty]:
        text = re.sub(
            r"<script.*?</script>|<template.*?</template>|<[^>]*>",
            " ",
            client.get(address, follow=True).content.decode(),
            flags=re.S,
        )
        if words := [word for word in ENGLISH if word in text]:
            found[address] = words
    assert found == {}


def test_the_compiled_catalogue_is_the_written_one():
    folder = ROOT / "locale" / "es" / "LC_MESSAGES"
    with (folder / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    written = (folder / "django.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', written, re.M)
    assert len(pairs) > 80
    for source, target in pairs:
        assert compiled.gettext(source.replace('\\"', '"')) == target.replace('\\"', '"')


def test_the_first_page_says_where_to_begin_and_only_to_who_may(client, editor):
    page = client.get("/admin/").content.decode()
    doors = page[page.index("Por dónde empezar") : page.index("</section>", page.index("Por dónde empezar"))]
    addresses = re.findall(r'<a href="([^"]+)"', doors)
    assert addresses[:2] == ["/admin/guias/escribir/", "/admin/snippets/guias/guide/"] and len(addresses) == 7
    assert all(client.get(address).status_code == 200 for address in addresses)
    editor.groups.clear()
    editor.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "change_agendaevent"])
    )
    page = client.get("/admin/").content.decode()
    assert "Anunciar una capacitación" in page and "Nueva guía" not in page
