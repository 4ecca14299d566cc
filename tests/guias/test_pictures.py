"""Figures: in widths for screens, made before anybody reads them."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageChops, ImageDraw, ImageStat
from wagtail_factories import ImageFactory

from guias import pictures
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


def scheme() -> Image.Image:
    """Return a drawing with soft edges: lines and words in few colours, on white."""
    picture = Image.new("RGB", (1440, 1800), "white")
    pen = ImageDraw.Draw(picture)
    for n, colour in enumerate(("#0b4f53", "#7a2a5c", "#b0472a", "#0d6b66", "#7a5512")):
        pen.rounded_rectangle((40, 40 + 340 * n, 1400, 320 + 340 * n), 40, outline=colour, width=6)
        pen.text((80, 120 + 340 * n), "Acta de compromiso", fill=colour, font_size=120)
    return picture.resize((720, 900), Image.Resampling.LANCZOS)


def of_form(picture: Any, spec: str) -> Image.Image:
    with picture.get_rendition(spec).file.open("rb") as file:
        return Image.open(file).convert("RGB")


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_drawing_made_smaller_is_lighter_and_the_same_to_the_eye(mode: str) -> None:
    """With the colours of its edges a smaller one would be heavier: phones would get the large one."""
    content = io.BytesIO()
    (scheme().convert(mode) if mode != "P" else scheme().quantize(64)).save(content, "PNG")
    picture = ImageFactory(file=SimpleUploadedFile("esquema.png", content.getvalue()))
    assert pictures.make(picture)
    found = pictures.made(picture)
    assert found and re.findall(r"(\d+)w", found.widths) == ["480", "720"], found
    size = {
        spec: picture.get_rendition(spec).file.size
        for spec in ("width-480|colours-24|format-webp-lossless", "width-480|format-webp-lossless")
    }
    few, all_of_them = size.values()
    assert few < 0.6 * all_of_them, size
    seen, whole = (of_form(picture, spec) for spec in size)
    assert max(ImageStat.Stat(ImageChops.difference(seen, whole)).rms) < 1.5 * pictures.UNSEEN
    assert len(seen.getcolors() or ()) <= 24


def test_a_photograph_keeps_its_colours() -> None:
    photo = photographed(900)
    one, other = (of_form(photo, f"width-480|{form}format-webp-lossless") for form in ("colours-24|", ""))
    assert one.tobytes() == other.tobytes()


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
