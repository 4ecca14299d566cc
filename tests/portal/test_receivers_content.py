"""A new version reaches exactly who holds an older one, once, with what changed for her."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from guias.actions.files import count_downloads
from guias.actions.reading import follow_guide, mark_read, save_ticks
from guias.actions.versions import publish_version
from guias.exports import letter
from guias.models import Guide, Version
from guias.models.following import holders
from portal.avisos.models import Notice
from portal.letters import announce_version, send_letter
from tests.factories.cuentas import UserFactory
from tests.factories.guias import (
    CHECKS,
    GuideFactory,
    VersionFactory,
    block,
    chapter,
    published,
    three_chapters,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide() -> Guide:
    return GuideFactory(slug="guia", title="Guía de orientación", state="vigente")  # type: ignore[no-any-return]


@pytest.fixture
def first(guide: Guide) -> Version:
    return published(guide=guide, body=body("Salude por su nombre a la persona."))


def body(words: str, extra: str = "Lo de siempre en esta parte.") -> list[dict[str, Any]]:
    changed = chapter("Recibir", "recibir", block("text", f"<p>{words}</p><p>Esto no cambia nunca.</p>"))
    other = chapter("Remitir", "remitir", block("text", f"<p>{extra}</p>"))
    return [changed, other, three_chapters()[1]]


def publish(guide: Guide, number: int = 2, **fields: Any) -> Version:
    fields = {
        "body": body("Salude por su nombre a la persona y ofrézcale asiento.", "Lo nuevo en esta parte."),
        "changes": "Cambió el saludo.\nPara orientadores.",
        **fields,
    }
    return announced(VersionFactory(guide=guide, number=number, **fields))


def announced(version: Version) -> Version:
    """Publish, and let what follows the commit happen."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return publish_version(version=version)


def test_exactly_the_holders_are_told(first: Version, guide: Guide) -> None:
    took, ticked, follows, in_package, no_mail = UserFactory.create_batch(5)
    opened, closed, elsewhere, stranger = UserFactory.create_batch(4)
    no_mail.mail_notices = False
    no_mail.save()
    count_downloads(versions=[first], form="pdf", user=took)
    count_downloads(versions=[first], form="docx", user=took)
    count_downloads(versions=[first], form="pdf", user=in_package, in_package=True)
    count_downloads(versions=[first], form="pdf", user=no_mail)
    count_downloads(versions=[first], form="pdf", user=closed)
    count_downloads(versions=[published()], form="pdf", user=elsewhere)
    count_downloads(versions=[first], form="pdf", user=None)
    follow_guide(user=follows, guide=guide, wanted=True)
    list_chapter = first.chapters[2]
    save_ticks(user=ticked, guide=guide, chapter=list_chapter, checked=CHECKS[:1])
    mark_read(user=opened, version=first, chapter=first.chapters[0])
    closed.is_active = False
    closed.save()
    mail.outbox.clear()
    publish(guide)
    told = {took, ticked, follows, in_package}
    assert {notice.recipient for notice in Notice.objects.all()} == told | {no_mail}
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(person.email for person in told)
    assert stranger.email not in {sent.to[0] for sent in mail.outbox}
    notice = Notice.objects.filter(recipient=took).get()
    assert notice.url == "/guias/guia/cambios/1..2/"
    assert notice.detail == "Guía de orientación: Cambió el saludo. Para orientadores."


def test_once_for_each_version_and_not_to_who_has_it(first: Version, guide: Guide) -> None:
    person = UserFactory()
    count_downloads(versions=[first], form="pdf", user=person)
    second = publish(guide)
    assert len(mail.outbox) == 1
    count_downloads(versions=[second], form="pdf", user=person)
    third = VersionFactory(guide=guide, number=3, body=body("Otro saludo distinto para cada persona."))
    assert [holder.number for holder in holders(third)] == [2]
    announced(third)
    assert [sent.subject for sent in mail.outbox] == [
        "Cambió la guía Guía de orientación: versión 2",
        "Cambió la guía Guía de orientación: versión 3",
    ]
    assert "Usted tiene la versión 2" in mail.outbox[1].body


def test_who_missed_a_version_gets_the_change_since_hers(first: Version, guide: Guide) -> None:
    publish(guide)
    late = UserFactory()
    count_downloads(versions=[first], form="pdf", user=late)
    publish(guide, number=3, body=body("Salude y ofrézcale asiento.", "Lo nuevo en esta parte."))
    (sent,) = mail.outbox
    assert "Usted tiene la versión 1" in sent.body
    assert "/guias/guia/cambios/1..3/" in Notice.objects.get(recipient=late).url


def test_only_the_chapters_she_opened_are_in_full(first: Version, guide: Guide) -> None:
    person = UserFactory()
    follow_guide(user=person, guide=guide, wanted=True)
    mark_read(user=person, version=first, chapter=first.chapters[0])
    publish(guide)
    (sent,) = mail.outbox
    assert "Antes: Salude por su nombre a la persona.\n" in sent.body
    assert "Ahora: Salude por su nombre a la persona y ofrézcale asiento.\n" in sent.body
    assert "Lo nuevo" not in sent.body
    also = f"- Remitir: {settings.ORIGIN}/guias/guia/cambios/1..2/#c-remitir\n"
    assert f"en capítulos que usted no ha abierto:\n{also}" in sent.body
    assert "Usted leyó la versión 1 de «Guía de orientación». Hay una versión nueva: la 2, del" in sent.body
    html = sent.alternatives[0][0]
    assert "persona<ins> y ofrézcale asiento</ins>." in html
    assert "Antes (versión 1)" in html
    assert "Esto no cambia" not in sent.body + html
    assert "style" not in html and "<img" not in html
    name, content, kind = sent.attachments[0]
    assert (name, kind) == ("guia-que-cambio-de-la-1-a-la-2.pdf", "application/pdf")
    assert len(content) < 60_000  # goes to prepaid phones
    assert len(pikepdf.open(io.BytesIO(content)).pages) == 1


@pytest.mark.parametrize("in_package", [False, True])
def test_who_took_the_whole_guide_has_all_its_chapters(
    first: Version, guide: Guide, in_package: bool
) -> None:
    person = UserFactory()
    count_downloads(versions=[first], form="pdf", user=person, in_package=in_package)
    mark_read(user=person, version=first, chapter=first.chapters[0])
    publish(guide)
    (sent,) = mail.outbox
    assert "Ahora: Salude por su nombre" in sent.body and "Ahora: Lo nuevo" in sent.body
    assert "no ha abierto" not in sent.body


def test_what_she_opened_under_another_name_is_hers(first: Version, guide: Guide) -> None:
    person = UserFactory()
    follow_guide(user=person, guide=guide, wanted=True)
    mark_read(user=person, version=first, chapter=first.chapters[0])
    chapters = [*body("Salude por su nombre a la persona."), chapter("Otra", "otra")]
    chapters[0]["value"] |= {"slug": "recepcion", "title": "Recepción"}
    publish(guide, body=chapters)
    (sent,) = mail.outbox
    assert "Antes se llamaba «Recibir»." in sent.body
    assert "ha abierto:\n- Otra (capítulo nuevo): " in sent.body


def test_who_follows_a_guide_and_opened_nothing_reads_which_chapters_changed(
    first: Version, guide: Guide
) -> None:
    follow_guide(user=UserFactory(), guide=guide, wanted=True)
    publish(guide)
    (sent,) = mail.outbox
    words, _line, _foot = sent.body.partition("\nLe escribimos")
    assert "Usted sigue la guía «Guía de orientación». Hay una versión nueva" in words
    assert "- Cambió el saludo.\n- Para orientadores.\n" in words
    address = f"{settings.ORIGIN}/guias/guia/cambios/1..2/"
    listed = f"- Recibir: {address}#c-recibir\n- Remitir: {address}#c-remitir\n"
    assert f"Cambió en estos capítulos:\n{listed}" in words and len(words.split()) <= letter.WORDS
    html = sent.alternatives[0][0]
    assert f'<a href="{address}#c-remitir">Remitir</a>' in html
    for one in (sent.body, html):
        assert "asiento" not in one and "Lo nuevo" not in one and "Antes" not in one
    assert len(sent.attachments) == 1, "the sheet goes with it all the same"


def test_who_opened_only_what_stayed_hears_so(first: Version, guide: Guide) -> None:
    person = UserFactory()
    follow_guide(user=person, guide=guide, wanted=True)
    mark_read(user=person, version=first, chapter=first.chapters[2])
    publish(guide)
    (sent,) = mail.outbox
    assert "Los capítulos que usted abrió no cambiaron. Cambió en:\n- Recibir: " in sent.body
    assert "asiento" not in sent.body


def test_a_chapter_in_which_she_ticked_something_is_hers(guide: Guide) -> None:
    def listed(text: str) -> list[dict[str, Any]]:
        changed = {"type": "item", "value": f"Firme {text}", "id": CHECKS[0]}
        list_of_one = block("checklist", {"title": "Lista", "items": [changed], "note": ""})
        return [chapter("Cerrar", "cerrar", list_of_one), *body(f"Salude {text}.")[:1]]

    first = published(guide=guide, body=listed("antes"))
    save_ticks(user=UserFactory(), guide=guide, chapter=first.chapters[0], checked=CHECKS[:1])
    publish(guide, body=listed("ahora"))
    (sent,) = mail.outbox
    assert "Antes: Firme antes\nAhora: Firme ahora\n" in sent.body
    assert "Salude ahora" not in sent.body and "ha abierto:\n- Recibir: " in sent.body


@pytest.mark.parametrize("opened", [set(), {"igual"}], ids=["nothing", "what stayed"])
@pytest.mark.parametrize("name", ["Corta", " ".join(["a"] * 80)], ids=["short", "long"])
@pytest.mark.parametrize("line", ["Cambió.", " ".join(["b"] * 75)], ids=["short", "long"])
def test_a_letter_without_paragraphs_is_few_words_in_all(
    guide: Guide, opened: set[str], name: str, line: str
) -> None:
    def many(word: str) -> list[dict[str, Any]]:
        chapters = [
            chapter(f"Parte número {n}", f"p-{n}", block("text", f"<p>{word}</p>")) for n in range(40)
        ]
        return [chapter("Igual", "igual"), *chapters]

    first = published(guide=guide, body=many("antes"))
    second = publish(guide, body=many("ahora"), changes="\n".join([line] * 3)[:480])
    guide.title = name
    second.guide, second.title = guide, ""
    words = letter.write(second, first, chapters=opened).text.partition("\nLe escribimos")[0]
    assert 50 < len(words.split()) <= letter.WORDS
    named = words.count("- Parte número")
    assert named <= letter.SHOWN and f"- Y {40 - named} más" in words if named else "- 40 capítulos" in words
    assert named or name != "Corta" or line != "Cambió."
    assert "Todo lo que cambió: " in words


def test_a_guide_that_was_waited_for_is_told_of_when_it_comes(guide: Guide) -> None:
    person = UserFactory()
    follow_guide(user=person, guide=guide, wanted=True)
    announced(VersionFactory(guide=guide))
    assert Notice.objects.get(recipient=person).url == "/guias/guia/"
    assert "esperaba" in mail.outbox[0].subject


def test_told_twice_is_heard_once(first: Version, guide: Guide) -> None:
    count_downloads(versions=[first], form="pdf", user=UserFactory())
    second = publish(guide)
    assert announce_version.func(second.pk) == 1
    assert Notice.objects.count() == len(mail.outbox) == 1
    Guide.objects.update(is_public=False)
    assert announce_version.func(second.pk) == 0


def test_a_guide_in_reserve_tells_nobody() -> None:
    hidden = GuideFactory(is_public=False)
    first = published(guide=hidden)
    count_downloads(versions=[first], form="pdf", user=UserFactory())
    publish(hidden)
    assert not Notice.objects.exists()
    assert not mail.outbox


def test_what_happened_meanwhile_stops_a_letter(first: Version, guide: Guide) -> None:
    person = UserFactory()
    second = publish(guide)
    args = (second.pk, first.pk, person.pk, [])
    assert send_letter.func(*args) == 1
    Guide.objects.update(is_public=False)
    assert send_letter.func(*args) == 0
    Guide.objects.update(is_public=True)
    person.mail_notices = False
    person.save()
    assert send_letter.func(*args) == 0


def test_the_words_before_the_paragraphs_are_few(first: Version, guide: Guide) -> None:
    guide.title = " ".join(["a"] * 80)
    second = publish(guide, changes="\n".join([" ".join(["b"] * 75)] * 3)[:480])
    second.guide = guide
    text = letter.write(second, first).text
    opening = text.partition("\nRecibir\n")[0]
    assert 60 < len(opening.split()) <= letter.WORDS


def test_a_letter_has_an_end_and_room_for_each_chapter(guide: Guide) -> None:
    def whole(word: str) -> list[dict[str, Any]]:
        text = "".join(f"<p>Parte número {n} de {word}.</p>" for n in range(40))
        return [chapter(name, name.lower(), block("text", text)) for name in ("Uno", "Dos")]

    first = published(guide=guide, body=whole("antes"))
    written = letter.write(publish(guide, body=whole("ahora")), first)
    for part, slug in zip(written.text.partition("\nDos\n")[::2], ("uno", "dos"), strict=True):
        assert part.count("Antes: ") == letter.SHOWN // 2
        more = f"Y 34 cambios más en este capítulo: {settings.ORIGIN}/guias/guia/cambios/1..2/#c-{slug}"
        assert more in part
        assert f'/cambios/1..2/#c-{slug}">Y 34 cambios más en este capítulo</a>' in written.html
    assert "Todo lo que cambió: " in written.text


def test_room_that_a_chapter_does_not_need_is_for_the_others(guide: Guide) -> None:
    def whole(word: str) -> list[dict[str, Any]]:
        text = "".join(f"<p>Parte número {n} de {word}.</p>" for n in range(40))
        few = [chapter(name, name.lower(), block("text", f"<p>Va {word}.</p>")) for name in ("Uno", "Dos")]
        return [*few, chapter("Tres", "tres", block("text", text))]

    first = published(guide=guide, body=whole("antes"))
    written = letter.write(publish(guide, body=whole("ahora")), first)
    assert written.text.count("Antes: ") == letter.SHOWN
    assert "Y 30 cambios más en este capítulo:" in written.text
    assert written.text.count("en este capítulo") == 1


def test_a_long_paragraph_is_cut_around_what_changed(guide: Guide) -> None:
    def long(word: str) -> str:
        return (
            "Se explica con calma lo que sigue. " * 30 + f"Guárdela en la carpeta {word}. " + "Y más. " * 90
        )

    def whole(word: str, much: str) -> list[dict[str, Any]]:
        return [chapter("Uno", "uno", block("text", f"<p>{long(word)}</p><p>{much}</p>"))]

    first = published(guide=guide, body=whole("gris", "Lo de ahora. " + "viejo " * 400))
    second = publish(guide, body=whole("azul", "Lo de ahora. " + "nuevo " * 400))
    text = letter.write(second, first).text
    before, after = re.findall(r"^(?:Antes|Ahora): (.*carpeta.*)$", text, re.M)
    assert "Guárdela en la carpeta gris." in before and "Guárdela en la carpeta azul." in after
    assert before.startswith("… ") and before.endswith(" …") and len(before) <= letter.LETTERS
    assert "viejo…" in text and "nuevo…" in text
    assert "en este capítulo" not in text


def test_a_letter_of_chapters_that_came_went_and_moved(guide: Guide) -> None:
    one, two, three = body("Salude.")
    first = published(guide=guide, body=[one, two])
    text = letter.write(publish(guide, body=[three, two, one]), first).text
    assert "Capítulo nuevo." in text
    assert "Cambió de lugar; dice lo mismo." in text
    changed = chapter("Remitir", "remitir", block("text", "<p>Lo de siempre en otra parte.</p>"))
    written = letter.write(publish(guide, number=3, body=[three, changed, one]), first)
    assert "También cambió de lugar en la guía." in written.text and "También cambió" in written.html
    three["value"]["slug"] = "otra"
    text = letter.write(publish(guide, number=4, body=[three]), guide.versions.get(number=2)).text
    assert "Cambió de dirección; dice lo mismo." in text
    assert text.count("Este capítulo ya no está.") == 2


def test_what_is_written_is_escaped_in_the_letter(first: Version, guide: Guide) -> None:
    second = publish(
        guide,
        changes="<script>alert(1)</script>",
        body=body("Salude &lt;b&gt;fuerte&lt;/b&gt; a la persona."),
    )
    written = letter.write(second, first)
    assert "<script>" not in written.html
    assert "&lt;b&gt;" in written.html
    assert "<script>alert(1)</script>" in written.text


def test_the_holders_cost_the_same_with_more(first: Version, guide: Guide) -> None:
    def take() -> None:
        person = UserFactory()
        count_downloads(versions=[first], form="pdf", user=person)
        mark_read(user=person, version=first, chapter=first.chapters[0])

    take()
    draft = VersionFactory(guide=guide, number=2)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            holders(draft)
        counts.append(len(captured))
        take()
        take()
    assert counts[0] == counts[1] <= 6
