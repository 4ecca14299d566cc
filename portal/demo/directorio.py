"""Loads the directory of the demonstration: public facts of March 2015 and marked sample rows.

Idempotent: rows are found by their slug and brought back to what the files say. What it must not do is
invent: suppliers and demands are made from no real company and carry ``is_demo``.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from directorio.actions.index import queue_entry
from directorio.models import (
    Center,
    City,
    Demand,
    Institution,
    LaunchState,
    Modality,
    Offer,
    Sector,
    Supplier,
)

DATA = Path(__file__).parent / "data"
SECTORS = {
    "público": Sector.PUBLIC,
    "privado": Sector.PRIVATE,
    "gremio": Sector.GUILD,
    "caja de compensación": Sector.FAMILY_FUND,
    "academia": Sector.ACADEMIA,
    "ONG o fundación": Sector.NGO,
    "cooperación": Sector.COOPERATION,
    "red": Sector.NETWORK,
}
LAUNCH_STATES = {"pendiente": LaunchState.PENDING, "no aplica": LaunchState.NOT_APPLICABLE}
DEMO_CONTACT = "centro@demo.example"


@transaction.atomic
def load() -> None:
    """Load cities, institutions, centres, offers, suppliers and demands; again changes nothing."""
    _cities()
    _institutions()
    _centers()
    _offers()
    _suppliers()
    _demands()


def institution(name: str) -> Institution:
    """The institution that goes by ``name`` in the data files (name, acronym or other name)."""
    return Institution.objects.named(name).get()


def city(name: str) -> City:
    """The city called ``name``."""
    return City.objects.get(name=name)


def _rows(file: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((DATA / file).read_text(encoding="utf-8"))
    return rows


def _named(names: list[str] | None) -> list[Institution]:
    return [institution(name) for name in names or []]


def _in(names: list[str] | None) -> list[City]:
    return list(City.objects.filter(name__in=names or []))


def _cities() -> None:
    for row in _rows("ciudades.yaml"):
        City.objects.update_or_create(
            slug=slugify(row["nombre"]),
            defaults={
                "name": row["nombre"],
                "divipola": row["divipola"],
                "department": row["departamento"],
                "lat": row["lat"],
                "lon": row["lon"],
            },
        )


def _institutions() -> None:
    for row in _rows("instituciones.yaml"):
        body, _new = Institution.objects.update_or_create(
            slug=slugify(row.get("sigla") or row["nombre"]),
            defaults={
                "name": row["nombre"],
                "acronym": row.get("sigla", ""),
                "other_names": f"|{'|'.join(row['tambien'])}|" if row.get("tambien") else "",
                "sector": SECTORS[row["sector"]],
                "is_implementer": row.get("implementador", False),
            },
        )
        body.cities.set(_in(row.get("ciudades")))
        queue_entry(body)


def _centers() -> None:
    for row in _rows("centros.yaml"):
        place = city(row["ciudad"])
        modality = Modality(row["modalidad"].lower())
        kind = "Centro Cemprende" if modality is Modality.CEMPRENDE else "COEE"
        center, _new = Center.objects.update_or_create(
            slug=place.slug,
            defaults={
                "city": place,
                "name": row.get("nombre") or f"{kind} de {place.name}",
                "modality": modality,
                "opened_on": row["apertura"],
                "launched_on": row["lanzamiento"],
                "launch_state": LAUNCH_STATES.get(row.get("estado_lanzamiento", ""), LaunchState.LAUNCHED),
            },
        )
        center.partners.set(_named(row.get("socios")))
        center.candidate_partners.set(_named(row.get("potenciales")))
        queue_entry(center)


def _offers() -> None:
    for row in _rows("oferta.yaml"):
        offer, _new = Offer.objects.update_or_create(
            slug=slugify(row["titulo"]),
            defaults={
                "institution": institution(row["institucion"]),
                "with_institution": institution(row["con"]) if row.get("con") else None,
                "title": row["titulo"],
                "description": row["que"],
                "audience": row.get("para_quien", ""),
                "chain_link": row["eslabon"],
            },
        )
        offer.cities.set(_in(row.get("ciudades")))
        queue_entry(offer)


def _suppliers() -> None:
    today = timezone.localdate()
    for row in _rows("proveedores.yaml"):
        days = row.get("confirmado")
        kept = {
            "name": row["nombre"],
            "city": city(row["ciudad"]),
            "trade": row["sector"],
            "products": "\n".join(row["vende"]),
            "description": row["descripcion"],
            "email": DEMO_CONTACT,
            "consent": True,
            "is_demo": True,
        }
        confirmed = today - dt.timedelta(days) if days is not None else None
        supplier, _new = Supplier.objects.update_or_create(
            slug=slugify(row["nombre"]),
            defaults=kept,
            create_defaults={**kept, "confirmed_at": confirmed},
        )
        queue_entry(supplier)


def _demands() -> None:
    today = timezone.localdate()
    for row in _rows("demanda.yaml"):
        days = row.get("dias")
        kept = {
            "company": row["quien"],
            "title": row["titulo"],
            "trade": row["sector"],
            "city": city(row["ciudad"]) if row.get("ciudad") else None,
            "description": row["detalle"],
            "quantity": row["cantidad"],
            "email": DEMO_CONTACT,
            "is_demo": True,
        }
        dates = {
            "published_on": today - dt.timedelta(20),
            "until": today + dt.timedelta(days) if days is not None else None,
        }
        demand, _new = Demand.objects.update_or_create(
            slug=slugify(row["titulo"]), defaults=kept, create_defaults={**kept, **dates}
        )
        queue_entry(demand)
