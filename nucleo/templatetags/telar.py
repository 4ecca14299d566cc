"""The drawings and the words of the design system for templates: ``{% load telar %}``. Reads no database.

Drawings are inline SVG without style attributes (the content policy forbids them): colours come from
classes. Everything drawn is decoration beside words, hidden from screen readers unless it has a label.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nucleo import dates, routes, weave
from nucleo import map as maps

register = template.Library()

LONGEST_ADDRESS = 2_000
"""Characters of an address that a page repeats."""

SPRITE = "img/icons.svg"
_NO_CODE = "00001"


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw an icon of the sprite. With ``label`` it speaks for itself; without, words stand beside it."""
    return _icon(name, str(label), css) if name else SafeString("")


@cache
def _sprite() -> str:
    return static(SPRITE)


@lru_cache(maxsize=1024)
def _icon(name: str, label: str, css: str) -> SafeString:
    return format_html(
        '<svg class="icon{}" width="24" height="24" {}><use href="{}#{}"/></svg>',
        f" {css}" if css else "",
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"'),
        _sprite(),
        name,
    )


@register.simple_tag
def changed_words(pieces: Iterable[tuple[str, str]]) -> SafeString:
    """Write the pieces of a comparison, ``(operation, words)``: what came and what went is marked and said.

    ``operation`` is ``ins``, ``del`` or anything else for words that stayed. What took the place of something
    has a space before it: without its style, copied or read out of a PDF, it would be one word with it.
    """
    said = {"ins": _("[se agrega]"), "del": _("[se quita]")}
    written: list[str] = []
    before, end = "", ""
    for operation, words in pieces:
        if {before, operation} == set(said) and not (end.isspace() or words[:1].isspace()):
            written.append(" ")
        written.append(
            format_html('<{0}><span class="hide">{1} </span>{2}</{0}>', operation, said[operation], words)
            if operation in said
            else escape(words)
        )
        before, end = operation, words[-1:]
    return mark_safe("".join(written))


@register.filter
def here(request: HttpRequest | str) -> str:
    """Return the address of this page, to come back to it; without its query when that is endless.

    Nothing where a template has no request (an empty text): the page for errors of ours.
    """
    if not isinstance(request, HttpRequest):
        return ""
    address = request.get_full_path()
    return address if len(address) <= LONGEST_ADDRESS else request.path[:LONGEST_ADDRESS]


@register.simple_tag
def motif(code: str | int | None, css: str = "") -> SafeString:
    """Draw the weave of a city by its DIVIPOLA code."""
    return format_html('<svg class="motif{}" {}', f" {css}" if css else "", _motif_body(_code(code)))


@cache
def _motif_body(code: str) -> SafeString:
    cloth, thread = weave.paths(code)
    return mark_safe(
        'viewBox="-1 -1 11 11" width="44" height="44" shape-rendering="crispEdges" aria-hidden="true">'
        f'<path d="{cloth}"/><path class="thread-{weave.region(code)}" d="{thread}"/></svg>'
    )


@register.simple_tag
def city_band(code: str | int | None, place: str = "tejido") -> SafeString:
    """Draw the weave of a city as a band, in place of the common one; ``place`` tells two on a page apart."""
    return _band(_code(code), place)


@cache
def _band(code: str, place: str) -> SafeString:
    cloth, thread = weave.paths(code)
    name = f"{place}-{code}"
    return mark_safe(
        '<svg class="city-band" width="100%" height="77" shape-rendering="crispEdges" aria-hidden="true">'
        f'<defs><pattern id="{name}" width="77" height="77" patternUnits="userSpaceOnUse">'
        f'<g transform="translate(7 7) scale(7)"><path d="{cloth}"/>'
        f'<path class="thread-{weave.region(code)}" d="{thread}"/></g></pattern></defs>'
        f'<rect width="100%" height="77" fill="url(#{name})"/></svg>'
    )


@register.simple_tag
def cover(route: str, order: int = 0, css: str = "") -> SafeString:
    """Draw the cover of the ``order``-th guide of a route: its colour, its icon, its weave."""
    return _cover(route, int(order or 0), css)


@lru_cache(maxsize=1024)
def _cover(route: str, order: int, css: str) -> SafeString:
    looks = routes.get(route)
    return format_html(
        '<svg class="cover {}{}" viewBox="0 0 36 48" width="60" height="80" aria-hidden="true">'
        '<path class="cover-cloth" d="M0 0h36v48H0z"/>'
        '<use href="{}#{}" x="10" y="7.5" width="16" height="16"/>'
        '<g transform="translate(0 28) scale(4)" shape-rendering="crispEdges"><path d="{}"/></g></svg>',
        looks.css,
        f" {css}" if css else "",
        _sprite(),
        looks.icon,
        weave.cover_path(looks.code, order),
    )


@register.simple_tag
def route_label(route: str) -> SafeString:
    """Show the name of a route with its icon in its colour."""
    looks = routes.get(route)
    return format_html('<span class="route {}">{}{}</span>', looks.css, icon(looks.icon), looks.name)


@register.inclusion_tag("components/map.html")
def city_map(places: Iterable[maps.Place], on_cloth: bool = False) -> dict[str, Any]:
    """Draw the map of Colombia with ``places``; the list beside it is the control."""
    return {"points": maps.place_labels(places), "on_cloth": on_cloth}


@register.simple_tag
def map_outline() -> SafeString:
    """Return the path data of the country."""
    return mark_safe(maps.OUTLINE)


@register.simple_tag
def map_box() -> str:
    """Return the drawing's ``viewBox``."""
    return f"0 0 {maps.WIDTH} {maps.HEIGHT}"


@register.simple_tag
def momento(value: dt.datetime | None) -> SafeString:
    """Show when something happened in relative words, the exact moment in the element."""
    if value is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        dates.local(value).isoformat(timespec="minutes"),
        dates.long_moment(value),
        dates.moment(value),
    )


@register.filter
def hace(value: dt.datetime | None) -> str:
    """``hace 3 días`` as text, for a sentence (see the tag ``momento`` for anywhere else)."""
    return dates.moment(value) if value else ""


@register.filter
def fecha(value: dates.Day | None) -> str:
    """``3 de noviembre de 2026``."""
    return dates.long_date(value) if value else ""


@register.filter
def suelta(text: str) -> str:
    """Let a date break across lines, in a title."""
    return dates.loose(text)


@register.filter
def dia_y_mes(value: dates.Day | None) -> str:
    """``3 de noviembre``."""
    return dates.day_and_month(value) if value else ""


@register.filter
def dia_semana(value: dates.Day | None) -> str:
    """``lunes``."""
    return dates.weekday(value) if value else ""


@register.filter
def mes_corto(value: dates.Day | None) -> str:
    """``nov``."""
    return dates.short_month(dates.as_day(value).month) if value else ""


@register.filter
def dias(start: dates.Day, end: dates.Day | None = None) -> str:
    """``18``, or ``18–20`` with the last day."""
    return dates.range_of_days(start, end)


@register.filter
def hora(value: dt.datetime | dt.time | None) -> str:
    """``9:00 a. m.``."""
    return dates.hour(value) if value is not None else ""


@register.filter
def fecha_y_hora(value: dt.datetime | None) -> str:
    """``3 de noviembre de 2026, 9:00 a. m.``."""
    return dates.long_moment(value) if value else ""


@register.filter
def miles(value: int | Decimal | float | None) -> str:
    """``1.234.567``."""
    return dates.thousands(value) if value is not None else ""


@register.filter
def pesos(value: int | Decimal | float | None) -> str:
    """``$ 1.234.567``."""
    return dates.pesos(value) if value is not None else ""


@register.filter
def route_name(route: str) -> str:
    """Return the name of a route by its slug."""
    return str(routes.get(route).name)


@register.filter
def iniciales(name: str) -> str:
    """Return the two letters that stand for a person without a photo."""
    words = [word for word in str(name).split() if word[:1].isalpha() and word.lower() not in _SMALL]
    letters = "".join(word[0] for word in words[:2]) if len(words) > 1 else "".join(words)[:2]
    return letters.upper()


_SMALL = {"de", "del", "la", "las", "los", "y", "e", "el"}


def _code(code: str | int | None) -> str:
    text = str(code or "")
    return text.zfill(5) if text.isdigit() else _NO_CODE
