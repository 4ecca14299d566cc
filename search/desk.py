"""The pages of the administration where editors say which questions a document answers.

Only of what everybody may read: a question that was typed by one reader must not show another that something
private is there.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.auth import permission_required

from nucleo.pagination import paginate
from search import registry, service, teaching
from search.documents import SearchDocument
from search.hits import label_of
from search.models import Asked
from search.query import Query

TEACH = "search.add_synonymgroup"
"""Permission of who sees what was searched and does something about it."""
SHOWN = 10
"""Results among which editors choose."""
LISTED = 50


@require_safe
@permission_required(TEACH)  # type: ignore[untyped-decorator]
def questions(request: HttpRequest) -> HttpResponse:
    """``/admin/busquedas/preguntas/?q=&otra=``: what has questions; with ``q``, what may answer it."""
    text = _line(request.GET.get("q", ""))
    other = _line(request.GET.get("otra", ""))
    hits = service.search(Query(text=other or text, per_page=SHOWN), AnonymousUser()).hits
    page = paginate(Asked.objects.exclude(questions=""), request.GET.get("pagina"), per_page=LISTED)
    context = {
        "page_title": _("Preguntas que responde cada página"),
        "page_subtitle": text,
        "header_icon": "help",
        "text": text,
        "other": other,
        "hits": [(hit, _address(hit.kind, hit.id, text)) for hit in hits],
        "page": page,
        "rows": [(one, _address(one.kind, one.document)) for one in page],
    }
    return render(request, "search/admin/questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(TEACH)  # type: ignore[untyped-decorator]
def answers(request: HttpRequest, kind: str, document: str) -> HttpResponse:
    """``/admin/busquedas/preguntas/<kind>/<document>/?q=``: its questions, one a line, and ``q``."""
    found = registry.document(kind, document)
    if found is None or not service.is_for_everybody(kind, document):
        raise Http404
    if request.method == "POST":
        return _saved(request, found)
    asked = teaching.asked((kind, document))
    added = _line(request.GET.get("q", ""))
    written = [*asked.lines, *([added] if added and added not in asked.lines else [])]
    return _form(request, found, "\n".join(written), asked)


def _saved(request: HttpRequest, found: SearchDocument) -> HttpResponse:
    written = request.POST.get("preguntas", "")
    name = found.kind, found.id
    try:
        kept = teaching.teach(name, found.full_title, written, seen=request.POST.get("visto", ""))
    except teaching.Unfit as error:
        return _form(request, found, written, None, error=str(error), status=422)
    except teaching.Changed as conflict:
        return _form(request, found, written, conflict.theirs, theirs=conflict.theirs.lines, status=409)
    count = len(kept.lines)
    words = {"count": count, "title": found.title}
    said = ngettext(
        "«%(title)s» responde una pregunta. El buscador ya la está aprendiendo.",
        "«%(title)s» responde %(count)d preguntas. El buscador ya las está aprendiendo.",
        count,
    )
    messages.success(request, (said if count else _("«%(title)s» ya no tiene preguntas.")) % words)
    return redirect("search_questions")


def _form(
    request: HttpRequest,
    found: SearchDocument,
    written: str,
    asked: Asked | None,
    *,
    status: int = 200,
    **said: Any,
) -> HttpResponse:
    context = {
        "page_title": _("Preguntas que responde"),
        "page_subtitle": found.full_title,
        "header_icon": "help",
        "found": found,
        "label": label_of(found),
        "written": written,
        "seen": asked.state if asked else request.POST.get("visto", ""),
        "most": teaching.MOST,
        "longest": teaching.LONGEST,
        **said,
    }
    return render(request, "search/admin/answers.html", context, status=status)


def _line(text: str) -> str:
    return " ".join(text.split())[: teaching.LONGEST]


def _address(kind: str, document: str, text: str = "") -> str:
    return reverse("search_answers", args=[kind, document]) + (f"?q={quote(text)}" if text else "")
