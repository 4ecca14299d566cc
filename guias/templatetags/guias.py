"""Tags for guides: what home shows of them, the words inside blocks, the slot beside a chapter."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from guias import blocks, pictures
from guias.enums import VersionState
from guias.models import ChecklistItem, Course, Guide
from guias.models.chapters import FichaPart, checklist_items, ficha_parts, main_points_title
from nucleo import slots

register = template.Library()
_LITERAL = re.compile(r"`([^`]+)`")
_CHAPTER_LINK = r'href="/guias/{}/([a-z0-9-]+)/"'
_SITE_LINK = re.compile(r'href="/(?!/)')


@register.inclusion_tag("guias/_latest.html", takes_context=True)
def latest_guides(context: dict[str, Any], count: int = 3) -> dict[str, Any]:
    """Show the ``count`` guides published last that the reader may see, each with what changed in it."""
    guides = Guide.objects.visible_to(_user(context)).on_shelf().newest_first().with_current()
    return {"guides": guides[:count]}


@register.filter
def main_points(points: Iterable[str]) -> str:
    """Return the title of the sentences that say what matters: ``Lo principal, en 1 minuto``."""
    return main_points_title(points)


@register.simple_tag(takes_context=True)
def guide_count(context: dict[str, Any]) -> int:
    """Return how many guides stand on the shelf for the reader."""
    return Guide.objects.visible_to(_user(context)).on_shelf().count()


@register.simple_tag
def chapter_aside(guide: Guide, chapter: Any) -> SafeString:
    """Show what other apps put beside a chapter (slot ``chapter_aside``: guide_slug, chapter_slug, …)."""
    return slots.render(
        "chapter_aside",
        guide_slug=guide.slug,
        chapter_slug=chapter.slug,
        guide_title=guide.title,
        chapter_title=chapter.title,
        route=guide.route,
    )


@register.simple_tag
def guide_aside(guide: Guide) -> SafeString:
    """Show what other apps put beside a guide (slot ``guide_aside``: guide_slug, guide_title, route)."""
    return slots.render("guide_aside", guide_slug=guide.slug, guide_title=guide.title, route=guide.route)


@register.simple_tag
def guide_use_aside(routes: Iterable[str]) -> SafeString:
    """Show what other apps know of missing guides (slot ``guide_use_aside``: routes, none for all)."""
    return slots.render("guide_use_aside", routes=frozenset(routes))


@register.simple_tag
def course_dates(course: Course, *, teaches: bool) -> SafeString:
    """Show what other apps announce of a course (slot ``course_dates``: course, call).

    ``call`` is where who teaches calls a session, with ``?dia=&ciudad=`` filled in; empty for the others.
    """
    return slots.render(
        "course_dates", course=course.pk, call=course.address("new_session") if teaches else ""
    )


@register.filter
def literals(text: str) -> SafeString:
    """Escape ``text`` and show what stands in `backquotes` as code."""
    return mark_safe(_LITERAL.sub(r"<code>\1</code>", escape(text)))


@register.filter
def literal_lines(lines: Iterable[str]) -> list[SafeString]:
    """Do with each of ``lines`` what :func:`literals` does with one."""
    return [literals(line) for line in lines]


@register.filter
def prose(value: Any) -> SafeString:
    """Return the clean HTML of rich text inside a block."""
    return blocks.prose(value)


@register.simple_tag(takes_context=True)
def defined(context: dict[str, Any], html: Any) -> Any:
    """Mark the words of the glossary in clean ``html`` where the page explains them; files do not."""
    definitions = context.get("definitions")
    return definitions.mark(html) if definitions else html


@register.simple_tag(takes_context=True)
def definitions_here(context: dict[str, Any]) -> str:
    """Write the notes on words that were marked in what ended here."""
    definitions = context.get("definitions")
    return definitions.notes() if definitions else ""


@register.filter
def checks(value: Any) -> list[ChecklistItem]:
    """Return the items of a checklist block with their ids."""
    return checklist_items(value)


@register.filter
def parts(value: Any) -> list[tuple[str, FichaPart]]:
    """Return the filled parts of a process sheet."""
    return ficha_parts(value)


@register.filter
def absolute(url: str) -> str:
    """Return ``url`` with the site before it, for paper and for files."""
    return url if "://" in url else settings.ORIGIN + url


@register.filter
def travelling(html: str, guide: Guide) -> SafeString:
    """Return clean ``html`` whose links still work inside a file.

    A chapter of the same guide is a place in the file; any other page of the site gets the site before it.
    """
    here = _CHAPTER_LINK.format(re.escape(guide.slug))
    html = re.sub(here, r'href="#\1"', html)
    return mark_safe(_SITE_LINK.sub(f'href="{settings.ORIGIN}/', html))


@register.simple_tag
def drawn(image: Any) -> Any:
    """Return the picture at the size it is shown, drawn now if need be; nothing of a broken one."""
    return pictures.drawn(image)


@register.simple_tag(takes_context=True)
def for_screens(context: dict[str, Any], image: Any) -> pictures.Picture | None:
    """Return a picture as screens take it; of what is ``published`` only what the worker made."""
    if not context.get("published"):
        pictures.drawn(image)
    return pictures.made(image)


@register.filter
def as_data(rendition: Any) -> str:
    """Return an image as a data address, so that a single file carries it."""
    with rendition.file.open("rb") as file:
        content = base64.b64encode(file.read()).decode("ascii")
    kind = {"jpg": "jpeg", "svg": "svg+xml"}.get(
        suffix := rendition.file.name.rpartition(".")[2].lower(), suffix
    )
    return f"data:image/{kind};base64,{content}"


@register.filter
def plain_words(pieces: Iterable[tuple[str, str]]) -> str:
    """Return the words of a comparison without its marks."""
    return "".join(words for _operation, words in pieces)


@register.simple_tag
def marked_words(pieces: Iterable[tuple[str, str]]) -> SafeString:
    """Write the words of a comparison for a mail, which brings no style sheet: ``del`` and ``ins`` alone."""
    return mark_safe(
        "".join(
            format_html("<{0}>{1}</{0}>", operation, words) if operation in ("del", "ins") else escape(words)
            for operation, words in pieces
        )
    )


@register.filter
def is_in_force(version: Any) -> bool:
    """Whether ``version`` is the one that counts."""
    return bool(version and version.state == VersionState.IN_FORCE)


def _user(context: dict[str, Any]) -> Any:
    request = context.get("request")
    return getattr(request, "user", None)
