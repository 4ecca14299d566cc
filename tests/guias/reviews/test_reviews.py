"""Nothing goes stale unseen: each chapter has a date, a person, an answer; and a reader who is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from guias.actions.reviews import (
    arrange,
    ask_due,
    ask_for_change,
    give_dates,
)
from guias.actions.versions import publish_version, start_version
from guias.enums import GuideState
from guias.models import ChapterReview, Guide, RouteEditor, Version
from nucleo.dates import in_months
from portal.avisos.models import Notice
from portal.awaiting import tasks_of
from portal.cuentas.actions import erase
from portal.models import SignedLink
from tests.at_once import at_once
from tests.factories.cuentas import UserFactory
from tests.factories.guias import (
    VersionFactory,
    block,
    chapter,
    editor,
    published,
    three_chapters,
)
from tests.factories.reviews import DAY, due, links, review, today

pytestmark = pytest.mark.django_db
VALIDITY = "/admin/guias/vigencia/"
MENDING = "/admin/guias/por-mejorar/"


# Dates


def test_each_chapter_of_what_is_published_has_its_date(version: Version, owner: Any) -> None:
    rows = ChapterReview.objects.order_by("number")
    assert [row.chapter for row in rows] == ["recibir", "cerrar", "preguntas"]
    assert {row.due_on for row in rows} == {in_months(today(), 12)}
    assert {row.answerable for row in rows.with_people()} == {owner}


def test_who_wrote_it_answers_for_it_where_nobody_does() -> None:
    author = editor()
    draft = VersionFactory(number=1)
    draft.save_revision(user=author)
    publish_version(version=draft)
    assert Guide.objects.get().reviewer == author
    assert ChapterReview.objects.with_people().first().answerable == author


def test_a_version_dates_what_changed_in_it_and_leaves_the_rest(version: Version) -> None:
    for slug in ("recibir", "cerrar", "preguntas"):
        due(slug, 5)
    ask_for_change(review=review("recibir"), words="El formato", by=version.guide.reviewer)
    ask_for_change(review=review("preguntas"), words="La lista", by=version.guide.reviewer)
    draft = start_version(guide=version.guide, by=None)
    body = three_chapters()[1:]
    body[1] = chapter("Preguntas frecuentes", "preguntas", block("text", "<p>Otra cosa.</p>"))
    draft.body = [*body, chapter("Remitir", "remitir", block("text", "<p>Nuevo.</p>"))]
    draft.save_revision()
    publish_version(version=draft)
    assert set(ChapterReview.objects.values_list("chapter", flat=True)) == {"cerrar", "preguntas", "remitir"}
    assert review("cerrar").due_on == today() - 5 * DAY
    assert review("preguntas").due_on == in_months(today(), 12) and review("preguntas").wanted == ""
    assert review("remitir").due_on == in_months(today(), 12)


def test_a_chapter_with_another_address_keeps_its_date_and_what_was_said(version: Version) -> None:
    ask_for_change(review=review("cerrar"), words="Cambió el acta.", by=review("cerrar").guide.reviewer)
    kept = review("cerrar")
    body = three_chapters()
    body[1]["value"]["slug"], body[0]["value"]["slug"] = "recibir", "preguntas"  # each takes that of another
    publish_version(version=VersionFactory(guide=version.guide, number=2, body=body[:2]))
    now = review("recibir")
    assert (now.pk, now.due_on, now.wanted, now.number) == (kept.pk, kept.due_on, "Cambió el acta.", 2)
    rows = ChapterReview.objects.order_by("number").values_list("chapter", "title")
    assert list(rows) == [
        ("preguntas", "Recibir y escuchar"),
        ("recibir", "Cerrar y dejar constancia"),
    ]


def test_what_must_change_stays_said_until_the_chapter_changes(version: Version) -> None:
    ask_for_change(review=due("cerrar", 5), words="El formato", by=version.guide.reviewer)
    draft = start_version(guide=version.guide, by=None)
    draft.body = [*three_chapters(), chapter("Otro", "otro", block("text", "<p>Otro.</p>"))]
    draft.save_revision()
    publish_version(version=draft)
    assert review().wanted == "El formato" and review().is_overdue


def test_an_old_paper_is_not_overdue_the_day_it_comes_in() -> None:
    published(published_on=dt.date(2015, 3, 2))
    assert {row.due_on for row in ChapterReview.objects.all()} == {today() + 60 * DAY}
    assert not ChapterReview.objects.exclude(reviewed_at=None).exists()


def test_guides_of_before_get_their_dates_once(version: Version) -> None:
    ChapterReview.objects.all().delete()
    assert give_dates() == 1
    assert ChapterReview.objects.count() == 3
    assert give_dates() == 0


def test_months_end_where_the_month_does() -> None:
    assert in_months(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert in_months(dt.date(2026, 11, 30), 3) == dt.date(2027, 2, 28)
    assert in_months(dt.date(2024, 2, 29), 12) == dt.date(2025, 2, 28)
    assert in_months(dt.date(2026, 12, 5), 1) == dt.date(2027, 1, 5)


# Asking


def test_she_is_asked_in_one_letter_with_a_link_a_chapter(version: Version, owner: Any) -> None:
    due("cerrar", 3), due("recibir", 3)
    assert ask_due() == 2
    (sent,) = mail.outbox
    assert sent.to == [owner.email]
    assert sent.subject == "¿Siguen vigentes 2 capítulos? «Guía de orientación»"
    assert len(set(links())) == 2
    assert "1. Recibir y escuchar" in sent.body and "2. Cerrar y dejar constancia" in sent.body


def test_asking_twice_the_same_day_sends_one_letter(version: Version) -> None:
    due()
    assert [ask_due() for _time in range(3)] == [1, 0, 0]
    assert len(mail.outbox) == 1


def test_the_tick_asks_once_whatever_is_forgotten_between(version: Version, queued: Any) -> None:
    due()
    for _time in range(2):
        cache.clear()  # the portal began anew
        call_command("tick", verbosity=0)
    queued = DBTaskResult.objects.filter(task_path="portal.tasks.send_links")
    assert [row.args_kwargs["kwargs"] for row in queued] == [{"links": [SignedLink.objects.get().pk]}]


def test_what_is_not_due_asks_nothing(version: Version) -> None:
    due("cerrar", -1)
    assert ask_due() == 0 and mail.outbox == []


def test_she_is_reminded_once_then_the_editors_are_told(version: Version) -> None:
    user = editor()
    due()
    ask_due()
    first = links()
    for days, letters, notices in ((13, 1, 0), (14, 2, 0), (20, 2, 0), (30, 3, 1), (45, 3, 1)):
        with time_machine.travel(timezone.now() + days * DAY, tick=False):
            ask_due()
            ask_due()
        assert (len(mail.outbox), Notice.objects.count()) == (letters, notices), days
    assert links(1) == first  # the reminder carries the same link
    assert mail.outbox[2].to == [user.email]
    assert Notice.objects.get().url == VALIDITY
    assert [task["title"] for task in tasks_of(user)] == ["Un capítulo espera revisión y nadie responde"]


def test_a_failure_half_way_asks_again(version: Version, monkeypatch: Any) -> None:
    from portal.receivers import reviews

    due()

    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(reviews, "issue", broken)
        with pytest.raises(OSError):
            ask_due()
    assert review().asked_at is None and not SignedLink.objects.exists()
    assert ask_due() == 1 and len(mail.outbox) == 1


def test_where_nobody_answers_for_it_the_editors_of_its_route_are_asked(version: Version, owner: Any) -> None:
    here, elsewhere, every = editor(), editor(), editor()
    RouteEditor.objects.create(user=here, route="orientacion")
    RouteEditor.objects.create(user=elsewhere, route="redip")
    erase(user=owner)
    due()
    ask_due()
    assert {sent.to[0] for sent in mail.outbox} == {here.email, every.email}
    assert Client().post(links(0)[0], {"respuesta": "vigente"}).status_code == 200
    other = Client().get(links(1)[0])  # the first answer is enough
    assert other.status_code == 410 and "ya no hace falta" in other.content.decode()


def test_what_nobody_reads_asks_nobody(version: Version) -> None:
    due()
    for change in ({"state": GuideState.RETIRED}, {"is_public": False}):
        Guide.objects.update(**{"state": GuideState.IN_FORCE, "is_public": True} | change)
        assert ask_due() == 0


# Answering


def test_it_still_holds(version: Version, owner: Any) -> None:
    due()
    ask_due()
    client = Client(enforce_csrf_checks=True)
    for _scan in range(2):
        page = client.get(links()[0]).content.decode()
    assert "¿Sigue vigente «Cerrar y dejar constancia»?" in page and owner.email not in page
    assert review().is_overdue
    done = client.post(links()[0], {"respuesta": "vigente"})
    assert done.status_code == 200 and "sigue vigente" in done.content.decode()
    row = review()
    assert (row.due_on, row.reviewed_by) == (in_months(today(), 12), owner)
    assert client.post(links()[0], {"respuesta": "vigente"}).status_code == 410
    assert not client.cookies
    ask_due()
    assert len(mail.outbox) == 1


def test_what_must_change_reaches_who_mends_it(version: Version, owner: Any, desk: Client) -> None:
    due()
    ask_due()
    words = "El formato 7 ya no se usa.\r\nAhora es el <12>."
    done = Client().post(links()[0], {"respuesta": "cambiar", "cambio": words})
    assert "ya ven qué hay que cambiar" in done.content.decode()
    assert review().is_overdue and review().wanted_by == owner
    page = desk.get(MENDING).content.decode()
    assert "El formato 7 ya no se usa." in page and "&lt;12&gt;" in page and "Ana Responsable" in page
    with time_machine.travel(timezone.now() + 40 * DAY, tick=False):
        ask_due()
    assert len(mail.outbox) == 1  # answered: nobody is reminded
    seen = {"vigencia": review().pk, "dicho": review().wanted_at.isoformat()}
    ask_for_change(review=review(), words="Otra cosa", by=owner)
    assert "Léala primero" in desk.post(MENDING, seen, follow=True).content.decode()
    seen["dicho"] = review().wanted_at.isoformat()
    desk.post(MENDING, seen)
    assert review().wanted == "" and not review().is_overdue
    assert "Otra cosa" not in desk.get(MENDING).content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Toque «Sigue vigente»"),
        ({"respuesta": "quizá"}, "Toque «Sigue vigente»"),
        ({"respuesta": "cambiar"}, "Escriba qué hay que cambiar."),
        ({"respuesta": "cambiar", "cambio": "  \n "}, "Escriba qué hay que cambiar."),
        ({"respuesta": "cambiar", "cambio": "x" * 1001}, "Caben 1000 letras"),
        ({"respuesta": "vigente", "cambio": "El 7 es el 12"}, "Escribió un cambio."),
    ],
)
def test_a_wrong_answer_is_said_and_loses_nothing(version: Version, data: dict[str, str], words: str) -> None:
    due()
    ask_due()
    response = Client().post(links()[0], data)
    page = response.content.decode()
    assert response.status_code == 422 and words in page and 'role="alert"' in page
    assert data.get("cambio", "").strip() in page
    assert review().is_overdue and review().wanted == ""
    assert Client().post(links()[0], {"respuesta": "vigente"}).status_code == 200


def test_what_is_no_longer_hers_is_gone(version: Version, owner: Any) -> None:
    due()
    ask_due()
    old, other = links()[0], UserFactory()
    arrange(review=review(), due_on=today(), owner=other, months=None, by=editor())
    assert Client().post(old, {"respuesta": "vigente"}).status_code == 410
    Client().post(old, {"pedir": "1"})
    assert [sent.to[0] for sent in mail.outbox] == [owner.email, other.email]
    assert Client().get(links()[0]).status_code == 200


def test_a_new_version_of_the_chapter_ends_the_question(version: Version) -> None:
    due()
    ask_due()
    draft = start_version(guide=version.guide, by=None)
    draft.body = [chapter("Cerrar", "cerrar", block("text", "<p>De otro modo.</p>"))]
    draft.save_revision()
    publish_version(version=draft)
    assert Client().get(links()[0]).status_code == 410


def test_who_answers_by_mail_opens_nothing_else(version: Version, owner: Any) -> None:
    due("cerrar"), due("recibir")
    ask_due()
    client = Client()
    client.post(links()[0], {"respuesta": "vigente", "cambio": "", "vigencia": review("cerrar").pk})
    assert review("cerrar").is_overdue and not review("recibir").is_overdue
    assert client.get("/cuenta/").status_code == 302 and client.get(VALIDITY).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_that_answer_at_once_one_counts(version: Version) -> None:
    due()
    ask_due()
    place = links()[0]

    def answer() -> int:
        return Client().post(place, {"respuesta": "vigente"}).status_code

    # On SQLite one after the other.
    statuses = [answer(), answer()] if connection.vendor == "sqlite" else at_once(answer, answer)
    assert sorted(statuses) == [200, 410]
