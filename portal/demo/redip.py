"""The networks of the demonstration: public facts of March 2015, and two mesas where its accounts work.

Idempotent: networks are brought back to what the file says; a mesa or a Bitácora where something happened
is left alone, but for a next meeting when the last one is over. It must not put a word, a promise or a
figure in the mouth of a real person or institution: members of the mesas represent none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from nucleo.dates import long_date, month_and_year
from portal.avisos.actions import tell
from portal.avisos.models import NoticeKind
from portal.demo import archivos
from portal.demo.accounts import extra
from portal.demo.directorio import city, institution
from redip.actions.actas import begin_acta, save_acta
from redip.actions.bitacoras import open_bitacora, publish_edition, save_section
from redip.actions.mesas import send_message, share_file
from redip.actions.networks import save_network
from redip.enums import ActaState, Answer, CommitmentState, MesaRole, SectionKind
from redip.models import (
    Acta,
    Bitacora,
    Commitment,
    Meeting,
    Mesa,
    MesaMember,
    MesaMessage,
    Milestone,
    Product,
    ProgressReport,
    Red,
    StageEvidence,
    WorkAxis,
)
from redip.models.networks import sortable
from redip.models.sheets import sheet_of
from search import outbox

DATA = Path(__file__).parent / "data"
HOUR = 9
"""When the meetings of the demonstration begin; they last two hours."""


@transaction.atomic
def load(users: Mapping[str, Any]) -> None:
    """Load the networks, then what the demonstration's accounts do in two mesas and one Bitácora."""
    facts = _read("redip.yaml")
    for place, row in enumerate(facts["redes"], start=1):
        _network(row, place, facts)
    people = dict(users)
    Red.objects.get(city__name="Cartagena").secretaries.add(people["secretaria"])
    for row in _read("redip_mesas.yaml"):
        _inside(row, people)
    _bitacora(_read("redip_bitacora.yaml"), people["secretaria"])


def _read(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


# --- Public facts -------------------------------------------------------------------------------
def _network(row: dict[str, Any], place: int, facts: dict[str, Any]) -> None:
    act = row.get("acto") or {}
    red, _new = Red.objects.update_or_create(
        city=city(row["ciudad"]),
        defaults={
            "name": row.get("nombre", ""),
            "stage": row["etapa"],
            "order": place,
            "scope": row.get("alcance", ""),
            "actors": row.get("actores", ""),
            "space": row.get("espacio", ""),
            "pending": row.get("pendiente", ""),
            "act_kind": act.get("tipo", ""),
            "act_number": act.get("numero", ""),
            "act_date": act.get("fecha"),
            "as_of": facts["corte"],
        },
    )
    for field, key in (
        ("leaders", "lidera"),
        ("secretariat", "secretaria_tecnica"),
        ("institutions", "miembros"),
        ("contacted", "actores_contactados"),
    ):
        getattr(red, field).set(institution(name) for name in row.get(key, []))
    _rows(red, Milestone, "what", [_milestone(one) for one in row.get("hitos", [])])
    _rows(red, Product, "name", _ordered("name", row.get("productos", [])))
    _rows(red, WorkAxis, "name", _ordered("name", row.get("ejes_trabajo", [])))
    evidence = [
        {"what": one["que"], "detail": one.get("detalle", ""), "stage": row["etapa"], "order": n}
        for n, one in enumerate(row.get("sustento", []), start=1)
    ]
    _rows(red, StageEvidence, "what", evidence)
    for n, one in enumerate(row.get("mesas", []), start=1):
        _mesa(red, one, n, facts["eslabones"])
    save_network(red=red)


def _milestone(row: dict[str, Any]) -> dict[str, Any]:
    text = str(row["fecha"])
    day, parts = sortable(text), text.count("-")
    said = {0: str(day.year), 1: month_and_year(day), 2: long_date(day)}[parts]
    return {
        "what": row["que"],
        "when_text": said,
        "sort_date": day,
        "is_planned": row.get("previsto", False),
    }


def _ordered(field: str, names: list[str]) -> list[dict[str, Any]]:
    return [{field: name, "order": n} for n, name in enumerate(names, start=1)]


def _rows(red: Red, model: Any, key: str, wanted: list[dict[str, Any]]) -> None:
    """Make the rows of ``model`` that belong to ``red`` those ``wanted``, known by ``key``."""
    model.objects.filter(red=red).exclude(**{f"{key}__in": [row[key] for row in wanted]}).delete()
    for row in wanted:
        model.objects.update_or_create(red=red, **{key: row[key]}, defaults=row)


def _mesa(red: Red, row: dict[str, Any], place: int, links: dict[str, str]) -> None:
    mesa, _new = Mesa.objects.update_or_create(
        red=red,
        slug=slugify(row["nombre"]),
        defaults={"name": row["nombre"], "link": links[row["eslabon"]], "order": place},
    )
    mesa.leaders.set(institution(name) for name in row.get("lideres", []))


# --- What demonstration accounts do -------------------------------------------------------------
def _inside(row: dict[str, Any], people: dict[str, Any]) -> None:
    mesa = Mesa.objects.select_related("red__city").get(red__city__name=row["ciudad"], name=row["mesa"])
    seats = {one["cuenta"]: _seat(mesa, one, people, row["ciudad"]) for one in row["miembros"]}
    if not mesa.meetings.exists():
        promised = {one["clave"]: one for one in row["compromisos"]}
        for one in row["reuniones"]:
            _meeting(mesa, one, seats, promised)
        for one in row["mensajes"]:
            message = send_message(mesa=mesa, by=seats[one["quien"]].user, text=one["texto"])
            MesaMessage.objects.filter(pk=message.pk).update(sent_at=_moment(one["dias"], 15))
        for one in promised.values():
            _commitment(mesa, one, seats)
        _tell(mesa, [seat.user for seat in seats.values()])
    elif not mesa.meetings.upcoming().exists():
        _meeting(mesa, row["reuniones"][-1], seats, {})
    # A mesa that was loaded before it had them gets its files too: nobody can take one away since.
    shared = set(mesa.files.values_list("name", flat=True))
    for one in row["archivos"]:
        if one["nombre"] not in shared:
            share_file(mesa=mesa, by=seats[one["quien"]].user, upload=archivos.upload(one["nombre"]))
    outbox.queue("mesa", mesa.pk)


def _seat(mesa: Mesa, row: dict[str, Any], people: dict[str, Any], place: str) -> MesaMember:
    name = row["cuenta"]
    if name not in people:
        people[name] = extra(name, row["nombre"], city=place)
    role = MesaRole.COORDINATOR if row.get("coordina") else MesaRole.MEMBER
    seat, _new = MesaMember.objects.get_or_create(
        mesa=mesa,
        user=people[name],
        left_on=None,
        defaults={"role": role, "joined_on": timezone.localdate() - dt.timedelta(90)},
    )
    return seat


def _moment(days: int, hour: int = HOUR) -> dt.datetime:
    day = timezone.localdate() + dt.timedelta(days)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def _meeting(mesa: Mesa, row: dict[str, Any], seats: dict[str, MesaMember], promised: dict[str, Any]) -> None:
    starts_at = _moment(row["dias"])
    meeting = Meeting.objects.create(
        mesa=mesa, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=2), place=row["lugar"]
    )
    for n, point in enumerate(row["agenda"], start=1):
        meeting.agenda.create(order=n, text=point)
    for name in row.get("van", []):
        meeting.answers.create(member=seats[name], answer=Answer.YES)
    if "acta" in row:
        _acta(meeting, row["acta"], seats, promised)


def _acta(
    meeting: Meeting, row: dict[str, Any], seats: dict[str, MesaMember], promised: dict[str, Any]
) -> None:
    """Write the acta; one that is old is approved with the days of then, which no action would give it."""
    writer = seats[row["asisten"][0]].user
    acta = begin_acta(meeting=meeting, by=writer)
    acta = save_acta(
        acta=acta,
        by=writer,
        revision=acta.revision,
        topics=row["temas"],
        decisions=row["decisiones"],
        members=[seats[name].pk for name in row["asisten"]],
    )
    for key in row.get("compromisos", []):
        _commitment(meeting.mesa, promised.pop(key), seats, acta)
    state = row["estado"]
    if state == ActaState.DRAFT:
        return
    days = (timezone.localtime(meeting.starts_at).date() - timezone.localdate()).days
    for n, name in enumerate(row.get("aprobaron", row["asisten"]), start=2):
        acta.attendees.filter(member=seats[name]).update(approved_at=_moment(days + n, 16))
    closed = {}
    if state == ActaState.APPROVED:
        closed = {"approved_at": _moment(days + len(row["asisten"]) + 1, 16), "record": sheet_of(acta)}
    Acta.objects.filter(pk=acta.pk).update(state=state, sent_at=_moment(days + 1, 16), **closed)


def _commitment(
    mesa: Mesa, row: dict[str, Any], seats: dict[str, MesaMember], acta: Acta | None = None
) -> None:
    percent, until = row["avance"], timezone.localdate() + dt.timedelta(row["dias"])
    state = CommitmentState.ON_ITS_WAY if percent else CommitmentState.PENDING
    done = percent == 100
    commitment = Commitment.objects.create(
        mesa=mesa,
        what=row["que"],
        member=seats[row["quien"]],
        until=until,
        state=CommitmentState.DONE if done else state,
        progress=percent,
        acta=acta,
        closed_on=until if done else None,
    )
    if row.get("cuenta"):
        ProgressReport.objects.create(
            commitment=commitment,
            text=row["cuenta"],
            percent=percent,
            state=commitment.state,
            by=seats[row["quien"]].user,
            at=_moment(min(row["dias"], -8), 17),
        )


def _tell(mesa: Mesa, people: list[Any]) -> None:
    """Leave in the page what the portal would have told them; no mail."""
    meeting = mesa.meetings.upcoming().first()
    if meeting is not None:
        tell(
            people=people,
            kind=NoticeKind.MEETING,
            text="Lo convocaron a una reunión",
            detail=f"{mesa.title}, {long_date(meeting.starts_at)}",
            url=meeting.get_absolute_url(),
            key=f"reunion:{meeting.pk}",
            mail=False,
        )
    for acta in mesa.actas.filter(state=ActaState.IN_APPROVAL):
        waited = acta.attendees.filter(approved_at__isnull=True).select_related("member__user")
        tell(
            people=[row.member.user for row in waited if row.member],
            kind=NoticeKind.ACTA,
            text="Un acta espera su aprobación",
            detail=f"{acta.title}. {mesa.title}",
            url=acta.get_absolute_url(),
            key=f"acta:{acta.pk}:{acta.revision}",
            mail=False,
        )


def _bitacora(data: dict[str, Any], by: Any) -> None:
    red = Red.objects.select_related("city").get(city__name=data["ciudad"])
    if Bitacora.objects.filter(red=red, editions__isnull=False).exists():
        return
    bitacora = open_bitacora(red=red)
    for number, edition in enumerate(data["ediciones"], start=1):
        for kind in SectionKind:
            row = data["secciones"][kind.value]
            section = bitacora.sections.get(kind=kind)
            text = row.get("antes", row["texto"]) if number == 1 else row["texto"]
            if section.text != text:
                save_section(section=section, by=by, revision=section.revision, text=text)
        on = timezone.localdate() + dt.timedelta(edition["dias"])
        publish_edition(bitacora=bitacora, by=by, note=edition["nota"], on=on)
