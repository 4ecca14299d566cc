"""Two people in one form of the library or of a person: what Wagtail keeps without panels and revisions."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from portal.bootstrap import OPERATORS
from portal.cuentas.models import User
from tests.factories.cuentas import UserFactory
from tests.factories.papers import docx_of
from tests.portal.test_writing_pages_together import carried, opened, shown

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def an_operator(name: str) -> Client:
    user, client = UserFactory(first_names=name, is_superuser=True, is_staff=True), Client()
    client.force_login(user)
    return client


def told(second: Client, address: str, form: dict[str, Any], of_first: tuple[Client, dict[str, Any]]) -> str:
    """Let both open the form, the first save hers; return what the second is told, with nothing saved."""
    first, hers = of_first
    seen_by_first, seen_by_second = opened(first, address), opened(second, address)
    assert first.post(address, {**hers, **seen_by_first}).status_code == 302
    answer = second.post(address, {**form, **seen_by_second})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Ana (prueba) guardó otros cambios, hace un momento." in html
    return html


def test_a_picture() -> None:
    picture = get_image_model().objects.create(title="Taller", file=get_test_image_file())
    address = f"/admin/images/{picture.pk}/"
    form = {"title": "Taller", "description": "", "tags": "", "collection": "1"}
    mine = {**form, "title": "De Eva"}
    ana, eva = an_operator("Ana"), an_operator("Eva")
    html = told(eva, address, mine, (ana, {**form, "title": "De Ana"}))
    assert "Guardado: De Ana" in shown(html) and 'value="De Eva"' in html
    assert "escoja otra vez el archivo" not in html
    picture.refresh_from_db()
    assert picture.title == "De Ana"
    assert eva.post(address, {**mine, **carried(html)}).status_code == 302
    picture.refresh_from_db()
    assert picture.title == "De Eva"


def test_a_document_and_that_its_file_has_to_be_chosen_again() -> None:
    paper = get_document_model().objects.create(
        title="Acta", file=SimpleUploadedFile("acta.docx", docx_of("uno"))
    )
    address = f"/admin/documents/edit/{paper.pk}/"
    form = {"title": "Acta", "tags": "", "collection": "1"}
    mine = {**form, "title": "De Eva", "file": SimpleUploadedFile("otra.docx", docx_of("dos"))}
    html = told(an_operator("Eva"), address, mine, (an_operator("Ana"), {**form, "title": "De Ana"}))
    assert "Guardado: De Ana" in shown(html) and "escoja otra vez el archivo" in html
    paper.refresh_from_db()
    assert paper.title == "De Ana" and "otra" not in paper.file.name


def test_a_person() -> None:
    person = UserFactory(first_names="Luz", last_names="Ríos")
    address = f"/admin/users/edit/{person.pk}/"
    form = {"email": person.email, "first_name": "Luz", "last_name": "Ríos", "is_active": "on"}
    group = str(Group.objects.get(name=OPERATORS).pk)
    html = told(
        an_operator("Eva"),
        address,
        {**form, "last_name": "Pardo"},
        (an_operator("Ana"), {**form, "groups": group}),
    )
    assert OPERATORS in shown(html)
    saved = User.objects.get(pk=person.pk)
    assert saved.last_names == "Ríos" and saved.groups.filter(pk=group).exists()


def test_who_is_alone_saves_at_once() -> None:
    picture = get_image_model().objects.create(title="Taller", file=get_test_image_file())
    address = f"/admin/images/{picture.pk}/"
    form = {"title": "Otro", "description": "", "tags": "", "collection": "1"}
    client = an_operator("Ana")
    assert client.post(address, {**form, **opened(client, address)}).status_code == 302
    assert client.post(address, {**form, "title": ""}).status_code == 200
    picture.refresh_from_db()
    assert picture.title == "Otro"


def test_who_may_not_is_refused_as_before() -> None:
    """Our addresses stand before Wagtail's, and ask for the same permission."""
    picture = get_image_model().objects.create(title="Taller", file=get_test_image_file())
    paper = get_document_model().objects.create(title="Acta", file=SimpleUploadedFile("acta.txt", b"uno"))
    form = {"title": "Otro", "description": "", "tags": "", "collection": "1"}
    reader, guest = Client(), Client()
    inside = UserFactory(is_staff=True)
    inside.user_permissions.add(Permission.objects.get(codename="access_admin"))
    guest.force_login(UserFactory())
    reader.force_login(inside)
    for address in (f"/admin/images/{picture.pk}/", f"/admin/documents/edit/{paper.pk}/"):
        assert an_operator("Ana").get(address).status_code == 200
        for client in (guest, reader):
            assert client.get(address).status_code != 200
            client.post(address, form)
    picture.refresh_from_db()
    paper.refresh_from_db()
    assert (picture.title, paper.title) == ("Taller", "Acta")
