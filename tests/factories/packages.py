"""Guides with all their files, and packages taken and applied as a person does."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from guias.actions.files import store_file
from guias.actions.versions import publish_version
from guias.exports import searchable
from guias.models import Rendition, Version
from tests.factories.guias import GuideFactory, VersionFactory, published

PDF = b"%PDF-1.7 contenido de prueba " * 5000
URL = "/guias/paquete/descargar/"
RENEW = "/guias/paquete/al-dia/"
PAGES = [
    *("LEEME.txt", "index.html", "sigue-vigente.html", "datos/paquete.css", "datos/buscar.js"),
    *("datos/letra.woff2", "manifest.json"),
]


def ready(version: Version, content: bytes = PDF) -> Version:
    """Give ``version`` all files of the package; the index is the real one."""
    made = {"pdf": content, "html": b"<h1>" + content[-2000:], "js": searchable.make(version)}
    for form, data in made.items():
        store_file(rendition=Rendition.objects.get(version=version, format=form), content=data)
    return version


def guide(slug: str, content: bytes = PDF, **fields: Any) -> Version:
    return ready(
        published(guide=GuideFactory(slug=slug, title=slug.title(), **fields)), content + slug.encode()
    )


def next_version(version: Version, content: bytes = PDF) -> Version:
    number = version.number + 1
    new = publish_version(version=VersionFactory(guide=version.guide, number=number))
    return ready(new, content + f"{version.guide.slug}{number}".encode())


def body(response: Any) -> bytes:
    assert response.status_code in {200, 206}, response.status_code
    return b"".join(response.streaming_content)


def unzip(response: Any) -> zipfile.ZipFile:
    found = zipfile.ZipFile(io.BytesIO(body(response)))
    assert found.testzip() is None
    return found


def tree(found: zipfile.ZipFile) -> dict[str, bytes]:
    return {name: found.read(name) for name in found.namelist()}


def files_of(names: list[str]) -> list[str]:
    return [name for name in names if name not in PAGES]


def three(route: str, slug: str, number: int = 1) -> list[str]:
    return [
        f"{route}/{slug}-v{number}.pdf",
        f"{route}/{slug}-v{number}.html",
        f"datos/indice/{slug}-v{number}.js",
    ]


def upload(client: Any, manifest: bytes, **how: Any) -> Any:
    return client.post("/guias/paquete/", {"manifest": SimpleUploadedFile("manifest.json", manifest)}, **how)


def renew(client: Any, manifest: bytes, *, headers: Any = None, **fields: Any) -> Any:
    sent = {"manifest": SimpleUploadedFile("manifest.json", manifest), **fields}
    return client.post(RENEW, sent, headers=headers)


def rebuild(earlier: dict[str, bytes], answer: bytes) -> bytes:
    """Do what the script of the page does: put her bytes and the new ones together, step by step."""
    line, news = answer.split(b"\n", 1)
    recipe = json.loads(line)
    whole, at = bytearray(), 0
    for step in recipe["pasos"]:
        if isinstance(step, int):
            whole += news[at : at + step]
            at += step
        else:
            path, start, size = step
            whole += earlier[path][start : start + size]
    assert (len(whole), at, len(news)) == (recipe["bytes"], recipe["nuevos"], recipe["nuevos"])
    return bytes(whole)


def apply(earlier: dict[str, bytes], delta: zipfile.ZipFile) -> dict[str, bytes]:
    """Do what a person does: unzip it over the folder, then delete what is listed."""
    found = {**earlier, **tree(delta)}
    listed = list(json.loads(found["manifest.json"])["borrar"])
    if "BORRAR.txt" in found:
        listed += re.findall(r"^- (\S+)\r$", found["BORRAR.txt"].decode("utf-8-sig"), re.MULTILINE)
    return {path: content for path, content in found.items() if path not in listed}
