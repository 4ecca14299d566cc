"""What institutions offer to people and centres (oferta programática)."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directorio.models.entries import Entry
from directorio.models.institutions import Institution
from directorio.models.links import ChainLink
from directorio.models.places import City


class OfferQuerySet(models.QuerySet["Offer"]):
    """Reads of offers."""

    def visible_to(self, user: object) -> OfferQuerySet:
        """Offers are public, also those whose term is over: they say so."""
        return self.all()

    def current(self, today: dt.date | None = None) -> OfferQuerySet:
        """Those whose term is not over."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=today or timezone.localdate()))

    def in_city(self, city: City) -> OfferQuerySet:
        """Those for ``city``: its own and the national ones."""
        return self.filter(Q(cities=city) | Q(cities__isnull=True)).distinct()

    def with_counts(self) -> OfferQuerySet:
        """Add ``city_count``: 0 means the whole country."""
        return self.annotate(city_count=Count("cities", distinct=True))


class Offer(Entry):
    """One programme: who gives it, to whom, where, until when and how to get in."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, verbose_name=_("institución"), related_name="offers"
    )
    with_institution = models.ForeignKey(
        Institution,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("junto con"),
        related_name="offers_together",
    )
    title = models.CharField(_("título"), max_length=160)
    slug = models.SlugField(_("dirección en el portal"), max_length=160, unique=True)
    description = models.TextField(_("qué ofrece"))
    audience = models.CharField(_("para quién"), max_length=240, blank=True)
    chain_link = models.CharField(_("eslabón"), max_length=16, choices=ChainLink.choices)
    cities = models.ManyToManyField(
        City,
        verbose_name=_("ciudades"),
        blank=True,
        related_name="offers",
        help_text=_("Vacío si es para todo el país."),
    )
    until = models.DateField(_("hasta"), null=True, blank=True, help_text=_("Vacío si no tiene plazo."))
    how_to_get_in = models.TextField(_("cómo acceder"), blank=True)
    contact = models.CharField(_("contacto"), max_length=240, blank=True)

    objects: ClassVar[models.Manager[Offer]] = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("oferta")
        verbose_name_plural = _("ofertas")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                name="directorio_offer_not_with_itself",
                condition=Q(with_institution__isnull=True) | ~Q(with_institution=models.F("institution")),
                violation_error_message=_("«Junto con» es para otra institución."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The offer's entry in the directory."""
        return reverse("directorio:offer", args=[self.slug])

    @property
    def is_over(self) -> bool:
        """Whether its term has passed."""
        return self.until is not None and self.until < timezone.localdate()

    @property
    def given_by(self) -> str:
        """Who gives it, in words."""
        if self.with_institution is None:
            return self.institution.name
        names = {"one": self.institution.name, "other": self.with_institution.short_name}
        return gettext("%(one)s, con %(other)s") % names
