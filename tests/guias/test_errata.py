"""Errata: a mistake of a published text is noted where it is read, and the text itself stays."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client, TestCase
from docx import Document

from guias import exports
from guias.actions.errata import NotThere, note_erratum, withdraw_erratum
from guias.enums import RenditionState
from guias.models import Erratum, Rendition, Version
from nucleo.policies import Forbidden
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory, editor, published

pytestmark = pytest.mark.django_db
SAID, MEANT = "Acta de desistimiento", "Acta de desistimiento firmada"


@pytest.fixture
def version() -> Version:
    return published(guide=GuideFactory(slug="guia"))


def note(version: Version, **fields: Any) -> Erratum:
    given = {"chapter": "cerrar", "said": SAID, "meant": MEANT, "by": editor(), **fields}
    return note_erratum(version=version, **given)


def test_it_is_read_in_its_chapter_and_in_no_other(client: Client, version: Version) -> None:
    body = version.body.raw_data[:]
    note(version)
    html = client.get("/guias/guia/cerrar/").content.decode()
    assert "Fe de erratas" in html
    assert f"Donde dice «{SAID}» debe decir «<strong>{MEANT}</strong>»." in html
    assert "Fe de erratas" in client.get("/guias/guia/v1/cerrar/").content.decode()
    assert "Fe de erratas" not in client.get("/guias/guia/recibir/").content.decode()
    assert list(Version.objects.get(pk=version.pk).body.raw_data) == list(body)


def test_the_files_say_it_too_and_are_made_again(version: Version) -> None:
    Rendition.objects.filter(version=version).update(state=RenditionState.READY, sha256="x")
    with TestCase.captureOnCommitCallbacks(execute=True):
        note(version)
    made = Rendition.objects.get(version=version, format="html")
    assert made.state == RenditionState.READY and made.sha256 != "x"
    with made.file.open("rb") as file:
        assert MEANT in file.read().decode()
    document = Document(io.BytesIO(exports.make(version, "docx")))
    assert f"Donde dice «{SAID}» debe decir «{MEANT}»." in [one.text for one in document.paragraphs]


def test_words_that_are_not_there_are_refused(version: Version) -> None:
    for fields in ({"said": "Acta que no existe"}, {"chapter": "recibir"}, {"chapter": "nada"}):
        with pytest.raises(NotThere):
            note(version, **fields)
    assert not Erratum.objects.exists()


def test_the_same_words_are_noted_once(version: Version) -> None:
    note(version)
    note(version, meant="Otra cosa")
    assert [one.meant for one in Erratum.objects.all()] == ["Otra cosa"]


def test_only_editors_and_only_of_what_is_published(version: Version) -> None:
    draft = VersionFactory(guide=version.guide, number=2)
    with pytest.raises(Forbidden):
        note(draft)
    for user in (UserFactory(), None):
        with pytest.raises(Forbidden):
            note(version, by=user)
    erratum = note(version)
    with pytest.raises(Forbidden):
        withdraw_erratum(erratum=erratum, by=UserFactory())


def test_those_of_a_guide_in_reserve_are_of_its_editors() -> None:
    note(published(guide=GuideFactory(is_public=False)))
    assert not Erratum.objects.visible_to(UserFactory()).exists()
    assert Erratum.objects.visible_to(editor()).exists()


def test_an_editor_notes_it_and_takes_it_back(client: Client, version: Version) -> None:
    address = f"/admin/guias/versiones/{version.pk}/errata/"
    data = {"capitulo": "cerrar", "dice": f" {SAID.replace(' ', '  ')}", "debe_decir": MEANT}
    assert client.post(address, data).status_code in (302, 403)
    assert not Erratum.objects.exists()
    user = editor()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    assert address in client.get("/admin/snippets/guias/version/").content.decode()
    for wrong, said in (
        ({"dice": "Acta que no existe"}, "El capítulo no dice eso"),
        ({"debe_decir": SAID}, "Es lo mismo"),
        ({"capitulo": "otro"}, "opción"),
        ({"dice": ""}, "w-field__errors"),
        ({"dice": "x" * 301}, "300"),
    ):
        response = client.post(address, {**data, **wrong})
        assert response.status_code == 422
        assert said in response.content.decode()
    assert client.post(address, data).status_code == 302
    assert MEANT in client.get(address).content.decode()
    for value in ("²", "9" * 30, ""):
        client.post(address, {"quitar": value})
    assert Erratum.objects.exists()
    client.post(address, {"quitar": str(Erratum.objects.get().pk)})
    assert not Erratum.objects.exists()


def test_a_draft_has_no_errata_page(client: Client, version: Version) -> None:
    user = editor()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    draft = VersionFactory(guide=version.guide, number=2)
    assert client.get(f"/admin/guias/versiones/{draft.pk}/errata/")["Location"] == "/admin/"
