"""The board of cities and the page of one network: what everyone may know."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directorio.models import Center, City
from nucleo.dates import month_and_year
from nucleo.folding import fold
from redip import policies
from redip.models import Bitacora, Mesa, Red
from redip.tables import lanes, mesa_row, milestone_steps, names
from redip.views.lookup import show


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """All cities in three lanes by stage; those with a centre and no network yet stand apart."""
    networks = list(Red.objects.visible_to(request.user).for_board())
    silent = City.objects.visible_to(request.user).filter(red__isnull=True, centers__isnull=False).distinct()
    silent_cities = list(silent.order_by("name"))
    as_of = max((red.as_of for red in networks if red.as_of), default=None)
    own = Mesa.objects.of_member(request.user).select_related("red__city").prefetch_related("leaders")
    context = {
        "own": [mesa_row(mesa) | {"sub": mesa.red.city.name} for mesa in own],
        "lanes": lanes(networks),
        "total": len(networks),
        "silent": silent_cities,
        "cities": sorted([*(red.city for red in networks), *silent_cities], key=lambda city: fold(city.name)),
        "as_of": month_and_year(as_of) if as_of else "",
    }
    return show(request, "board", context)


@require_safe
def network(request: HttpRequest, city: str) -> HttpResponse:
    """How far the network has come and on what that rests; who carries it; mesas, milestones, products."""
    place = get_object_or_404(City.objects.visible_to(request.user), slug=city)
    center = Center.objects.visible_to(request.user).filter(city=place).prefetch_related("partners").first()
    red = (
        Red.objects.visible_to(request.user)
        .filter(city=place)
        .prefetch_related(
            "leaders",
            "secretariat",
            "institutions",
            "contacted",
            "evidence",
            "milestones",
            "products",
            "axes",
        )
        .first()
    )
    if red is None:
        return show(request, "silent", {"city": place, "center": center})
    red.city = place
    mesas = list(red.mesas.visible_to(request.user).prefetch_related("leaders"))
    for mesa in mesas:
        mesa.red = red
    bitacora = Bitacora.objects.visible_to(request.user).filter(red=red).first()
    context = {
        "red": red,
        "city": place,
        "center": center,
        "mesas": [mesa_row(mesa) for mesa in mesas],
        "parts": _parts(red, center),
        "leaders": names(red.leaders.all()),
        "evidence": [one for one in red.evidence.all() if one.stage == red.stage],
        "milestones": milestone_steps(red.milestones.all()),
        "bitacora": bitacora,
        "edition": bitacora.editions.first() if bitacora else None,
        "writes": policies.can_write_bitacora(request.user, red),
        "partners": names(center.partners.all()) if center else "",
        "example": _with_products(request, red),
        "as_of": month_and_year(red.as_of) if red.as_of else "",
    }
    return show(request, "network", context)


def _parts(red: Red, center: Center | None) -> list[tuple[str, str]]:
    """Return the headings of the page of a network, in their order: (id, words)."""
    parts = [
        ("etapa", _("En qué etapa va"), True),
        ("mesas", _("Mesas"), True),
        ("bitacora", _("Bitácora"), True),
        ("ejes", _("Ejes de trabajo"), red.axes.all()),
        ("hitos", _("Hitos y lo que sigue"), red.milestones.all()),
        ("productos", _("Productos"), True),
        ("actores", _("Quiénes participan"), red.actors or red.contacted.all() or red.institutions.all()),
        ("secretaria", _("Secretaría técnica"), red.secretariat.all()),
        ("acto", _("Acto que la respalda"), red.act),
        ("centro", _("Centro de la ciudad"), center),
    ]
    return [(anchor, words) for anchor, words, there in parts if there]


def _with_products(request: HttpRequest, red: Red) -> Red | None:
    """Return a network whose products can be looked at while this one shows none."""
    if red.products.all():
        return None
    others = Red.objects.visible_to(request.user).filter(products__isnull=False).exclude(pk=red.pk)
    return others.select_related("city").order_by("-stage", "order").first()
