"""Asking a question, with what was already answered beside it; publishing anything else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from comunidad import policies
from comunidad.actions.posts import post_resource
from comunidad.enums import Kind
from comunidad.forms import FORMS, AskForm
from comunidad.models import Resource, Theme
from comunidad.views.gates import posting, signed_in
from comunidad.views.lookup import find_theme
from comunidad.views.themes import other_kinds
from search import panels, service
from search.query import Query

ANSWERED_BEFORE = 3
LEAST = 8
"""Letters from which a question says enough to look for it."""
PREFILLED = ("titulo", "tema", "texto", "sobre", "sobre_que", "grupo")
HEADINGS = {
    Kind.NOTE: gettext_lazy("Contar una experiencia"),
    Kind.DEBATE: gettext_lazy("Abrir un debate"),
    Kind.ARTICLE: gettext_lazy("Empezar un artículo"),
    Kind.FILE: gettext_lazy("Compartir un archivo"),
    Kind.POLL: gettext_lazy("Hacer una encuesta"),
}
BUTTONS = {
    Kind.NOTE: gettext_lazy("Publicar la nota"),
    Kind.DEBATE: gettext_lazy("Publicar el debate"),
    Kind.ARTICLE: gettext_lazy("Publicar el artículo"),
    Kind.FILE: gettext_lazy("Publicar el archivo"),
    Kind.POLL: gettext_lazy("Publicar la encuesta"),
}


def _answered(text: str, user: Any) -> list[dict[str, Any]]:
    """Return results for what is being asked: messages of the forum and chapters of guides."""
    if len(text.strip()) < LEAST:
        return []
    page = service.search(Query(text=text, kinds=("recurso", "guia"), per_page=ANSWERED_BEFORE), user)
    return [panels.hit(hit) for hit in page.hits]


def _is_answered(hit: dict[str, Any]) -> bool:
    """Whether a result is a question of the forum with its answer."""
    return hit["kind"] == "recurso" and bool(hit["pill"]) and hit["pill"]["tone"] == "ok"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@posting
def ask(request: HttpRequest) -> HttpResponse:
    """Ask. Who sends a question that has answers already sees them once before it is published."""
    if request.method != "POST":
        given = {name: request.GET[name] for name in PREFILLED if request.GET.get(name)}
        form = AskForm(user=request.user, initial=given)
        return _ask_page(request, form, _answered(given.get("titulo", ""), request.user))
    form = AskForm(request.POST, user=request.user)
    found = _answered(request.POST.get("titulo", ""), request.user)
    if not form.is_valid():
        return _ask_page(request, form, found, status=422)
    if not form.cleaned_data["visto"] and any(_is_answered(hit) for hit in found):
        return _ask_page(request, form, found, stop=True)
    posted = post_resource(
        theme=form.cleaned_data["tema"], by=request.user, kind=Kind.QUESTION, **form.values()
    )
    _say(request, posted)
    return redirect(posted)


def _ask_page(
    request: HttpRequest, form: AskForm, hits: list[dict[str, Any]], *, stop: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "hits": hits,
        "stop": stop,
        "about": form["sobre_que"].value() if form["sobre"].value() else "",
        "waits": policies.needs_approval(request.user),
        "field": form["titulo"],
    }
    return render(request, "comunidad/ask.html", context, status=status)


@require_safe
def similar(request: HttpRequest) -> HttpResponse:
    """Show what was already answered, as a piece of the page, while the question is typed."""
    hits = _answered(request.GET.get("titulo", ""), request.user)
    response = render(request, "comunidad/_similar.html", {"hits": hits})
    response["Cache-Control"] = "private, no-store"
    return response


@signed_in
@require_safe
def publish_menu(request: HttpRequest) -> HttpResponse:
    """Choose what to publish and in which theme; the form follows."""
    themes = list(Theme.objects.all())
    kind, theme = request.GET.get("clase", ""), request.GET.get("tema", "")
    if kind in FORMS and any(one.slug == theme for one in themes):
        return redirect("comunidad:publish", theme, kind)
    context = {"themes": themes, "kinds": other_kinds(), "kind": kind, "theme": theme}
    return render(request, "comunidad/publish_menu.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@posting
def publish(request: HttpRequest, theme: str, kind: str) -> HttpResponse:
    """Publish a note, a debate, an article, a file or a poll in a theme."""
    found = find_theme(request, theme)
    if kind not in FORMS:
        raise Http404
    form = FORMS[kind](
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        user=request.user,
        initial={name: request.GET[name] for name in ("titulo", "grupo") if request.GET.get(name)},
    )
    if form.is_valid():
        posted = post_resource(theme=found, by=request.user, kind=Kind(kind), **form.values())
        _say(request, posted)
        return redirect(posted)
    context = {
        "form": form,
        "theme": found,
        "kind": kind,
        "heading": HEADINGS[Kind(kind)],
        "button": BUTTONS[Kind(kind)],
        "waits": policies.needs_approval(request.user),
    }
    return render(request, "comunidad/publish.html", context, status=422 if form.is_bound else 200)


def _say(request: HttpRequest, posted: Resource) -> None:
    if posted.is_held:
        messages.info(
            request,
            _("Quedó guardado. Es su primer mensaje: la tutoría lo revisa y le avisamos cuando aparezca."),
        )
    else:
        messages.success(request, _("Ya está publicado. Le avisamos cuando alguien responda."))
