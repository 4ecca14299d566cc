"""Cities, with the code that DANE gives each municipality (DIVIPOLA)."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directorio.enums import REGION_BY_DEPARTMENT, Region


class CityQuerySet(models.QuerySet["City"]):
    """Reads of cities."""

    def visible_to(self, user: object) -> CityQuerySet:
        """Cities are public."""
        return self.all()

    def with_counts(self) -> CityQuerySet:
        """Add ``center_count`` and ``institution_count``."""
        return self.annotate(
            center_count=Count("centers", distinct=True),
            institution_count=Count("institutions", distinct=True),
        )


class City(models.Model):
    """A municipality where the network has, or will have, a centre."""

    name = models.CharField(_("nombre"), max_length=80)
    slug = models.SlugField(_("dirección en el portal"), max_length=80, unique=True)
    divipola = models.CharField(
        _("código DIVIPOLA"),
        max_length=5,
        unique=True,
        validators=[RegexValidator(r"^\d{5}$", _("Son cinco cifras, por ejemplo 13001."))],
    )
    department = models.CharField(_("departamento"), max_length=60)
    lat = models.FloatField(
        _("latitud"),
        help_text=_("WGS84, centro de la ciudad."),
        validators=[MinValueValidator(-5), MaxValueValidator(14)],
    )
    lon = models.FloatField(_("longitud"), validators=[MinValueValidator(-82), MaxValueValidator(-66)])

    objects: ClassVar[models.Manager[City]] = CityQuerySet.as_manager()

    class Meta:
        verbose_name = _("ciudad")
        verbose_name_plural = _("ciudades")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the city's network."""
        return reverse("redip:network", args=[self.slug])

    @property
    def region(self) -> Region:
        """Natural region by department, with Nariño, Cauca and Valle counted as Pacific."""
        return REGION_BY_DEPARTMENT.get(self.department, Region.ANDES)
