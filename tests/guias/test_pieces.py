"""A kept guide travels in pieces: only those that are missing, and together they are the file to the byte."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from guias import exports
from guias.actions import use
from guias.actions.files import store_file
from guias.actions.versions import publish_version
from guias.enums import Format
from guias.exports.pieces import LONG, SEAM, cut
from guias.models import GuideUse, Rendition, Version
from tests.factories.guias import GuideFactory, VersionFactory, block, chapter, published, three_chapters

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

EMBEDDED = b"data:image/png;base64," + base64.b64encode(bytes(LONG))
PARTS = [b"<p>hola</p>", b"\n", SEAM, EMBEDDED + b'"', b'data:image/png;base64,AAAA"', b'src="']
SCRIPT = {"sec-fetch-dest": "empty", "user-agent": "Mozilla/5.0"}


def names(content: bytes) -> list[str]:
    return [piece.sha256 for piece in cut(content)]


def page(version: Version) -> bytes:
    return exports.make(version, Format.HTML)


@pytest.fixture(autouse=True)
def nothing_waits() -> Iterator[None]:
    use.forget()
    yield
    use.forget()


@pytest.fixture
def kept() -> Version:
    """The first version of a guide, with its real page."""
    version = published(guide=GuideFactory(slug="uno"))
    store_file(rendition=Rendition.objects.get(version=version, format=Format.HTML), content=page(version))
    return version


def told(client: Any) -> dict[str, Any]:
    """What a browser is told of the page of the guide."""
    (found,) = client.get("/guias/uno/sin-conexion.json").json()["objetos"]
    return dict(found)


@given(st.lists(st.sampled_from(PARTS)).map(b"".join))
def test_the_pieces_are_the_file(content: bytes) -> None:
    found = cut(content)
    assert b"".join(content[one.start : one.start + one.size] for one in found) == content
    for one in found:
        piece = content[one.start : one.start + one.size]
        assert piece and hashlib.sha256(piece).hexdigest() == one.sha256
        assert SEAM not in piece[: -len(SEAM)]
        assert EMBEDDED not in piece or piece == EMBEDDED


def test_one_changed_chapter_is_two_new_pieces(kept: Version) -> None:
    """Its own, and the first page, which says the number of the version and what changed."""
    body = three_chapters()
    body[2] = chapter("Preguntas frecuentes", "preguntas", block("text", "<p>¿Y si no vuelve?</p>"))
    new = publish_version(version=VersionFactory(guide=kept.guide, number=2, body=body))
    before, after = names(page(kept)), names(page(new))
    assert len(before) == len(after)
    other = [place for place, (old, now) in enumerate(zip(before, after, strict=True)) if old != now]
    contents = [page(new)[cut(page(new))[place].start :][:40000] for place in other]
    assert len(other) == 2
    assert "¿Y si no vuelve?".encode() in contents[1] and "Versión 2".encode() in contents[0]


def test_guides_share_the_font_and_the_style(kept: Version) -> None:
    other = published(guide=GuideFactory(slug="dos", route="empleabilidad"))
    mine = {piece.sha256: piece.size for piece in cut(page(kept))}
    shared = sum(mine.get(name, 0) for name in set(names(page(other))))
    assert shared > 20_000 > sum(mine.values()) - shared


def test_no_text_of_an_editor_is_a_seam(kept: Version) -> None:
    seam = SEAM.decode()
    body = [chapter(f"Uno {seam}", "uno", block("heading", seam), block("text", f"<p>a {seam} b</p>{seam}"))]
    new = publish_version(version=VersionFactory(guide=kept.guide, number=2, body=body, summary=seam))
    assert page(new).count(SEAM) == page(kept).count(SEAM) - 2  # two chapters less


def test_what_is_asked_for_comes_in_order(client: Any, kept: Version) -> None:
    found = told(client)
    whole = client.get(found["por_trozos"])
    assert hashlib.sha256(whole.content).hexdigest() == found["sha256"]
    assert [piece["sha256"] for piece in found["trozos"]] == names(whole.content)
    assert whole.content == page(kept)
    first, last = cut(whole.content)[0], cut(whole.content)[-1]
    some = client.get(f"{found['por_trozos']}?trozos={len(found['trozos']) - 1},0,0").content
    assert some == whole.content[: first.size] + whole.content[last.start :]


def test_it_is_kept_by_its_address_and_read_by_nothing(client: Any, kept: Version) -> None:
    answer = client.get(told(client)["por_trozos"])
    assert "immutable" in answer["Cache-Control"] and "public" in answer["Cache-Control"]
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    small = client.get(f"{told(client)['por_trozos']}?trozos=4", headers={"accept-encoding": "br"})
    assert small["Content-Encoding"] == "br"


@pytest.mark.parametrize("places", ["-1", "99", "x", "0,", ",", "0;1", "²", "1.0", "9" * 5000, "0," * 3000])
def test_places_that_are_none(client: Any, kept: Version, places: str) -> None:
    assert client.get(told(client)["por_trozos"], {"trozos": places}).status_code == 404


def test_a_file_that_is_not_the_guide_s_any_more(client: Any, kept: Version) -> None:
    address = told(client)["por_trozos"]
    rendition = Rendition.objects.get(version=kept, format=Format.HTML)
    store_file(rendition=rendition, content=page(kept) + b"\n")
    assert client.get(address).status_code == 404
    assert client.get(told(client)["por_trozos"]).status_code == 200
    kept.guide.is_public = False
    kept.guide.save()
    assert client.get(f"/guias/uno/sin-conexion/{rendition.sha256}/").status_code == 404


def test_it_costs_few_queries(client: Any, kept: Version, django_assert_max_num_queries: Any) -> None:
    address = told(client)["por_trozos"]
    with django_assert_max_num_queries(4):
        client.get(address)
    cache.clear()
    assert client.get(f"{address}?trozos=0").status_code == 200


def test_bringing_what_is_missing_counts_once(client: Any, kept: Version) -> None:
    address = told(client)["por_trozos"]
    client.get(address, headers={"user-agent": "Mozilla/5.0"})  # by hand
    client.head(address, headers=SCRIPT)
    client.get(address, headers={**SCRIPT, "user-agent": "Googlebot"})
    for places in ("0,1", "2", "0"):
        client.get(f"{address}?trozos={places}", headers=SCRIPT)
    use.flush()
    assert GuideUse.objects.values_list("kept", flat=True).get() == 1
