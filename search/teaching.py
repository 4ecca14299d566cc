"""What editors teach of single documents: the questions one answers, and what comes first for a query.

Guides say *desistimiento* and people ask *ya no quiere seguir, ¿qué hago?*. So a document may have questions
said as people say them, beside its text and never in it: they change at once, on paper nothing is reprinted.
They are indexed with the document (:func:`completed`), under its audience, and count for sentences alone
(``backends.base.ASKING``). What was put first for a query is such a question too: who asks something alike
finds it as well.

Called by the pages of the administration and by the demonstration; knows no engine and no HTTP.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from search import outbox, registry
from search.backends import analysis
from search.documents import SearchDocument
from search.models import Asked, Pin

MOST = 15
"""Questions of one document: more would make it the answer to anything."""
LONGEST = 120
"""Characters of a question."""

Name = tuple[str, str]
"""Kind and id of a document."""


class Unfit(ValueError):
    """The questions cannot be kept; ``str()`` says why, in a sentence for the editor."""


class Changed(Exception):
    """Somebody else has changed the questions meanwhile: they are ``theirs``."""

    def __init__(self, theirs: Asked) -> None:
        super().__init__(theirs)
        self.theirs = theirs


def questions_of(kind: str, documents: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return id → questions of those of ``documents`` that have any: one query."""
    found = Asked.objects.filter(kind=kind, document__in=documents).exclude(questions="")
    return {one.document: one.lines for one in found}


def completed(rows: Mapping[str, Sequence[SearchDocument]]) -> dict[str, Sequence[SearchDocument]]:
    """Return the documents by row with what people ask for them, to be found by it: two queries."""
    names = {(one.kind, one.id) for made in rows.values() for one in made}
    if not names:
        return dict(rows)
    wanted = {"kind__in": {kind for kind, _id in names}, "document__in": {one for _kind, one in names}}
    taught = {(one.kind, one.document): one for one in Asked.objects.filter(**wanted)}
    pins: dict[Name, list[str]] = {}
    for pin in Pin.objects.filter(**wanted):
        pins.setdefault((pin.kind, pin.document), []).append(pin.text)
    return {row: tuple(_completed(one, taught, pins) for one in made) for row, made in rows.items()}


def _completed(
    document: SearchDocument, taught: Mapping[Name, Asked], pins: Mapping[Name, Sequence[str]]
) -> SearchDocument:
    name = document.kind, document.id
    own = taught.get(name)
    if own is None:
        return replace(document, asked=tuple(pins[name])) if name in pins else document
    return replace(
        document,
        asked=(*own.lines, *pins.get(name, ())),
        touched=max(document.touched or own.updated_at, own.updated_at),
    )


@transaction.atomic
def teach(name: Name, title: str, questions: str, *, seen: str | None = None) -> Asked:
    """Make ``questions`` (one a line) those that the document answers; findable when it has been indexed.

    ``seen`` is ``Asked.state`` of what the editor had before her; not given, nothing is compared. Raises
    Unfit, and Changed when somebody has saved since.
    """
    lines = _lines(questions)
    kept = _row(name)
    if seen is not None and seen != kept.state:
        raise Changed(kept)
    kept.questions = "\n".join(lines)
    kept.title = title[:200]
    kept.save()
    _index_again(name)
    return kept


def asked(name: Name) -> Asked:
    """Return the questions of the document; a row that is not saved when it never had any."""
    kind, document = name
    return Asked.objects.filter(kind=kind, document=document).first() or Asked(kind=kind, document=document)


@transaction.atomic
def move(kind: str, names: Mapping[str, str]) -> None:
    """Let what was taught of documents go with them where they have another id now: old id → new id.

    Questions join those that the new one may have, up to ``MOST``. Ids may change places.
    """
    taught = {one.document: one for one in Asked.objects.filter(kind=kind, document__in=names)}
    pins = {pin.pk: names[pin.document] for pin in Pin.objects.filter(kind=kind, document__in=names)}
    for old in taught.values():
        Asked.objects.filter(pk=old.pk).update(questions="")
    for pin, document in pins.items():
        Pin.objects.filter(pk=pin).update(document=document)
    for document, one in taught.items():
        kept = _row((kind, names[document]))
        kept.questions = "\n".join([*dict.fromkeys([*kept.lines, *one.lines])][:MOST])
        kept.title = kept.title or one.title
        kept.save()
    for document in {*names, *names.values()} if taught or pins else ():
        _touch((kind, document))


@transaction.atomic
def put_first(text: str, name: Name, title: str) -> None:
    """Put the document first for the query ``text``, and let it be found by those who ask something alike."""
    key = analysis.key(text)
    before = Pin.objects.filter(key=key).first()
    first = {"kind": name[0], "document": name[1], "title": title[:200]}
    Pin.objects.update_or_create(key=key, defaults={"text": text, **first})
    for one in {name, (before.kind, before.document) if before else name}:
        _touch(one)


@transaction.atomic
def let_go(text: str) -> None:
    """Put nothing first for ``text`` any more."""
    for pin in Pin.objects.filter(key=analysis.key(text)):
        pin.delete()
        _touch((pin.kind, pin.document))


def _touch(name: Name) -> None:
    """Have the document indexed anew, as newer than before: engines refuse what is older than they have."""
    _row(name).save()
    _index_again(name)


def _row(name: Name) -> Asked:
    """Return the row of the document, made when there is none, locked until the transaction ends."""
    kind, document = name
    Asked.objects.get_or_create(kind=kind, document=document)
    return Asked.objects.select_for_update().get(kind=kind, document=document)


def _index_again(name: Name) -> None:
    kind, document = name
    for source in registry.sources_of(kind):
        outbox.queue(source.name, *source.rows_named(document).values_list("pk", flat=True))


def _lines(questions: str) -> list[str]:
    """Return the questions, each once; raises Unfit for too many, one too long, or one without words."""
    lines: dict[str, str] = {}
    for line in questions.splitlines():
        said = " ".join(analysis.clean(line).split())
        if not said:
            continue
        key = analysis.key(said)
        if not key:
            raise Unfit(_("«%(line)s» no tiene palabras.") % {"line": said[:40]})
        if len(said) > LONGEST:
            words = {"most": LONGEST, "line": f"{said[:40]}…"}
            raise Unfit(_("Una pregunta tiene %(most)d letras o menos. Es más larga: «%(line)s».") % words)
        lines.setdefault(key, said)
    if len(lines) > MOST:
        words = {"most": MOST, "count": len(lines)}
        raise Unfit(_("Escriba %(most)d preguntas o menos, las que más se oyen. Hay %(count)d.") % words)
    return list(lines.values())
