"""The package: what is in it, the same for everyone, and how an earlier one is brought up to date."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from guias.actions.files import store_file
from guias.exports import searchable
from guias.exports.package import FORMS, Selection, collect
from guias.exports.zipped import archive
from guias.models import Checksum, Download, Guide, OfficialFile, Rendition
from guias.tasks import make_files, renew_files
from nucleo.dates import long_date
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, published
from tests.factories.packages import (
    PAGES,
    PDF,
    URL,
    body,
    files_of,
    guide,
    next_version,
    three,
    unzip,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_the_package_holds_each_file_with_its_fingerprint(client: Any) -> None:
    guide("uno")
    guide("dos", route="redip")
    guide("reserva", is_public=False)
    guide("vieja", state="retirada")
    pending = published(guide=GuideFactory(slug="tres", title="La pendiente"))
    response = client.get(URL)
    assert response["Content-Type"] == "application/zip"
    assert 'filename="paquete-red-cemprende-4.zip"' in response["Content-Disposition"]
    found = unzip(response)
    assert found.namelist() == [*PAGES, *three("orientacion", "uno"), *three("redip", "dos")]
    manifest = json.loads(found.read("manifest.json"))
    for file in manifest["archivos"]:
        assert hashlib.sha256(found.read(file["archivo"])).hexdigest() == file["sha256"]
        assert found.getinfo(file["archivo"]).file_size == file["bytes"]
    objects = {path: sha256 for sha256, paths in manifest["objetos"].items() for path in paths}
    assert {*objects, "manifest.json"} == set(found.namelist())
    assert all(hashlib.sha256(found.read(path)).hexdigest() == sha for path, sha in objects.items())
    assert {(f["id"], f["version"]) for f in manifest["archivos"]} == {("uno", 1), ("dos", 1)}
    assert manifest["en_preparacion"] == ["tres"]
    today = long_date(timezone.localdate())
    for name in ("LEEME.txt", "index.html"):
        assert "La pendiente" in found.read(name).decode()
        assert today in found.read(name).decode()
    assert 'href="redip/dos-v1.pdf"' in found.read("index.html").decode()
    current = found.read("sigue-vigente.html").decode()
    assert today in current and "/guias/dos/v1/" in current and "Versión 1" in current
    assert Download.objects.filter(in_package=True).count() == 2
    assert pending.renditions.exists()


def test_what_is_there_of_a_guide_comes_and_the_rest_is_named(client: Any) -> None:
    version = published(guide=GuideFactory(slug="uno", title="La que falta"))
    store_file(rendition=Rendition.objects.get(version=version, format="pdf"), content=PDF)
    Rendition.objects.filter(version=version).exclude(format="pdf").delete()
    found = unzip(client.get(URL))
    assert files_of(found.namelist()) == ["orientacion/uno-v1.pdf"]
    raw = found.read("LEEME.txt")
    assert raw.startswith(codecs.BOM_UTF8) and raw.count(b"\n") == raw.count(b"\r\n") > 10
    readme = raw.decode()
    assert "La que falta" in readme.split("NO ALCANZARON A VENIR")[1]
    assert "escriba el número" not in readme  # it would say too much
    assert {r.format for r in version.renditions.all() if r.is_ready} == set(FORMS)  # asked for, and made


def test_the_package_of_a_route_and_of_a_basket(client: Any) -> None:
    for slug, route in (("uno", "orientacion"), ("dos", "redip"), ("tres", "redip")):
        guide(slug, route=route)
    response = client.get(f"{URL}?ruta=redip")
    assert "paquete-red-cemprende-redip-3.zip" in response["Content-Disposition"]
    assert files_of(unzip(response).namelist()) == [*three("redip", "dos"), *three("redip", "tres")]
    response = client.get(f"{URL}?guia=tres&guia=uno&ruta=empleabilidad")
    assert "paquete-red-cemprende-seleccion-3.zip" in response["Content-Disposition"]
    found = unzip(response)
    assert files_of(found.namelist()) == [*three("orientacion", "uno"), *three("redip", "tres")]
    assert json.loads(found.read("manifest.json"))["eleccion"] == {"ruta": None, "guias": ["tres", "uno"]}


def test_a_route_without_guides_is_said(client: Any) -> None:
    guide("uno")
    html = client.get(f"{URL}?ruta=redip").content.decode()
    assert "todavía no hay guías listas" in html


BUILD = """
import os, sys, hashlib, django
os.environ["TZ"] = sys.argv[1]
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[2]
settings.DATABASES["default"]["NAME"] = sys.argv[3]
from guias.exports.package import Selection, collect
from guias.exports.zipped import archive
found = collect(Selection())
zipped = archive(found, set(found.objects), [])
sys.stdout.write(hashlib.sha256(zipped.open().read()).hexdigest())
"""


@pytest.mark.django_db(transaction=True)
def test_same_content_gives_the_same_zip_in_any_process(tmp_path: Path) -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("copies the database as a file")
    first = guide("uno")
    next_version(first)
    guide("dos", route="redip")
    database = tmp_path / "copia.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM INTO '{database}'")
    found = collect(Selection())
    here = hashlib.sha256(archive(found, set(found.objects), []).open().read()).hexdigest()
    for seed, zone in (("1", "America/Bogota"), ("2", "Asia/Tokyo")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        arguments = [sys.executable, "-c", BUILD, zone, str(tmp_path / "media"), str(database)]
        there = subprocess.run(
            arguments, env=env, stdout=-1, check=True, text=True, cwd=Path(__file__).parents[2]
        )
        assert there.stdout == here


def test_the_same_zip_twice_is_not_sent_twice(client: Any) -> None:
    guide("uno")
    first, second = client.get(URL), client.get(URL)
    assert first["ETag"] == second["ETag"]
    assert body(first) == body(second)
    assert client.get(URL, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_an_interrupted_download_goes_on_and_counts_once(client: Any) -> None:
    guide("uno")
    head = client.head(URL)
    assert head["Accept-Ranges"] == "bytes"
    whole = client.get(URL)
    content = body(whole)
    assert int(whole["Content-Length"]) == int(head["Content-Length"]) == len(content)
    middle = len(content) // 2
    rest = client.get(URL, headers={"range": f"bytes={middle}-", "if-range": whole["ETag"]})
    assert rest.status_code == 206
    assert rest["Content-Range"] == f"bytes {middle}-{len(content) - 1}/{len(content)}"
    assert body(rest) == content[middle:]
    assert Download.objects.filter(in_package=True).count() == 1
    Guide.objects.update(route="emprendimiento")
    again = client.get(URL, headers={"range": f"bytes={middle}-", "if-range": whole["ETag"]})
    assert again.status_code == 200  # the rest of another package is of no use


def test_the_checksum_of_a_file_is_kept_by_its_content(client: Any) -> None:
    version = guide("uno")
    body(client.get(URL))
    assert Checksum.objects.count() == 3
    content = b"%PDF-1.4 oficial"
    official = OfficialFile(version=version, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    official.file.save("cualquier nombre.pdf", ContentFile(content))
    make_files.call(version.pk)
    assert Checksum.objects.get(sha256=official.sha256).crc32 == zlib.crc32(content)
    assert unzip(client.get(URL)).read("orientacion/uno-v1.pdf") == content


def test_no_request_reads_a_file_for_its_checksum(client: Any) -> None:
    guide("uno")
    before = unzip(client.get(URL))
    manifest, paper = (before.read(name) for name in ("manifest.json", "orientacion/uno-v1.pdf"))
    Checksum.objects.all().delete()
    Rendition.objects.filter(format="html").update(made_at=timezone.now())
    response = client.get(f"{URL}?ruta=orientacion")
    assert (response.status_code, response["Refresh"]) == (202, "4")
    page = response.content.decode()
    assert "El paquete de las guías." in page and f"{URL}?ruta=orientacion" in page
    assert Checksum.objects.count() == 3, "the worker has taken them meanwhile"
    assert unzip(client.get(f"{URL}?ruta=orientacion")).read("orientacion/uno-v1.pdf") == paper
    Checksum.objects.all().delete()
    cache.clear()
    other = SimpleUploadedFile("manifest.json", manifest.replace(b'"objetos"', b'"otros"'))
    said = client.post("/guias/paquete/al-dia/", {"manifest": other}).json()
    assert said == {"dice": "Los archivos se están preparando. Vuelva a intentarlo en un minuto."}


def test_choosing_the_package(client: Any) -> None:
    guide("uno")
    guide("dos")
    html = client.get("/guias/paquete/?guia=dos").content.decode()
    assert "2 guías listas" in " ".join(html.split())
    assert 'name="desde"' in html
    assert 'action="/guias/paquete/descargar/"' in html
    boxes = re.findall(r'<input type="checkbox" name="guia"\s+value="(\w+)"\s*(checked)?', html)
    assert boxes == [("dos", "checked"), ("uno", "")]


def test_the_page_counts_all_files_and_names_the_first(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guias.views.package.SHOWN", 1)
    guide("uno")
    guide("dos", order=200)
    published(guide__slug="tres")
    total = sum(Rendition.objects.values_list("size", flat=True))
    html = " ".join(client.get("/guias/paquete/").content.decode().replace("\xa0", " ").split())
    assert f"2 guías listas, {total // 1024}" in html
    assert "1 guía se está preparando" in html
    assert html.count('name="guia"') == 1 and "búsquelas en la lista" in html
    assert client.get("/guias/paquete/?guia=dos").content.decode().count('name="guia"') == 2


def test_who_took_a_package_is_offered_what_changed(client: Any) -> None:
    guide("uno")
    client.force_login(UserFactory())
    assert "Usted bajó un paquete" not in client.get("/guias/paquete/").content.decode()
    body(client.get(URL))
    html = client.get("/guias/paquete/").content.decode()
    assert "Usted bajó un paquete" in html
    assert f'value="{timezone.localtime(Download.objects.get().at):%d/%m/%Y %H:%M}"' in html


def test_nobody_waits_for_a_checksum(client: Any) -> None:
    version = guide("uno")
    content = b"%PDF-1.4 de antes de que se guardaran"
    official = OfficialFile(version=version, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    official.file.save("x.pdf", ContentFile(content))
    renew_files.call()
    assert Checksum.objects.get(sha256=official.sha256).crc32 == zlib.crc32(content)


def test_all_of_it_and_what_is_common_to_all_routes_read_differently(client: Any) -> None:
    guide("uno")
    html = client.get("/guias/paquete/").content.decode()
    named = re.findall(r"<option[^>]*>([^<]+)</option>", html)
    assert named[0] == "Todo el paquete" and named[-1] == "Comunes a todas las rutas"


def test_costs_the_same_with_more(client: Any, assert_same_queries: Callable[..., int]) -> None:
    guide("uno")

    def more() -> None:
        guide("dos")
        guide("tres")

    assert assert_same_queries("/guias/paquete/", more) <= 6


def test_sending_costs_the_same_with_more(client: Any, assert_same_queries: Callable[..., int]) -> None:
    guide("uno")

    def more() -> None:
        guide("dos")
        guide("tres")
        client.get(URL)

    assert assert_same_queries(URL, more) <= 8


def test_singular_and_plural_are_found_by_the_same_stem() -> None:
    pairs = ["red redes", "guía guías", "voz voces", "reunión reuniones", "clase clases", "país países"]
    for pair in pairs:
        assert len(searchable.stems(pair)) == 1, pair
    assert searchable.stems("de la que y en") == set()


def test_the_page_leaves_out_the_same_words_as_the_index() -> None:
    script = Path(searchable.__file__).with_name("package.js").read_text(encoding="utf-8")
    assert set(re.search(r'COMMON = "(.*)"', script)[1].split()) == searchable.TOO_COMMON  # type: ignore[index]


def test_the_index_leads_to_the_headings_of_the_page(client: Any) -> None:
    version = published(guide=GuideFactory(slug="uno"))
    from guias import exports

    html = exports.make(version, "html").decode()
    text = exports.make(version, "js").decode()
    found = json.loads(text[text.index("push(") + 5 : text.rindex(")")])
    assert found["guia"] == "uno"
    assert [section[0] for section in found["secciones"]] == [
        "recibir",
        "cerrar",
        "cerrar--por-que-importa",
        "preguntas",
    ]
    for anchor, *_rest in found["secciones"]:
        assert f'id="{anchor}"' in html
    assert found["palabras"]["decision"] == [2]
