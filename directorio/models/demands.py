"""Demand: goods and services that companies and bodies want to buy, by productive sector."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directorio.models.entries import Entry
from directorio.models.places import City
from directorio.models.trades import Trade

if TYPE_CHECKING:
    from directorio.models.suppliers import Supplier


class DemandQuerySet(models.QuerySet["Demand"]):
    """Reads of demands."""

    def visible_to(self, user: object) -> DemandQuerySet:
        """Demands are public, also the closed ones: they say so."""
        return self.all()

    def open(self, today: dt.date | None = None) -> DemandQuerySet:
        """Those that can still be answered."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=today or timezone.localdate()))

    def matching(self, supplier: Supplier) -> DemandQuerySet:
        """Open demands that ``supplier`` may answer: its trade, in its city or in any."""
        here = Q(city_id=supplier.city_id) | Q(city__isnull=True)
        return self.open().filter(here, trade=supplier.trade)

    def with_counts(self) -> DemandQuerySet:
        """Add ``supplier_count``: published suppliers of the same trade, in its city when it names one."""
        from directorio.models.suppliers import Supplier

        able = Supplier.objects.filter(consent=True, trade=models.OuterRef("trade")).order_by()
        here = able.filter(city=models.OuterRef("city"))
        count = Case(When(city__isnull=True, then=_how_many(able)), default=_how_many(here))
        return self.annotate(supplier_count=Coalesce(count, 0))


def _how_many(rows: models.QuerySet[Supplier]) -> models.Subquery:
    """Return the number of ``rows`` (all of one trade) as a subquery; null when there are none."""
    return models.Subquery(rows.values("trade").annotate(n=models.Count("pk")).values("n"))


class Demand(Entry):
    """What someone wants to buy, how much, where and until when."""

    company = models.CharField(_("quién lo busca"), max_length=160)
    title = models.CharField(
        _("qué busca"), max_length=160, help_text=_("Por ejemplo: dotación de trabajo para una planta.")
    )
    slug = models.SlugField(_("dirección en el portal"), max_length=160, unique=True)
    trade = models.CharField(_("sector"), max_length=14, choices=Trade.choices)
    description = models.TextField(_("detalle"), blank=True)
    quantity = models.CharField(_("cantidad"), max_length=120, blank=True)
    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("ciudad"),
        related_name="demands",
        help_text=_("Vacío si sirve de cualquier ciudad."),
    )
    until = models.DateField(
        _("abierta hasta"), null=True, blank=True, help_text=_("Vacío si no tiene plazo.")
    )
    published_on = models.DateField(_("publicada el"), default=timezone.localdate)
    contact_name = models.CharField(_("persona de contacto"), max_length=120, blank=True)
    email = models.EmailField(_("correo para responder"), blank=True)
    is_demo = models.BooleanField(_("de demostración"), default=False)

    objects: ClassVar[models.Manager[Demand]] = DemandQuerySet.as_manager()

    class Meta:
        verbose_name = _("demanda")
        verbose_name_plural = _("demandas")
        ordering = ["-published_on", "title"]
        constraints = [
            models.CheckConstraint(
                name="directorio_demand_ends_after_it_starts",
                condition=Q(until__isnull=True) | Q(until__gte=models.F("published_on")),
                violation_error_message=_("La fecha de cierre no puede ser anterior a la de publicación."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The demand's entry in the directory."""
        return reverse("directorio:demand", args=[self.slug])

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered."""
        return self.until is None or self.until >= timezone.localdate()
