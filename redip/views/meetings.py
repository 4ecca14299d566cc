"""Meetings of a mesa: calling one, answering, taking it to a calendar, and beginning its acta."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redip import policies
from redip.actions.actas import begin_acta
from redip.actions.meetings import answer as keep_answer
from redip.actions.meetings import call_meeting
from redip.enums import Answer
from redip.exports import calendar
from redip.forms import AnswerForm, MeetingForm
from redip.models import Acta, Meeting, Mesa
from redip.tables import acta_state, answered, meeting_facts
from redip.views.lookup import find_in, inside, show
from redip.views.presenting import around


def _meetings(user: Any) -> Any:
    return Meeting.objects.visible_to(user).prefetch_related("agenda")


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new_meeting(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Call a meeting."""
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        starts_at, ends_at = form.moments
        meeting = call_meeting(
            mesa=mesa,
            by=request.user,
            starts_at=starts_at,
            ends_at=ends_at,
            agenda=form.cleaned_data["agenda"],
            place=form.cleaned_data["place"],
            link=form.cleaned_data["link"],
        )
        meeting.mesa = mesa
        if meeting.is_over:
            messages.success(request, _("La reunión quedó anotada. Ya puede escribir el acta."))
        else:
            messages.success(request, _("La reunión quedó convocada. Les avisamos a los miembros."))
        return redirect(meeting)
    return show(request, "new_meeting", {**around(mesa, "actas"), "form": form}, wrong=form.is_bound)


@require_safe
@inside
def meeting(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponse:
    """Show when, where, about what, who comes, and the acta or the way to begin it."""
    found = find_in(mesa, _meetings(request.user), pk)
    answers = list(
        found.answers.select_related("member__user", "member__institution").order_by("answered_at")
    )
    acta = Acta.objects.filter(meeting=found).first()
    if acta is not None:
        acta.mesa = mesa
    seat = policies.membership(request.user, mesa)
    mine = [row.answer for row in answers if seat is not None and row.member_id == seat.pk]
    context = {
        **around(mesa, "actas"),
        "meeting": meeting_facts(found),
        "may_answer": seat is not None and not found.is_over,
        "answer": mine[0] if mine else "",
        "coming": [answered(row.member) for row in answers if row.answer == Answer.YES],
        "absent": [answered(row.member) for row in answers if row.answer == Answer.NO],
        "acta": acta,
        "acta_pill": acta_state(acta) if acta else None,
        "may_begin": acta is None and policies.can_write_acta(request.user, found),
    }
    return show(request, "meeting", context)


@require_POST
@inside
def answer(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponse:
    """Keep whether she comes, and go back to where she answered."""
    found = find_in(mesa, _meetings(request.user), pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        context = {"sentence": _("Diga si va o si no puede."), "back": found.get_absolute_url()}
        return render(request, "422.html", context, status=422)
    said = Answer(form.cleaned_data["answer"])
    keep_answer(meeting=found, by=request.user, answer=said)
    told = _("Lo esperan en la reunión.") if said == Answer.YES else _("La mesa ya sabe que no puede ir.")
    messages.success(request, told)
    return redirect(mesa if request.POST.get("back") == "mesa" else found)


@require_safe
@inside
def ical(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponse:
    """Give the meeting to a calendar."""
    found = find_in(mesa, _meetings(request.user), pk)
    response = HttpResponse(calendar.make(found), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reunion-{found.pk}.ics"'
    return response


@require_POST
@inside
def begin(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponse:
    """Begin the acta of the meeting from its agenda, and go on writing it."""
    found = find_in(mesa, _meetings(request.user), pk)
    acta = begin_acta(meeting=found, by=request.user)
    return redirect(mesa.address("edit_acta" if acta.is_draft else "acta", acta.pk))
