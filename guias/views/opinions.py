"""¿Le sirvió este capítulo? One tap from it; what was missing, if she wants, on the page that thanks.

What she may still add to her answer is signed in the address and lasts a day: no cookie is needed.
"""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guias.actions.opinions import SAME_DAY, explain_opinion, give_opinion
from guias.forms import OpinionForm
from guias.models import Opinion
from guias.views.lookup import current_version, find_guide, find_living_chapter
from guias.views.presenting import ReadingPage
from nucleo.counting import reader_key
from nucleo.http import without_token
from nucleo.ratelimit import rate_limited

SALT = "guias.opinion"


@without_token
@rate_limited("opinion", limit=60, seconds=3600)
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, slug: str, chapter: str) -> HttpResponse:
    """Take the answer, thank for it, and take what was missing.

    A GET changes nothing: it asks, or thanks for the answer that ``?r=`` signs.
    """
    guide = find_guide(request, slug)
    version = current_version(guide)
    section = find_living_chapter(version, chapter)
    assert version is not None  # a chapter that was found has one
    page = ReadingPage.build(guide, version, section, user=request.user)
    back = ReadingPage.chapter_address(guide, None, section.slug)
    here = reverse("guias:opinion", args=[guide.slug, section.slug])
    given = _signed(request.GET.get("r", ""), version.pk, section.slug)
    if request.method == "POST":
        if given is None:
            answer = request.POST.get("sirvio")
            if answer not in ("si", "no"):
                return _ask(request, page, status=422)
            given = give_opinion(
                version=version,
                chapter=section,
                helped=answer == "si",
                giver=reader_key(request),
                user=request.user,
            )
            token = signing.dumps([given.pk, version.pk, section.slug], salt=SALT)
            return redirect(f"{here}?{urlencode({'r': token})}")
        form = OpinionForm(request.POST, helped=given.helped)
        if not form.is_valid():
            return _thank(request, page, given, form, status=422)
        explain_opinion(opinion=given, lack=form.cleaned_data["falta"], words=form.cleaned_data["palabras"])
        messages.success(request, _("Gracias. Quienes escriben la guía lo van a leer."))
        return redirect(back)
    if given is None:
        return _ask(request, page)
    initial = {"falta": given.lack, "palabras": given.words}
    return _thank(request, page, given, OpinionForm(initial=initial, helped=given.helped))


def _signed(token: str, version: int, chapter: str) -> Opinion | None:
    """Return the answer that ``token`` signs, if it is of this chapter, of today, and not attended to yet."""
    try:
        pk, signed_version, signed_chapter = signing.loads(token, salt=SALT, max_age=SAME_DAY)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if (signed_version, signed_chapter) != (version, chapter):
        return None
    return Opinion.objects.filter(pk=pk, attended_at=None).first()


def _ask(request: HttpRequest, page: ReadingPage, *, status: int = 200) -> HttpResponse:
    context = {"page": page, "guide": page.guide, "unanswered": status == 422}
    return _private(render(request, "guias/opinion_ask.html", context, status=status))


def _thank(
    request: HttpRequest, page: ReadingPage, given: Opinion, form: OpinionForm, *, status: int = 200
) -> HttpResponse:
    context = {"page": page, "guide": page.guide, "opinion": given, "form": form}
    return _private(render(request, "guias/opinion.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
