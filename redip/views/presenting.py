"""What pages share: the tabs of a mesa, what waits for the reader, the threads of a Bitácora. No HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from nucleo import dates
from redip.models import Acta, BitacoraEdition, BitacoraSection, Mesa, Red

TABS = (
    ("mesa", _("Resumen")),
    ("commitments", _("Compromisos")),
    ("actas", _("Actas")),
    ("files", _("Archivos")),
    ("conversation", _("Conversación")),
    ("members", _("Miembros")),
)


def around(mesa: Mesa, tab: str) -> dict[str, Any]:
    """Return the mesa and its tabs, with ``tab`` marked."""
    return {
        "mesa": mesa,
        "tabs": [
            {"href": mesa.address(view), "label": label, "current": view == tab} for view, label in TABS
        ],
    }


def waiting_actas(user: Any) -> set[int]:
    """Return the keys of the actas that ``user`` has still to approve."""
    return set(Acta.objects.awaiting(user).values_list("pk", flat=True))


def saved_meanwhile(current: Acta | BitacoraSection, parts: list[tuple[str, str]]) -> dict[str, Any]:
    """Return what somebody saved while another person wrote the same text, and who it was."""
    who = current.updated_by.display_name if current.updated_by else ""
    return {"who": who, "saved": parts}


def section_steps(red: Red, edition: BitacoraEdition, *, here: str, address: str) -> list[dict[str, Any]]:
    """Return the sections as a thread: written ones full, the one being read now, empty ones hollow.

    ``address`` is ``section``, or ``edition`` for places within the whole document.
    """
    steps = []
    for section in edition.sections:
        kind = section["kind"]
        href = reverse("redip:section", args=[red.city.slug, kind])
        if address == "edition":
            href = f"#{kind}"
        state = "now" if kind == here else "done" if section["text"].strip() else ""
        steps.append({"label": section["title"], "href": href, "state": state})
    return steps


def neighbours(
    red: Red, edition: BitacoraEdition, kind: str, *, old: BitacoraEdition | None = None
) -> dict[str, Any]:
    """Return the sections before and after ``kind`` for the pager; compared with ``old`` when it is given."""
    sections = edition.sections
    place = next(n for n, section in enumerate(sections) if section["kind"] == kind)

    def link(number: int) -> dict[str, str] | None:
        if not 0 <= number < len(sections):
            return None
        city, other = red.city.slug, sections[number]["kind"]
        address = reverse("redip:section", args=[city, other])
        if old is not None:
            numbers = old.number, edition.number
            address = reverse("redip:compare_section", args=[city, *numbers, other])
        return {"href": address, "label": sections[number]["title"]}

    return {"previous": link(place - 1), "next": link(place + 1)}


def edition_steps(editions: Sequence[BitacoraEdition], shown: BitacoraEdition) -> list[dict[str, Any]]:
    """Return the editions as a thread, the newest first, with the one that is shown marked."""
    return [
        {
            "label": _now("Edición %(n)s, %(day)s")
            % {"n": one.number, "day": dates.long_date(one.published_on)},
            "href": one.get_absolute_url(),
            "state": "now" if one.number == shown.number else "done",
        }
        for one in editions
    ]


def citation(edition: BitacoraEdition) -> str:
    """Return how to cite an edition: who, year, title, number, day, address."""
    red = edition.bitacora.red
    return _now("%(red)s (%(year)s). %(title)s, edición %(n)s. Red Cemprende. %(address)s") % {
        "red": red.title,
        "year": edition.published_on.year,
        "title": edition.bitacora,
        "n": edition.number,
        "address": settings.ORIGIN + edition.get_absolute_url(),
    }
