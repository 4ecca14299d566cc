"""Forms on paper: the list, and filling one. What is typed goes into the answer and nowhere else."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from guias import policies
from guias.enums import Format
from guias.exports import paper_forms as papers
from guias.filters import PaperFormShelf
from guias.forms.paper_forms import FillForm
from guias.models import ChapterReview, PaperField, PaperForm
from nucleo import files
from nucleo.http import without_token
from nucleo.ratelimit import rate_limited
from nucleo.word_pdf import NotDrawnError

RETRY_AFTER = 30


@require_safe
def paper_forms(request: HttpRequest) -> HttpResponse:
    """Show the forms, narrowed by route and words."""
    shelf = PaperFormShelf(PaperForm.objects.visible_to(request.user), request.GET)
    page = shelf.page(request.GET.get("pagina"))
    return render(request, "guias/paper_forms.html", {"shelf": shelf, "page": page})


def _find(request: HttpRequest, slug: str) -> PaperForm:
    form = get_object_or_404(PaperForm.objects.select_related("guide"), slug=slug)
    if not policies.can_see_paper_form(request.user, form):
        raise Http404
    return form


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
@without_token
@rate_limited("formato", limit=60, seconds=300)
def fill_paper_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for what the form needs; a POST answers with the filled file, and keeps nothing."""
    paper = _find(request, slug)
    data = request.POST if request.method == "POST" else None
    form = FillForm(data, fields=list(paper.fields.all()), user=request.user)
    status = 200
    if data is not None:
        if form.is_valid():
            try:
                return _answer(paper, form, data.get("archivo", ""))
            except NotDrawnError as error:
                form.add_error(None, _sentence(error))
                status = 503
        else:
            status = 422
    response = _page(request, paper, form, status)
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def _page(request: HttpRequest, paper: PaperForm, form: FillForm, status: int) -> HttpResponse:
    used_in = ChapterReview.objects.living().filter(paper_forms=paper).select_related("guide")
    in_order = used_in.order_by("guide__title", "number")
    chapters = sorted(in_order, key=lambda chapter: chapter.guide_id != paper.guide_id)
    guide = paper.guide if paper.guide and policies.can_see_guide(request.user, paper.guide) else None
    if guide and any(chapter.guide_id == guide.pk for chapter in chapters):
        guide = None
    context = {"paper": paper, "form": form, "guide": guide, "chapters": chapters}
    response = render(request, "guias/fill_paper_form.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _sentence(error: NotDrawnError) -> str:
    if error.busy:
        return _("En este momento hay muchas personas haciendo PDF. Espere un minuto, o descárguelo en Word.")
    return _("No se pudo hacer el PDF con lo que escribió. Descárguelo en Word e imprímalo desde ahí.")


@sensitive_variables()
def _answer(paper: PaperForm, form: FillForm, kind: str) -> HttpResponse:
    content = papers.filled_docx(paper, form.values)
    if kind == Format.PDF:
        return as_download(papers.as_pdf(paper, content).content, paper.slug, Format.PDF)
    return as_download(content, paper.slug, Format.DOCX)


def as_download(content: bytes, stem: str, form: Format) -> HttpResponse:
    """Answer with a file that nobody keeps, called ``stem``."""
    response = HttpResponse(content, content_type=form.content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{stem}.{form}") or "attachment"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def blank_paper_form(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """Send the form with lines to write on, by hand or in Word."""
    paper = _find(request, slug)
    if form not in (Format.PDF, Format.DOCX):
        raise Http404
    fields = list(paper.fields.all())
    try:
        content = _blank(paper, fields, form)
    except NotDrawnError as error:
        messages.error(request, _sentence(error))
        return redirect(paper)
    source = paper.source(fields, papers.EDITION)
    return files.send(
        request,
        lambda: io.BytesIO(content),
        size=len(content),
        etag=f"{source[:32]}-{form}",
        name=f"{paper.slug}-{_('en-blanco')}.{form}",
        content_type=Format(form).content_type,
    )


def _blank(paper: PaperForm, fields: list[PaperField], form: str) -> bytes:
    if form == Format.PDF:
        return papers.blank_pdf(paper, fields)
    return papers.filled_docx(paper, papers.blank_values(fields))
