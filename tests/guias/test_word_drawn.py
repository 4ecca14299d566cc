"""Word files drawn by LibreOffice: the code stands and reads on every page."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.core.files.base import ContentFile

from guias import exports
from guias.actions.paper import give_codes
from guias.enums import Format
from guias.models import OfficialFile, Rendition, Version
from guias.tasks import make_files
from tests.conftest import unavailable
from tests.factories.guias import GuideFactory, block, chapter, every_block, published, three_chapters
from tests.factories.official import word

OFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("media"),
    pytest.mark.slow,
]


@pytest.fixture(autouse=True)
def _office() -> None:
    if OFFICE is None:
        unavailable("LibreOffice is not installed (make test-system)")


def drawn(content: bytes, folder: Path) -> list[str]:
    """What the code of each page says."""
    folder.mkdir(exist_ok=True)
    (folder / "a.docx").write_bytes(content)
    home = f"-env:UserInstallation=file://{folder}/home"
    command = [str(OFFICE), home, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "a.docx")], check=True, capture_output=True, timeout=200)
    pages = pypdfium2.PdfDocument((folder / "a.pdf").read_bytes())
    found = [zxingcpp.read_barcodes(page.render(scale=2, grayscale=True).to_pil()) for page in pages]
    return [code.text for (code,) in found]


def test_every_page_of_a_word_file_carries_the_code_of_its_chapter(tmp_path: Path) -> None:
    long = [block("text", f"<p>{'Una frase que se repite. ' * 300}</p>")]
    body = [*three_chapters(), chapter("Largo", "largo", *long), chapter("Más", "mas", *every_block()[2:])]
    made = published(guide=GuideFactory(slug="orientacion"), body=json.dumps(body))
    version = Version.objects.select_related("guide").get(pk=made.pk)
    known = [code.address for code in give_codes(version=version).values()]
    found = drawn(exports.make(version, Format.DOCX), tmp_path / "drawn")
    assert list(dict.fromkeys(found)) == known
    assert found.count(known[4]) >= 2


@pytest.mark.parametrize("kinds", [{}, {"even": True, "first": True}, {"margin": 12}, {"written": False}])
def test_every_page_of_an_official_word_file_carries_the_code(tmp_path: Path, kinds: Any) -> None:
    version = published(guide=GuideFactory(slug="orientacion"))
    Rendition.objects.exclude(format=Format.DOCX).delete()
    official = OfficialFile(version=version, format=Format.DOCX, sha256="a" * 64, size=1)
    official.file.save("x", ContentFile(word(**kinds)))
    make_files.call(version.pk)
    with Rendition.objects.get().file.open("rb") as file:
        assert drawn(file.read(), tmp_path / "drawn") == [give_codes(version=version)[""].address] * 3
