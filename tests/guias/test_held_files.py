"""What a published version shows stays as it was: no other file in its place, and no deleting."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.db.models.signals import post_migrate, pre_migrate
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.images.models import Image as Picture
from wagtail_factories import DocumentFactory, ImageFactory

from guias.actions.versions import publish_version
from guias.models import HeldFile, Version, freeze
from guias.models.held import used_in
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory, block, chapter, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def png(colour: str) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(content, "PNG")
    return SimpleUploadedFile("otra.png", content.getvalue(), "image/png")


@pytest.fixture
def shown() -> dict[str, Any]:
    """Return a picture, a file, and a document linked in prose, with the blocks that show them."""
    image, file, linked = (
        ImageFactory(title="mapa"),
        DocumentFactory(title="acta"),
        DocumentFactory(title="ley"),
    )
    prose = f'<p>Vea <a linktype="document" id="{linked.pk}">la ley</a>.</p>'
    blocks = [
        block("figure", {"image": image.pk, "alt": "Un mapa"}),
        block("file", {"document": file.pk, "title": ""}),
        block("text", prose),
        block("callout", {"tone": "warn", "title": "Ojo", "text": prose}),
    ]
    return {"image": image, "file": file, "linked": linked, "body": [chapter("Uno", "uno", *blocks)]}


@pytest.fixture
def version(shown: dict[str, Any]) -> Version:
    return published(guide=GuideFactory(slug="guia", title="La guía"), body=shown["body"])


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    return client


def test_a_published_version_holds_all_that_it_shows(version: Version, shown: dict[str, Any]) -> None:
    held = set(HeldFile.objects.filter(version=version).values_list("image", "document"))
    assert held == {(shown["image"].pk, None), (None, shown["file"].pk), (None, shown["linked"].pk)}
    assert used_in([]) == (set(), set())


def test_a_draft_holds_nothing_and_what_is_gone_is_left_out(shown: dict[str, Any]) -> None:
    draft = VersionFactory(body=shown["body"])
    shown["linked"].delete()
    assert not HeldFile.objects.exists()
    publish_version(version=draft)
    assert HeldFile.objects.filter(version=draft).count() == 2


@pytest.mark.parametrize("name", ["image", "file", "linked"])
def test_neither_shell_nor_script_replaces_or_deletes_it(
    name: str, version: Version, shown: dict[str, Any]
) -> None:
    one = shown[name]
    with pytest.raises(ProtectedError):
        one.delete()
    other = ImageFactory() if name == "image" else DocumentFactory()
    with pytest.raises(DatabaseError, match="shows this file"), transaction.atomic():
        type(one).objects.filter(pk=one.pk).update(file="images/otra.png")
    change = {"width": 1} if name == "image" else {"title": "Otro título"}
    with pytest.raises(DatabaseError, match="shows this file"), transaction.atomic():
        type(one).objects.filter(pk=one.pk).update(**change)
    if name == "image":  # which the block names
        type(one).objects.filter(pk=one.pk).update(title="Otro título", focal_point_x=1)
    type(one).objects.filter(pk=other.pk).update(file="images/otra-mas.png")


def test_an_editor_reads_why_and_what_to_do(version: Version, shown: dict[str, Any], desk: Client) -> None:
    picture, document = shown["image"], shown["file"]
    before = picture.file.name
    edit = reverse("wagtailimages:edit", args=[picture.pk])
    answer = desk.post(edit, {"title": "mapa", "file": png("red"), "collection": picture.collection_id})
    assert "Lo muestra una guía publicada (La guía, versión 1)" in answer.content.decode()
    edit = reverse("wagtaildocs:edit", args=[document.pk])
    other = SimpleUploadedFile("acta.csv", b"a,b\n1,2\n")
    answer = desk.post(edit, {"title": "acta", "file": other, "collection": document.collection_id})
    assert "Súbalo como archivo nuevo" in answer.content.decode()
    answer = desk.post(edit, {"title": "Acta de hoy", "collection": document.collection_id, "tags": ""})
    assert "Lo muestra una guía publicada" in answer.content.decode()
    assert Picture.objects.get(pk=picture.pk).file.name == before
    named = dict.fromkeys([f"focal_point_{one}" for one in ("x", "y", "width", "height")], "")
    named |= {"title": "Mapa de rutas", "collection": picture.collection_id, "tags": "", "description": ""}
    answer = desk.post(reverse("wagtailimages:edit", args=[picture.pk]), named)
    assert answer.status_code == 302 and Picture.objects.get(pk=picture.pk).title == "Mapa de rutas"


@pytest.mark.parametrize("kind", ["wagtailimages", "wagtaildocs"])
def test_deleting_it_in_the_library_is_refused(
    kind: str, version: Version, shown: dict[str, Any], desk: Client
) -> None:
    one = shown["image"] if kind == "wagtailimages" else shown["file"]
    single = reverse(f"{kind}:delete", args=[one.pk])
    bulk = reverse("wagtail_bulk_action", args=[one._meta.app_label, one._meta.model_name, "delete"])
    for address in (single, f"{bulk}?id={one.pk}"):
        page = desk.post(address, follow=True).content.decode()
        assert f"«{one}» no se borró: lo muestra una guía publicada (La guía, versión 1)" in page
    assert type(one).objects.filter(pk=one.pk).exists()


def test_what_was_published_before_is_held_too(version: Version) -> None:
    count = HeldFile.objects.count()
    freeze.let_go(connection)
    HeldFile.objects.all().delete()
    freeze.keep(connection)
    hold = import_module("guias.migrations.0027_what_is_published_holds_its_files").hold
    hold(apps, None)
    hold(apps, None)
    assert HeldFile.objects.count() == count == 3


def test_a_migration_finds_no_trigger_in_its_way_and_leaves_them_in_place(
    version: Version, shown: dict[str, Any]
) -> None:
    config, plan = apps.get_app_config("guias"), [object()]
    named = {"app_config": config, "using": "default", "verbosity": 0, "interactive": False}
    image = Picture.objects.filter(pk=shown["image"].pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        image.update(file="images/otra.png")
    pre_migrate.send(sender=config, plan=[], **named)
    with pytest.raises(DatabaseError), transaction.atomic():
        image.update(file="images/otra.png")
    pre_migrate.send(sender=config, plan=plan, **named)
    image.update(file="images/otra.png")
    post_migrate.send(sender=config, plan=plan, **named)
    with pytest.raises(DatabaseError), transaction.atomic():
        image.update(file="images/otra-mas.png")
