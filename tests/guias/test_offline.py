"""What a browser is told of a guide that it keeps: public things alone, named as in the package."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from guias.enums import Format
from guias.exports.package import Selection, collect
from guias.models import Rendition
from nucleo.dates import long_date
from tests.factories.guias import GuideFactory, VersionFactory, editor, published
from tests.factories.packages import guide, next_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_the_list_names_the_same_file_as_the_package(client: Any) -> None:
    guide("uno")
    answer = client.get("/guias/uno/sin-conexion.json")
    assert answer.status_code == 200
    assert "no-cache" in answer["Cache-Control"]
    told = answer.json()
    assert (told["id"], told["version"], told["titulo"]) == ("uno", 1, "Uno")
    assert told["fecha"] == long_date(timezone.localdate())
    assert told["capitulos"] == ["recibir", "cerrar", "preguntas"]
    (file,) = told["objetos"]
    content = b"".join(client.get(file["direccion"]).streaming_content)
    assert hashlib.sha256(content).hexdigest() == file["sha256"]
    assert len(content) == file["bytes"] == told["bytes"]
    objects = json.loads(collect(Selection()).manifest)["objetos"]
    assert objects[file["sha256"]] == [file["archivo"]]


def test_a_new_version_is_another_file(client: Any) -> None:
    first = guide("uno")
    before = client.get("/guias/uno/sin-conexion.json").json()
    next_version(first)
    now = client.get("/guias/uno/sin-conexion.json").json()
    assert now["version"] == 2 and now["objetos"][0]["sha256"] != before["objetos"][0]["sha256"]


def test_what_is_not_public_is_not_told_to_anybody(client: Any) -> None:
    guide("reserva", is_public=False)
    VersionFactory(guide=GuideFactory(slug="borrador"))
    client.force_login(editor())
    for slug in ("reserva", "borrador", "no-existe"):
        assert client.get(f"/guias/{slug}/sin-conexion.json").status_code == 404
    assert "data-guardar" not in client.get("/guias/reserva/").content.decode()


def test_who_asks_makes_no_difference(client: Any) -> None:
    guide("uno")
    before = client.get("/guias/uno/sin-conexion.json").content
    client.force_login(editor(first_names="Rosalba"))
    assert client.get("/guias/uno/sin-conexion.json").content == before
    page = b"".join(client.get("/guias/uno/v1/descargar/html/").streaming_content)
    assert b"Rosalba" not in page and b"csrfmiddlewaretoken" not in page


def test_a_page_that_is_not_made_yet_is_asked_for(client: Any) -> None:
    version = published(guide=GuideFactory(slug="uno"))
    Rendition.objects.filter(version=version).delete()
    assert client.get("/guias/uno/sin-conexion.json").status_code == 202
    assert client.get("/guias/uno/sin-conexion.json").status_code == 200


def test_the_page_says_what_keeping_it_weighs_and_brings_nothing_for_it(client: Any) -> None:
    """Who only reads pays for none of what keeps it."""
    version = guide("uno")
    bytes_of_it = client.get("/guias/uno/sin-conexion.json").json()["bytes"]
    said = f"<span data-pesa> ({filesizeformat(bytes_of_it)})</span>"
    for address in ("/guias/uno/", f"/guias/uno/{version.chapters[0].slug}/"):
        page = client.get(address).content.decode()
        assert said in page and re.findall(r'<script src="[^"]*guarda', page) == []
    Rendition.objects.filter(version=version, format=Format.HTML).delete()
    assert "<span data-pesa></span>" in client.get("/guias/uno/").content.decode(), "nobody knows it yet"


def test_an_old_version_is_not_offered_to_keep(client: Any) -> None:
    next_version(guide("uno"))
    assert 'data-guardar="uno"' in client.get("/guias/uno/").content.decode()
    assert "data-guardar" not in client.get("/guias/uno/v1/").content.decode()


def test_it_costs_the_same_with_more(client: Any, assert_same_queries: Any) -> None:
    first = guide("uno")
    assert assert_same_queries("/guias/uno/sin-conexion.json", lambda: next_version(first)) <= 4
