"""How a row of text becomes an institution, a supplier or a centre, and which row it already is.

A kind is recognised by its headers. Every problem of a cell is one Spanish sentence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from directorio.actions import free_slug
from directorio.imports.sheets import Cells
from directorio.models import Center, City, Entry, Institution, LaunchState, Modality, Sector, Supplier, Trade
from directorio.models.nit import normalise
from nucleo.folding import fold

Related = dict[str, list[Model]]


class BadCell(Exception):
    """A cell that cannot be understood; ``str()`` says which and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a file holds. ``needs`` are the headers that tell it apart; ``knows`` those that may come too."""

    name: str
    model: type[Entry]
    needs: frozenset[str]
    knows: frozenset[str]
    find: Callable[[Cells], Entry | None]
    build: Callable[[Cells, Any], Related]
    keys: Callable[[Cells], list[str]]


def _choice(cells: Cells, header: str, choices: list[tuple[str, Any]]) -> str:
    wanted = fold(cells.get(header, ""))
    for value, label in choices:
        if wanted in (value, fold(str(label))):
            return value
    known = ", ".join(str(label) for _value, label in choices)
    raise BadCell(
        _("En «%(header)s» dice «%(value)s». Escriba uno de estos: %(known)s.")
        % {"header": header, "value": cells.get(header, ""), "known": known}
    )


def _city(name: str, header: str) -> City:
    found = City.objects.filter(slug=slugify(name)).first()
    if found is None:
        raise BadCell(
            _("En «%(header)s» dice «%(value)s», que no es una ciudad de la red.")
            % {"header": header, "value": name}
        )
    return found


def _date(cells: Cells, header: str) -> dt.date | None:
    text = cells.get(header, "")
    if not text:
        return None
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text, shape).date()
        except ValueError:
            continue
    raise BadCell(
        _("En «%(header)s» dice «%(value)s». Escriba la fecha así: 2014-08-27 o 27/08/2014.")
        % {"header": header, "value": text}
    )


def _yes(cells: Cells, header: str) -> bool:
    return fold(cells.get(header, "")) in {"si", "s", "x", "1", "true", "verdadero"}


def _parts(cells: Cells, header: str) -> list[str]:
    return [part.strip() for part in cells.get(header, "").split(";") if part.strip()]


def _fill(entry: Any, cells: Cells, fields: Mapping[str, str]) -> None:
    """Copy the text of the columns that the file has; a column it lacks leaves the field as it is."""
    for header, field in fields.items():
        if header in cells:
            setattr(entry, field, cells[header])


# --- Institutions ---------------------------------------------------------------------------------
def _find_institution(cells: Cells) -> Entry | None:
    return Institution.objects.named(cells["institución"]).first() if cells["institución"] else None


def _build_institution(cells: Cells, entry: Any) -> Related:
    entry.name = entry.name or cells["institución"]
    entry.sector = _choice(cells, "sector", Sector.choices)
    _fill(entry, cells, {"sigla": "acronym", "qué hace": "description", "sitio web": "website"})
    entry.slug = entry.slug or free_slug(Institution, entry.acronym or entry.name)
    if "socio implementador" in cells:
        entry.is_implementer = _yes(cells, "socio implementador")
    if "ciudades" not in cells:
        return {}
    names = [name for name in _parts(cells, "ciudades") if fold(name) != "todo el pais"]
    return {"cities": [_city(name, "ciudades") for name in names]}


# --- Suppliers ------------------------------------------------------------------------------------
def _find_supplier(cells: Cells) -> Entry | None:
    rows: QuerySet[Supplier] = Supplier.objects.all()
    if nit := normalise(cells.get("nit", "")):
        return rows.filter(nit=nit).first()
    return rows.filter(name__iexact=cells["proveedor"], city__slug=slugify(cells["ciudad"])).first()


def _build_supplier(cells: Cells, entry: Any) -> Related:
    entry.name = cells["proveedor"]
    entry.city = _city(cells["ciudad"], "ciudad")
    entry.trade = _choice(cells, "sector", Trade.choices)
    _fill(
        entry,
        cells,
        {"quién es": "description", "contacto": "contact_name", "correo": "email", "whatsapp": "whatsapp"},
    )
    entry.products = "\n".join(_parts(cells, "qué vende"))
    if "nit" in cells:
        entry.nit = normalise(cells["nit"])
    if "autoriza" in cells:
        entry.consent = _yes(cells, "autoriza")
    entry.slug = entry.slug or free_slug(Supplier, entry.name)
    return {}


# --- Centres --------------------------------------------------------------------------------------
def _find_center(cells: Cells) -> Entry | None:
    return Center.objects.filter(name__iexact=cells["centro"]).first()


def _build_center(cells: Cells, entry: Any) -> Related:
    entry.name = cells["centro"]
    entry.city = _city(cells["ciudad"], "ciudad")
    entry.modality = _choice(cells, "modalidad", Modality.choices)
    if "apertura" in cells:
        entry.opened_on = _date(cells, "apertura")
    if "lanzamiento" in cells:
        entry.launched_on = _date(cells, "lanzamiento")
        entry.launch_state = LaunchState.LAUNCHED if entry.launched_on else LaunchState.PENDING
    if cells.get("estado del lanzamiento") and not entry.launched_on:
        entry.launch_state = _choice(cells, "estado del lanzamiento", LaunchState.choices)
    _fill(entry, cells, {"dirección": "address", "teléfono": "phone", "correo": "email", "horario": "hours"})
    entry.slug = entry.slug or free_slug(Center, entry.city.slug)
    related: Related = {}
    for header, relation in (("socios", "partners"), ("socios potenciales", "candidate_partners")):
        if header in cells:
            related[relation] = [_institution(name, header) for name in _parts(cells, header)]
    return related


def _institution(name: str, header: str) -> Institution:
    found = Institution.objects.named(name).first()
    if found is None:
        raise BadCell(
            _("En «%(header)s» dice «%(value)s», que no está entre las instituciones. Créela primero.")
            % {"header": header, "value": name}
        )
    return found


KINDS = (
    Kind(
        name="centros",
        model=Center,
        needs=frozenset({"centro", "ciudad", "modalidad"}),
        knows=frozenset(
            {
                "departamento", "divipola", "apertura", "lanzamiento", "estado del lanzamiento", "socios",
                "socios potenciales", "dirección", "teléfono", "correo", "horario",
            }
        ),
        find=_find_center,
        build=_build_center,
        keys=lambda cells: [fold(cells["centro"])],
    ),
    Kind(
        name="proveedores",
        model=Supplier,
        needs=frozenset({"proveedor", "ciudad", "sector", "qué vende"}),
        knows=frozenset(
            {
                "quién es", "contacto", "correo", "whatsapp", "nit", "autoriza", "datos confirmados",
                "de demostración",
            }
        ),
        find=_find_supplier,
        build=_build_supplier,
        keys=lambda cells: [
            key
            for key in (
                normalise(cells.get("nit", "")),
                "" if cells.get("nit") else fold(f"{cells['proveedor']}|{cells['ciudad']}"),
            )
            if key
        ],
    ),
    Kind(
        name="instituciones",
        model=Institution,
        needs=frozenset({"institución", "sector"}),
        knows=frozenset(
            {"sigla", "ciudades", "qué hace", "sitio web", "socio implementador", "datos confirmados"}
        ),
        find=_find_institution,
        build=_build_institution,
        keys=lambda cells: [fold(name) for name in (cells["institución"], cells.get("sigla", "")) if name],
    ),
)  # fmt: skip
"""In the order in which they are tried: each one's own noun tells it apart."""


def sentences(problem: ValidationError, model: type[Model]) -> list[str]:
    """Return the errors of ``full_clean`` as sentences that name the field."""
    found = []
    for field, messages in problem.message_dict.items():
        label = "" if field == "__all__" else str(model._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
        found += [f"{label}: {message}" if label else message for message in messages]
    return found
