"""Figures: in widths for screens, made before anybody reads them."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw
from wagtail_factories import ImageFactory

from guias.tasks import make_files, make_pictures, renew_files
from tests.factories.guias import GuideFactory, VersionFactory, block, chapter, editor, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def photographed(width: int) -> Any:
    """Return a picture with as many colours as a photograph, made by a formula."""
    picture = Image.new("RGB", (width, width // 2))
    picture.putdata([(n * n % 251, n * 7 % 241, n % 239) for n in range(width * (width // 2))])
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=90)
    return ImageFactory(file=SimpleUploadedFile("foto.jpg", content.getvalue()))


def drawn_in_two_colours(width: int) -> Any:
    picture = Image.new("P", (width, width // 2))
    picture.putpalette([255, 255, 255, 0, 80, 80])
    ImageDraw.Draw(picture).text((20, 20), "Acta de compromiso", fill=1, font_size=60)
    content = io.BytesIO()
    picture.save(content, "PNG")
    return ImageFactory(file=SimpleUploadedFile("dibujo.png", content.getvalue()))


def test_a_picture_is_made_for_screens_when_its_version_is_published(client: Client) -> None:
    photo, drawing = photographed(1600), drawn_in_two_colours(900)
    figures = [
        block("figure", {"image": one.pk, "alt": "Qué se ve"}, str(one.pk)) for one in (photo, drawing)
    ]
    version = published(
        guide=GuideFactory(slug="guia"), body=[chapter("Uno", "uno", *figures), chapter("Dos", "dos")]
    )
    make_pictures.call(version.pk)
    made = photo.renditions.count() + drawing.renditions.count()
    page = client.get("/guias/guia/uno/").content.decode()
    assert photo.renditions.count() + drawing.renditions.count() == made
    widths = [re.findall(r"(\S+\.webp) (\d+)w", found) for found in re.findall(r'srcset="([^"]+)"', page)]
    assert [[width for _url, width in found] for found in widths] == [["480", "720", "1100"], ["900"]]
    sizes = [[len(client.get(url).getvalue()) for url, _width in found] for found in widths]
    assert sizes[0] == sorted(sizes[0]) and sizes[1][0] < drawing.file.size
    assert page.count('<img src="/media/images/') == 2, "for phones that do not know the format"


def test_a_reader_never_draws(client: Client, queued: Any) -> None:
    photo = photographed(1600)
    body = [
        chapter("Uno", "uno", block("figure", {"image": photo.pk, "alt": "Un taller"})),
        chapter("Dos", "dos"),
    ]
    version = published(guide=GuideFactory(slug="guia"), body=body)
    for _time in range(2):
        fresh = client.get("/guias/guia/uno/").content.decode()
        assert photo.renditions.count() == 0
        assert '<img src="/media' not in fresh and "Un taller" in fresh
    make_files.call(version.pk)
    assert [one.filter_spec for one in photo.renditions.all()][:1] == ["width-1100"], (
        "the file on the disk needs it"
    )
    only_whole = client.get("/guias/guia/uno/").content.decode()
    assert '<img src="/media' in only_whole and "srcset" not in only_whole
    renew_files.call()
    assert queued("guias.tasks.make_pictures").count() >= 1, "what was published before there were sizes"
    make_pictures.call(version.pk)
    queued("guias.tasks.make_pictures").delete()
    renew_files.call()
    assert queued("guias.tasks.make_pictures").count() == 0
    assert "srcset" in client.get("/guias/guia/uno/").content.decode()


def test_publishing_asks_for_the_pictures_first(queued: Any, django_capture_on_commit_callbacks: Any) -> None:
    body = [chapter("Uno", "uno", block("figure", {"image": photographed(900).pk, "alt": "Un taller"}))]
    with django_capture_on_commit_callbacks(execute=True):
        published(guide=GuideFactory(slug="guia"), body=body)
        published(guide=GuideFactory(slug="otra"))
    pictures, files = queued("guias.tasks.make_pictures"), queued("guias.tasks.make_files")
    assert (pictures.count(), files.count()) == (1, 2)
    assert pictures.get().priority > max(one.priority for one in files)


def test_an_editor_sees_the_pictures_of_her_draft(client: Client) -> None:
    photo = photographed(900)
    body = [chapter("Uno", "uno", block("figure", {"image": photo.pk, "alt": "Un taller"}))]
    VersionFactory(guide=GuideFactory(slug="guia", is_public=True), number=1, body=body)
    client.force_login(editor())
    assert '<img src="/media' in client.get("/guias/guia/v1/uno/").content.decode()


def test_a_file_that_was_lost_later_leaves_its_words(client: Client) -> None:
    photo = photographed(900)
    body = [chapter("Uno", "uno", block("figure", {"image": photo.pk, "alt": "Un taller"}))]
    version = published(guide=GuideFactory(slug="guia"), body=body)
    make_pictures.call(version.pk)
    assert '<img src="/media' in client.get("/guias/guia/").content.decode()
    whole = photo.renditions.get(filter_spec="width-1100")
    whole.file.storage.delete(whole.file.name)
    assert "no se pudo mostrar: Un taller" in " ".join(client.get("/guias/guia/").content.decode().split())
