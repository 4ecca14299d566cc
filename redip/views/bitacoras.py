"""The Bitácora of a city as everyone reads it: sections, editions for ever, what changed between two."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from redip import policies
from redip.enums import SectionKind
from redip.exports import paper, word
from redip.models import Bitacora, BitacoraEdition, Red
from redip.models.actors import actor_map
from redip.models.changes import compare_sections, lead_of
from redip.views.lookup import find_red, show
from redip.views.presenting import citation, edition_steps, neighbours, section_steps
from redip.views.sending import send_paper, send_word


def find_kind(kind: str) -> SectionKind:
    """Return the section that an address names."""
    if kind not in SectionKind.values:
        raise Http404
    return SectionKind(kind)


def _last(request: HttpRequest, red: Red) -> BitacoraEdition | None:
    edition = BitacoraEdition.objects.filter(bitacora__red=red).select_related("bitacora").first()
    return _of(red, edition) if edition else None


def _numbered(red: Red, number: int) -> BitacoraEdition:
    rows = BitacoraEdition.objects.select_related("bitacora")
    return _of(red, get_object_or_404(rows, bitacora__red=red, number=number))


def _of(red: Red, edition: BitacoraEdition) -> BitacoraEdition:
    edition.bitacora.red = red
    return edition


def around(request: HttpRequest, red: Red) -> dict[str, Any]:
    """Return what every page of a Bitácora shows beside its text: editions, and what the reader may do."""
    bitacora = Bitacora.objects.filter(red=red).first() or Bitacora(red=red)
    bitacora.red = red
    editions = list(bitacora.editions.defer("snapshot")) if bitacora.pk else []
    for one in editions:
        one.bitacora = bitacora
    return {
        "red": red,
        "city": red.city,
        "bitacora": bitacora,
        "editions": editions,
        "last": editions[0] if editions else None,
        "writes": policies.can_write_bitacora(request.user, red),
    }


def _reading(
    request: HttpRequest, red: Red, edition: BitacoraEdition, *, here: str = "", address: str = "section"
) -> dict[str, Any]:
    """Return what a page of an edition shows; ``here`` is the section read, ``address`` where others lead."""
    context = around(request, red)
    older = [one for one in context["editions"] if one.number < edition.number]
    return {
        **context,
        "edition": edition,
        "older": older[0] if older else None,
        "nav_items": section_steps(red, edition, here=here, address=address),
        "edition_steps": edition_steps(context["editions"], edition),
        "citation": citation(edition),
    }


@require_safe
def bitacora(request: HttpRequest, city: str) -> HttpResponse:
    """Show the last edition by its sections; before there is one, what the directory knows of the actors."""
    red = find_red(request, city)
    edition = _last(request, red)
    if edition is None:
        context = {**around(request, red), "kinds": SectionKind, "actors": actor_map(red)}
        return show(request, "bitacora_silent", context)
    sections = [{**section, "lead": lead_of(section["html"])} for section in edition.sections]
    return show(request, "bitacora", {**_reading(request, red, edition), "sections": sections})


@require_safe
def section(request: HttpRequest, city: str, kind: str) -> HttpResponse:
    """Show one section of the last edition."""
    red = find_red(request, city)
    edition, wanted = _last(request, red), find_kind(kind)
    if edition is None:
        raise Http404
    context = {
        **_reading(request, red, edition, here=wanted),
        "part": edition.section(wanted),
        "place": SectionKind.values.index(wanted) + 1,
        **neighbours(red, edition, wanted),
        "actors": actor_map(red) if wanted == SectionKind.ACTORS else [],
    }
    return show(request, "section", context)


@require_safe
def edition(request: HttpRequest, city: str, number: int) -> HttpResponse:
    """Show an edition whole, at its address for ever."""
    red = find_red(request, city)
    found = _numbered(red, number)
    context = {**_reading(request, red, found, address="edition"), "sections": found.sections}
    return show(request, "edition", context)


@require_safe
def edition_file(request: HttpRequest, city: str, number: int, form: str) -> HttpResponseBase:
    """Send an edition as PDF or Word."""
    found = _numbered(find_red(request, city), number)
    if form == "pdf":
        return send_paper(request, paper.edition(found))
    return send_word(request, word.edition(found), f"bitacora-{slugify(city)}-{number}.docx")


@require_safe
def compare(request: HttpRequest, city: str, old: int, new: int, kind: str = "") -> HttpResponse:
    """Show what changed from one edition to a later one, in all sections or in one; backwards is turned."""
    red = find_red(request, city)
    if old > new:
        return redirect(
            "redip:compare_section" if kind else "redip:compare", city, new, old, *filter(None, [kind])
        )
    if old == new:
        raise Http404
    before, after = _numbered(red, old), _numbered(red, new)
    changes = compare_sections(before.sections, after.sections)
    if kind:
        wanted = find_kind(kind)
        changes = [change for change in changes if change.kind == wanted]
    context = {
        **_reading(request, red, after, here=kind),
        "old": before,
        "changes": [change for change in changes if change.count],
        "unchanged": [change for change in changes if not change.count],
        "part": after.section(kind) if kind else None,
        **(neighbours(red, after, kind, old=before) if kind else {}),
    }
    return show(request, "compare", context)
