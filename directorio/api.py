"""``/api/v1/directorio/…``: the five lists as JSON, with the filters and the order of the pages.

An entry says here what its exported table says; never what people gave in confidence (the NIT).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from directorio.filters import LISTINGS, Listing, Selection
from directorio.models import Center, City, Demand, Institution, Offer, Supplier
from nucleo.api import Paged, Problem, absolute, paged

router = Router(tags=["directorio"])


class CityOut(Schema):
    """A city; ``divipola`` is the code of five digits that DANE gives it, the place its middle (WGS84)."""

    id: str
    nombre: str
    departamento: str
    divipola: str
    latitud: float
    longitud: float


class EntryOut(Schema):
    """What every entry says; ``detalle`` holds what only its kind has. No cities: the whole country."""

    tipo: str
    id: str
    nombre: str
    ciudades: list[CityOut]
    descripcion: str
    direccion: str
    confirmado: dt.date | None
    actualizado: dt.datetime
    detalle: dict[str, Any]


@router.get(
    "/directorio/{lista}",
    response={200: Paged[EntryOut], 404: Problem},
    summary="Los centros, las instituciones, la oferta, los proveedores o la demanda",
)
def entries(request: HttpRequest, lista: str, q: str = "") -> dict[str, object]:
    """One list; takes the parameters of its page (``ciudad``, ``sector``, ``modalidad``…), also repeated."""
    listing = _listing(lista)
    rows = Selection(listing, request.GET, request.user).rows
    return paged(request, _with_related(rows), lambda row: _entry(listing, row))


@router.get(
    "/directorio/{lista}/{slug}", response={200: EntryOut, 404: Problem}, summary="Una entrada del directorio"
)
def entry(request: HttpRequest, lista: str, slug: str) -> EntryOut:
    """One entry, by the name in its address."""
    listing = _listing(lista)
    return _entry(listing, get_object_or_404(_with_related(listing.rows(request.user)), slug=slug))


def _listing(name: str) -> Listing:
    try:
        return LISTINGS[name]
    except KeyError:
        raise Http404 from None


def _with_related(rows: QuerySet[Any]) -> QuerySet[Any]:
    if rows.model is Center:
        return rows.prefetch_related("partners", "candidate_partners")
    return rows


def _entry(listing: Listing, row: Any) -> EntryOut:
    return EntryOut(
        tipo=listing.kind,
        id=row.slug,
        nombre=str(row),
        ciudades=[_city(city) for city in _cities(row)],
        descripcion=getattr(row, "description", ""),
        direccion=absolute(row.get_absolute_url()),
        confirmado=row.confirmed_at,
        actualizado=row.updated_at,
        detalle=DETAILS[type(row)](row),
    )


def _cities(row: Any) -> list[City]:
    if isinstance(row, Institution | Offer):
        return list(row.cities.all())
    return [row.city] if row.city else []


def _city(city: City) -> CityOut:
    return CityOut(
        id=city.slug,
        nombre=city.name,
        departamento=city.department,
        divipola=city.divipola,
        latitud=city.lat,
        longitud=city.lon,
    )


def _center(center: Center) -> dict[str, Any]:
    return {
        "modalidad": center.modality,
        "abierto_desde": center.opened_on,
        "lanzado_el": center.launched_on,
        "lanzamiento": center.launch_state,
        "socios": [body.name for body in center.partners.all()],
        "socios_potenciales": [body.name for body in center.candidate_partners.all()],
        "sede": center.address,
        "telefono": center.phone,
        "correo": center.email,
        "horario": center.hours,
    }


def _institution(body: Institution) -> dict[str, Any]:
    return {
        "sigla": body.acronym,
        "sector": body.sector,
        "sitio_web": body.website,
        "socio_implementador": body.is_implementer,
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "institucion": offer.institution.name,
        "junto_con": offer.with_institution.name if offer.with_institution else "",
        "eslabon": offer.chain_link,
        "para_quien": offer.audience,
        "hasta": offer.until,
        "como_acceder": offer.how_to_get_in,
        "contacto": offer.contact,
    }


def _supplier(supplier: Supplier) -> dict[str, Any]:
    return {
        "sector": supplier.trade,
        "productos": [name for name, _text in supplier.product_lines],
        "contacto": supplier.contact_name,
        "correo": supplier.email,
        "whatsapp": supplier.whatsapp,
        "demostracion": supplier.is_demo,
    }


def _demand(demand: Demand) -> dict[str, Any]:
    return {
        "quien": demand.company,
        "sector": demand.trade,
        "cantidad": demand.quantity,
        "publicada": demand.published_on,
        "hasta": demand.until,
        "correo": demand.email,
        "demostracion": demand.is_demo,
    }


DETAILS: dict[type[Any], Callable[[Any], dict[str, Any]]] = {
    Center: _center,
    Institution: _institution,
    Offer: _offer,
    Supplier: _supplier,
    Demand: _demand,
}
