"""Public and private bodies: who leads, who belongs, who offers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directorio.models.entries import Entry
from directorio.models.places import City
from nucleo.folding import folded, words


class Sector(models.TextChoices):
    """The part of society that an institution belongs to."""

    PUBLIC = "publico", _("Público")
    PRIVATE = "privado", _("Privado")
    GUILD = "gremio", _("Gremio")
    FAMILY_FUND = "caja", _("Caja de compensación")
    ACADEMIA = "academia", _("Academia")
    NGO = "ong", _("ONG o fundación")
    COOPERATION = "cooperacion", _("Cooperación internacional")
    NETWORK = "red", _("Red o centro")


class InstitutionQuerySet(models.QuerySet["Institution"]):
    """Reads of institutions."""

    def visible_to(self, user: object) -> InstitutionQuerySet:
        """Institutions are public."""
        return self.all()

    def with_counts(self) -> InstitutionQuerySet:
        """Add ``center_count`` (centres it is a partner of) and ``offer_count``."""
        return self.annotate(
            center_count=Count("centers", distinct=True),
            offer_count=Count("offers", distinct=True),
        )

    def named(self, name: str) -> InstitutionQuerySet:
        """Those that go by ``name``: as full name, as acronym or as one of their other names."""
        name = name.strip()
        return self.filter(
            Q(name__iexact=name) | Q(acronym__iexact=name) | Q(other_names__icontains=f"|{name}|")
        )

    def suggested(self, text: str) -> InstitutionQuerySet:
        """Those with each word of ``text``, without accents, in their names; by name."""
        rows = self.annotate(_names=folded("name", "acronym", "other_names"))
        for word in words(text):
            rows = rows.filter(_names__contains=word)
        return rows.only("name", "acronym").order_by("name")


class Institution(Entry):
    """A body that takes part in the network, national or of a city."""

    name = models.CharField(_("nombre"), max_length=160, unique=True)
    slug = models.SlugField(_("dirección en el portal"), max_length=160, unique=True)
    acronym = models.CharField(_("sigla"), max_length=20, blank=True)
    other_names = models.CharField(
        _("otros nombres"),
        max_length=300,
        blank=True,
        help_text=_("Como también la llaman, entre barras: |Ministerio|Mintrabajo|. Sirve para encontrarla."),
    )
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
    is_implementer = models.BooleanField(
        _("socio implementador"),
        default=False,
        help_text=_("Marque si administra un centro de la red."),
    )

    objects: ClassVar[models.Manager[Institution]] = InstitutionQuerySet.as_manager()

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
