"""The actor map of a city, drawn from the directory: who is there, and what it does in the network."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from directorio.models import Center, Institution
from redip.models.networks import Red


@dataclass(slots=True)
class Actor:
    """An institution and its parts in the network, the weightiest first."""

    institution: Institution
    parts: list[str] = field(default_factory=list)


def actor_map(red: Red) -> list[tuple[str, list[Actor]]]:
    """Return the actors of the network's city by sector, in the order of the sectors of the directory.

    An actor leads, serves as secretariat, leads a mesa, is a member, partners the centre, was contacted, or
    is simply of the city. Eight queries, whatever their number.
    """
    found: dict[int, Actor] = {}

    def add(body: Institution, part: str) -> None:
        actor = found.setdefault(body.pk, Actor(body))
        if part and part not in actor.parts:
            actor.parts.append(part)

    for body in red.leaders.all():
        add(body, _("Lidera la red"))
    for body in red.secretariat.all():
        add(body, _("Secretaría técnica"))
    for mesa in red.mesas.prefetch_related("leaders"):
        for body in mesa.leaders.all():
            add(body, _("Lidera la mesa %(mesa)s") % {"mesa": mesa.name})
    for body in red.institutions.all():
        add(body, _("Miembro de la red"))
    for center in Center.objects.filter(city=red.city_id).prefetch_related("partners"):
        for body in center.partners.all():
            add(body, _("Socia del centro"))
    for body in red.contacted.all():
        add(body, _("Actor contactado"))
    for body in Institution.objects.filter(cities=red.city_id):
        add(body, "")
    sectors: dict[str, list[Actor]] = {}
    for actor in sorted(found.values(), key=lambda actor: (-len(actor.parts), actor.institution.name)):
        sectors.setdefault(actor.institution.sector, []).append(actor)
    labels = dict(Institution._meta.get_field("sector").choices or [])
    return [(str(label), sectors[value]) for value, label in labels.items() if value in sectors]
