"""How the directory is found: one document an entry, all public.

What a supplier did not agree to publish makes no document, and is authorised again when found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from directorio.models import Center, City, Demand, Institution, Offer, Supplier
from directorio.models.wording import where
from nucleo.folding import fold
from search.documents import PUBLIC, SearchDocument
from search.registry import Place, Source, existing, register, register_labels, register_places

OLD = 0.6
"""Weight of what is over: still found, after what can be used."""
CITIES_KEY = "directorio:cities"
CITIES_KEPT = 60
"""Seconds that the cities which are suggested are kept."""


def _document(entry: Any, **fields: Any) -> SearchDocument:
    updated: dt.datetime = entry.updated_at
    return SearchDocument(
        id=str(entry.pk),
        title=str(entry),
        url=entry.get_absolute_url(),
        audience=frozenset({PUBLIC}),
        updated=updated,
        **fields,
    )


def center(entry: Center) -> Iterable[SearchDocument]:
    """A centre, also found by its partners and by the long name of its modality."""
    partners = [body.name for body in entry.partners.all()] + [body.acronym for body in entry.partners.all()]
    yield _document(
        entry,
        kind="centro",
        summary=_("%(modality)s en %(city)s, %(department)s.")
        % {
            "modality": _("Centro Cemprende") if entry.modality == "cemprende" else "COEE",
            "city": entry.city.name,
            "department": entry.city.department,
        },
        body=" ".join([*partners, entry.address]),
        city=entry.city.slug,
        status="" if entry.is_open else _("Por abrir"),
        keywords=(
            _("centro de empleo y emprendimiento"),
            _("Centro de Orientación para el Empleo y el Emprendimiento"),
        ),
    )


def institution(entry: Institution) -> Iterable[SearchDocument]:
    """An institution by all its names."""
    cities = list(entry.cities.all())
    yield _document(
        entry,
        kind="institucion",
        summary=f"{entry.get_sector_display()}. {where([city.name for city in cities])}.",
        body=entry.description,
        city=cities[0].slug if len(cities) == 1 else "",
        keywords=tuple(name for name in (entry.acronym, *entry.other_names.split("|")) if name),
    )


def offer(entry: Offer) -> Iterable[SearchDocument]:
    """An offer with who gives it and to whom."""
    cities = list(entry.cities.all())
    yield _document(
        entry,
        kind="oferta",
        summary=entry.description,
        body=" ".join([entry.given_by, entry.audience, entry.how_to_get_in, *(city.name for city in cities)]),
        city=cities[0].slug if len(cities) == 1 else "",
        status=_("Cerrada") if entry.is_over else "",
        keywords=(entry.institution.acronym, str(entry.get_chain_link_display())),
        weight=OLD if entry.is_over else 1.0,
    )


def supplier(entry: Supplier) -> Iterable[SearchDocument]:
    """A supplier by what it sells; none without consent."""
    if entry.consent:
        yield _document(
            entry,
            kind="proveedor",
            summary=entry.description or entry.products,
            body=entry.products,
            city=entry.city.slug,
            keywords=(str(entry.get_trade_display()),),
        )


def demand(entry: Demand) -> Iterable[SearchDocument]:
    """A demand by what is wanted."""
    yield _document(
        entry,
        kind="demanda",
        summary=entry.description,
        body=f"{entry.company} {entry.quantity}",
        city=entry.city.slug if entry.city else "",
        status="" if entry.is_open else _("Cerrada"),
        keywords=(str(entry.get_trade_display()),),
        weight=1.0 if entry.is_open else OLD,
    )


def _cities() -> list[tuple[str, str, str]]:
    """Return the name, the folded name and the slug of each city with a centre, in their order."""
    cities = City.objects.filter(centers__isnull=False).distinct()
    return [(city.name, fold(city.name), city.slug) for city in cities]


def places(text: str) -> Iterable[Place]:
    """Give the cities with a centre of which a word begins as ``text`` does.

    Asked for at every letter that anybody types, so the cities are kept: those of a minute ago at most.
    """
    begun = fold(text)
    for name, folded_name, slug in cache.get_or_set(CITIES_KEY, _cities, CITIES_KEPT) or []:
        if folded_name.startswith(begun) or f" {begun}" in folded_name:
            yield Place(name, f"{reverse('search:results')}?ciudad={slug}")


@receiver([post_save, post_delete], sender=City)
@receiver([post_save, post_delete], sender=Center)
def cities_changed(sender: Any, **kwargs: Any) -> None:
    """Have the cities read again; without a shared cache other processes do so within ``CITIES_KEPT``."""
    transaction.on_commit(lambda: cache.delete(CITIES_KEY))


def _authorised(model: type[Model]) -> Callable[[Collection[str], Any], set[str]]:
    def authorised(ids: Collection[str], user: Any) -> set[str]:
        rows: QuerySet[Any] = model._default_manager.visible_to(user)  # type: ignore[attr-defined]
        return existing(rows, ids)

    return authorised


def _register(
    name: str,
    model: type[Model],
    rows: Callable[[], QuerySet[Any]],
    documents: Callable[[Any], Iterable[SearchDocument]],
    titled_by: tuple[str, ...] = (),
) -> None:
    register(
        Source(
            name=name,
            kind=name,
            queryset=rows,
            documents=documents,
            authorised=_authorised(model),
            titled_by=titled_by,
        )
    )


_register(
    "centro",
    Center,
    lambda: Center.objects.select_related("city").prefetch_related("partners"),
    center,
    ("name", "city__name"),
)
_register(
    "institucion",
    Institution,
    lambda: Institution.objects.prefetch_related("cities"),
    institution,
    ("name", "acronym"),
)
_register(
    "oferta",
    Offer,
    lambda: Offer.objects.select_related("institution", "with_institution").prefetch_related("cities"),
    offer,
)
_register("proveedor", Supplier, lambda: Supplier.objects.select_related("city"), supplier)
_register("demanda", Demand, lambda: Demand.objects.select_related("city"), demand)
register_labels("ciudad", lambda slugs: dict(City.objects.filter(slug__in=slugs).values_list("slug", "name")))
register_places(places)
