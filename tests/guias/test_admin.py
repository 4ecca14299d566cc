"""The editor's way: write, preview, publish; and no way to change what is published."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from guias.enums import GuideState, VersionState
from guias.models import Checksum, Guide, OfficialFile, RouteEditor, Version
from portal.management.commands import tick
from search.models import PendingChange
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory, editor, published
from tests.factories.papers import docx_of, flood_docx, locked_pdf, long_pdf, lying, pdf_of, spoilt

pytestmark = pytest.mark.django_db
VERSIONS = "/admin/snippets/guias/version"
GUIDES = "/admin/snippets/guias/guide"


@pytest.fixture
def browser(client: Any) -> Any:
    user = editor()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    return client


def version_form(guide: Guide, **fields: Any) -> dict[str, Any]:
    text = rich_text("<p>Reciba a la persona.</p>", editor="default", features=["bold"])
    chapter = {
        "title": "Recibir y escuchar",
        "slug": "",
        "summary": {"count": "0"},
        "blocks": streamfield([("heading", "Antes"), ("text", text)]),
    }
    data = {
        "guide": guide.pk,
        "changes": "Uno\r\nDos",
        "summary": "Primero.",
        "body": streamfield([("chapter", chapter)]),
        "go_live_at": "",
    }
    return nested_form_data({**data, **fields})  # type: ignore[no-any-return]


def test_an_editor_makes_a_guide(browser: Any) -> None:
    data = {
        "title": "Guía nueva",
        "slug": "guia-nueva",
        "lead": "Sirve para probar.",
        "series": "guia",
        "route": "redip",
        "order": 1,
        "state": "en-construccion",
        "outlook": "",
        "is_public": "on",
        "review_months": 12,
    }
    response = browser.post(f"{GUIDES}/add/", data)
    assert response.status_code == 302, response.context["form"].errors
    guide = Guide.objects.get()
    assert PendingChange.objects.filter(source="guia", object_id=str(guide.pk)).exists()
    refused = browser.post(f"{GUIDES}/add/", {**data, "slug": "paquete"})
    assert "ya usa la dirección" in refused.content.decode()


def test_the_address_of_a_guide_stays(browser: Any) -> None:
    guide = GuideFactory(slug="fija")
    html = browser.get(f"{GUIDES}/edit/{guide.pk}/").content.decode()
    assert 'value="fija"' in html
    data = {"title": "Otra", "slug": "otra", "lead": "x", "series": "guia", "route": "redip", "order": 1}
    data["review_months"] = 12
    browser.post(f"{GUIDES}/edit/{guide.pk}/", {**data, "state": "vigente", "outlook": ""})
    guide.refresh_from_db()
    assert (guide.slug, guide.title) == ("fija", "Otra")


def test_a_draft_is_saved_previewed_and_published(browser: Any) -> None:
    guide = GuideFactory(slug="guia")
    response = browser.post(f"{VERSIONS}/add/", version_form(guide))
    assert response.status_code == 302, response.context["form"].errors
    draft = Version.objects.get()
    assert (draft.number, draft.live, draft.state) == (1, False, VersionState.DRAFT)
    assert browser.get("/guias/guia/recibir-y-escuchar/").status_code == 404

    edit = f"{VERSIONS}/edit/{draft.pk}/"
    assert browser.get(edit).status_code == 200
    preview = f"{VERSIONS}/preview/{draft.pk}/"
    assert browser.post(preview, version_form(guide)).json()["is_valid"]
    assert "Recibir y escuchar" in browser.get(f"{preview}?mode=").content.decode()

    browser.post(edit, version_form(guide, summary="Lo último.", **{"action-publish": "1"}))
    draft.refresh_from_db()
    assert (draft.live, draft.state, draft.summary) == (True, VersionState.IN_FORCE, "Lo último.")
    assert draft.changes == "Uno\nDos"
    guide.refresh_from_db()
    assert guide.state == GuideState.IN_FORCE
    assert "Reciba a la persona." in browser.get("/guias/guia/").content.decode()


def test_what_was_done_is_said_without_a_gender_for_a_guide_and_its_version(browser: Any) -> None:
    def said(address: str, data: dict[str, Any]) -> str:
        page = browser.post(address, data, follow=True).content.decode()
        return " ".join(page.partition('class="messages"')[2].partition("</ul>")[0].split())

    guide = GuideFactory(slug="guia")
    created = said(f"{VERSIONS}/add/", version_form(guide))
    assert f"Versión «{guide.title}, versión 1»: se creó." in created
    edit = f"{VERSIONS}/edit/{Version.objects.get().pk}/"
    assert "versión 1»: sus cambios quedaron guardados." in said(edit, version_form(guide, summary="Otro."))
    published = version_form(guide, **{"action-publish": "1"})
    assert "versión 1»: sus cambios ya están a la vista." in said(edit, published)
    data = {"title": guide.title, "lead": "x", "series": "guia", "route": "redip", "order": 1}
    data |= {"review_months": 12, "state": "vigente", "outlook": "", "is_public": "on"}
    assert f"Guía «{guide.title}»: sus cambios quedaron guardados." in said(
        f"{GUIDES}/edit/{guide.pk}/", data
    )


def test_four_lines_of_changes_are_too_many(browser: Any) -> None:
    response = browser.post(f"{VERSIONS}/add/", version_form(GuideFactory(), changes="1\r\n2\r\n3\r\n4"))
    assert "Dígalo en tres líneas" in response.content.decode()
    assert not Version.objects.exists()


def test_a_guide_has_one_draft(browser: Any) -> None:
    draft = VersionFactory()
    response = browser.post(f"{VERSIONS}/add/", version_form(draft.guide))
    assert "ya tiene un borrador" in response.content.decode()


def test_what_is_published_cannot_be_edited_unpublished_or_deleted(browser: Any) -> None:
    version = published()
    published_now = Version.objects.filter(pk=version.pk).values()
    before = published_now.get()
    for way in ("edit", "delete", "unpublish"):
        url = f"{VERSIONS}/{way}/{version.pk}/"
        response = browser.post(url, version_form(version.guide, summary="Cambiada."))
        assert response.status_code in (302, 403), way
    assert browser.get(f"{VERSIONS}/edit/{version.pk}/").status_code == 302
    browser.post(f"/admin/bulk/guias/version/delete/?id={version.pk}")
    assert published_now.get() == before


def test_the_list_offers_what_may_be_done_with_each_version(browser: Any) -> None:
    first = published()
    draft = VersionFactory(guide=first.guide, number=2)
    page = browser.get(f"{VERSIONS}/").content.decode()
    offered = {
        f"{verb} {one.number}": f"/{verb}/{one.pk}/" in page
        for verb in ("edit", "delete")
        for one in (first, draft)
    }
    assert offered == {"edit 1": False, "delete 1": False, "edit 2": True, "delete 2": True}
    assert page.count(f"/inspect/{first.pk}/") >= 2  # its name, too


def test_a_published_version_is_shown_to_editors(browser: Any) -> None:
    assert browser.get(f"{VERSIONS}/inspect/{published().pk}/").status_code == 200


def test_the_next_version_is_started_from_the_list(browser: Any) -> None:
    version = published()
    url = f"/admin/guias/{version.guide_id}/version-siguiente/"
    assert url in browser.get(f"{GUIDES}/").content.decode()
    assert "borrador" in browser.get(url).content.decode()
    assert Version.objects.count() == 1
    response = browser.post(url)
    draft = Version.objects.get(number=2)
    assert response["Location"] == f"{VERSIONS}/edit/{draft.pk}/"
    assert browser.get(response["Location"]).status_code == 200


def test_one_press_leads_from_home_to_what_is_to_be_written(browser: Any, assert_same_queries: Any) -> None:
    for page in ("/admin/", "/cuenta/"):
        assert 'href="/admin/guias/escribir/"' in browser.get(page).content.decode(), page
    version, bare = (
        published(guide=GuideFactory(slug="una", order=2)),
        GuideFactory(slug="otra", route="redip"),
    )
    draft = VersionFactory(guide=GuideFactory(slug="a-medias", order=1), number=1)
    GuideFactory(slug="retirada", state=GuideState.RETIRED)
    page = browser.get("/admin/guias/escribir/").content.decode()
    assert f'href="{GUIDES}/add/"' in page and "Escribir la versión siguiente" in page
    assert f'href="{VERSIONS}/edit/{draft.pk}/"' in page and "Seguir la versión 1" in page
    assert f'action="/admin/guias/{bare.pk}/version-siguiente/"' in page
    assert re.findall(r'data-tipo="guia" data-id="([^"]+)"', page) == ["a-medias", "una", "otra"]
    response = browser.post(f"/admin/guias/{version.guide_id}/version-siguiente/")
    assert response["Location"] == f"{VERSIONS}/edit/{version.guide.versions.get(number=2).pk}/"
    assert_same_queries("/admin/guias/escribir/", lambda: (published(), VersionFactory()), client=browser)


def test_what_is_to_be_written_is_of_the_routes_that_she_edits(browser: Any, client: Any) -> None:
    GuideFactory(slug="una")
    GuideFactory(slug="otra", route="redip")
    RouteEditor.objects.create(user=get_user_model().objects.get(), route="redip")
    page = browser.get("/admin/guias/escribir/").content.decode()
    assert re.findall(r'data-tipo="guia" data-id="([^"]+)"', page) == ["otra"]
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    assert client.get("/admin/guias/escribir/")["Location"] == "/admin/"
    assert "/admin/guias/escribir/" not in client.get("/cuenta/").content.decode()


OFFICIAL = "/admin/snippets/guias/officialfile"


def said_of(browser: Any, version: Version, name: str, content: bytes) -> str:
    """What the form answers to a file that it refuses."""
    file = SimpleUploadedFile(name, content, "application/pdf")
    response = browser.post(f"{OFFICIAL}/add/", {"version": version.pk, "file": file})
    assert response.status_code == 200, "it was taken"
    return unescape(response.content.decode())


def test_an_official_pdf_is_kept_with_its_first_page(browser: Any, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    version = published()
    content = pdf_of("Oficial", "Sigue")
    file = SimpleUploadedFile("x.pdf", content, "application/pdf")
    assert browser.post(f"{OFFICIAL}/add/", {"version": version.pk, "file": file}).status_code == 302
    official = OfficialFile.objects.get()
    assert (official.size, official.format, official.pages) == (len(content), "pdf", 2)
    assert official.sha256 == hashlib.sha256(content).hexdigest()
    assert Checksum.objects.get(sha256=official.sha256).crc32 == zlib.crc32(content)
    with official.picture.open("rb") as picture:
        assert picture.read(4) == b"RIFF"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: b"<html>no</html>", "no es un PDF ni un Word"),
        (lambda: b"", "Ábralo en su equipo"),
        (lambda: locked_pdf(), "pide clave"),
        (lambda: pdf_of("Cortado")[:-500], "llegó incompleto"),
        (lambda: b"%PDF-1.7 %%EOF", "está dañado"),
        (lambda: long_pdf(10_000), "tiene 10.000 páginas y caben 2.000"),
        (lambda: flood_docx(), "se infla al abrirlo"),
        (lambda: lying(docx_of("x"), "word/document.xml"), "se infla al abrirlo"),
        (lambda: docx_of("Cortado")[:-500], "está dañado o llegó incompleto"),
        (lambda: spoilt(docx_of("Dañado"), "word/document.xml"), "está dañado o llegó incompleto"),
    ],
    ids=[
        "html",
        "empty",
        "locked",
        "cut",
        "broken",
        "endless",
        "flood",
        "hidden flood",
        "cut word",
        "spoilt word",
    ],
)
def test_a_file_that_cannot_stand_for_a_guide_says_why_and_leaves_nothing(
    browser: Any, settings: Any, tmp_path: Any, content: Callable[[], bytes], sentence: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert sentence in said_of(browser, published(), "guia.pdf", content())
    assert not OfficialFile.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_official_word_file_stands_for_the_word_one(
    browser: Any, client: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    version, content = published(guide=GuideFactory(slug="guia")), docx_of("El oficial")
    file = SimpleUploadedFile("x.docx", content)
    assert browser.post(f"{OFFICIAL}/add/", {"version": version.pk, "file": file}).status_code == 302
    assert OfficialFile.objects.get().format == "docx"
    response = client.get("/guias/guia/descargar/docx/")
    assert b"".join(response.streaming_content) == content
    again = said_of(browser, version, "otro.docx", docx_of("Otro"))
    assert "ya tiene un Word oficial" in again


def test_the_first_page_of_an_official_pdf_is_on_the_page_of_its_guide(
    browser: Any, client: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    version = published(guide=GuideFactory(slug="guia", title="Orientación"))
    assert "primera-pagina" not in client.get("/guias/guia/").content.decode()
    file = SimpleUploadedFile("x.pdf", pdf_of("Oficial", "Sigue"), "application/pdf")
    browser.post(f"{OFFICIAL}/add/", {"version": version.pk, "file": file})
    for path in ("/guias/guia/", "/guias/guia/v1/"):
        page = unescape(client.get(path).content.decode())
        assert 'alt="Primera página del PDF oficial de «Orientación», versión 1"' in page
        assert "PDF oficial de la red, 2 páginas" in page
        picture = client.get(re.search(r'src="(/guias/guia/v1/primera-pagina.webp[^"]*)"', page)[1])
        assert (picture.status_code, picture["Content-Type"]) == (200, "image/webp")
        assert b"".join(picture.streaming_content).startswith(b"RIFF")
    Guide.objects.update(is_public=False)
    assert client.get("/guias/guia/v1/primera-pagina.webp")["Cache-Control"].startswith("private")
    assert Client().get("/guias/guia/v1/primera-pagina.webp").status_code == 404


def test_the_lists_open(browser: Any) -> None:
    published()
    VersionFactory()
    for url in (GUIDES, VERSIONS, "/admin/snippets/guias/officialfile"):
        response = browser.get(f"{url}/")
        assert response.status_code == 200
        page = response.content.decode()
        assert ">method<" not in re.sub(r"\s", "", page)
        assert 'class="listing asked' in page or OFFICIAL in url, "on a phone it is no table"
    assert 'data-name="Estado"' in browser.get(f"{GUIDES}/").content.decode()


def test_who_is_no_editor_gets_nowhere(client: Any) -> None:
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    version = published()
    for url in (f"{GUIDES}/", f"{VERSIONS}/", f"{VERSIONS}/add/", f"{VERSIONS}/edit/{version.pk}/"):
        assert client.get(url).status_code in (302, 403)
    response = client.post(f"/admin/guias/{version.guide_id}/version-siguiente/")
    assert response.status_code in (302, 403)
    assert Version.objects.count() == 1


def test_menu_speaks_spanish(browser: Any) -> None:
    html = browser.get("/admin/").content.decode()
    labels = json.dumps("Archivos oficiales")
    assert labels in html or "Archivos oficiales" in html


def test_the_next_version_is_not_published_without_saying_what_changed(browser: Any) -> None:
    first = published()
    draft = VersionFactory(guide=first.guide, number=2)
    draft.save_revision()
    edit = f"{VERSIONS}/edit/{draft.pk}/"
    assert browser.post(edit, version_form(first.guide, changes="")).status_code == 302
    refused = browser.post(edit, version_form(first.guide, changes=" ", **{"action-publish": "1"}))
    assert "diga qué cambió y para quién" in refused.content.decode()
    draft.refresh_from_db()
    assert not draft.live
    browser.post(edit, version_form(first.guide, **{"action-publish": "1"}))
    draft.refresh_from_db()
    assert draft.live


def test_an_editor_says_when_it_is_published_and_it_is(browser: Any) -> None:
    first = published()
    browser.post(f"/admin/guias/{first.guide_id}/version-siguiente/")
    draft = first.guide.versions.get(state=VersionState.DRAFT)
    edit = f"{VERSIONS}/edit/{draft.pk}/"
    moment = timezone.localtime() + timezone.timedelta(days=2)
    form = version_form(first.guide, changes="Cambió.", go_live_at=f"{moment:%Y-%m-%d %H:%M}")
    answer = browser.post(edit, {**form, "action-publish": "1"}, follow=True)
    assert "se publicará sola en la fecha" in answer.content.decode()
    call_command("publish_scheduled")
    assert not Version.objects.get(pk=draft.pk).live
    with time_machine.travel(moment + timezone.timedelta(minutes=1), tick=False):
        next(chore for chore in tick.CHORES if chore.name == "scheduled").run()
        draft.refresh_from_db()
        assert (draft.state, draft.published_on) == (VersionState.IN_FORCE, timezone.localdate())
    first.refresh_from_db()
    assert first.state == VersionState.RETIRED
