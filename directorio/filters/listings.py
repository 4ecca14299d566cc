"""The five lists of the directory: what each holds, what it can be asked, what its text search reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directorio.filters.facets import Facet, Text, of_choices, of_cities, of_conditions
from directorio.models import Center, ChainLink, Demand, Institution, Modality, Offer, Sector, Supplier, Trade
from directorio.models.entries import FRESH_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list: ``name`` stands in its address, ``kind`` in the HTML and the search index.

    ``text`` are the fields that its search box reads; ``related_text`` more of them, through relations
    to many. ``browsed_by`` names the facet whose values stand as links above the list. ``rows`` gives
    what ``user`` may see, with what the list and the export show.
    """

    name: str
    kind: str
    title: Text
    one: Text
    many: Text
    search_label: Text
    about: Text
    icon: str
    rows: Callable[[Any], QuerySet[Any]]
    browsed_by: str = ""
    text: tuple[str, ...]
    related_text: tuple[str, ...] = ()
    facets: tuple[Facet, ...] = ()


def _attention() -> dict[str, tuple[Text, Q]]:
    return {
        "abierto": (_("Abierto"), Q(opened_on__isnull=False)),
        "por-abrir": (_("Por abrir"), Q(opened_on__isnull=True)),
    }


def _roles() -> dict[str, tuple[Text, Q]]:
    return {"implementador": (_("Socio implementador"), Q(is_implementer=True))}


def _terms() -> dict[str, tuple[Text, Q]]:
    today = timezone.localdate()
    return {
        "abierta": (_("Abierta"), Q(until__isnull=True) | Q(until__gte=today)),
        "cerrada": (_("Cerrada"), Q(until__lt=today)),
    }


def _freshness() -> dict[str, tuple[Text, Q]]:
    limit = timezone.localdate() - FRESH_FOR
    return {
        "confirmados": (_("Confirmados hace menos de un año"), Q(confirmed_at__gte=limit)),
        "sin-confirmar": (_("Sin confirmar"), Q(confirmed_at__isnull=True) | Q(confirmed_at__lt=limit)),
    }


CENTERS = Listing(
    name="centros",
    kind="centro",
    title=_("Centros"),
    one=_("centro"),
    many=_("centros"),
    search_label=_("Ciudad, centro o institución"),
    about=_("Dónde atienden, desde cuándo y con qué socios."),
    icon="map-pin",
    rows=lambda user: Center.objects.visible_to(user).with_counts().select_related("city"),
    text=("name", "city__name", "city__department"),
    related_text=("partners__name", "partners__acronym"),
    facets=(
        of_choices("modalidad", _("Modalidad"), "modality", Modality.choices),
        of_conditions("atencion", _("Atención"), _attention),
        of_cities(_("Ciudad"), "city", quiet=True),
    ),
)
INSTITUTIONS = Listing(
    name="instituciones",
    kind="institucion",
    title=_("Instituciones"),
    one=_("institución"),
    many=_("instituciones"),
    search_label=_("Nombre o sigla"),
    about=_("Quién hace parte de la red y en qué ciudad."),
    icon="users",
    rows=lambda user: Institution.objects.visible_to(user).with_counts().prefetch_related("cities"),
    text=("name", "acronym", "other_names", "description"),
    related_text=("cities__name",),
    facets=(
        of_choices("sector", _("Sector"), "sector", Sector.choices),
        of_conditions("papel", _("Papel"), _roles),
        of_cities(_("Ciudad"), "cities", "centers__city"),
    ),
)
OFFERS = Listing(
    name="oferta",
    kind="oferta",
    title=_("Oferta programática"),
    one=_("oferta"),
    many=_("ofertas"),
    search_label=_("Programa, institución o ciudad"),
    about=_("Programas para formarse, emplearse o emprender, y cómo entrar."),
    icon="handshake",
    rows=lambda user: (
        Offer.objects.visible_to(user)
        .select_related("institution", "with_institution")
        .prefetch_related("cities")
    ),
    text=("title", "description", "audience", "institution__name", "institution__acronym"),
    related_text=("with_institution__name", "with_institution__acronym", "cities__name"),
    facets=(
        of_choices("eslabon", _("Eslabón"), "chain_link", ChainLink.choices),
        of_choices("sector", _("Sector de quien la da"), "institution__sector", Sector.choices),
        of_conditions("plazo", _("Plazo"), _terms),
        of_cities(_("Ciudad"), "cities", everywhere="cities"),
    ),
)
SUPPLIERS = Listing(
    name="proveedores",
    kind="proveedor",
    title=_("Proveedores"),
    one=_("proveedor"),
    many=_("proveedores"),
    search_label=_("Qué necesita comprar"),
    about=_("Unidades de negocio que la red acompaña, y lo que venden."),
    icon="sprout",
    rows=lambda user: Supplier.objects.visible_to(user).select_related("city"),
    browsed_by="sector",
    text=("name", "products", "description", "city__name"),
    facets=(
        of_choices("sector", _("Sector"), "trade", Trade.choices),
        of_conditions("datos", _("Datos"), _freshness),
        of_cities(_("Ciudad"), "city"),
    ),
)
DEMANDS = Listing(
    name="demanda",
    kind="demanda",
    title=_("Demanda"),
    one=_("demanda"),
    many=_("demandas"),
    search_label=_("Qué vende usted"),
    about=_("Lo que empresas y entidades quieren comprar."),
    icon="briefcase",
    rows=lambda user: Demand.objects.visible_to(user).select_related("city"),
    browsed_by="sector",
    text=("title", "company", "description", "quantity", "city__name"),
    facets=(
        of_choices("sector", _("Sector"), "trade", Trade.choices),
        of_conditions("estado", _("Estado"), _terms),
        of_cities(_("Ciudad"), "city", everywhere="city"),
    ),
)
LISTINGS = {listing.name: listing for listing in (CENTERS, OFFERS, SUPPLIERS, DEMANDS, INSTITUTIONS)}
"""By name in the address, in the order of the tabs."""
