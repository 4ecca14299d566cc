"""Employment and entrepreneurship centres: where people of a city are attended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directorio.models.entries import Entry
from directorio.models.institutions import Institution
from directorio.models.phones import dialled, numbers
from directorio.models.places import City


class Modality(models.TextChoices):
    """Kind of centre."""

    CEMPRENDE = "cemprende", _("Cemprende")
    COEE = "coee", _("COEE")


class LaunchState(models.TextChoices):
    """What is known of the public launch of a centre."""

    LAUNCHED = "lanzado", _("Lanzado")
    PENDING = "pendiente", _("Pendiente")
    NOT_APPLICABLE = "no-aplica", _("No aplica")


class CenterQuerySet(models.QuerySet["Center"]):
    """Reads of centres."""

    def visible_to(self, user: object) -> CenterQuerySet:
        """Centres are public."""
        return self.all()

    def open(self) -> CenterQuerySet:
        """Those that attend people."""
        return self.filter(opened_on__isnull=False)

    def with_counts(self) -> CenterQuerySet:
        """Add ``partner_count``."""
        return self.annotate(partner_count=Count("partners", distinct=True))


class Center(Entry):
    """A centre of the network; several bodies of its city are its partners."""

    city = models.ForeignKey(City, models.PROTECT, verbose_name=_("ciudad"), related_name="centers")
    name = models.CharField(_("nombre"), max_length=160, unique=True)
    slug = models.SlugField(
        _("dirección en el portal"),
        max_length=80,
        unique=True,
        help_text=_("La de su ciudad, por ejemplo puerto-asis."),
    )
    modality = models.CharField(
        _("modalidad"),
        max_length=10,
        choices=Modality.choices,
        help_text=_("COEE: Centro de Orientación para el Empleo y el Emprendimiento."),
    )
    opened_on = models.DateField(
        _("abierto desde"), null=True, blank=True, help_text=_("Vacío si todavía no atiende.")
    )
    launched_on = models.DateField(_("lanzado el"), null=True, blank=True)
    launch_state = models.CharField(
        _("lanzamiento"), max_length=10, choices=LaunchState.choices, default=LaunchState.PENDING
    )
    partners = models.ManyToManyField(
        Institution, verbose_name=_("socios"), blank=True, related_name="centers"
    )
    candidate_partners = models.ManyToManyField(
        Institution, verbose_name=_("socios potenciales"), blank=True, related_name="candidate_centers"
    )
    address = models.CharField(_("dirección de la sede"), max_length=160, blank=True)
    phone = models.CharField(_("teléfono"), max_length=40, blank=True)
    email = models.EmailField(_("correo"), blank=True)
    hours = models.CharField(
        _("horario"),
        max_length=120,
        blank=True,
        help_text=_("Por ejemplo: lunes a viernes, 8:00 a. m. a 4:00 p. m."),
    )

    objects: ClassVar[models.Manager[Center]] = CenterQuerySet.as_manager()

    class Meta:
        verbose_name = _("centro")
        verbose_name_plural = _("centros")
        ordering = ["city__name", "name"]
        constraints = [
            models.CheckConstraint(
                name="directorio_center_launch_has_its_date",
                condition=Q(launch_state="lanzado", launched_on__isnull=False)
                | (~Q(launch_state="lanzado") & Q(launched_on__isnull=True)),
                violation_error_message=_("Un centro lanzado lleva la fecha del lanzamiento, y solo él."),
            ),
            models.CheckConstraint(
                name="directorio_center_launch_after_opening",
                condition=Q(launched_on__isnull=True) | Q(launched_on__gte=F("opened_on")),
                violation_error_message=_("El lanzamiento no puede ser anterior a la apertura."),
            ),
        ]

    @property
    def dialled(self) -> str:
        """The first number of ``phone``, as a telephone dials it; empty when what was written has none."""
        return dialled(self.phone)

    @property
    def called(self) -> str:
        """What ``dialled`` calls, as it was written: one of several numbers, or all with its extension."""
        found = numbers(self.phone)
        return found[0] if len(found) > 1 else self.phone

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The centre's entry in the directory."""
        return reverse("directorio:center", args=[self.slug])

    @property
    def is_open(self) -> bool:
        """Whether it attends people."""
        return self.opened_on is not None
