"""A mesa: what everyone may know of it, and for insiders what is going on; its conversation and members."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from nucleo.pagination import paginate
from nucleo.policies import require
from nucleo.ratelimit import rate_limited
from redip import policies
from redip.actions.mesas import add_member, remove_member, send_message
from redip.enums import MesaRole
from redip.forms import MemberForm, MessageForm
from redip.models import Acta, Commitment, Meeting, Mesa, MesaFile, MesaMember, MesaMessage
from redip.tables import acta_row, commitment_row, file_row, meeting_facts, names, person
from redip.views.lookup import find_in, find_mesa, inside, show
from redip.views.presenting import around, waiting_actas

FEW = 4
"""Things of each kind that the first page of a mesa shows; its tab has them all."""
PARTS = (
    ("reunion", _lazy("Próxima reunión")),
    ("compromisos", _lazy("Compromisos")),
    ("actas", _lazy("Actas")),
    ("conversacion", _lazy("Conversación")),
    ("bitacora", _lazy("Bitácora")),
    ("archivos", _lazy("Archivos")),
    ("miembros", _lazy("Miembros")),
)
"""The headings of that page, in their order: (id, words)."""


@require_safe
def mesa(request: HttpRequest, city: str, mesa: str) -> HttpResponse:
    """Show the inside to who is inside; to others name, link and leaders."""
    found = find_mesa(request, city, mesa)
    at = policies.Standing(request.user, found)
    if not at.is_inside:
        context = {"mesa": found, "leaders": list(found.leaders.all())}
        return show(request, "mesa_outside", context)
    response = show(request, "mesa", _summary(at))
    response["Cache-Control"] = "private, no-cache"
    return response


def _summary(at: policies.Standing) -> dict[str, Any]:
    user, mesa = at.user, at.mesa
    mine = waiting_actas(user)
    may_report = policies.reports_on(at)
    meeting = Meeting.objects.visible_to(user).filter(mesa=mesa).upcoming().prefetch_related("agenda").first()
    commitments = Commitment.objects.visible_to(user).filter(mesa=mesa).in_order().with_people()[:FEW]
    actas = Acta.objects.visible_to(user).filter(mesa=mesa).without_text().select_related("meeting")[:FEW]
    files = MesaFile.objects.visible_to(user).filter(mesa=mesa).select_related("uploaded_by")[:FEW]
    talk = MesaMessage.objects.visible_to(user).filter(mesa=mesa).select_related("author")[:2]
    members = mesa.members.active().select_related("user", "institution")
    for row in [*actas, *files, *filter(None, [meeting])]:
        row.mesa = mesa
    return {
        **around(mesa, "mesa"),
        "parts": PARTS,
        "leaders": names(body.short_name for body in mesa.leaders.all()),
        "meeting": _with_answer(at, meeting) if meeting else None,
        "commitments": [commitment_row(row, user=user, may_report=may_report) for row in commitments],
        "actas": [acta_row(row, waits_for_me=row.pk in mine) for row in actas],
        "files": [file_row(row) for row in files],
        "talk": list(reversed(talk)),
        "form": MessageForm(),
        "members": [person(row) for row in members[:FEW]],
        "member_count": members.count(),
    }


def _with_answer(at: policies.Standing, meeting: Meeting) -> dict[str, Any]:
    seat = at.seat
    answers = {row.member_id: row.answer for row in meeting.answers.all()}
    return {
        **meeting_facts(meeting),
        "may_answer": seat is not None and not meeting.is_over,
        "answer": answers.get(seat.pk, "") if seat else "",
        "coming": sum(answer == "si" for answer in answers.values()),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("redip-message", limit=30, seconds=600)
@inside
def conversation(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Read what was said, the last first, and say something."""
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        send_message(mesa=mesa, by=request.user, text=form.cleaned_data["text"])
        messages.success(request, _("Su mensaje ya lo ve la mesa."))
        return redirect(mesa.address("conversation"))
    talk = MesaMessage.objects.visible_to(request.user).filter(mesa=mesa).select_related("author")
    context = {
        **around(mesa, "conversation"),
        "form": form,
        "page": paginate(talk, request.GET.get("pagina")),
    }
    return show(request, "conversation", context, wrong=form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def members(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """List who sits at the mesa; who runs it adds people."""
    manages = policies.can_manage_mesa(request.user, mesa)
    form = MemberForm(request.POST or None)
    if request.method == "POST":
        require(manages, _("Agrega miembros quien coordina la mesa o la secretaría técnica."))
        if form.is_valid():
            return _add(request, mesa, form)
    seats = mesa.members.active().select_related("user", "institution")
    context = {
        **around(mesa, "members"),
        "manages": manages,
        "form": form if manages else None,
        "people": [person(seat) for seat in seats],
        "secretaries": list(mesa.red.secretaries.all()),
    }
    return show(request, "members", context, wrong=form.is_bound)


def _add(request: HttpRequest, mesa: Mesa, form: MemberForm) -> HttpResponse:
    seat, new = add_member(
        mesa=mesa,
        by=request.user,
        user=form.cleaned_data["email"],
        institution=form.cleaned_data["institution"],
        role=MesaRole(form.cleaned_data["role"]),
    )
    told = _("%(name)s ya está en la mesa.") if new else _("%(name)s ya estaba: quedó con lo que escribió.")
    messages.success(request, told % {"name": seat.name})
    return redirect(mesa.address("members"))


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def remove(request: HttpRequest, mesa: Mesa, pk: int) -> HttpResponse:
    """Ask, then end a seat; what the person wrote, promised and approved stays."""
    seat = find_in(
        mesa, MesaMember.objects.visible_to(request.user).select_related("user", "institution"), pk
    )
    require(
        policies.can_manage_mesa(request.user, mesa),
        _("Retira miembros quien coordina la mesa o la secretaría técnica."),
    )
    if seat.left_on is not None:
        return redirect(mesa.address("members"))
    if request.method == "POST":
        remove_member(member=seat, by=request.user)
        messages.success(request, _("%(name)s ya no está en la mesa.") % {"name": seat.name})
        return redirect(mesa if seat.user_id == request.user.pk else mesa.address("members"))
    owed = seat.commitments.open().count()
    return show(request, "remove", {**around(mesa, "members"), "person": person(seat), "owed": owed})
