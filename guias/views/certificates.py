"""The check of a course, the certificate, and the page by which anyone knows whether one is real.

Who has the code sees what the paper says and nothing else; she is asked for no account. Codes cannot be
guessed, and are asked for so many times only.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guias.actions.certificates import give_certificate, take_check, withdraw_certificate
from guias.exports import certificate as paper
from guias.forms.check import CheckForm, WithdrawForm
from guias.models import Certificate
from guias.models.certificates import grouped, is_well_typed, progress_of
from guias.models.paper import normal
from guias.policies import courses as policies
from guias.views.courses import find_course, show
from nucleo import files, ratelimit
from nucleo.http import client_key
from nucleo.policies import require

LIMIT, WINDOW = 60, 300
"""Codes that one person may ask for, in so many seconds: a whole class of thirty, twice."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the questions; tell at once which were right, and why."""
    course = find_course(request, slug)
    if not course.check_questions:
        raise Http404
    require(
        policies.can_take_check(request.user, course), _("La comprobación se abre con el curso publicado.")
    )
    form = CheckForm(request.POST or None, course=course)
    context: dict[str, Any] = {"course": course, "form": form}
    if request.method == "POST" and form.is_valid():
        result, answered = take_check(course=course, by=request.user, answers=form.cleaned_data)
        context |= {
            "result": result,
            "answered": answered,
            "passed": course.is_passed_with(result.right, result.total),
            "progress": progress_of(request.user, course),
        }
        return show(request, "check_result", context)
    return show(request, "check", context, status=422 if form.errors else 200)


@require_POST
@login_required
def receive(request: HttpRequest, slug: str) -> HttpResponse:
    """Give her the certificate that she asks for, and show it."""
    certificate = give_certificate(course=find_course(request, slug), to=request.user)
    messages.success(request, _("Este es su certificado. Bájelo y guárdelo."))
    return redirect(certificate)


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Take a code typed by hand."""
    typed = normal(request.GET.get("codigo", ""))
    return redirect("guias:certificate", typed) if typed else _quiet(show(request, "certificate_ask", {}))


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether a certificate is real and still counts: 404 for what nobody gave, or was typed wrong."""
    if ratelimit.too_many(f"certificado:{client_key(request)}", limit=LIMIT, seconds=WINDOW):
        return ratelimit.refuse(request, seconds=WINDOW)
    found = Certificate.objects.typed(code).select_related("course").first()
    if found is None:
        typed = normal(code)
        context = {"unknown": grouped(typed), "well_typed": is_well_typed(typed)}
        return _quiet(show(request, "certificate_ask", context, status=404))
    context = {
        "certificate": found,
        "hers": found.user_id is not None and found.user_id == request.user.pk,
        "teaches": policies.can_teach(request.user, found.course),
    }
    return _quiet(show(request, "certificate", context))


@login_required
@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    """Send the paper to whom it was given; whoever else has the code reads the page."""
    found = get_object_or_404(Certificate.objects.typed(code).select_related("course"))
    require(
        found.user_id == request.user.pk and bool(found.name) and found.is_valid,
        _("El PDF lo baja la persona del certificado, mientras valga."),
    )
    content = paper.make(found)
    response = files.send(
        request,
        lambda: io.BytesIO(content),
        size=len(content),
        etag=hashlib.sha256(content).hexdigest()[:32],
        name=f"certificado-{found.written}.pdf",
        content_type="application/pdf",
    )
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take a certificate back, with the reason that its holder will read."""
    found = get_object_or_404(Certificate.objects.typed(code).select_related("course"))
    require(policies.can_teach(request.user, found.course), _("Lo retira quien dicta el curso."))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdraw_certificate(certificate=found, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("El certificado quedó retirado y le avisamos a la persona."))
        return redirect(found)
    context = {"certificate": found, "course": found.course, "form": form}
    return show(request, "certificate_withdraw", context, status=422 if form.errors else 200)


@login_required
@require_safe
def given(request: HttpRequest, slug: str) -> HttpResponse:
    """List the certificates of a course, for who teaches it."""
    course = find_course(request, slug)
    require(policies.can_teach(request.user, course), _("Los ve quien dicta el curso."))
    return show(request, "certificates", {"course": course, "certificates": course.certificates.all()})


def _quiet(response: HttpResponse) -> HttpResponse:
    """Keep the page out of search engines: a name stands on it."""
    response["X-Robots-Tag"] = "noindex"
    return response
