"""Public and private bodies: who leads, who belongs, who offers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directorio.models.places import City


class Sector(models.TextChoices):
    """The part of society that an institution belongs to."""

    PUBLIC = "publico", _("Público")
    PRIVATE = "privado", _("Privado")
    GUILD = "gremio", _("Gremio")
    FAMILY_FUND = "caja", _("Caja de compensación")
    ACADEMIA = "academia", _("Academia")
    NGO = "ong", _("ONG o fundación")
    COOPERATION = "cooperacion", _("Cooperación internacional")
    NETWORK = "red", _("Red")


class Institution(models.Model):
    """A body that takes part in the network, national or of a city."""

    name = models.CharField(_("nombre"), max_length=160, unique=True)
    slug = models.SlugField(_("dirección"), max_length=160, unique=True)
    acronym = models.CharField(_("sigla"), max_length=20, blank=True)
    sector = models.CharField(_("sector"), max_length=12, choices=Sector.choices)
    cities = models.ManyToManyField(
        City,
        verbose_name=_("ciudades"),
        blank=True,
        related_name="institutions",
        help_text=_("Vacío si es de todo el país."),
    )
    description = models.TextField(_("qué hace"), blank=True)
    website = models.URLField(_("sitio web"), blank=True)

    objects: ClassVar[models.Manager[Institution]] = models.Manager()

    class Meta:
        verbose_name = _("institución")
        verbose_name_plural = _("instituciones")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The institution's entry in the directory."""
        return reverse("directorio:institution", args=[self.slug])

    @property
    def short_name(self) -> str:
        """The acronym when it has one."""
        return self.acronym or self.name
