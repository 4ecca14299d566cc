"""A chapter with all that can stand in it and beside it costs at most eight queries, whoever reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail_factories import ImageFactory

from comunidad.actions.answers import accept_answer
from guias.actions.errata import note_erratum
from guias.actions.reading import mark_read, save_ticks
from guias.actions.versions import publish_version
from guias.models import ChapterReview, Guide, Version
from tests.factories.comunidad import ResourceFactory, ThemeFactory, replied, tutor
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

pytestmark = pytest.mark.django_db
AT = "/guias/guia/cerrar/"
MOST = 8
READERS = ("visitor", "member", "tutor", "editor", "superuser")


def body(pictures: int, said: str) -> list[dict[str, Any]]:
    figures = [
        block("figure", {"image": ImageFactory(title=f"mapa {n}").pk, "alt": f"Mapa {n}"}, str(n))
        for n in range(pictures)
    ]
    own = block("text", f"<p>{said}</p>")
    return [
        chapter("Recibir", "recibir", block("text", "<p>Reciba a la persona.</p>")),
        chapter("Cerrar y dejar constancia", "cerrar", own, *every_block(), *figures),
    ]


def full_guide(count: int) -> Version:
    """Return the second version of a guide whose chapter has ``count`` of each thing."""
    guide = GuideFactory(slug="guia", title="Guía de orientación", reviewer=UserFactory())
    published(guide=guide, body=body(count, "La orientación se cierra."))
    draft = VersionFactory(guide=guide, number=2, body=body(count, "La orientación se cierra en una hora."))
    version = publish_version(version=draft)
    for word in ("orientación", "una hora", "decisión")[:count]:
        note_erratum(version=version, chapter="cerrar", said=word, meant=f"{word} ", by=editor())
    ChapterReview.objects.filter(guide=guide).update(due_on=timezone.localdate() - timedelta(days=400))
    theme = ThemeFactory(route="orientacion")
    for n in range(count):
        question = ResourceFactory(theme=theme, title=f"¿Cómo se cierra {n}?", about_url=AT)
        accept_answer(reply=replied(question, source="Así."), by=question.author)
    return version


def reader_of(kind: str, guide: Guide, count: int) -> Client:
    """Return the browser of somebody who read an older version of all chapters and ticked what there is."""
    client = Client()
    if kind == "visitor":
        return client
    made = {"editor": editor, "superuser": lambda: UserFactory(is_superuser=True, is_staff=True)}
    made |= {"tutor": lambda: tutor(ThemeFactory(route="orientacion")), "member": UserFactory}
    user = made[kind]()
    old = guide.versions.get(number=1)
    for one in old.chapters:
        mark_read(user=user, version=old, chapter=one)
    save_ticks(user=user, guide=guide, chapter=old.chapters[1], checked=CHECKS[:count])
    client.force_login(user)
    return client


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("count", [1, 3])
def test_a_full_chapter_costs_at_most_eight_queries(kind: str, count: int) -> None:
    version = full_guide(count)
    client = reader_of(kind, version.guide, count)
    page = client.get(AT).content.decode()  # content types, pictures and themes are remembered
    assert page.count('<img src="/media') >= count and page.count("Donde dice") == count
    assert page.count("¿Cómo se cierra") == count and "debía revisarse" in page
    assert page.count('name="marca"') == 3 and (kind == "visitor" or page.count("checked") == count)
    with CaptureQueriesContext(connection) as captured:
        client.get(AT)
    asked = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= (5 if kind == "visitor" else MOST), "\n".join(asked)


def test_what_is_noted_beside_the_text_is_in_its_order_and_hers_alone() -> None:
    version = full_guide(3)
    mine, other = reader_of("member", version.guide, 2), reader_of("member", version.guide, 3)
    page = mine.get(AT).content.decode()
    noted = [page.index(f"Donde dice «{word}»") for word in ("orientación", "una hora", "decisión")]
    assert noted == sorted(noted)
    assert page.count("checked") == 2 and other.get(AT).content.decode().count("checked") == 3
    assert "Cambió desde que lo abrió" not in mine.get("/guias/guia/recibir/").content.decode()
    assert Client().get(AT).content.decode().count("checked") == 0
    old = Client().get("/guias/guia/v1/cerrar/").content.decode()
    assert "Donde dice" not in old and "debía revisarse" not in old
