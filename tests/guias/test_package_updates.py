"""A package that somebody has already, brought up to date; and all that she may send instead of it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from guias.exports.earlier import MAX_MANIFEST
from guias.exports.package import Selection, collect
from guias.models import Download, Guide, Rendition, Version
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory
from tests.factories.packages import (
    PDF,
    RENEW,
    URL,
    apply,
    body,
    files_of,
    guide,
    next_version,
    three,
    tree,
    unzip,
    upload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def move_back(version: Version, days: int) -> None:
    moment = timezone.now() - timedelta(days=days)
    Version.objects.filter(pk=version.pk).update(first_published_at=moment)
    Rendition.objects.filter(version=version).update(made_at=moment)


@pytest.mark.parametrize("how", ["number", "date", "day"])
def test_only_what_changed_since(client: Any, how: str) -> None:
    kept, changed = guide("igual"), guide("cambia")
    move_back(kept, 20)
    move_back(changed, 19)
    next_version(changed)
    day = timezone.localdate() - timedelta(days=10)
    since = {"number": "2", "date": day.isoformat(), "day": f"{day.day}/{day.month}/{day.year}"}[how]
    response = client.get(f"{URL}?desde={since}")
    assert "-cambios.zip" in response["Content-Disposition"]
    found = unzip(response)
    assert files_of(found.namelist()) == three("orientacion", "cambia", 2)
    assert json.loads(found.read("manifest.json"))["borrar"] == sorted(three("orientacion", "cambia"))
    for name in ("LEEME.txt", "index.html"):
        assert "orientacion/cambia-v1.pdf" in found.read(name).decode()


@pytest.mark.parametrize("later", ["1/1/2999", "2999-01-01", "31/12/9999"])
def test_a_day_that_has_not_come_is_refused(client: Any, later: str) -> None:
    guide("uno")
    response = client.get(f"{URL}?desde={later}")
    assert response.status_code == 422
    html = response.content.decode()
    assert f"El {later} todavía no llega. Escriba la fecha en que bajó su paquete." in html
    assert "sigue vigente" not in html


def test_who_has_an_account_goes_on_from_the_minute_of_her_last_package(client: Any) -> None:
    client.force_login(UserFactory())
    version = guide("uno")  # of this very morning
    moment = timezone.now() - timedelta(hours=3)
    Version.objects.filter(pk=version.pk).update(first_published_at=moment)
    Rendition.objects.filter(version=version).update(made_at=moment)
    body(client.get(URL))
    html = client.get("/guias/paquete/").content.decode()
    (since,) = re.findall(r'name="desde" value="([^"]+)"', html)
    response = client.get(URL, {"desde": since})
    assert "No hay nada que bajar" in response.content.decode()
    Download.objects.update(at=timezone.now() - timedelta(hours=2))  # what comes later that day she lacks
    html = client.get("/guias/paquete/").content.decode()
    (since,) = re.findall(r'name="desde" value="([^"]+)"', html)
    guide("dos")
    assert files_of(unzip(client.get(URL, {"desde": since})).namelist()) == three("orientacion", "dos")


def test_a_package_of_one_route_is_no_day_to_go_on_from(client: Any) -> None:
    client.force_login(UserFactory())
    guide("uno")
    guide("dos", route="empleabilidad")

    def offered() -> bool:
        html = client.get("/guias/paquete/").content.decode()
        given = re.search(r'name="desde" value="[^"]+"', html) is not None
        assert given is ("ya pusimos ese día" in html)
        return given

    body(client.get(URL, {"ruta": "orientacion"}))
    assert not offered()
    body(client.get(URL, {"ruta": "empleabilidad"}))
    assert offered(), "two parts that make the whole"
    guide("tres")
    assert offered(), "what came since is what the day brings"
    body(client.get(URL, {"guia": "uno"}))
    assert not offered(), "the third was out by then, and she has not got it"


def test_a_file_made_after_the_day_comes_too(client: Any) -> None:
    version = guide("uno")
    move_back(version, 20)
    Rendition.objects.filter(version=version, format="html").update(made_at=timezone.now())
    day = timezone.localdate() - timedelta(days=10)
    assert files_of(unzip(client.get(f"{URL}?desde={day}")).namelist()) == ["orientacion/uno-v1.html"]


def test_a_file_made_anew_comes_by_number_too(client: Any) -> None:
    move_back(guide("uno"), 20)
    move_back(guide("dos"), 19)
    Rendition.objects.filter(version__guide__slug="uno", format="pdf").update(made_at=timezone.now())
    assert files_of(unzip(client.get(f"{URL}?desde=2")).namelist()) == ["orientacion/uno-v1.pdf"]


def test_a_guide_that_was_retired_is_something_new(client: Any) -> None:
    version = guide("uno")
    move_back(version, 20)
    guide("dos")
    move_back(guide("tres"), 20)
    retired = version.guide
    retired.state = "retirada"
    retired.save()
    found = unzip(client.get(f"{URL}?guia=uno&guia=tres&desde={timezone.localdate() - timedelta(days=1)}"))
    assert files_of(found.namelist()) == []
    assert json.loads(found.read("manifest.json"))["borrar"] == sorted(three("orientacion", "uno"))


def test_nothing_new_is_said_and_not_zipped(client: Any) -> None:
    guide("uno")
    response = client.get(f"{URL}?desde=1")
    assert response.status_code == 200
    assert "lo que usted tiene sigue vigente" in response.content.decode()
    manifest = unzip(client.get(URL)).read("manifest.json")
    assert "lo que usted tiene sigue vigente" in upload(client, manifest).content.decode()


def test_an_earlier_package_becomes_today_s_to_the_byte(client: Any) -> None:
    changed, retired = guide("cambia"), guide("retirada", route="redip")
    for n in range(4):
        guide(f"igual-{n}")
    first = tree(unzip(client.get(URL)))
    next_version(changed)
    guide("nueva", route="empleabilidad")
    retired.guide.state = "retirada"
    retired.guide.save()
    answer = upload(client, first["manifest.json"])
    assert answer.status_code == 302
    delta = unzip(client.get(answer["Location"]))
    assert set(files_of(delta.namelist())) == {
        *three("orientacion", "cambia", 2),
        *three("empleabilidad", "nueva"),
    }
    assert apply(first, delta) == tree(unzip(client.get(URL)))


def test_what_no_manifest_could_foresee_is_named_apart(client: Any) -> None:
    moved, hidden = guide("muda"), guide("oculta", route="redip")
    guide("igual")
    first = tree(unzip(client.get(URL)))
    Guide.objects.filter(pk=moved.guide_id).update(route="redip")
    Guide.objects.filter(pk=hidden.guide_id).update(is_public=False)
    delta = unzip(client.get(upload(client, first["manifest.json"])["Location"]))
    assert "redip/oculta-v1.pdf" in delta.read("BORRAR.txt").decode()
    assert "oculta" not in delta.read("manifest.json").decode()
    assert apply(first, delta) == tree(unzip(client.get(URL)))


def test_a_basket_is_brought_up_to_date_as_a_basket(client: Any) -> None:
    one = guide("uno")
    guide("dos")
    first = tree(unzip(client.get(f"{URL}?guia=uno")))
    next_version(one)
    answer = upload(client, first["manifest.json"])
    assert "guia=uno" in answer["Location"]
    assert apply(first, unzip(client.get(answer["Location"]))) == tree(unzip(client.get(f"{URL}?guia=uno")))


def test_a_manifest_of_the_first_form_is_understood(client: Any) -> None:
    guide("uno")
    entry = collect(Selection()).entries[0]
    old = {
        "numero": 1,
        "ruta": None,
        "sitio": json.loads(collect(Selection()).manifest)["sitio"],
        "archivos": [{"id": "uno", "version": 1, "sha256": entry.sha256, "archivo": entry.path}],
    }
    names = unzip(client.get(upload(client, json.dumps(old).encode())["Location"])).namelist()
    assert files_of(names) == three("orientacion", "uno")[1:]


def test_one_chapter_of_one_guide_is_a_twentieth_of_the_package(client: Any) -> None:
    versions = [guide(f"guia-{n}") for n in range(40)]
    whole = body(client.get(URL))
    first = tree(zipfile.ZipFile(io.BytesIO(whole)))
    next_version(versions[7])
    delta = body(client.get(upload(client, first["manifest.json"])["Location"]))
    assert len(delta) <= len(whole) * 0.05


def test_what_is_asked_for_goes_on_only_with_the_same_tree(client: Any) -> None:
    one = guide("uno")
    first = tree(unzip(client.get(URL)))
    two = next_version(one)
    where = upload(client, first["manifest.json"])["Location"]
    whole = client.get(where)
    content = body(whole)
    rest = client.get(where, headers={"range": "bytes=500-", "if-range": whole["ETag"]})
    assert body(rest) == content[500:]
    next_version(two)
    late = client.get(where)
    assert late.status_code == 422
    assert "Suba otra vez" in late.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        *("desde=ayer", "desde=99", "desde=0", "desde=2015-13-45", "desde=31/2/2015", "ruta=marte"),
        *("desde=%00", "desde=m-0123456789abcdef-__", "desde=m-xx", "guia=no-existe", "guia=../etc"),
        *("borrar=/etc/passwd", "borrar=index.html", "borrar=redip/../x-v1.pdf", f"desde={'9' * 5000}"),
        *("guia=reserva", "guia=borrador", "desde=" + "m-0123456789abcdef-" + "A" * 3000),
    ],
)
def test_nonsense_is_refused_with_a_sentence(client: Any, query: str) -> None:
    guide("uno")
    guide("reserva", is_public=False)
    VersionFactory(guide=GuideFactory(slug="borrador"))
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 422
    html = response.content.decode()
    assert 'role="alert"' in html and "Paquete número 1" in html


def test_a_guide_that_was_retired_since_is_to_be_deleted(client: Any) -> None:
    gone = guide("va")
    guide("queda")
    first = tree(unzip(client.get(URL)))
    Guide.objects.filter(pk=gone.guide_id).update(state="retirada")
    answer = upload(client, first["manifest.json"])
    assert answer.status_code == 302
    delta = unzip(client.get(answer["Location"]))
    assert files_of(delta.namelist()) == [], "nothing of the guides comes"
    for path in three("orientacion", "va"):
        assert path in delta.read("LEEME.txt").decode()
    assert json.loads(delta.read("manifest.json"))["borrar"] == sorted(three("orientacion", "va"))
    assert apply(first, delta) == tree(unzip(client.get(URL)))


@pytest.mark.parametrize("address", ["/guias/paquete/", RENEW])
def test_a_package_of_later_than_this_portal_is_left_alone(client: Any, address: str) -> None:
    """The portal was set back to a copy of before: nobody is told to delete what is newer."""
    version = guide("uno")
    guide("oculta", is_public=False)
    manifest = json.loads(collect(Selection()).manifest)
    objects = {
        sha: [path.replace("uno-v1", "uno-v2") for path in paths]
        for sha, paths in manifest["objetos"].items()
    }
    for entry in manifest["archivos"]:
        entry["archivo"] = entry["archivo"].replace("uno-v1", "uno-v2")
    later = json.dumps({**manifest, "objetos": objects}).encode()

    def sent() -> Any:
        return client.post(address, {"manifest": SimpleUploadedFile("manifest.json", later)})

    refused = sent()
    assert refused.status_code == 422
    said = refused.json()["dice"] if address == RENEW else refused.content.decode()
    assert "es más nuevo que este portal" in said and "No borre nada" in said
    next_version(version)
    assert sent().status_code != 422


def test_a_manifest_of_five_megabytes_is_read_and_one_of_something_else_is_told_so(client: Any) -> None:
    guide("uno")
    first = tree(unzip(client.get(URL)))
    guide("dos")
    told = json.loads(first["manifest.json"])
    padded = json.dumps({**told, "de un portal que dice más": "x" * 5_000_000}).encode()
    delta = unzip(client.get(upload(client, padded)["Location"]))
    assert files_of(delta.namelist()) == three("orientacion", "dos")
    strange = {f"{n:064x}": [f"orientacion/{'otra-' * 8}{n}-v1.pdf"] for n in range(40_000)}
    content = json.dumps({**told, "objetos": strange}).encode()
    assert 4_500_000 < len(content) < MAX_MANIFEST
    response = upload(client, content)
    assert response.status_code == 422
    assert "se parece muy poco al de hoy" in response.content.decode()


def test_of_a_second_download_the_pages_are_packed_and_pdf_is_not(client: Any) -> None:
    version = guide("uno")
    assert {info.compress_type for info in unzip(client.get(URL)).infolist()} == {zipfile.ZIP_STORED}
    manifest = unzip(client.get(URL)).read("manifest.json")
    next_version(version)
    delta = unzip(client.get(upload(client, manifest)["Location"]))
    assert delta.getinfo("orientacion/uno-v2.pdf").compress_type == zipfile.ZIP_STORED
    for name in ("orientacion/uno-v2.html", "datos/indice/uno-v2.js", "index.html", "manifest.json"):
        info = delta.getinfo(name)
        assert info.compress_size < info.file_size, name


def test_a_great_deal_goes_as_it_is(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guias.exports.zipped.MOST_PACKED", 10_000)
    guide("uno")
    found = unzip(client.get(f"{URL}?desde=1/1/2015"))
    assert {info.compress_type for info in found.infolist()} == {zipfile.ZIP_STORED}


def manifest_like(**changes: Any) -> bytes:
    return json.dumps({**json.loads(collect(Selection()).manifest), **changes}).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: b"", "vacío"),
        (lambda: b"hola", "no es el de un paquete"),
        (lambda: PDF, "no es el de un paquete"),
        (lambda: manifest_like()[:-40], "no es el de un paquete"),
        (lambda: b"[]", "no es el de un paquete"),
        (lambda: b"{}", "no es el de un paquete"),
        (lambda: b"[" * 100_000, "no es el de un paquete"),
        (lambda: manifest_like(sitio=7), "no es el de un paquete"),
        (lambda: manifest_like(archivos=[1]), "no es el de un paquete"),
        (lambda: manifest_like(objetos={"x": ["y"]}), "no es el de un paquete"),
        (lambda: manifest_like(eleccion={"ruta": "marte", "guias": []}), "no es el de un paquete"),
        (lambda: manifest_like(sitio="https://otro.example"), "es de otro sitio (https://otro.example)"),
        (lambda: b"{" + b" " * MAX_MANIFEST + b"}", "pesa demasiado"),
        (lambda: b" " * 50 * 1024 * 1024, "pesa demasiado"),
    ],
)
def test_what_is_no_manifest_gets_a_sentence(client: Any, content: Callable[[], bytes], words: str) -> None:
    guide("uno")
    response = upload(client, content())
    assert response.status_code == 422
    html = response.content.decode()
    assert words in html and 'role="alert"' in html and "Ponga al día" in html


def test_no_manifest_at_all_gets_a_sentence_too(client: Any) -> None:
    response = client.post("/guias/paquete/")
    assert response.status_code == 422
    assert "Escoja el archivo manifest.json" in response.content.decode()


def test_an_upload_needs_the_page_s_own_form(client: Any) -> None:
    from django.test import Client

    assert upload(Client(enforce_csrf_checks=True), b"{}").status_code == 403
