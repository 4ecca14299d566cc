"""The files that the demonstration shares: real ones, read as anybody's are, and plainly marked."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from nucleo import document_text
from portal.demo import archivos
from portal.demo.comunidad import _rows
from portal.demo.redip import _read

FILES: dict[str, Any] = yaml.safe_load(archivos.DATA.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_a_file_says_on_each_page_what_its_entry_says_and_that_it_is_a_demonstration(name: str) -> None:
    upload = archivos.upload(name)
    assert upload.size < 60_000
    pages = document_text.read(upload.file, upload.kind)
    assert "demostración" in pages[0]
    about = FILES[name]["paginas"]
    assert len(pages) == (len(about) if upload.kind == "pdf" else 1)
    for text, page in zip(pages, about if upload.kind == "pdf" else about[:1], strict=True):
        said = page["texto"][-1]
        assert "".join((said if isinstance(said, str) else said[-1]).split()) in "".join(text.split())


def test_every_file_is_shared_by_somebody() -> None:
    shared = [row["archivo"] for row in _rows("comunidad_mensajes.yaml") if "archivo" in row]
    shared += [one["nombre"] for row in _read("redip_mesas.yaml") for one in row["archivos"]]
    assert sorted(shared) == sorted(FILES)
