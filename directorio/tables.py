"""Each entry as the row that a list shows: plain values for ``components/row.html``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directorio.models import Center, City, Demand, Entry, Freshness, Institution, Offer, Supplier
from directorio.models.wording import where

if TYPE_CHECKING:
    from nucleo.map import Place

PRODUCTS = 3
"""Products that the row of a supplier names."""


class Pill(TypedDict, total=False):
    """A state: tone (``ok``, ``warn`` …) and its words."""

    tone: str
    text: str


class Row(TypedDict, total=False):
    """The parameters of the row component that this app uses."""

    kind: str
    id: int
    title: str
    href: str
    motif: str
    icon: str
    sub: str
    facts: list[str]
    pill: Pill | None
    text: str


def row(entry: Any) -> Row:
    """Return ``entry`` as a row."""
    if isinstance(entry, Center):
        return center_row(entry)
    if isinstance(entry, Institution):
        return institution_row(entry)
    if isinstance(entry, Offer):
        return offer_row(entry)
    if isinstance(entry, Supplier):
        return supplier_row(entry)
    if isinstance(entry, Demand):
        return demand_row(entry)
    raise TypeError(f"no row for {type(entry).__name__}")


def center_row(center: Center) -> Row:
    """A centre by its city; wants ``city`` and, for its partners, ``with_counts()``."""
    facts = [center.phone, center.city.department] if center.phone else [center.city.department]
    if center.opened_on:
        facts.append(_("Abierto desde %(year)s") % {"year": center.opened_on.year})
    if partners := getattr(center, "partner_count", 0):
        facts.append(ngettext("%(n)s socio", "%(n)s socios", partners) % {"n": partners})
    return {
        "kind": "centro",
        "id": center.pk,
        "title": center.city.name,
        "href": center.get_absolute_url(),
        "motif": center.city.divipola,
        "sub": center.name,
        "facts": facts,
        "pill": None if center.is_open else {"tone": "warn", "text": _("Por abrir")},
    }


def institution_row(body: Institution) -> Row:
    """An institution; wants its cities prefetched and ``with_counts()``."""
    cities = list(body.cities.all())
    facts = [body.get_sector_display(), where([city.name for city in cities])]
    if centers := getattr(body, "center_count", 0):
        facts.append(ngettext("Socia de %(n)s centro", "Socia de %(n)s centros", centers) % {"n": centers})
    if offers := getattr(body, "offer_count", 0):
        facts.append(ngettext("%(n)s oferta", "%(n)s ofertas", offers) % {"n": offers})
    found: Row = {
        "kind": "institucion",
        "id": body.pk,
        "title": body.name,
        "href": body.get_absolute_url(),
        "sub": body.acronym,
        "facts": facts,
        "pill": None,
    }
    if len(cities) == 1:
        found["motif"] = cities[0].divipola
    else:
        found["icon"] = "users"
    return found


def offer_row(offer: Offer) -> Row:
    """An offer; wants its institutions and cities."""
    cities = [city.name for city in offer.cities.all()]
    return {
        "kind": "oferta",
        "id": offer.pk,
        "title": offer.title,
        "href": offer.get_absolute_url(),
        "icon": "handshake",
        "sub": offer.given_by,
        "facts": [offer.get_chain_link_display(), where(cities)],
        "pill": term_pill(offer.until, offer.is_over, short=True),
    }


def supplier_row(supplier: Supplier) -> Row:
    """A supplier; wants its city."""
    return {
        "kind": "proveedor",
        "id": supplier.pk,
        "title": supplier.name,
        "href": supplier.get_absolute_url(),
        "motif": supplier.city.divipola,
        "sub": ", ".join(name for name, _text in supplier.product_lines[:PRODUCTS]),
        "facts": [supplier.get_trade_display(), supplier.city.name],
        "pill": freshness_pill(supplier),
    }


def demand_row(demand: Demand) -> Row:
    """A demand; wants its city."""
    facts = [demand.get_trade_display(), demand.city.name if demand.city else _("Cualquier ciudad")]
    return {
        "kind": "demanda",
        "id": demand.pk,
        "title": demand.title,
        "href": demand.get_absolute_url(),
        "icon": "briefcase",
        "sub": demand.company,
        "facts": [*facts, demand.quantity] if demand.quantity else facts,
        "pill": term_pill(demand.until, not demand.is_open, short=True),
    }


def term_pill(until: Any, over: bool, *, short: bool = False) -> Pill | None:
    """Until when, or that it is over; nothing without a term. ``short``: in one line of a row on a phone."""
    from nucleo.dates import long_date

    if until is None:
        return None
    if over:
        return {"text": _("Cerró el %(day)s") % {"day": long_date(until)}}
    words = _("Hasta el %(day)s") if short else _("Abierta hasta el %(day)s")
    return {"tone": "warn", "text": words % {"day": long_date(until)}}


def freshness_pill(entry: Entry) -> Pill:
    """How far the data may be trusted."""
    match entry.freshness:
        case Freshness.CONFIRMED:
            return {"tone": "ok", "text": _("Datos confirmados")}
        case Freshness.STALE:
            return {"tone": "warn", "text": _("Sin confirmar hace más de un año")}
    return {"tone": "warn", "text": _("Sin confirmar")}


def center_place(center: Center) -> Place:
    """A centre as a point of the map; wants its city."""
    from nucleo.map import Place

    city = center.city
    kind = str(center.modality) if center.is_open else "por-abrir"
    return Place(name=city.name, code=city.divipola, lat=city.lat, lon=city.lon, kind=kind)


def city_place(city: City) -> Place:
    """A city as a point of the map, whatever is there."""
    from nucleo.map import Place

    return Place(name=city.name, code=city.divipola, lat=city.lat, lon=city.lon, kind="cemprende")
