"""Which columns each list has when it leaves as a table. Never what people gave in confidence (NIT)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from directorio.models import Center, Demand, Institution, Offer, Supplier

CHUNK = 500
"""Rows held in memory while a table is streamed."""

Row = list[object]


def _names(related: Any) -> str:
    return "; ".join(str(one) for one in related.all())


def _center(center: Center) -> Row:
    return [
        center.name,
        center.city.name,
        center.city.department,
        center.city.divipola,
        center.get_modality_display(),
        center.opened_on,
        center.launched_on,
        center.get_launch_state_display(),
        _names(center.partners),
        _names(center.candidate_partners),
        center.address,
        center.phone,
        center.email,
        center.hours,
    ]


def _institution(body: Institution) -> Row:
    return [
        body.name,
        body.acronym,
        body.get_sector_display(),
        _names(body.cities) or _("Todo el país"),
        body.is_implementer,
        body.description,
        body.website,
        body.confirmed_at,
    ]


def _offer(offer: Offer) -> Row:
    return [
        offer.title,
        offer.institution.name,
        offer.with_institution.name if offer.with_institution else "",
        offer.get_chain_link_display(),
        _names(offer.cities) or _("Todo el país"),
        offer.description,
        offer.audience,
        offer.until,
        offer.how_to_get_in,
        offer.contact,
    ]


def _supplier(supplier: Supplier) -> Row:
    return [
        supplier.name,
        supplier.city.name,
        supplier.get_trade_display(),
        "; ".join(name for name, _text in supplier.product_lines),
        supplier.description,
        supplier.contact_name,
        supplier.email,
        supplier.whatsapp,
        supplier.confirmed_at,
        supplier.is_demo,
    ]


def _demand(demand: Demand) -> Row:
    return [
        demand.title,
        demand.company,
        demand.get_trade_display(),
        demand.quantity,
        demand.city.name if demand.city else _("Cualquier ciudad"),
        demand.description,
        demand.published_on,
        demand.until,
        demand.email,
        demand.is_demo,
    ]


def header(model: type[Model]) -> Row:
    """Return the words over the columns of ``model``."""
    headers: dict[type[Model], Row] = {
        Center: [
            _("Centro"), _("Ciudad"), _("Departamento"), _("DIVIPOLA"), _("Modalidad"), _("Apertura"),
            _("Lanzamiento"), _("Estado del lanzamiento"), _("Socios"), _("Socios potenciales"),
            _("Dirección"), _("Teléfono"), _("Correo"), _("Horario"),
        ],
        Institution: [
            _("Institución"), _("Sigla"), _("Sector"), _("Ciudades"), _("Socio implementador"), _("Qué hace"),
            _("Sitio web"), _("Datos confirmados"),
        ],
        Offer: [
            _("Oferta"), _("Institución"), _("Junto con"), _("Eslabón"), _("Ciudades"), _("Qué ofrece"),
            _("Para quién"), _("Hasta"), _("Cómo acceder"), _("Contacto"),
        ],
        Supplier: [
            _("Proveedor"), _("Ciudad"), _("Sector"), _("Qué vende"), _("Quién es"), _("Contacto"),
            _("Correo"), _("WhatsApp"), _("Datos confirmados"), _("De demostración"),
        ],
        Demand: [
            _("Qué busca"), _("Quién lo busca"), _("Sector"), _("Cantidad"), _("Ciudad"), _("Detalle"),
            _("Publicada"), _("Abierta hasta"), _("Correo"), _("De demostración"),
        ],
    }  # fmt: skip
    return headers[model]


_ROWS: dict[type[Model], Callable[[Any], Row]] = {
    Center: _center,
    Institution: _institution,
    Offer: _offer,
    Supplier: _supplier,
    Demand: _demand,
}
_RELATED = {
    Center: ("partners", "candidate_partners"),
    Institution: ("cities",),
    Offer: ("cities",),
}


def rows(entries: QuerySet[Any]) -> Iterator[Row]:
    """Yield the cells of each entry, reading :data:`CHUNK` entries at a time."""
    model = entries.model
    with_related = entries.prefetch_related(None).prefetch_related(*_RELATED.get(model, ()))
    for entry in with_related.iterator(chunk_size=CHUNK):
        yield _ROWS[model](entry)
