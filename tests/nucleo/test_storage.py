"""A file is whole or not there."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from nucleo.storage import WholeFileStorage


class Running(ContentFile):
    """A file whose source ends in the middle, as on a disk that is full."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"x" * 100_000
        raise OSError(errno.ENOSPC, "No space left on device")


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_gets_its_name_when_it_is_whole(tmp_path: Path) -> None:
    storage = WholeFileStorage(location=tmp_path)
    assert storage.save("guias/a.pdf", ContentFile(b"uno")) == "guias/a.pdf"
    assert files(tmp_path) == ["guias/a.pdf"]
    assert (tmp_path / "guias/a.pdf").read_bytes() == b"uno"


def test_a_name_that_is_taken_is_not_taken_away(tmp_path: Path) -> None:
    storage = WholeFileStorage(location=tmp_path)
    storage.save("a.pdf", ContentFile(b"uno"))
    other = storage._save("a.pdf", ContentFile(b"dos"))  # as when two ask for a free name at once
    assert other != "a.pdf"
    assert (tmp_path / "a.pdf").read_bytes() == b"uno"
    assert (tmp_path / other).read_bytes() == b"dos"
    assert len(files(tmp_path)) == 2


def test_half_a_file_leaves_nothing(tmp_path: Path) -> None:
    storage = WholeFileStorage(location=tmp_path)
    with pytest.raises(OSError, match="No space left"):
        storage.save("a.pdf", Running(b""))
    assert files(tmp_path) == []


def test_a_large_upload_is_moved(tmp_path: Path) -> None:
    from django.core.files.uploadedfile import TemporaryUploadedFile

    upload: Any = TemporaryUploadedFile("x", "text/plain", 3, None)
    upload.write(b"uno")
    upload.flush()
    storage = WholeFileStorage(location=tmp_path / "media")
    assert storage.save("a.txt", upload) == "a.txt"
    assert files(tmp_path / "media") == ["a.txt"]
    upload.close()


@pytest.mark.parametrize("alias", ["default", "private"])
def test_the_portal_keeps_its_files_so(alias: str) -> None:
    assert isinstance(storages[alias], WholeFileStorage)
