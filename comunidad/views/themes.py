"""The front of the forum, and the page of a theme."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comunidad import policies
from comunidad.actions.engagement import follow
from comunidad.filters import Selection
from comunidad.models import Follow, Group, Resource, Theme
from comunidad.tables import brief, person_sub, rows
from comunidad.views.gates import touching
from comunidad.views.lookup import find_theme
from nucleo.pagination import paginate

FEW = 5
"""Waiting questions and groups that the front shows; their lists have them all."""


def _themes() -> list[Theme]:
    people = Prefetch("tutors", queryset=Theme.tutors.field.related_model._default_manager.all())
    return list(Theme.objects.with_counts().prefetch_related(people))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show themes, what waits and groups; with ``?estado=`` or ``?clase=`` the list over all themes."""
    selection = Selection.read(request.GET)
    if selection.is_narrowed:
        return _listing(request, selection)
    seen = Resource.objects.visible_to(request.user).with_people()
    context = {
        "themes": _themes(),
        "waiting": brief(seen.awaiting_tutor()[:FEW]),
        "groups": list(Group.objects.open().with_counts()[:FEW]),
        "moderates": policies.can_see_queue(request.user),
    }
    return render(request, "comunidad/index.html", context)


def _listing(request: HttpRequest, selection: Selection) -> HttpResponse:
    found = selection.apply(Resource.objects.visible_to(request.user).visible()).with_people()
    page = paginate(found, request.GET.get("pagina"))
    context = {
        "page": page,
        "rows": rows(page.object_list, with_theme=True),
        "chips": selection.chips(request.path),
        "states": selection.states(request.path),
        "selection": selection,
        "total": page.paginator.count,
    }
    return render(request, "comunidad/listing.html", context)


@require_safe
def theme(request: HttpRequest, theme: str) -> HttpResponse:
    """Show what was published in a theme, its tutor, and what is asked often."""
    found = find_theme(request, theme)
    selection = Selection.read(request.GET)
    seen = Resource.objects.visible_to(request.user).filter(theme=found)
    page = paginate(selection.apply(seen).with_people(), request.GET.get("pagina"))
    frequent = seen.visible().filter(is_frequent=True).with_people().order_by("-useful_count", "-accepted_at")
    context: dict[str, Any] = {
        "theme": found,
        "people": [
            {"name": str(user), "sub": person_sub(user)}
            for user in found.tutors.filter(is_active=True).select_related("city")
        ],
        "page": page,
        "rows": rows(page.object_list),
        "chips": selection.chips(request.path),
        "states": selection.states(request.path),
        "selection": selection,
        "total": page.paginator.count,
        "frequent": list(frequent[:FEW]),
        "moderates": policies.can_moderate(request.user, found),
        "follows": _follows(request.user, found),
    }
    return render(request, "comunidad/theme.html", context)


def _follows(user: Any, theme: Theme) -> bool:
    return policies.is_signed_in(user) and Follow.objects.filter(user=user, theme=theme).exists()


@require_POST
@touching
def follow_theme(request: HttpRequest, theme: str) -> HttpResponse:
    """Tell the person of what is new in the theme, or stop."""
    found = find_theme(request, theme)
    if not request.user.is_authenticated:
        return redirect_to_login(found.get_absolute_url())
    follow(thing=found, by=request.user, wanted=request.POST.get("quiere") == "1")
    return redirect(found)


def other_kinds() -> list[dict[str, str]]:
    """Return the kinds that have a form of their own, in plain words."""
    return [
        {"kind": "debate", "icon": "messages-square", "label": _("Abrir un debate"),
         "text": _("Para pensar entre varios algo que no tiene una sola respuesta.")},
        {"kind": "nota", "icon": "pencil", "label": _("Contar una experiencia"),
         "text": _("Lo que hicieron en su centro y cómo les fue.")},
        {"kind": "archivo", "icon": "file-text", "label": _("Compartir un archivo"),
         "text": _("Una plantilla, un formato, una presentación.")},
        {"kind": "articulo", "icon": "book-open", "label": _("Empezar un artículo"),
         "text": _("Un texto que después corrigen y completan los demás.")},
        {"kind": "encuesta", "icon": "circle-check", "label": _("Hacer una encuesta"),
         "text": _("Una pregunta con opciones para escoger.")},
    ]  # fmt: skip
