"""Searches in the administration: what people look for and do not find, and the two cures for it.

Editors see what was searched by week, add synonyms, and put a result first for a query; both act at once.
"""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail import hooks
from wagtail.admin.auth import permission_required
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet

from search import alerts, desk, registry, service, tally, teaching
from search.backends import analysis
from search.desk import SHOWN, TEACH
from search.models import MissingGuide, Pin, SynonymGroup
from search.query import Query


class SynonymCreateView(CreateView):  # type: ignore[misc]
    """``?palabras=`` in the address, from a search that found nothing, is the first of the words."""

    def get_initial_form_instance(self) -> SynonymGroup:
        """Return new synonyms that begin with what was searched."""
        words = " ".join(self.request.GET.get("palabras", "").split())[:100]
        return SynonymGroup(words=f"{words}, " if words else "")


class SynonymViewSet(SnippetViewSet):  # type: ignore[misc]
    """Sinónimos."""

    model = SynonymGroup
    icon = "list-ul"
    menu_label = gettext_lazy("Sinónimos")
    list_display = ["words", Column("updated_at", label=gettext_lazy("Cambiado"), sort_key="updated_at")]
    search_fields = ["words"]
    copy_view_enabled = False
    add_view_class = SynonymCreateView
    edit_handler = ObjectList([FieldPanel("words")])


register_snippet(SynonymViewSet)


class SearchesMenuItem(MenuItem):  # type: ignore[misc]
    """For who may teach the search."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether she may."""
        return bool(request.user.has_perm(TEACH))


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def menu_item() -> MenuItem:
    """Put the page in the menu."""
    return SearchesMenuItem(
        gettext_lazy("Búsquedas"), reverse("search_tally"), name="busquedas", icon_name="search", order=260
    )


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def admin_urls() -> list[URLPattern]:
    """Give the pages of ours an address in the administration."""
    return [
        path("busquedas/", searched, name="search_tally"),
        path("busquedas/fijar/", pin, name="search_pin"),
        path("busquedas/falta/", missing, name="search_missing"),
        path("busquedas/preguntas/", desk.questions, name="search_questions"),
        path("busquedas/preguntas/<str:kind>/<str:document>/", desk.answers, name="search_answers"),
    ]


WAYS = {
    "vacias": gettext_lazy("Sin resultado"),
    "sin-abrir": gettext_lazy("Nadie abrió nada"),
    "todas": gettext_lazy("Las más buscadas"),
}


@require_safe
@permission_required(TEACH)  # type: ignore[untyped-decorator]
def searched(request: HttpRequest) -> HttpResponse:
    """``/admin/busquedas/``: what was searched in a week, first what nothing answers."""
    way = request.GET.get("ver", "")
    way = way if way in WAYS else "vacias"
    weeks = tally.weeks()
    asked = request.GET.get("semana", "")
    week = next((one for one in weeks if one.isoformat() == asked), weeks[0] if weeks else None)
    rows = tally.grouped(tally.lines(week, only="" if way == "todas" else way))
    noted = MissingGuide.objects.all()
    waiting = alerts.waiting([key for row in rows for key in row.keys] + [one.key for one in noted])
    context = {
        "page_title": _("Qué buscaron"),
        "header_icon": "search",
        "ways": [(name, label, name == way) for name, label in WAYS.items()],
        "way": way,
        "weeks": [(one, one == week) for one in weeks],
        "week": week,
        "rows": [
            {
                "line": line,
                "others": [other.text for other in line.others],
                "waiting": sum(waiting.get(key, 0) for key in line.keys),
                "noted": any(one.key in line.keys for one in noted),
                "search": f"/buscar/?q={quote(line.text)}",
                "ask": registry.ask_address(line.text),
                "pin": f"{reverse('search_pin')}?q={quote(line.text)}",
            }
            for line in rows
        ],
        "missing": [(one, waiting.get(one.key, 0), registry.write_address(one.text)) for one in noted],
        "pins": Pin.objects.all(),
        "kept": tally.KEPT.days,
    }
    return render(request, "search/admin/searched.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(TEACH)  # type: ignore[untyped-decorator]
def pin(request: HttpRequest) -> HttpResponse:
    """``/admin/busquedas/fijar/?q=``: choose which result comes first for a query.

    The list is what everybody finds (and ``otra`` looks for more), so nothing private can be put first.
    """
    text = " ".join(request.GET.get("q", "").split())[:100]
    key = analysis.key(text)
    if not key:
        raise Http404
    if request.method == "POST" and "quitar" in request.POST:
        teaching.let_go(text)
        messages.success(request, _("Ya nada va de primero por encargo para «%(text)s».") % {"text": text})
        return redirect("search_tally")
    other = request.GET.get("otra", "").strip()
    page = service.search(Query(text=other or text, per_page=SHOWN), AnonymousUser())
    if request.method == "POST":
        chosen = next((h for h in page.hits if f"{h.kind}:{h.id}" == request.POST.get("documento")), None)
        if chosen is not None:
            teaching.put_first(text, (chosen.kind, chosen.id), chosen.title)
            words = {"title": chosen.title, "text": text}
            messages.success(request, _("«%(title)s» va de primera cuando busquen «%(text)s».") % words)
            return redirect("search_tally")
        messages.error(request, _("Ese resultado ya no está. Elija otro."))
    context = {
        "page_title": _("Qué va de primera"),
        "page_subtitle": text,
        "header_icon": "pin",
        "text": text,
        "other": other,
        "hits": page.hits,
        "pinned": Pin.objects.filter(key=key).first(),
    }
    return render(request, "search/admin/pin.html", context)


@require_POST
@permission_required(TEACH)  # type: ignore[untyped-decorator]
def missing(request: HttpRequest) -> HttpResponse:
    """``/admin/busquedas/falta/``: note that a guide about ``q`` is missing, or (``quitar``) is no more."""
    text = " ".join(request.POST.get("q", "").split())[:100]
    key = analysis.key(text)[:200]
    if not key:
        raise Http404
    words = {"text": text}
    if "quitar" in request.POST:
        MissingGuide.objects.filter(key=key).delete()
        messages.success(request, _("«%(text)s» ya no está entre las guías que faltan.") % words)
    else:
        MissingGuide.objects.get_or_create(key=key, defaults={"text": text})
        messages.success(request, _("Anotamos que falta una guía sobre «%(text)s».") % words)
    return redirect("search_tally")
