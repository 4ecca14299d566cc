"""Reading a guide: its first page, its chapters, an old version of either, and the ticks."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guias.actions.reading import follow_guide, mark_read, save_ticks
from guias.models import Chapter, Guide, Version
from guias.views.basket import basket_of
from guias.views.counting import count_reading
from guias.views.lookup import (
    find_chapter,
    find_former,
    find_guide,
    find_living,
    find_living_chapter,
    find_numbered,
)
from guias.views.presenting import ReadingPage
from nucleo.counting import by_a_person


def _show(request: HttpRequest, page: ReadingPage) -> HttpResponse:
    template = "guias/chapter.html" if page.chapter else "guias/guide.html"
    context = {"page": page, "guide": page.guide, "basket": basket_of(request)}
    context["ticks_saved"] = request.GET.get("guardadas", "")
    response = render(request, template, {**context, **page.for_blocks()})
    if request.user.is_authenticated:
        patch_cache_control(response, private=True, no_store=True)
    return response


@require_http_methods(["GET", "HEAD"])
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the five-minute summary and the contents; the chapter itself when there is only one."""
    found, version = find_living(request, slug)
    if version and len(version.chapters) == 1:
        return _chapter(request, found, version, version.chapters[0])
    count_reading(request, version)
    return _show(request, ReadingPage.build(found, version, user=request.user))


@require_http_methods(["GET", "HEAD"])
def chapter(request: HttpRequest, slug: str, chapter: str) -> HttpResponse:
    """Show a chapter of the version in force; from an address of before, go where it is read now.

    That is its new address, or the last version that had it, which says that it is gone. Never for good
    (301): a later version may bring the address back, and browsers would not ask again.
    """
    found, version = find_living(request, slug)
    section = version.chapter(chapter) if version else None
    if section is not None:
        return _chapter(request, found, version, section)
    former = find_former(version, chapter)
    if former.now is not None:
        return redirect("guias:chapter", slug, former.now.slug)
    return redirect("guias:version_chapter", slug, former.version.number, chapter)


def _chapter(request: HttpRequest, guide: Guide, version: Version | None, chapter: Chapter) -> HttpResponse:
    if version is None:
        raise Http404
    page = ReadingPage.build(guide, version, chapter, user=request.user)
    count_reading(request, version, chapter)
    if by_a_person(request) and version.is_published:
        mark_read(user=request.user, version=version, chapter=chapter, again=page.was_opened)
    return _show(request, page)


@require_http_methods(["GET", "HEAD"])
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the first page of a numbered version, for ever; drafts to who edits them."""
    numbered, newest = find_numbered(request, slug, number)
    count_reading(request, numbered)
    page = ReadingPage.build_numbered(numbered, newest, user=request.user)
    return _show(request, page)


@require_http_methods(["GET", "HEAD"])
def old_chapter(request: HttpRequest, slug: str, number: int, chapter: str) -> HttpResponse:
    """Show a chapter of a numbered version, with the way to the same one in the version in force."""
    numbered, newest = find_numbered(request, slug, number)
    section = find_chapter(numbered, chapter)
    count_reading(request, numbered, section)
    page = ReadingPage.build_numbered(numbered, newest, section, user=request.user)
    return _show(request, page)


@require_http_methods(["POST"])
def ticks(request: HttpRequest, slug: str, chapter: str) -> HttpResponse:
    """Keep what was ticked in one list; back to that list, which says so, or a number for the script."""
    found, version = find_living(request, slug)
    section = find_living_chapter(version, chapter)
    back = ReadingPage.chapter_address(found, None, section.slug)
    if not request.user.is_authenticated:
        return redirect_to_login(back)
    posted: Any = request.POST
    count = save_ticks(
        user=request.user,
        guide=found,
        chapter=section,
        checked=posted.getlist("marca"),
        shown=posted.getlist("mostrada"),
    )
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"marcadas": count})
    first = posted.get("lista", "")
    return redirect(f"{back}?{urlencode({'guardadas': first})}#marcas-{quote(first)}" if first else back)


@require_http_methods(["POST"])
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin or stop telling her when the guide changes; back to the guide, or yes or no for the script."""
    found = find_guide(request, slug)
    if not request.user.is_authenticated:
        return redirect_to_login(found.get_absolute_url())
    wanted = request.POST.get("quiere") == "1"
    changed = follow_guide(user=request.user, guide=found, wanted=wanted)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"sigue": wanted})
    if changed:
        said = (
            _("Le avisaremos cuando cambie esta guía.") if wanted else _("Ya no le avisaremos de esta guía.")
        )
        messages.success(request, said)
    return redirect(found)
