"""Taking files home: one of a guide, the package, what changed since; and who is counted."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from guias.actions.files import store_file
from guias.actions.versions import publish_version
from guias.exports.package import collect, write
from guias.models import Download, OfficialFile, Rendition, Version
from nucleo.dates import long_date
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import CityFactory, InstitutionFactory
from tests.factories.guias import GuideFactory, VersionFactory, published

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 contenido de prueba " * 5000


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def ready(version: Version, content: bytes = PDF) -> Rendition:
    return store_file(rendition=Rendition.objects.get(version=version, format="pdf"), content=content)


def guide_with_file(slug: str, content: bytes = PDF, **fields: Any) -> Version:
    version = published(guide=GuideFactory(slug=slug, title=slug.title(), **fields))
    ready(version, content)
    return version


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def unzip(response: Any) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(body(response)))
    assert archive.testzip() is None
    return archive


def test_a_file_comes_with_a_human_name_and_is_counted(client: Any) -> None:
    guide_with_file("guia-de-orientacion")
    user = UserFactory(city=CityFactory(), institution=InstitutionFactory())
    client.force_login(user)
    response = client.get("/guias/guia-de-orientacion/descargar/pdf/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert 'filename="guia-de-orientacion-v1.pdf"' in response["Content-Disposition"]
    assert body(response) == PDF
    taken = Download.objects.get()
    assert (taken.user, taken.city, taken.institution) == (user, user.city, user.institution)


def test_a_download_goes_on_where_it_broke_off_and_counts_once(client: Any) -> None:
    guide_with_file("guia")
    url = "/guias/guia/descargar/pdf/"
    etag = client.get(url)["ETag"]
    rest = client.get(url, headers={"range": "bytes=1000-", "if-range": etag})
    assert rest.status_code == 206
    assert body(rest) == PDF[1000:]
    assert client.get(url, headers={"if-none-match": etag}).status_code == 304
    assert client.head(url).status_code == 200
    assert Download.objects.filter(user=None).count() == 2


def test_a_file_that_is_not_there_yet_is_made(client: Any) -> None:
    version = published(guide=GuideFactory(slug="guia"))
    Rendition.objects.filter(version=version).delete()
    first = client.get("/guias/guia/descargar/html/")
    assert first.status_code == 202
    assert first["Refresh"] == "4"
    assert "se está preparando" in first.content.decode()
    assert Download.objects.count() == 0
    second = client.get("/guias/guia/descargar/html/")
    assert second.status_code == 200
    assert b"Cerrar y dejar constancia" in body(second)


def test_a_failed_file_is_asked_for_again_and_a_pending_one_is_not(client: Any) -> None:
    version = published(guide=GuideFactory(slug="guia"))
    pending = Rendition.objects.get(version=version, format="html")
    assert client.get("/guias/guia/descargar/html/").status_code == 202
    pending.refresh_from_db()
    assert not pending.is_ready
    Rendition.objects.filter(pk=pending.pk).update(state="fallida")
    assert client.get("/guias/guia/descargar/html/").status_code == 202
    assert client.get("/guias/guia/descargar/html/").status_code == 200


def test_an_official_file_takes_the_place_of_the_made_one(client: Any) -> None:
    version = guide_with_file("guia")
    content = b"%PDF-1.4 oficial"
    official = OfficialFile(version=version, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    official.file.save("cualquier nombre.pdf", ContentFile(content))
    assert body(client.get("/guias/guia/descargar/pdf/")) == content
    assert body(client.get("/guias/guia/v1/descargar/pdf/")) == content


def test_an_old_version_keeps_its_file(client: Any) -> None:
    first = guide_with_file("guia")
    publish_version(version=VersionFactory(guide=first.guide, number=2))
    response = client.get("/guias/guia/v1/descargar/pdf/")
    assert 'filename="guia-v1.pdf"' in response["Content-Disposition"]
    assert body(response) == PDF


def test_the_package_holds_each_file_with_its_fingerprint(client: Any) -> None:
    guide_with_file("uno")
    guide_with_file("dos", PDF + b"2", route="redip")
    guide_with_file("reserva", is_public=False)
    guide_with_file("vieja", state="retirada")
    pending = published(guide=GuideFactory(slug="tres", title="La pendiente"))
    response = client.get("/guias/paquete/descargar/")
    assert response["Content-Type"] == "application/zip"
    assert 'filename="paquete-red-cemprende-4.zip"' in response["Content-Disposition"]
    archive = unzip(response)
    assert archive.namelist() == [
        "LEEME.txt",
        "index.html",
        "manifest.json",
        "orientacion/uno-v1.pdf",
        "redip/dos-v1.pdf",
    ]
    manifest = json.loads(archive.read("manifest.json"))
    for file in manifest["archivos"]:
        assert hashlib.sha256(archive.read(file["archivo"])).hexdigest() == file["sha256"]
    assert [(f["id"], f["version"]) for f in manifest["archivos"]] == [("uno", 1), ("dos", 1)]
    assert manifest["en_preparacion"] == ["tres"]
    today = long_date(timezone.localdate())
    for name in ("LEEME.txt", "index.html"):
        assert "La pendiente" in archive.read(name).decode()
        assert today in archive.read(name).decode()
    assert 'href="redip/dos-v1.pdf"' in archive.read("index.html").decode()
    assert Download.objects.filter(in_package=True).count() == 2
    assert pending.renditions.exists()


def test_the_package_of_a_route(client: Any) -> None:
    guide_with_file("uno")
    guide_with_file("dos", route="redip")
    response = client.get("/guias/paquete/descargar/?ruta=redip")
    assert "paquete-red-cemprende-redip-2.zip" in response["Content-Disposition"]
    assert unzip(response).namelist()[3:] == ["redip/dos-v1.pdf"]


def test_same_content_gives_the_same_zip(client: Any) -> None:
    guide_with_file("uno")
    first, second = client.get("/guias/paquete/descargar/"), client.get("/guias/paquete/descargar/")
    assert first["ETag"] == second["ETag"]
    assert body(first) == body(second)
    again = client.get("/guias/paquete/descargar/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def move_back(version: Version, days: int) -> None:
    Version.objects.filter(pk=version.pk).update(first_published_at=timezone.now() - timedelta(days=days))


@pytest.mark.parametrize("how", ["number", "date", "day"])
def test_only_what_changed_since(client: Any, how: str) -> None:
    kept, changed = guide_with_file("igual"), guide_with_file("cambia")
    move_back(kept, 20)
    move_back(changed, 19)
    second = publish_version(version=VersionFactory(guide=changed.guide, number=2))
    ready(second)
    day = timezone.localdate() - timedelta(days=10)
    since = {"number": "2", "date": day.isoformat(), "day": f"{day.day}/{day.month}/{day.year}"}[how]
    archive = unzip(client.get(f"/guias/paquete/descargar/?desde={since}"))
    assert archive.namelist()[3:] == ["orientacion/cambia-v2.pdf"]
    assert json.loads(archive.read("manifest.json"))["borrar"] == ["orientacion/cambia-v1.pdf"]
    assert "orientacion/cambia-v1.pdf" in archive.read("LEEME.txt").decode()


def test_nothing_new_is_said_and_not_zipped(client: Any) -> None:
    guide_with_file("uno")
    response = client.get("/guias/paquete/descargar/?desde=1")
    assert response.status_code == 200
    assert "lo que usted tiene sigue vigente" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    ["desde=ayer", "desde=99", "desde=0", "desde=2015-13-45", "desde=31/2/2015", "ruta=marte", "desde=%00"],
)
def test_nonsense_is_refused_with_a_sentence(client: Any, query: str) -> None:
    guide_with_file("uno")
    response = client.get(f"/guias/paquete/descargar/?{query}")
    assert response.status_code == 422
    assert "Paquete número 1" in response.content.decode()


def test_choosing_the_package(client: Any) -> None:
    guide_with_file("uno")
    html = client.get("/guias/paquete/").content.decode()
    assert "1 guía lista" in html
    assert 'name="desde"' in html
    assert 'action="/guias/paquete/descargar/"' in html


def test_the_page_counts_all_files_and_names_the_first(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guias.views.files.SHOWN", 1)
    guide_with_file("uno", b"x" * 1024)
    guide_with_file("dos", b"x" * 2048)
    published(guide__slug="tres")
    html = client.get("/guias/paquete/").content.decode().replace("\xa0", " ")
    assert "2 guías listas, 3,0 KB" in " ".join(html.split())
    assert "1 guía se está preparando" in " ".join(html.split())
    assert html.count("versión 1") == 1 and "Ver todas las guías" in html


def test_who_took_a_package_is_offered_what_changed(client: Any) -> None:
    guide_with_file("uno")
    client.force_login(UserFactory())
    assert "Usted bajó un paquete" not in client.get("/guias/paquete/").content.decode()
    body(client.get("/guias/paquete/descargar/"))
    html = client.get("/guias/paquete/").content.decode()
    assert "Usted bajó un paquete" in html
    assert f'value="{timezone.localdate():%d/%m/%Y}"' in html


def test_choosing_costs_the_same_with_more(client: Any, assert_same_queries: Callable[..., int]) -> None:
    guide_with_file("uno")

    def more() -> None:
        guide_with_file("dos")
        guide_with_file("tres")

    assert assert_same_queries("/guias/paquete/", more) <= 6


def test_the_zip_is_written_a_piece_at_a_time() -> None:
    guide_with_file("grande", b"x" * 3_000_000)
    sizes = [len(piece) for piece in write(collect())]
    assert sum(sizes) > 3_000_000
    assert max(sizes) < 70_000
