"""The page of each thing: all that is known of it, and what it leads to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from directorio.exports import jsonld
from directorio.filters import CENTERS, DEMANDS, INSTITUTIONS, OFFERS, SUPPLIERS
from directorio.models import Demand, Offer, Supplier
from directorio.policies import can_edit
from directorio.tables import center_place, city_place, freshness_pill, row, term_pill

RELATED = 6
"""Things that a page names of each kind; the list, one link away, has them all."""


def _entry(request: HttpRequest, template: str, entry: Any, **more: Any) -> HttpResponse:
    base = request.build_absolute_uri("/").rstrip("/")
    context = {
        "entry": entry,
        "address": base + entry.get_absolute_url(),
        "json_ld": jsonld.script(jsonld.describe(entry, base)),
        "freshness": freshness_pill(entry),
        "can_edit": can_edit(request.user, entry),
        **more,
    }
    return render(request, f"directorio/{template}.html", context)


def _rows(entries: Any) -> list[Any]:
    return [row(entry) for entry in entries[:RELATED]]


@require_safe
def center(request: HttpRequest, slug: str) -> HttpResponse:
    """A centre, its partners and what there is in its city."""
    found = CENTERS.rows(request.user).prefetch_related("partners", "candidate_partners")
    entry = get_object_or_404(found, slug=slug)
    city = entry.city
    return _entry(
        request,
        "center",
        entry,
        places=[center_place(entry)],
        offers=_rows(
            OFFERS.rows(request.user).filter(pk__in=Offer.objects.in_city(city).current().values("pk"))
        ),
        suppliers=_rows(SUPPLIERS.rows(request.user).filter(city=city)),
    )


@require_safe
def institution(request: HttpRequest, slug: str) -> HttpResponse:
    """An institution, the centres it takes part in and what it offers."""
    entry = get_object_or_404(INSTITUTIONS.rows(request.user), slug=slug)
    centers = CENTERS.rows(request.user)
    offers = OFFERS.rows(request.user)
    return _entry(
        request,
        "institution",
        entry,
        cities=list(entry.cities.all()),
        places=[city_place(city) for city in entry.cities.all()],
        centers=[row(one) for one in centers.filter(pk__in=entry.centers.values("pk"))],
        candidate_centers=[row(one) for one in centers.filter(pk__in=entry.candidate_centers.values("pk"))],
        offers=[row(one) for one in offers.filter(institution=entry) | offers.filter(with_institution=entry)],
    )


@require_safe
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """An offer: for whom, where, until when, how to get in."""
    entry = get_object_or_404(OFFERS.rows(request.user), slug=slug)
    others = OFFERS.rows(request.user).filter(chain_link=entry.chain_link).exclude(pk=entry.pk)
    return _entry(
        request,
        "offer",
        entry,
        cities=list(entry.cities.all()),
        term=term_pill(entry.until, entry.is_over),
        others=_rows(others),
    )


@require_safe
def supplier(request: HttpRequest, slug: str) -> HttpResponse:
    """A supplier: what it sells, how to reach it, which demand it may answer."""
    entry = get_object_or_404(SUPPLIERS.rows(request.user), slug=slug)
    matching = DEMANDS.rows(request.user).filter(pk__in=Demand.objects.matching(entry).values("pk"))
    return _entry(
        request,
        "supplier",
        entry,
        places=[city_place(entry.city)],
        center=CENTERS.rows(request.user).filter(city=entry.city).first(),
        demands=_rows(matching),
    )


@require_safe
def demand(request: HttpRequest, slug: str) -> HttpResponse:
    """A demand: what is wanted and which suppliers may answer it."""
    entry = get_object_or_404(DEMANDS.rows(request.user), slug=slug)
    able = SUPPLIERS.rows(request.user).filter(pk__in=Supplier.objects.matching(entry).values("pk"))
    return _entry(
        request,
        "demand",
        entry,
        term=term_pill(entry.until, not entry.is_open),
        center=CENTERS.rows(request.user).filter(city=entry.city).first() if entry.city else None,
        suppliers=_rows(able),
    )
