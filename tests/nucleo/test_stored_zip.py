"""The ZIP whose bytes are known beforehand: other readers open it, and it can begin anywhere."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import IO

import pytest

from nucleo.stored_zip import Changed, Part, StoredZip, checksum
from tests.conftest import unavailable

GIB = 1024**3
FILES = {"LEEME.txt": b"hola\n", "a/vacio.txt": b"", "a/b/largo.pdf": bytes(range(256)) * 1000}


def parts() -> list[Part]:
    return [Part.of(name, content) for name, content in FILES.items()]


def small() -> StoredZip:
    return StoredZip(parts())


def whole(archive: StoredZip) -> bytes:
    with archive.open() as reader:
        return reader.read()


def test_others_read_it(tmp_path: Path) -> None:
    content = whole(small())
    assert len(content) == small().size
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        assert {name: found.read(name) for name in found.namelist()} == FILES
        assert {info.date_time for info in found.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    if not shutil.which("unzip"):
        unavailable("unzip is not installed")
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    assert b"No errors detected" in subprocess.run(["unzip", "-t", file], stdout=-1, check=True).stdout


def test_others_read_what_is_packed_and_it_begins_anywhere_too(tmp_path: Path) -> None:
    noise = bytes(range(256))
    archive = StoredZip([Part.packed("a.html", b"<p>hola</p>" * 900), Part.packed("b.pdf", noise), *parts()])
    content = whole(archive)
    assert len(content) == archive.size
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        assert found.read("a.html") == b"<p>hola</p>" * 900 and found.read("b.pdf") == noise
        assert found.getinfo("a.html").compress_size < 100
        assert found.getinfo("b.pdf").compress_type == zipfile.ZIP_STORED, "it would grow"
    with archive.open() as reader:
        reader.seek(50)
        assert reader.read() == content[50:]
    if not shutil.which("unzip"):
        unavailable("unzip is not installed")
    (tmp_path / "x.zip").write_bytes(content)
    subprocess.run(["unzip", "-tq", tmp_path / "x.zip"], check=True)


def test_it_begins_anywhere() -> None:
    content = whole(small())
    for start in (0, 1, 34, 60, 100, 5000, len(content) - 30, len(content) - 1, len(content)):
        with small().open() as reader:
            reader.seek(start)
            assert reader.read() == content[start:]


def test_it_says_of_each_stretch_what_it_is() -> None:
    content, at, named = whole(small()), 0, {}
    for segment in small().segments:
        assert segment.start == at and segment.size > 0
        at += segment.size
        assert segment.open().read() == content[segment.start : at]
        named[segment.name] = content[segment.start : at]
    assert at == len(content)
    assert {name: said for name, said in named.items() if name} == {n: c for n, c in FILES.items() if c}


def _unopened() -> IO[bytes]:
    raise AssertionError("only what is asked for is opened")


def test_what_comes_before_is_not_read() -> None:
    archive = StoredZip([Part("a.pdf", GIB, 1, _unopened), Part.of("b.txt", b"fin")])
    with archive.open() as reader:
        reader.seek(GIB + 30 + 5)
        assert reader.read()[35:38] == b"fin"


def test_more_than_four_gigabytes(tmp_path: Path) -> None:
    parts = [Part(f"{n}.pdf", size, 0, _unopened) for n, size in enumerate((3 * GIB, 5 * GIB, 10))]
    archive = StoredZip([*parts, Part.of("fin.txt", b"aqui")])
    file = tmp_path / "x.zip"
    with file.open("wb") as target, archive.open() as reader:  # a sparse file: the holes take no room
        target.truncate(archive.size)
        start = archive.size - len(_tail(archive))
        target.seek(start)
        reader.seek(start)
        target.write(reader.read())
    with zipfile.ZipFile(file) as found:
        assert [info.file_size for info in found.infolist()] == [3 * GIB, 5 * GIB, 10, 4]
        assert found.infolist()[2].header_offset > 8 * GIB
        assert found.read("fin.txt") == b"aqui"


def _tail(archive: StoredZip) -> bytes:
    """What can be read without the files that are not there: from the last header on."""
    with archive.open() as reader:
        reader.seek(8 * GIB + 10 + sum(30 + 5 + extra for extra in (0, 20, 0)))
        return reader.read()


def test_many_files() -> None:
    content = whole(StoredZip(Part.of(f"{n}.txt", b"x") for n in range(66_000)))
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert len(found.namelist()) == 66_000


def test_a_file_that_shrank_is_no_silent_end() -> None:
    archive = StoredZip([Part("a.pdf", 10, 0, lambda: io.BytesIO(b"corto"))])
    with pytest.raises(Changed):
        whole(archive)


def test_the_checksum_is_that_of_the_zip() -> None:
    assert checksum(io.BytesIO(FILES["a/b/largo.pdf"])) == Part.of("x", FILES["a/b/largo.pdf"]).crc
