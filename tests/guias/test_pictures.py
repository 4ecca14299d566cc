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

from guias.tasks import make_files
from tests.factories.guias import GuideFactory, block, chapter, published

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
    make_files.call(version.pk)
    made = photo.renditions.count() + drawing.renditions.count()
    page = client.get("/guias/guia/uno/").content.decode()
    assert photo.renditions.count() + drawing.renditions.count() == made
    widths = [re.findall(r"(\S+\.webp) (\d+)w", found) for found in re.findall(r'srcset="([^"]+)"', page)]
    assert [[width for _url, width in found] for found in widths] == [["480", "720", "1100"], ["900"]]
    sizes = [[len(client.get(url).getvalue()) for url, _width in found] for found in widths]
    assert sizes[0] == sorted(sizes[0]) and sizes[1][0] < drawing.file.size
    assert page.count('<img src="/media/images/') == 2, "for phones that do not know the format"
