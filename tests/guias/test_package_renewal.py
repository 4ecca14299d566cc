"""An earlier package becomes today's whole ZIP, to the byte, and only what is missing travels."""

from __future__ import annotations

import gzip
import io
import json
import statistics
from collections.abc import Callable
from typing import Any

import brotli
import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import package as bench
from guias import exports
from guias.actions.files import store_file
from guias.actions.versions import publish_version
from guias.exports import renewal as renewals
from guias.exports.package import MANIFEST
from guias.exports.renewal import New, Old, Renewal
from guias.models import Download, Guide, Rendition, Version
from guias.views import package as views
from nucleo.files import PIECE, even
from nucleo.stored_zip import Changed, Part, StoredZip
from portal.demo import guias as demo
from tests.factories.guias import GuideFactory, VersionFactory, block, chapter, published, three_chapters
from tests.factories.packages import (
    PDF,
    RENEW,
    URL,
    body,
    guide,
    ready,
    rebuild,
    renew,
    tree,
    unzip,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PERSON = {"user-agent": "Mozilla/5.0", "sec-fetch-dest": "empty"}


def taken(client: Any, query: str = "") -> dict[str, bytes]:
    """The tree of a whole package of now."""
    return tree(unzip(client.get(f"{URL}{query}")))


def paged(slug: str, **fields: Any) -> Version:
    """A guide whose page is the real one, in pieces; its PDF is any."""
    version = published(guide=GuideFactory(slug=slug, title=slug.title(), **fields))
    return with_page(ready(version, PDF + slug.encode()))


def with_page(version: Version) -> Version:
    content = exports.make(version, "html")
    store_file(rendition=Rendition.objects.get(version=version, format="html"), content=content)
    return version


def with_pdf(version: Version) -> Version:
    content = exports.make(version, "pdf")
    store_file(rendition=Rendition.objects.get(version=version, format="pdf"), content=content)
    return version


def with_other_chapter(version: Version) -> Version:
    """The next version of a guide, in which one chapter says something else."""
    text = three_chapters()
    text[2] = chapter("Preguntas frecuentes", "preguntas", block("text", "<p>¿Y si no vuelve?</p>"))
    number = version.number + 1
    new = publish_version(version=VersionFactory(guide=version.guide, number=number, body=text))
    return with_page(ready(new, PDF + f"{version.guide.slug}{number}".encode()))


def recipe_of(answer: bytes) -> dict[str, Any]:
    return dict(json.loads(answer.split(b"\n")[0]))


def of_hers(answer: bytes, path: str) -> list[list[Any]]:
    """The steps that take something from her file at ``path``."""
    return [step for step in recipe_of(answer)["pasos"] if isinstance(step, list) and step[0] == path]


@pytest.mark.parametrize("query", ["", "?ruta=orientacion", "?guia=cambia&guia=igual&guia=retirada"])
def test_it_is_what_a_first_download_of_today_gives(client: Any, query: str) -> None:
    changed, retired, moved = paged("cambia"), paged("retirada"), paged("muda", route="empleabilidad")
    paged("igual")
    first = taken(client, query)
    with_other_chapter(changed)
    paged("nueva")
    Guide.objects.filter(pk=retired.guide_id).update(state="retirada")
    Guide.objects.filter(pk=moved.guide_id).update(route="redip")
    answer = body(renew(client, first[MANIFEST]))
    assert rebuild(first, answer) == body(client.get(f"{URL}{query}"))


def test_of_a_page_only_what_changed_travels(client: Any) -> None:
    one = paged("uno")
    paged("dos")
    first = taken(client)
    new = with_other_chapter(one)
    answer = body(renew(client, first[MANIFEST]))
    steps = of_hers(answer, "orientacion/uno-v1.html")
    page = exports.make(new, "html")
    assert 2 <= len(steps) <= 4, "what stands side by side in both is one step"
    assert sum(size for _path, _start, size in steps) > 0.9 * len(page)
    assert recipe_of(answer)["nuevos"] < len(PDF) + 30_000, "pages, lists, and what a ZIP says of files"


def test_of_a_pdf_only_what_changed_travels(client: Any) -> None:
    one = with_pdf(paged("uno"))
    with_pdf(paged("dos"))
    first = taken(client)
    new = with_pdf(with_other_chapter(one))
    answer = body(renew(client, first[MANIFEST]))
    taken_from_it = sum(size for _path, _start, size in of_hers(answer, "orientacion/uno-v1.pdf"))
    assert taken_from_it > 0.3 * len(exports.make(new, "pdf")), "a guide of three pages, of which one changed"
    assert not of_hers(answer, "orientacion/dos-v1.pdf")[1:], (
        "it is the same, and nothing else has a piece of it"
    )
    assert rebuild(first, answer) == body(client.get(URL))


def test_a_guide_new_to_her_has_style_and_font_in_common_with_another(client: Any) -> None:
    paged("uno")
    first = taken(client)
    paged("dos")
    steps = of_hers(body(renew(client, first[MANIFEST])), "orientacion/uno-v1.html")
    assert sum(size for _path, _start, size in steps) > 20_000


@pytest.mark.parametrize("reason", ["gone", "large", "many"])
def test_a_page_that_cannot_be_compared_comes_whole(client: Any, monkeypatch: Any, reason: str) -> None:
    one = paged("uno")
    first = taken(client)
    with_other_chapter(one)
    today = body(client.get(URL))
    if reason == "gone":
        stored = Rendition.objects.get(version=one, format="html").file
        stored.storage.delete(stored.name)
    elif reason == "large":
        monkeypatch.setattr(renewals, "LARGEST", 10)
    else:
        monkeypatch.setattr(renewals, "MOST", 0)
    answer = body(renew(client, first[MANIFEST]))
    assert not of_hers(answer, "orientacion/uno-v1.html")
    assert rebuild(first, answer) == today


def test_what_she_lost_comes_again(client: Any) -> None:
    """Her browser leaves out of the manifest what it does not find, or finds damaged."""
    paged("uno")
    first = taken(client)
    told = json.loads(first[MANIFEST])
    lost = "orientacion/uno-v1.pdf"
    told["archivos"] = [file for file in told["archivos"] if file["archivo"] != lost]
    told["objetos"] = {sha: [p for p in paths if p != lost] for sha, paths in told["objetos"].items()}
    answer = body(renew(client, json.dumps(told).encode()))
    first.pop(lost)
    assert rebuild(first, answer) == body(client.get(URL))


def test_nothing_is_read_that_a_manifest_makes_up(client: Any) -> None:
    """Its paths go back to her as they came, but for one that would make the answer long."""
    paged("uno")
    first = taken(client)
    told = json.loads(first[MANIFEST])
    shas = [file["sha256"] for file in told["archivos"]]
    long = "a" * 100_000
    told["archivos"] = [
        {"archivo": long, "sha256": shas[1]},
        {"archivo": "../../etc/passwd", "sha256": shas[0]},
    ]
    told["objetos"] = {}
    answer = body(renew(client, json.dumps(told).encode()))
    assert of_hers(answer, "../../etc/passwd") == [
        ["../../etc/passwd", 0, len(first["orientacion/uno-v1.pdf"])]
    ]
    assert long.encode() not in answer
    found = {"../../etc/passwd": first["orientacion/uno-v1.pdf"]}
    assert rebuild(found, answer) == body(client.get(URL))


def test_what_is_in_force_needs_nothing(client: Any) -> None:
    paged("uno")
    manifest = taken(client)[MANIFEST]
    Download.objects.all().delete()
    assert "lo que usted tiene sigue vigente" in renew(client, manifest, headers=PERSON).json()["dice"]
    assert not Download.objects.exists()


def test_a_guide_that_is_being_made_is_told(client: Any) -> None:
    paged("uno")
    first = taken(client)
    published(guide=GuideFactory(slug="tres"))
    answer = body(renew(client, first[MANIFEST]))
    assert recipe_of(answer)["faltan"] == 1
    assert recipe_of(answer)["nombre"] == "paquete-red-cemprende-2.zip"
    assert rebuild(first, answer) == body(client.get(URL))


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "vacío"), (b"hola", "no es el de un paquete"), (b'{"sitio": 7}', "no es el de un paquete")],
)
def test_what_is_no_manifest_gets_a_sentence(client: Any, content: bytes, words: str) -> None:
    answer = renew(client, content)
    assert answer.status_code == 422
    assert words in answer.json()["dice"]


def test_the_script_needs_the_page_s_own_form(client: Any) -> None:
    assert renew(Client(enforce_csrf_checks=True), b"{}").status_code == 403
    assert client.get(RENEW).status_code == 405


def test_it_counts_as_a_package_with_what_it_brings_of_guides(client: Any) -> None:
    one = paged("uno")
    paged("dos")
    first = taken(client)
    new = with_other_chapter(one)
    for _ in range(2):
        body(renew(client, first[MANIFEST], headers=PERSON))
    body(renew(client, first[MANIFEST], headers={"user-agent": "examplebot/1.0"}))
    found = Download.objects.filter(in_package=True, version=new)
    assert found.count() == 1
    assert not Download.objects.filter(version__number=2).exclude(version=new).exists()


def test_a_line_that_broke_is_gone_on_with(client: Any) -> None:
    one = paged("uno")
    first = taken(client)
    new = with_other_chapter(one)
    whole = body(renew(client, first[MANIFEST], headers=PERSON))
    steps, _line, news = whole.partition(b"\n")
    mark = json.loads(steps)["marca"]
    rest = body(renew(client, first[MANIFEST], headers=PERSON, marca=mark, van=1000))
    assert rest == b'{"sigue":1000}\n' + news[1000:]
    assert Download.objects.filter(in_package=True, version=new).count() == 1, "the rest of one is no other"
    for other in ({"marca": "otra", "van": 1000}, {"marca": mark, "van": len(news)}, {"van": 1000}):
        assert body(renew(client, first[MANIFEST], **other)) == whole
    with_other_chapter(new)
    assert recipe_of(body(renew(client, first[MANIFEST], marca=mark, van=1000)))["marca"] != mark
    refused = renew(client, first[MANIFEST], marca=mark, van="-1")
    assert refused.status_code == 422 and refused.json()["dice"]


@pytest.mark.parametrize(("coding", "opened"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_it_is_compressed_on_its_way(client: Any, coding: str, opened: Callable[[bytes], bytes]) -> None:
    one = paged("uno")
    first = taken(client)
    with_other_chapter(one)
    answer = renew(client, first[MANIFEST], headers={"accept-encoding": coding})
    assert answer["Content-Encoding"] == coding
    sent = body(answer)
    assert len(sent) < recipe_of(opened(sent))["nuevos"] / 3
    assert rebuild(first, opened(sent)) == body(client.get(URL))


def test_a_great_deal_is_sent_as_it_is(client: Any, monkeypatch: Any) -> None:
    paged("uno")
    first = taken(client)
    guide("dos")
    monkeypatch.setattr(views, "MAX_COMPRESSED", 1000)
    answer = renew(client, first[MANIFEST], headers={"accept-encoding": "br"})
    assert answer["Content-Encoding"] == "identity"
    assert rebuild(first, body(answer)) == body(client.get(URL))


@pytest.mark.parametrize("few", [1, 4])
def test_its_questions_to_the_database_do_not_grow(
    client: Any, django_assert_max_num_queries: Any, few: int
) -> None:
    versions = [paged(f"guia-{n}") for n in range(few)]
    first = taken(client)
    for version in versions:
        with_other_chapter(version)
    taken(client)  # the checksums are known
    with django_assert_max_num_queries(10) as found:
        body(renew(client, first[MANIFEST]))
    assert len(found) == QUERIES


QUERIES = 9


@settings(deadline=None)
@given(st.lists(st.binary(max_size=3 * PIECE // 2), max_size=6))
def test_even_pieces_are_the_same_bytes(parts: list[bytes]) -> None:
    found = list(even(parts))
    assert b"".join(found) == b"".join(parts)
    assert all(len(one) == PIECE for one in found[:-1]) and all(found)


FILES = st.dictionaries(st.sampled_from("abcdef"), st.binary(min_size=1, max_size=50), min_size=1)


@settings(deadline=None)
@given(hers=FILES, today=FILES, cuts=st.randoms(use_true_random=False))
def test_steps_and_news_are_the_zip(hers: dict[str, bytes], today: dict[str, bytes], cuts: Any) -> None:
    """Whatever is taken from hers, in whatever pieces: what is put together is the ZIP."""
    zipped = StoredZip(Part.of(name, content) for name, content in today.items())
    steps: list[Old | New] = []
    for segment in zipped.segments:
        content, at = segment.open().read(), 0
        while at < segment.size:
            end = cuts.randint(at + 1, segment.size)
            where = [(path, hers[path].find(content[at:end])) for path in hers]
            same = [(path, start) for path, start in where if start >= 0]
            steps.append(Old(*same[0], end - at) if same else New(segment.open, at, end - at))
            at = end
    made = Renewal(zipped, steps, "today")
    news = b"".join(made.news())
    with zipped.open() as reader:
        assert rebuild(hers, made.recipe() + news) == reader.read()
    start = cuts.randint(0, made.travels)
    assert b"".join(made.news(start)) == news[start:]


def test_a_file_that_became_shorter_breaks_it_off() -> None:
    zipped = StoredZip([Part("a.pdf", 10, 0, lambda: io.BytesIO(b"corto"))])
    steps = [New(segment.open, 0, segment.size) for segment in zipped.segments]
    with pytest.raises(Changed, match="5 bytes shorter"):
        b"".join(Renewal(zipped, steps, "today").news())


@pytest.mark.slow
def test_on_the_demonstration_another_chapter_is_a_twentieth_of_the_first_download(client: Any) -> None:
    """Of each of its guides, with its real PDF, as browsers ask for it; and what comes makes today's ZIP."""
    demo.load()
    bench.make_all()
    whole, first = body(client.get(URL)), taken(client)
    shares, plain = {}, {}
    for _size, slug in bench.weights():
        with bench.changed(slug):
            sent = body(renew(client, first[MANIFEST], headers={"accept-encoding": "br"}))
            shares[slug] = len(sent) / len(whole)
            assert rebuild(first, brotli.decompress(sent)) == body(client.get(URL)), slug
            plain[slug] = bench.without_script(client, first[MANIFEST]) / len(whole)
    assert len(shares) == 12
    assert max(shares.values()) <= 0.05, shares
    assert statistics.median(plain.values()) <= 0.06 and max(plain.values()) <= 0.15, plain
