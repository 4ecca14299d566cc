"""Networks, mesas and what lies inside them as plain values for components: what a list shows of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, TypedDict

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directorio.models import ChainLink
from nucleo import dates
from nucleo.uploads import LABELS
from redip.enums import ActaState, CommitmentState, Stage
from redip.models import Acta, Commitment, Meeting, Mesa, MesaFile, MesaMember, Milestone, Red
from redip.models.wording import due

LINK_ICONS = {
    ChainLink.TRAINING: "briefcase",
    ChainLink.EMPLOYMENT: "users",
    ChainLink.ENTERPRISE: "sprout",
    ChainLink.MICROFINANCE: "hand-coins",
    ChainLink.MARKETS: "signpost",
    ChainLink.INNOVATION: "waypoints",
    ChainLink.ALLIANCES: "handshake",
    ChainLink.RURAL: "map-pin",
}

AHEAD = dt.timedelta(days=30)
"""How far ahead what falls due is already said to wait."""


class Pill(TypedDict, total=False):
    """A state: tone (``ok``, ``warn`` …), icon and words."""

    tone: str
    icon: str
    text: str


def names(bodies: Iterable[Any]) -> str:
    """Return the names of ``bodies`` as a list in words."""
    found = [str(body) for body in bodies]
    if len(found) < 2:
        return "".join(found)
    return _("%(several)s y %(last)s") % {"several": ", ".join(found[:-1]), "last": found[-1]}


# --- The board ----------------------------------------------------------------------------------
def lane_words(stage: Stage) -> str:
    """Return the sentence below the title of a lane."""
    return {
        Stage.STRENGTHENING: _("Tienen mesas o un acto que las respalda"),
        Stage.FORMATION: _("Convocan actores y preparan su propuesta"),
        Stage.APPROACH: _("Hacen sus primeros contactos"),
    }[stage]


def lanes(networks: Iterable[Red]) -> list[dict[str, Any]]:
    """Return the three lanes, the furthest first, each with its networks; wants ``for_board()``."""
    rows: dict[int, list[dict[str, Any]]] = {stage.value: [] for stage in Stage}
    for red in networks:
        rows[red.stage].append(net(red))
    return [
        {
            "slug": stage.slug,
            "anchor": f"etapa-{stage.slug}",
            "title": stage.label,
            "text": lane_words(stage),
            "count": len(rows[stage.value]),
            "items": rows[stage.value],
        }
        for stage in sorted(Stage, reverse=True)
    ]


def net(red: Red) -> dict[str, Any]:
    """Return a network as the board shows it: who carries it, what was last, what follows, what lacks."""
    milestones = list(red.milestones.all())
    coming = [one for one in milestones if one.is_planned]
    past = [one for one in milestones if not one.is_planned]
    done = "" if coming else (_dated(past[-1]) if past else red.act)
    if not (done or coming) and (contacted := len(red.contacted.all())):
        done = ngettext("%(n)s actor contactado", "%(n)s actores contactados", contacted) % {"n": contacted}
    return {
        "id": red.pk,
        "href": red.get_absolute_url(),
        "name": red.city.name,
        "code": red.city.divipola,
        "stage": red.stage_slug,
        "sub": _carriers(red),
        "last": done,
        "next": _dated(coming[0]) if coming else "",
        "missing": red.pending,
    }


def _dated(milestone: Milestone) -> str:
    if milestone.when_text in milestone.what:
        return milestone.what
    return _("%(what)s (%(when)s)") % {"what": milestone.what, "when": milestone.when_text}


def _carriers(red: Red) -> str:
    mesas = getattr(red, "mesa_count", 0)
    parts = [red.name] if red.name else []
    if mesas:
        parts.append(ngettext("%(n)s mesa", "%(n)s mesas", mesas) % {"n": mesas})
    if not parts and (leaders := names(body.short_name for body in red.leaders.all())):
        parts.append(_("Lidera: %(who)s") % {"who": leaders})
    if not parts and (secretariat := names(body.short_name for body in red.secretariat.all())):
        parts.append(_("Secretaría técnica: %(who)s") % {"who": secretariat})
    return "".join(f"{part}. " for part in parts).strip()


# --- A network ----------------------------------------------------------------------------------
def mesa_row(mesa: Mesa) -> dict[str, Any]:
    """Return what everyone may know of a mesa: name, leaders, link; wants its leaders."""
    leaders = names(body.short_name for body in mesa.leaders.all())
    facts = [_("Lidera: %(who)s") % {"who": leaders}] if leaders else []
    return {
        "kind": "mesa",
        "id": mesa.pk,
        "title": mesa.name,
        "href": mesa.get_absolute_url(),
        "icon": LINK_ICONS[ChainLink(mesa.link)],
        "facts": [*facts, _("Eslabón: %(link)s") % {"link": mesa.get_link_display()}],
    }


def milestone_steps(milestones: Iterable[Milestone]) -> list[dict[str, str]]:
    """Return milestones as a thread: what was, then what follows; the first of that is where they go."""
    found: list[dict[str, str]] = []
    waiting = "now"
    for one in milestones:
        state = waiting if one.is_planned else "done"
        if one.is_planned:
            waiting = ""
        note = one.when_text[:1].upper() + one.when_text[1:]
        if one.is_planned:
            note = _("%(when)s, por venir") % {"when": note}
        found.append({"label": one.what, "note": note, "state": state})
    return found


# --- Inside a mesa ------------------------------------------------------------------------------
def commitment_state(commitment: Commitment) -> Pill:
    """Return the state in words; what is late or due soon says so instead."""
    if commitment.is_late:
        return {"tone": "danger", "icon": "triangle-alert", "text": due(commitment.until)}
    if commitment.is_due_soon:
        return {"tone": "warn", "icon": "clock", "text": due(commitment.until)}
    label = str(commitment.get_state_display())
    if commitment.state == CommitmentState.DONE:
        return {"tone": "ok", "icon": "circle-check", "text": label}
    return {"tone": "", "icon": "clock" if commitment.is_open else "info", "text": label}


def commitment_row(
    commitment: Commitment, *, user: Any, may_report: Callable[[Commitment], bool]
) -> dict[str, Any]:
    """Return a commitment for its component; wants ``with_people()``."""
    mine = bool(commitment.member and commitment.member.user_id == user.pk)
    may = may_report(commitment)
    words = _("Contar cómo voy") if mine else _("Contar cómo va")
    who = _("Usted") if mine else commitment.who
    if commitment.member_id and commitment.institution_id:
        who = f"{who}, {commitment.institution}"
    return {
        "id": commitment.pk,
        "what": commitment.what,
        "href": commitment.get_absolute_url(),
        "who": who,
        "until": commitment.until,
        "progress": commitment.progress,
        "pill": commitment_state(commitment),
        "mine": mine,
        "action": {"href": f"{commitment.get_absolute_url()}#contar", "label": words} if may else None,
    }


def acta_state(acta: Acta, *, waits_for_me: bool = False) -> Pill:
    """Return the state of an acta; that it waits for the reader comes before all."""
    if waits_for_me:
        return {"tone": "warn", "icon": "clock", "text": _("Falta que la apruebe")}
    if acta.state == ActaState.APPROVED:
        return {"tone": "ok", "icon": "lock", "text": _("Aprobada")}
    if acta.state == ActaState.IN_APPROVAL:
        return {"tone": "warn", "icon": "clock", "text": _("En aprobación")}
    return {"tone": "", "icon": "pencil", "text": _("Borrador")}


def acta_row(acta: Acta, *, waits_for_me: bool = False) -> dict[str, Any]:
    """Return an acta with the day of its meeting; wants ``meeting``."""
    return {
        "id": acta.pk,
        "title": acta.title,
        "href": acta.get_absolute_url(),
        "day": timezone.localtime(acta.meeting.starts_at).date(),
        "pill": acta_state(acta, waits_for_me=waits_for_me),
    }


def file_row(file: MesaFile) -> dict[str, Any]:
    """Return a file with its real type, its size and who brought it when."""
    return {
        "id": file.pk,
        "title": file.name,
        "href": file.get_absolute_url(),
        "type": LABELS.get(file.kind, file.kind.upper()),
        "size": file.size,
        "by": str(file.uploaded_by or ""),
        "at": file.uploaded_at,
    }


def meeting_row(meeting: Meeting) -> dict[str, Any]:
    """Return when and where a meeting is, in words."""
    starts = timezone.localtime(meeting.starts_at)
    return {
        "id": meeting.pk,
        "href": meeting.get_absolute_url(),
        "date": starts.date(),
        "end": timezone.localtime(meeting.ends_at).date(),
        "hours": _("%(day)s, %(hours)s")
        % {
            "day": dates.weekday(starts).capitalize(),
            "hours": dates.hours(meeting.starts_at, meeting.ends_at),
        },
        "place": meeting.place,
        "link": meeting.link,
        "is_over": meeting.is_over,
        "facts": [meeting.place] if meeting.place else [],
    }


def meeting_facts(meeting: Meeting) -> dict[str, Any]:
    """Return the same with the points of the agenda; wants them prefetched."""
    return {**meeting_row(meeting), "agenda": [item.text for item in meeting.agenda.all()]}


def person(member: MesaMember) -> dict[str, Any]:
    """Return a member for the ``person`` component; wants ``user`` and ``institution``."""
    sub = member.place
    if member.is_coordinator:
        sub = _("Coordina. %(place)s") % {"place": sub} if sub else _("Coordina")
    since = _("Desde el %(day)s") % {"day": dates.loose(dates.long_date(member.joined_on))}
    return {
        "id": member.pk,
        "name": member.name,
        "role": sub,
        "sub": _line(member.mark, sub),
        "since": _line(member.mark, since),
    }


def answered(member: MesaMember) -> dict[str, str]:
    """Return who answered an invitation for the ``person`` component; wants the same."""
    return {"name": member.name, "sub": _line(member.mark, member.place)}


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


# --- On other pages -----------------------------------------------------------------------------
def stages(networks: Iterable[Red]) -> list[dict[str, Any]]:
    """Return the networks of each stage by name, the furthest stage first; for home."""
    rows: dict[int, list[dict[str, Any]]] = {stage.value: [] for stage in Stage}
    for red in networks:
        found = {"id": red.pk, "name": red.city.name, "code": red.city.divipola}
        rows[red.stage].append({**found, "href": red.get_absolute_url()})
    return [
        {
            "slug": stage.slug,
            "anchor": f"etapa-{stage.slug}",
            "title": stage.label,
            "text": lane_words(stage),
            "count": len(rows[stage.value]),
            "items": rows[stage.value],
        }
        for stage in sorted(Stage, reverse=True)
    ]


class Waiting(TypedDict):
    """One thing that waits for a person: what, where, until when, and the verb that does it."""

    kind: str
    id: int
    title: str
    text: str
    href: str
    action: str
    due: dt.date | None
    pill: Pill
    percent: int | None


def waiting_for(user: Any) -> list[Waiting]:
    """Return what waits for ``user`` in her mesas, the most urgent first; nothing for a visitor.

    Actas that wait for her approval, calls that she has not answered, commitments that are late or fall
    due within a month. Three queries, whatever their number.
    """
    if not getattr(user, "is_authenticated", False):
        return []
    horizon = timezone.localdate() + AHEAD
    owed = Commitment.objects.owed_by(user).filter(until__lte=horizon).select_related("mesa__red__city")
    actas = Acta.objects.awaiting(user).without_text().select_related("mesa__red__city")
    meetings = Meeting.objects.awaiting(user).upcoming().select_related("mesa__red__city")
    found = [_owed(row) for row in owed] + [_unsigned(row) for row in actas]
    found += [_unanswered(row) for row in meetings]
    return sorted(found, key=lambda row: (row["due"] or horizon, row["kind"], row["id"]))


def _where(mesa: Mesa) -> str:
    return _("%(mesa)s, %(city)s") % {"mesa": mesa.title, "city": mesa.red.city.name}


def _owed(commitment: Commitment) -> Waiting:
    return {
        "kind": "compromiso",
        "id": commitment.pk,
        "title": commitment.what,
        "text": _where(commitment.mesa),
        "href": commitment.get_absolute_url(),
        "action": _("Contar cómo voy"),
        "due": commitment.until,
        "pill": {**commitment_state(commitment), "text": due(commitment.until)},
        "percent": commitment.progress,
    }


def _unsigned(acta: Acta) -> Waiting:
    return {
        "kind": "acta",
        "id": acta.pk,
        "title": acta.title,
        "text": _where(acta.mesa),
        "href": acta.get_absolute_url(),
        "action": _("Leer y aprobar"),
        "due": dates.as_day(acta.sent_at) if acta.sent_at else None,
        "pill": acta_state(acta, waits_for_me=True),
        "percent": None,
    }


def _unanswered(meeting: Meeting) -> Waiting:
    facts = {"day": dates.loose(dates.long_date(meeting.starts_at)), "hour": dates.hour(meeting.starts_at)}
    return {
        "kind": "reunion",
        "id": meeting.pk,
        "title": _("Reunión del %(day)s, %(hour)s") % facts,
        "text": _where(meeting.mesa),
        "href": meeting.get_absolute_url(),
        "action": _("Decir si voy"),
        "due": dates.as_day(meeting.starts_at),
        "pill": {"tone": "warn", "icon": "calendar-days", "text": _("Falta que responda")},
        "percent": None,
    }


def next_meeting(user: Any) -> dict[str, Any] | None:
    """Return the next meeting of the mesas where ``user`` sits, with the mesa's name; two queries."""
    if not getattr(user, "is_authenticated", False):
        return None
    rows = Meeting.objects.of_member(user).upcoming().select_related("mesa__red__city")
    meeting = rows.prefetch_related("agenda").first()
    if meeting is None:
        return None
    return {**meeting_facts(meeting), "title": meeting.mesa.title, "city": meeting.mesa.red.city.name}
