"""The draft of a Bitácora: who writes it sees what changed, edits sections, and closes the next edition."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nucleo.policies import require
from redip import policies
from redip.actions.bitacoras import NothingToPublish, open_bitacora, publish_edition, save_section
from redip.actions.conflicts import Conflict
from redip.enums import SectionKind
from redip.forms import EditionForm, SectionForm
from redip.models import Bitacora, BitacoraSection, Red
from redip.models.actors import actor_map
from redip.models.changes import lead_of
from redip.views.bitacoras import around, find_kind
from redip.views.lookup import find_red, show
from redip.views.presenting import saved_meanwhile


def writers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a view of the draft: it gets the network, and is called for who writes its Bitácora."""

    @wraps(view)
    def wrapped(request: HttpRequest, city: str, **kwargs: Any) -> HttpResponseBase:
        red = find_red(request, city)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not policies.can_write_bitacora(request.user, red):
            raise Http404
        response = view(request, red, **kwargs)
        patch_cache_control(response, private=True, no_cache=True)
        return response

    return wrapped


def _sections(red: Red) -> list[BitacoraSection]:
    """Return the five sections; those of a network that nobody has written for yet are not stored."""
    kept = {
        row.kind: row
        for row in BitacoraSection.objects.filter(bitacora__red=red).select_related("updated_by")
    }
    empty = Bitacora(red=red)
    return [kept.get(kind) or BitacoraSection(bitacora=empty, kind=kind) for kind in SectionKind]


@require_safe
@writers
def draft(request: HttpRequest, red: Red) -> HttpResponse:
    """Show each section with who wrote last, and whether it differs from the last edition."""
    return _draft(request, red, EditionForm())


def _draft(request: HttpRequest, red: Red, form: EditionForm) -> HttpResponse:
    context = around(request, red)
    edition = context["last"]
    published = {section["kind"]: section["text"] for section in edition.sections} if edition else {}
    sections = _sections(red)
    rows = [
        {"section": row, "differs": row.text != published.get(row.kind, ""), "lead": lead_of(row.html)}
        for row in sections
    ]
    publishes = policies.can_publish_edition(request.user, red)
    context |= {
        "rows": rows,
        "changed": sum(bool(row["differs"]) for row in rows),
        "form": form if publishes else None,
        "next_number": edition.number + 1 if edition else 1,
    }
    return show(request, "draft", context, wrong=form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
@writers
def edit_section(request: HttpRequest, red: Red, kind: str) -> HttpResponse:
    """Write a section; what someone else saved meanwhile is shown beside what was typed (409)."""
    wanted = find_kind(kind)
    if request.method != "POST":
        found = next(row for row in _sections(red) if row.kind == wanted)
        form = SectionForm(initial={"revision": found.revision, "text": found.text})
        return _write(request, red, found, form)
    found = open_bitacora(red=red).sections.get(kind=wanted)
    found.bitacora.red = red
    form = SectionForm(request.POST)
    if not form.is_valid():
        return _write(request, red, found, form, status=422)
    try:
        save_section(
            section=found,
            by=request.user,
            revision=form.cleaned_data["revision"],
            text=form.cleaned_data["text"],
        )
    except Conflict as conflict:
        typed = request.POST.copy()
        typed["revision"] = str(conflict.current.revision)
        return _write(
            request, red, conflict.current, SectionForm(typed), current=conflict.current, status=409
        )
    messages.success(request, _("Guardamos el borrador. Los lectores lo verán en la próxima edición."))
    return redirect("redip:draft", red.city.slug)


def _write(
    request: HttpRequest,
    red: Red,
    section: BitacoraSection,
    form: SectionForm,
    *,
    current: BitacoraSection | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **around(request, red),
        "part": section,
        "form": form,
        **(saved_meanwhile(current, [("", current.text)]) if current else {}),
        "actors": actor_map(red) if section.kind == SectionKind.ACTORS else [],
    }
    return render(request, "redip/edit_section.html", context, status=status)


@require_http_methods(["POST"])
@writers
def publish(request: HttpRequest, red: Red) -> HttpResponse:
    """Close an edition; a second click finds nothing new to close."""
    require(
        policies.can_publish_edition(request.user, red),
        _("Las ediciones las cierra la secretaría técnica de la red."),
    )
    form = EditionForm(request.POST)
    if not form.is_valid():
        return _draft(request, red, form)
    try:
        edition = publish_edition(
            bitacora=open_bitacora(red=red), by=request.user, note=form.cleaned_data["note"]
        )
    except NothingToPublish:
        messages.info(
            request, _("No hay nada nuevo que cerrar: el borrador dice lo mismo que la última edición.")
        )
        return redirect("redip:draft", red.city.slug)
    messages.success(request, _("La edición %(n)s quedó cerrada y publicada.") % {"n": edition.number})
    return redirect("redip:edition", red.city.slug, edition.number)
