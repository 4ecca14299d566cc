"""The search page, its suggestions and its description for browsers: only HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote, urljoin

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from nucleo import slots
from nucleo.counting import by_a_person, reader_key
from nucleo.http import client_key
from nucleo.ratelimit import rate_limited, too_many
from search import address, alerts, indexing, panels, registry, service, suggesting, tally
from search.backends.plan import MAX_TEXT
from search.nearest import nearest
from search.query import Query


@require_http_methods(["GET", "HEAD"])
def results(request: HttpRequest) -> HttpResponse:
    """``/buscar/``: what was found, with ways to narrow it; an empty form when nothing was asked."""
    query = address.read(request.GET)
    page = service.search(query, request.user)
    if page.total and not page.hits and query.page > page.pages:
        page = service.search(replace(query, page=page.pages), request.user)
    context = {
        "page": page,
        "query": query,
        "too_long": len(request.GET.get("q", "").strip()) > MAX_TEXT,
        "no_days": _no_days(request),
        "entries": panels.entries(page),
        "facets": panels.facets(page),
        "active": panels.active(page),
        "sorts": panels.sorts(page),
        "pagination": panels.pagination(page),
        "base": panels.base(query),
        "corrected": address.write(query, text=page.did_you_mean) if page.did_you_mean else "",
        "exactly": address.write(query, exact=True) if page.did_you_mean or page.near else "",
        "offered": address.write(Query(text=page.offered)) if page.offered else "",
        "unfiltered": (page.unfiltered, address.write(query.without_filters())),
        "narrower": [(word, address.write(Query(text=word))) for word in page.narrower],
        "ask": registry.ask_address(query.text),
        "late": not query.is_blank and not page.engine_down and indexing.is_late(),
    }
    if query.page == 1 and not query.has_filters:
        context["answer"] = slots.render("search_answer", text=query.text)
    if query.text and not page.engine_down and (page.loose or page.related or not page.hits):
        if not page.hits and not page.unfiltered:
            context["subjects"] = nearest(query.text, registry.subjects(query.text))
        context["alert"] = alerts.about(request.user, query.text)
    if by_a_person(request) and query.page == 1 and not query.has_filters and not page.engine_down:
        found = service.found_by_everybody(page)
        tally.note_search(query.text, found=found, who=reader_key(request))
    response = render(request, "search/results.html", context)
    response["Cache-Control"] = "private, no-cache"
    return response


def _no_days(request: HttpRequest) -> list[str]:
    """Return what was written as a day and is none: left out, and said."""
    written = (request.GET.get(name, "").strip() for name in ("desde", "hasta"))
    return [text[:20] for text in written if text and address.day(text) is None]


@csrf_exempt  # a beacon carries no token; all that it does is to count
@require_POST
def opened(request: HttpRequest) -> HttpResponse:
    """``/buscar/elegido/``: a result of this search was opened (``static/js/elegido.js``).

    One that not everybody may read is not counted: editors would learn that there is one.
    """
    text = request.POST.get("q", "")
    kind, _colon, document = request.POST.get("d", "")[:100].partition(":")
    asked_too_often = too_many(f"elegido:{client_key(request)}", limit=60, seconds=60)
    if text and document and not asked_too_often and service.is_for_everybody(kind, document):
        tally.note_opened(text)
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@rate_limited("buscar-avisos", limit=30, seconds=3600)
def awaited(request: HttpRequest) -> HttpResponse:
    """``/buscar/avisos/``: what a person wants to hear of; a POST adds ``q``, or lets go of ``quitar``."""
    if request.method != "POST":
        return render(request, "search/alerts.html", {"alerts": alerts.of(request.user)})
    dropped = request.POST.get("quitar", "")
    if dropped.isdecimal() and len(dropped) < 12:
        if alerts.let_go(user=request.user, pk=int(dropped)):
            messages.success(request, _("Ya no le avisaremos de eso."))
        return redirect("search:awaited")
    try:
        alert = alerts.ask(user=request.user, text=request.POST.get("q", ""))
    except alerts.TooMany:
        sentence = _("Ya espera %(most)d búsquedas. Quite una para pedir otra.") % {"most": alerts.MOST}
        messages.error(request, sentence)
    else:
        if alert is not None:
            words = {"text": alert.text}
            messages.success(request, _("Le avisaremos cuando haya algo sobre «%(text)s».") % words)
    return redirect("search:awaited")


@require_http_methods(["GET", "HEAD"])
def suggestions(request: HttpRequest) -> JsonResponse:
    """``/buscar/sugerencias/?q=&tipo=``: titles this reader may open, and the search for the text itself."""
    query = address.read(request.GET)
    text = query.text
    found: list[dict[str, Any]] = [
        {
            "titulo": one.title,
            "direccion": one.url,
            "tipo": one.kind,
            "etiqueta": one.label,
            "donde": one.where,
        }
        for one in suggesting.suggest(text, request.user, kinds=query.kinds)
    ]
    if text:
        words = _("Buscar «%(text)s» en todo el portal") if query.kinds else _("Buscar «%(text)s»")
        everything = words % {"text": text}
        address_of_all = f"/buscar/?q={quote(text)}"
        found.append(
            {"titulo": everything, "direccion": address_of_all, "tipo": "", "etiqueta": "", "busca": text}
        )
    response = JsonResponse({"q": text, "sugerencias": found})
    # What a membership lets one see ends with it: nothing of it stays in the browser.
    response["Cache-Control"] = (
        "private, no-store" if request.user.is_authenticated else "private, max-age=30"
    )
    patch_vary_headers(response, ["Cookie"])
    return response


@require_http_methods(["GET", "HEAD"])
def browser_suggestions(request: HttpRequest) -> JsonResponse:
    """``/buscar/sugerencias/navegador/?q=``: the same for the address bar of a browser (OpenSearch).

    Only what everybody may read, whoever is signed in: a browser shows and keeps it outside the portal.
    """
    text = address.read(request.GET).text
    found = suggesting.suggest(text, AnonymousUser())
    origin = settings.BASE_URL.rstrip("/")
    told = [
        text,
        [one.title for one in found],
        [one.label for one in found],
        [urljoin(f"{origin}/", one.url) for one in found],
    ]
    response = JsonResponse(told, safe=False, content_type="application/x-suggestions+json")
    response["Cache-Control"] = "public, max-age=60"
    return response


@require_http_methods(["GET", "HEAD"])
def description(request: HttpRequest) -> HttpResponse:
    """``/buscar/opensearch.xml``: lets a browser search here from its address bar."""
    origin = settings.BASE_URL.rstrip("/")
    return render(
        request,
        "search/opensearch.xml",
        {"origin": origin},
        content_type="application/opensearchdescription+xml",
    )
