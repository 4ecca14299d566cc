"""The guides of the demonstration, from ``data/guias/*.yaml``; loading twice changes nothing.

One file a guide: slug, title, series, route, state, order, lead, versions [{number, date, changes,
summary, chapters [{slug, title, summary, blocks}]}]. A block is a mapping of one key: its kind; a figure
names its ``file`` in ``data/guias/figuras``. The
newest version comes first in the file; what an older one shares with it is a YAML alias. A guide of one
version may say ``version`` {number, date, changes}, ``summary`` and ``chapters`` at its top; ``read_by``
names the accounts of the demonstration that read an older one; ``review`` says in how many days from its
loading a chapter is due for review, less than none for what is overdue (the others, in two months). A
version that is published is never touched again. Files are made by the worker, not here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.images import get_image_model

from guias.actions.reading import mark_read
from guias.actions.versions import next_number, publish_version
from guias.enums import GuideState, Route, Series
from guias.models import Guide, Reading, Term, Version
from nucleo.html import render_markdown
from search import outbox

DATA = Path(__file__).parent / "data" / "guias"
WORDS = DATA.with_name("glosario.yaml")
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cemprende.example/guias/")


class BadGuide(ValueError):
    """A file says something that the loader does not understand; the message names the place."""


def load(folder: Path = DATA) -> int:
    """Load every guide of ``folder``; return how many there are."""
    files = sorted(folder.glob("*.yaml"))
    for file in files:
        for entry in _entries(file):
            load_guide(entry)
    load_words()
    return len(files)


def load_words(file: Path = WORDS) -> None:
    """Explain the words of ``file`` that nobody has explained yet; what editors wrote stays."""
    known = set(Term.objects.values_list("word", flat=True))
    for entry in _entries(file):
        if entry["word"] not in known:
            term = Term(**{**entry, "others": _lines(entry.get("others"))})
            term.full_clean()
            term.save()


def _entries(file: Path) -> Iterator[dict[str, Any]]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    yield from content if isinstance(content, list) else [content]


@transaction.atomic
def load_guide(entry: dict[str, Any]) -> Guide:
    """Create or refresh one guide, and publish those of its versions that are newer than what is there."""
    state = _choice(GuideState, entry["state"], entry["slug"])
    fields = {
        "title": entry["title"],
        "series": _choice(Series, entry["series"], entry["slug"]),
        "route": _choice(Route, entry["route"], entry["slug"]),
        "order": entry.get("order", 100),
        "lead": entry["lead"],
        "is_demo": True,
    }
    guide, created = Guide.objects.get_or_create(slug=entry["slug"], defaults={**fields, "state": state})
    if not created and any(getattr(guide, name) != value for name, value in fields.items()):
        Guide.objects.filter(pk=guide.pk).update(**fields)
        outbox.queue("guia", guide.pk)
    if created:
        outbox.queue("guia", guide.pk)
    if state == GuideState.BUILDING:
        Guide.objects.filter(pk=guide.pk).update(outlook=_lines(entry.get("summary")))
        return guide
    fresh = [about for about in _versions(entry) if about.get("number", 1) >= next_number(guide)]
    for about in fresh:
        _publish(guide, about)
    if fresh:
        _review(guide, entry.get("review") or {})
    for email, number in (entry.get("read_by") or {}).items():
        _read(guide, email, number)
    return guide


def _versions(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the file says of each version, the oldest first."""
    alone = {
        **(entry.get("version") or {}),
        "summary": entry.get("summary"),
        "chapters": entry.get("chapters"),
    }
    return sorted(entry.get("versions") or [alone], key=lambda about: int(about.get("number", 1)))


def _publish(guide: Guide, about: dict[str, Any]) -> Version:
    version = Version.objects.create(
        guide=guide,
        number=about.get("number", 1),
        live=False,
        published_on=about.get("date"),
        changes=_lines(about.get("changes")),
        summary=_lines(about.get("summary")),
        body=[_chapter(guide.slug, chapter) for chapter in about.get("chapters") or []],
    )
    return publish_version(version=version)


def _review(guide: Guide, days: dict[str, int]) -> None:
    """Have the editor of the demonstration answer for the guide, and some of its chapters fall due."""
    editor = get_user_model().objects.filter(email="editora@demo.example", is_demo=True).first()
    Guide.objects.filter(pk=guide.pk, reviewer=None).update(reviewer=editor)
    for chapter, until in days.items():
        due_on = timezone.localdate() + timedelta(days=until)
        if not guide.chapter_reviews.filter(chapter=chapter).update(due_on=due_on):
            raise BadGuide(f"{guide.slug}: no chapter is called {chapter!r}")


def _read(guide: Guide, email: str, number: int) -> None:
    """Have a demonstration account read a version, so that it is told what changed since; once only."""
    reader = get_user_model().objects.filter(email=email, is_demo=True).first()
    if reader is None or Reading.objects.filter(user=reader, guide=guide).exists():
        return
    version = guide.versions.get(number=number)
    for chapter in version.chapters:
        mark_read(user=reader, version=version, chapter=chapter)


def _lines(value: list[str] | str | None) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value or "").strip()


def _choice(choices: type[TextChoices], word: str, where: str) -> str:
    known = {slugify(label): str(value) for value, label in choices.choices}
    known |= {str(value): str(value) for value in choices.values}
    try:
        return known[slugify(word)]
    except KeyError:
        raise BadGuide(f"{where}: {word!r} is none of {sorted(known)}") from None


def _key(*path: str) -> str:
    return str(uuid.uuid5(NAMESPACE, "/".join(path)))


def _chapter(guide: str, chapter: dict[str, Any]) -> dict[str, Any]:
    slug = chapter.get("slug") or slugify(chapter["title"])
    place = f"{guide}/{slug}"
    return {
        "type": "chapter",
        "id": _key(place),
        "value": {
            "title": chapter["title"],
            "slug": slug,
            "summary": _list(place, chapter.get("summary") or []),
            "blocks": [_block(place, n, raw) for n, raw in enumerate(chapter.get("blocks") or [])],
        },
    }


def _block(place: str, n: int, raw: dict[str, Any]) -> dict[str, Any]:
    if "type" in raw:
        kind = raw["type"]
        value = raw.get("value", {name: content for name, content in raw.items() if name != "type"})
        if isinstance(value, dict) and set(value) == {"text"} and kind in ("heading", "text"):
            value = value["text"]
    elif len(raw) == 1:
        kind, value = next(iter(raw.items()))
    else:
        raise BadGuide(f"{place}: block {n + 1} has no type")
    if kind not in MAKERS:
        raise BadGuide(f"{place}: no block is called {kind!r}")
    return {"type": kind, "id": _key(place, str(n), kind), "value": MAKERS[kind](place, value)}


def _list(place: str, values: list[Any]) -> list[dict[str, Any]]:
    return [{"type": "item", "id": _key(place, "item", str(value)), "value": value} for value in values]


def _whole(value: Any, name: str = "items") -> dict[str, Any]:
    return value if isinstance(value, dict) else {name: value}


def _steps(place: str, value: Any) -> dict[str, Any]:
    value = _whole(value)
    steps = [
        {"title": step["title"], "text": step.get("text", "")} if isinstance(step, dict) else {"title": step}
        for step in value["items"]
    ]
    return {"title": value.get("title", ""), "items": _list(place, steps)}


def _checklist(place: str, value: Any) -> dict[str, Any]:
    value = _whole(value)
    texts = [item["text"] if isinstance(item, dict) else item for item in value["items"]]
    return {
        "title": value.get("title", "Lista de chequeo"),
        "items": _list(place, texts),
        "note": value.get("note", ""),
    }


def _callout(place: str, value: Any) -> dict[str, Any]:
    value = _whole(value, "text")
    tone = {"warning": "warn", "tip": "ok", "success": "ok"}.get(
        value.get("tone", ""), value.get("tone", "info")
    )
    return {
        "tone": tone if tone in ("info", "ok", "warn") else "info",
        "title": value.get("title", ""),
        "text": render_markdown(value["text"]),
    }


def _table(place: str, value: Any) -> dict[str, Any]:
    if "text" in value:
        return {"caption": value["caption"], "text": value["text"].strip()}
    head = value.get("head") or value.get("columns") or value.get("headers")
    rows = [head, *value["rows"]] if head else value["rows"]
    clean = [[str(cell).replace("|", "/").replace("\n", " ").strip() for cell in row] for row in rows]
    return {"caption": value["caption"], "text": "\n".join(" | ".join(row) for row in clean)}


def _figure(place: str, value: Any) -> dict[str, Any]:
    return {"image": _image(value["file"]).pk, "alt": value["alt"], "caption": value.get("caption", "")}


def _image(name: str) -> Any:
    """Return the picture ``name`` of ``data/guias/figuras`` in the library, where it is put once.

    Drawn by us, as the SVG beside it that it was made from: pictures of the library are of points.
    """
    title = _("Figura de la demostración: %(name)s") % {"name": Path(name).stem}
    pictures = get_image_model()._default_manager
    found = pictures.filter(title=title).first()
    if found is None:
        content = ContentFile((DATA / "figuras" / name).read_bytes(), name)
        found = pictures.create(title=title, file=content)
    return found


def _ficha(place: str, value: Any) -> dict[str, Any]:
    def many(name: str) -> list[dict[str, Any]]:
        found = value.get(name) or []
        return _list(f"{place}/{name}", [found] if isinstance(found, str) else found)

    who = value.get("who", "")
    return {
        "title": value["title"],
        "purpose": value["purpose"],
        "who": ", ".join(who) if isinstance(who, list) else who,
        "inputs": many("inputs"),
        "steps": many("steps"),
        "time": value.get("time", ""),
        "formats": many("formats"),
    }


MAKERS: dict[str, Any] = {
    "heading": lambda place, value: value,
    "text": lambda place, value: render_markdown(value),
    "steps": _steps,
    "checklist": _checklist,
    "callout": _callout,
    "table": _table,
    "ficha": _ficha,
    "figure": _figure,
}
