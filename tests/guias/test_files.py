"""Taking files home: one of a guide, the package, what changed since; and who is counted."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.base import ContentFile

from guias.actions.files import store_file
from guias.actions.versions import publish_version
from guias.models import Download, OfficialFile, Rendition, Version
from guias.tasks import SOMEBODY_WAITS
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import CityFactory, InstitutionFactory
from tests.factories.guias import GuideFactory, VersionFactory, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PDF = b"%PDF-1.7 contenido de prueba " * 5000


def ready(version: Version, content: bytes = PDF) -> Rendition:
    return store_file(rendition=Rendition.objects.get(version=version, format="pdf"), content=content)


def guide_with_file(slug: str, content: bytes = PDF, **fields: Any) -> Version:
    version = published(guide=GuideFactory(slug=slug, title=slug.title(), **fields))
    ready(version, content)
    return version


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


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
    assert client.get(url).status_code == 200, "the same person, the same day"
    assert Download.objects.filter(user=None).count() == 1
    client.get(url, headers={"user-agent": "otro teléfono"})
    assert Download.objects.count() == 2


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


def test_a_file_that_somebody_waits_for_goes_first_and_is_asked_for_once(client: Any, queued: Any) -> None:
    version = published(guide=GuideFactory(slug="guia"))
    queued("guias.tasks.make_files").delete()
    for _look in range(3):
        assert client.get("/guias/guia/descargar/html/").status_code == 202
    assert [row.priority for row in queued("guias.tasks.make_files")] == [SOMEBODY_WAITS]
    Rendition.objects.filter(version=version).update(state="fallida")
    assert client.get("/guias/guia/descargar/html/").status_code == 202


def test_a_failed_file_is_asked_for_again(client: Any) -> None:
    version = published(guide=GuideFactory(slug="guia"))
    Rendition.objects.filter(version=version).update(state="fallida")
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
