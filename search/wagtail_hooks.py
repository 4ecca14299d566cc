"""Searches in the administration: what people look for and do not find, and the two cures for it.

Editors see what was searched by week, add synonyms, and put a result first for a query; both act at once.
"""

from __future__ import annotations

from collections.abc import Iterable
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
from wagtail.snippets.views.snippets import CreateView

from nucleo.together import SnippetViewSet
from search import alerts, desk, registry, service, tally, teaching
from search.backends import analysis
from search.desk import SHOWN, TEACH
from search.models import MissingGuide, Pin, PutAway, SynonymGroup
from search.nearest import nearest
from search.query import Query

MOST_AT_ONCE = 100
"""Searches of one line that are put away together: as many as the list has."""


class SynonymCreateView(CreateView):  # type: ignore[misc]
    """``?palabras=`` in the address, from a search that found nothing, is the first of the words."""

    def get_initial_form_instance(self) -> SynonymGroup:
        """Return new synonyms that begin with what was searched."""
        words = " ".join(self.request.GET.get("palabras", "").split())[:100]
        return SynonymGroup(words=f"{words}, " if words else "")


class SynonymViewSet(SnippetViewSet):
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
        path("busquedas/preguntar/", ask, name="search_ask"),
        path("busquedas/apartar/", put_away, name="search_put_away"),
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
    pins = list(Pin.objects.all())
    taught = list(SynonymGroup.objects.all())
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
                "pinned": next((one for one in pins if one.key in line.keys), None),
                "synonyms": [one for one in taught if _says(one, line.keys)],
                "texts": [line.text, *(other.text for other in line.others)],
                "search": f"/buscar/?q={quote(line.text)}",
                "ask": f"{reverse('search_ask')}?q={quote(line.text)}" if registry.ask_address("x") else "",
                "pin": f"{reverse('search_pin')}?q={quote(line.text)}",
            }
            for line in rows
        ],
        "missing": [(one, waiting.get(one.key, 0), registry.write_address(one.text)) for one in noted],
        "pins": pins,
        "away": PutAway.objects.all(),
        "kept": tally.KEPT.days,
    }
    return render(request, "search/admin/searched.html", context)


def _says(group: SynonymGroup, keys: Iterable[str]) -> bool:
    """Whether one of these queries (``analysis.key``) has one of the words of ``group``."""
    members = [analysis.key(member) for member in group.words.split(",")]
    return any(member and f" {member} " in f" {key} " for key in keys for member in members)


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
        messages.success(request, _("Ya no hay un resultado fijo para «%(text)s».") % {"text": text})
        return redirect("search_tally")
    other = request.GET.get("otra", "").strip()
    page = service.search(Query(text=other or text, per_page=SHOWN), AnonymousUser())
    if request.method == "POST":
        chosen = next((h for h in page.hits if f"{h.kind}:{h.id}" == request.POST.get("documento")), None)
        if chosen is not None:
            teaching.put_first(text, (chosen.kind, chosen.id), chosen.title)
            said = _("El resultado «%(title)s» va de primero cuando busquen «%(text)s».")
            messages.success(request, said % {"title": chosen.title, "text": text})
            return redirect("search_tally")
        messages.error(request, _("Ese resultado ya no está. Elija otro."))
    context = {
        "page_title": _("Qué resultado va de primero"),
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


@require_safe
@permission_required(TEACH)  # type: ignore[untyped-decorator]
def ask(request: HttpRequest) -> HttpResponse:
    """``/admin/busquedas/preguntar/?q=``: the form to ask it in the nearest theme.

    Here and not in the list: which theme is nearest takes all themes for each line.
    """
    text = " ".join(request.GET.get("q", "").split())[:100]
    subjects = nearest(text, registry.subjects(text))
    address = subjects[0].ask if subjects else registry.ask_address(text)
    if not text or not address:
        raise Http404
    return redirect(address)


@require_POST
@permission_required(TEACH)  # type: ignore[untyped-decorator]
def put_away(request: HttpRequest) -> HttpResponse:
    """``/admin/busquedas/apartar/``: take the searches ``q`` out of the list, or (``quitar``) back in."""
    texts = [" ".join(text.split())[:100] for text in request.POST.getlist("q")[:MOST_AT_ONCE]]
    keys = {key: text for text in texts if (key := analysis.key(text)[:200])}
    if not keys:
        raise Http404
    words = {"text": texts[0]}
    if "quitar" in request.POST:
        PutAway.objects.filter(key__in=keys).delete()
        messages.success(request, _("«%(text)s» vuelve a la lista.") % words)
    else:
        PutAway.objects.bulk_create(
            [PutAway(key=key, text=text) for key, text in keys.items()], ignore_conflicts=True
        )
        messages.success(request, _("«%(text)s» se quitó de la lista y no vuelve a salir.") % words)
    return redirect("search_tally")
