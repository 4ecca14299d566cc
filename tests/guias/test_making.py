"""Making files: each once for the same content, anew when what they say changes, whole or not at all."""

from __future__ import annotations

import gc
import hashlib
import io
import json
import os
import resource
import signal
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection
from wagtail_factories import ImageFactory

from guias import exports
from guias.actions.versions import publish_version
from guias.enums import Failure, Format, RenditionState, Unmarked
from guias.models import Guide, OfficialFile, Rendition, Version
from guias.tasks import make_changes_sheet, make_files, make_pictures, renew_files, sweep_files
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory, block, chapter, published
from tests.factories.official import issue, word
from tests.factories.papers import pdf_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
HTML = Format.HTML


@pytest.fixture
def version() -> Version:
    found = published(guide=GuideFactory(slug="guia", title="Orientación"))
    Rendition.objects.filter(version=found).exclude(format=HTML).delete()
    return found


def made(version: Version) -> Rendition:
    return Rendition.objects.get(version=version, format=HTML)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """No file may grow over ``room`` bytes: the kernel's own refusal, in the middle of writing."""
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():
        pytest.skip("the database is a file too")
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_disk_that_fills_up_leaves_no_half_file_and_the_next_try_makes_it(
    version: Version, client: Any, media: Path
) -> None:
    with full_disk(4096), pytest.raises(OSError, match="File too large"):
        make_files.call(version.pk)
    failed = made(version)
    assert failed.state == RenditionState.FAILED
    assert (failed.failure, "File too large" in failed.error) == (Failure.NO_ROOM, True)
    assert not failed.file and files(media) == []
    make_files.call(version.pk)
    content = b"".join(client.get("/guias/guia/descargar/html/").streaming_content)
    assert hashlib.sha256(content).hexdigest() == made(version).sha256
    assert content.endswith(b"</html>\n") or b"</html>" in content[-20:]


@pytest.mark.parametrize("form", ["pdf", "docx"])
@pytest.mark.parametrize("issued", [False, True])
def test_a_full_disk_leaves_no_half_paper_nor_package(
    client: Any, media: Path, form: str, issued: bool
) -> None:
    version = published(guide=GuideFactory(slug="guia"))
    Rendition.objects.filter(version=version).exclude(format__in=(form, HTML)).delete()
    given = {"pdf": pdf_of("Oficial"), "docx": word()}[form]
    official = issue(version, given, form) if issued else None
    address = f"/guias/guia/descargar/{form}/"
    with full_disk(2048), pytest.raises(OSError, match="File too large"):
        make_files.call(version.pk)
    assert {one.state for one in Rendition.objects.all()} == {RenditionState.FAILED}
    assert [path.name for path in files(media)] == [Path(one.file.name).name for one in [official] if one]
    with full_disk(2048):
        response = client.get(address)
    if issued:  # what was uploaded is whole, and is given as it came
        assert b"".join(response.streaming_content) == given
        assert "Se intenta otra vez" in OfficialFile.objects.noting_marks().get().marks
    else:
        assert response.status_code == 202
        assert "El primer intento falló" in response.content.decode()
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    desk = f"/admin/snippets/guias/version/edit/{version.pk}/"
    page = client.get(desk, follow=True).content.decode()
    assert page.count("no se pudo hacer porque no cabe en el disco") == 2
    make_files.call(version.pk)
    content = b"".join(client.get(address).streaming_content)
    made = Rendition.objects.get(format=form)
    assert (hashlib.sha256(content).hexdigest(), made.size) == (made.sha256, len(content))
    assert content != given
    package = b"".join(client.get("/guias/paquete/descargar/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(package)) as whole:
        assert whole.testzip() is None
        assert "orientacion/guia-v1.html" in whole.namelist()
    assert "no cabe en el disco" not in client.get(desk, follow=True).content.decode()


def test_what_failed_before_it_had_a_name_gets_one(version: Version) -> None:
    for form, error in (
        ("pdf", "OSError: [Errno 28] No space left on device"),
        ("docx", "ValueError: [Errno 5] una imagen"),
        ("js", Unmarked.SIGNED),
    ):
        Rendition.objects.create(version=version, format=form, error=error)
    import_module("guias.migrations.0032_name_what_failed").name(apps, None)
    found = dict(Rendition.objects.values_list("format", "failure"))
    assert found == {"pdf": Failure.NO_ROOM, "docx": Failure.OTHER, "js": "", HTML: ""}


def test_what_readers_have_stays_when_a_new_one_cannot_be_made(
    version: Version, client: Any, media: Path
) -> None:
    make_files.call(version.pk)
    before = b"".join(client.get("/guias/guia/descargar/html/").streaming_content)
    Guide.objects.update(route="emprendimiento")
    with full_disk(4096), pytest.raises(OSError, match="File too large"):
        make_files.call(version.pk)
    assert "File too large" in made(version).error
    response = client.get("/guias/guia/descargar/html/")
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == before
    assert len(files(media)) == 1


def test_files_are_made_anew_when_what_they_say_changes_and_only_then(
    version: Version, monkeypatch: Any
) -> None:
    make_files.call(version.pk)
    first = made(version)
    Guide.objects.update(title="Orientación mejorada")
    make_files.call(version.pk)
    assert made(version).made_at == first.made_at, "what is published keeps its title"
    Guide.objects.update(route="emprendimiento")
    make_files.call(version.pk)
    second = made(version)
    assert second.sha256 != first.sha256
    with second.file.open("rb") as file:
        text = file.read().decode()
    assert "Emprendimiento" in text and "Orientación mejorada" not in text
    monkeypatch.setattr(exports, "EDITION", exports.EDITION + 1)
    assert renew_files.call() == 1
    make_files.call(version.pk)
    third = made(version)
    assert (third.sha256, third.file.name) == (second.sha256, second.file.name), (
        "the same bytes, the same file"
    )
    assert third.source != second.source
    assert renew_files.call() == 0


def test_what_was_replaced_goes_after_a_week_and_nothing_else(version: Version, media: Path) -> None:
    following = publish_version(version=VersionFactory(guide=version.guide, number=version.number + 1))
    Rendition.objects.exclude(format=HTML).delete()
    make_files.call(version.pk)
    replaced = Path(made(version).file.path)
    Guide.objects.update(route="emprendimiento")
    for one in (version, following):
        make_files.call(one.pk)
    make_changes_sheet.call(following.pk)
    official = OfficialFile(version=following, sha256="0" * 64, size=1)
    official.file.save("oficial.pdf", ContentFile(b"x"))
    unknown = [media / "guias" / name for name in ("a-0123456789ab.pdf.1f2e.part", "de-alguien.pdf")]
    for path in unknown:
        path.write_bytes(b"x")
    there = {path for path in media.rglob("*") if path.is_file()}
    assert sweep_files.call() == 0
    week_ago = time.time() - 8 * 24 * 3600
    for path in there:
        os.utime(path, (week_ago, week_ago))
    assert sweep_files.call() == 2
    assert there - {path for path in media.rglob("*") if path.is_file()} == {replaced, unknown[0]}
    official.delete()
    assert sweep_files.call() == 1


def test_files_from_before_have_no_recipe_and_are_made_anew(version: Version) -> None:
    make_files.call(version.pk)
    Rendition.objects.update(source="")
    assert renew_files.call() == 1


@pytest.mark.parametrize("damage", ["lost", "cut"])
def test_a_broken_picture_takes_neither_the_chapter_nor_the_files_away(client: Any, damage: str) -> None:
    image = ImageFactory(title="mapa")
    figure = {"image": image.pk, "alt": "Un mapa de rutas", "caption": "El mapa"}
    body = json.dumps([chapter("Uno", "uno", block("figure", figure)), chapter("Dos", "dos")])
    version = published(guide=GuideFactory(slug="guia"), body=body)
    path = Path(image.file.path)
    whole = path.read_bytes()
    path.unlink()
    if damage == "cut":
        image.file.storage.save(image.file.name, ContentFile(whole[: len(whole) // 3]))
    make_pictures.call(version.pk)
    page = client.get("/guias/guia/uno/")
    assert page.status_code == 200
    assert "Aquí va una imagen que no se pudo mostrar: Un mapa de rutas" in page.content.decode()
    version = Version.objects.get(pk=version.pk)
    assert "Un mapa de rutas" in exports.make(version, Format.HTML).decode()
    for form in (Format.PDF, Format.DOCX):
        assert len(exports.make(version, form)) > 1000
    gc.collect()
