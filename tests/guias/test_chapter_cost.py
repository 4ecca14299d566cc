"""A page of a guide with all that can stand in it and beside it costs at most eight queries, for anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail_factories import ImageFactory

from comunidad.actions.answers import accept_answer
from comunidad.models import Theme
from guias.actions.errata import note_erratum
from guias.actions.reading import follow_guide, mark_read, save_ticks
from guias.actions.versions import publish_version
from guias.enums import Format, RenditionState
from guias.models import ChapterReview, Guide, OfficialFile, Rendition, Version
from guias.tasks import make_pictures
from portal.bootstrap import ensure_groups
from portal.demo import accounts
from search.models import Asked
from tests.factories.comunidad import ResourceFactory, ThemeFactory, replied
from tests.factories.cuentas import UserFactory
from tests.factories.guias import (
    CHECKS,
    GuideFactory,
    VersionFactory,
    block,
    chapter,
    editor,
    every_block,
    published,
)
from tests.factories.paper_forms import paper_form

pytestmark = pytest.mark.django_db
AT = "/guias/guia/cerrar/"
MOST = 8
ACCOUNTS = {account.name: account for account in accounts.ACCOUNTS}
READERS = ("visitor", *ACCOUNTS)
Guides = dict[int, Guide]


def body(pictures: int, said: str, alone: bool) -> list[dict[str, Any]]:
    figures = [
        block("figure", {"image": ImageFactory(title=f"mapa {n}").pk, "alt": f"Mapa {n}"}, str(n))
        for n in range(pictures)
    ]
    own = block("text", f"<p>{said}</p>")
    full = chapter("Cerrar y dejar constancia", "cerrar", own, *every_block(), *figures)
    first = chapter("Recibir", "recibir", block("text", "<p>Reciba a la persona.</p>"))
    return [full] if alone else [first, full]


def full_guide(count: int, slug: str = "guia", *, alone: bool = False) -> Version:
    """Return the second version of a guide whose chapter, maybe ``alone``, has ``count`` of each thing."""
    guide = GuideFactory(slug=slug, title="Guía de orientación", reviewer=UserFactory())
    published(guide=guide, body=body(count, "La orientación se cierra.", alone))
    now = body(count, "La orientación se cierra en una hora.", alone)
    version = publish_version(version=VersionFactory(guide=guide, number=2, body=now))
    for one in guide.versions.all():
        make_pictures.call(one.pk)
        ready = {"state": RenditionState.READY, "sha256": "0" * 64, "size": 2048}
        Rendition.objects.update_or_create(version=one, format=Format.HTML, defaults=ready)
        official = OfficialFile(version=one, sha256="0" * 64, size=1, pages=count)
        official.file.save("x.pdf", ContentFile(b"%PDF"), save=False)
        official.picture.save("x.webp", ContentFile(b"RIFF"))
    for n in range(count):
        paper_form(guide=guide, title=f"Formato {n}", slug=f"formato-{slug}-{n}")
    asked = "\n".join(f"¿Qué se pregunta {n}?" for n in range(count))
    Asked.objects.create(kind="guia", document=f"{guide.pk}-cerrar", title="Cerrar", questions=asked)
    for word in ("orientación", "una hora", "decisión")[:count]:
        note_erratum(version=version, chapter="cerrar", said=word, meant=f"{word} ", by=editor())
    ChapterReview.objects.filter(guide=guide).update(due_on=timezone.localdate() - timedelta(days=400))
    theme = Theme.objects.filter(route="orientacion").first() or ThemeFactory(route="orientacion")
    for address in (f"/guias/{slug}/cerrar/", f"/guias/{slug}/"):
        for n in range(count):
            question = ResourceFactory(theme=theme, title=f"¿Cómo se cierra {n}?", about_url=address)
            accept_answer(reply=replied(question, source="Así."), by=question.author)
    return version


@pytest.fixture(scope="module")
def shelves(made_once: Any) -> Iterator[tuple[Guides, Guides]]:
    """Full guides by how much of each thing they have, of two chapters and of one: made once for all."""
    with made_once(PORTAL_DEMO=True):
        several = {1: full_guide(1, "una").guide, 3: full_guide(3, "tres").guide}
        yield several, {n: full_guide(n, f"sola-{n}", alone=True).guide for n in several}


@pytest.fixture
def guides(shelves: tuple[Guides, Guides]) -> Guides:
    """Those of two chapters, as nobody has read them yet."""
    return {n: Guide.objects.get(pk=guide.pk) for n, guide in shelves[0].items()}


@pytest.fixture
def of_one_chapter(shelves: tuple[Guides, Guides]) -> Guides:
    """Those of one chapter, as nobody has read them yet."""
    return {n: Guide.objects.get(pk=guide.pk) for n, guide in shelves[1].items()}


def reader_of(kind: str, read: Guides) -> Client:
    """Return the browser of who read older versions of these, ticked so many things, and follows each."""
    client = Client()
    if kind == "visitor":
        return client
    ensure_groups()
    user = accounts.person(ACCOUNTS[kind])
    if kind == "tutora":
        ThemeFactory(route="empleabilidad").tutors.add(user)
    for count, guide in read.items():
        old = guide.versions.get(number=1)
        for one in old.chapters:
            mark_read(user=user, version=old, chapter=one)
        save_ticks(user=user, guide=guide, chapter=old.chapters[-1], checked=CHECKS[:count])
        follow_guide(user=user, guide=guide, wanted=True)
        client.force_login(user)
    return client


def queries(client: Client, path: str) -> list[str]:
    """Return what is asked for a page once content types, pictures and themes are remembered."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return [q["sql"] for q in captured]


def few_and_the_same(cost: dict[int, tuple[list[str], ...]], kind: str) -> None:
    """Fail when a page asked too much, or with three of each thing more than with one."""
    most = 5 if kind == "visitor" else MOST
    for asked in (asked for pages in cost.values() for asked in pages):
        assert len(asked) <= most, "\n".join(asked)
    assert [len(asked) for asked in cost[1]] == [len(asked) for asked in cost[3]]


@pytest.mark.parametrize("kind", READERS)
def test_a_full_chapter_costs_at_most_eight_queries(kind: str, guides: Guides) -> None:
    client = reader_of(kind, guides)
    cost = {}
    for count, guide in guides.items():
        living, old = f"{guide.get_absolute_url()}cerrar/", f"{guide.get_absolute_url()}v1/cerrar/"
        page = client.get(living).content.decode()
        assert page.count('srcset="/media') == count == page.count("Donde dice")
        assert page.count("¿Cómo se cierra") == count and "debía revisarse" in page
        assert page.count('name="marca"') == 3 and (kind == "visitor" or page.count("checked") == count)
        assert f'href="{living}"' in client.get(old).content.decode()
        cost[count] = queries(client, living), queries(client, old)
    few_and_the_same(cost, kind)


@pytest.mark.parametrize("kind", READERS)
def test_the_first_page_of_a_full_guide_costs_no_more(kind: str, guides: Guides) -> None:
    client = reader_of(kind, guides)
    cost = {}
    for count, guide in guides.items():
        living, old = guide.get_absolute_url(), f"{guide.get_absolute_url()}v1/"
        page = client.get(living).content.decode()
        assert page.count("¿Qué se pregunta") == count
        assert page.count('data-tipo="formato"') == count and "no se han revisado a tiempo" in page
        assert page.count("¿Cómo se cierra") == count and page.count("data-pesa> (") == 1
        assert f"{count} página" in page and "Con lista de chequeo" in page
        assert kind == "visitor" or "Ya no me avise" in page
        assert "primera-pagina.webp" in client.get(old).content.decode()
        cost[count] = queries(client, living), queries(client, old)
    few_and_the_same(cost, kind)


@pytest.mark.parametrize("kind", READERS)
def test_a_guide_of_one_chapter_costs_no_more(kind: str, of_one_chapter: Guides) -> None:
    client = reader_of(kind, of_one_chapter)
    most = 5 if kind == "visitor" else MOST
    for count, guide in of_one_chapter.items():
        living = guide.get_absolute_url()
        page = client.get(living).content.decode()
        assert page.count('srcset="/media') == count == page.count("Donde dice")
        assert "primera-pagina.webp" in page and page.count('name="marca"') == 3
        for address in (living, f"{living}cerrar/", f"{living}v1/", f"{living}v1/cerrar/"):
            asked = queries(client, address)
            assert len(asked) <= most, "\n".join([address, *asked])


@pytest.mark.usefixtures("media")
def test_what_is_noted_beside_the_text_is_in_its_order_and_hers_alone(settings: Any) -> None:
    settings.PORTAL_DEMO = True
    version = full_guide(3)
    mine, other = reader_of("miembro", {2: version.guide}), reader_of("otro", {3: version.guide})
    page = mine.get(AT).content.decode()
    noted = [page.index(f"Donde dice «{word}»") for word in ("orientación", "una hora", "decisión")]
    assert noted == sorted(noted)
    assert page.count("checked") == 2 and other.get(AT).content.decode().count("checked") == 3
    assert "Cambió desde que lo abrió" not in mine.get("/guias/guia/recibir/").content.decode()
    assert Client().get(AT).content.decode().count("checked") == 0
    old = Client().get("/guias/guia/v1/cerrar/").content.decode()
    assert "Donde dice" not in old and "debía revisarse" not in old
