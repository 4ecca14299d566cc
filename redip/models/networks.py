"""The network (RedIP) of a city: how far it has come, on what that rests, and who carries it. All public."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from directorio.models import City, Institution
from nucleo import dates
from redip.enums import Stage


class RedQuerySet(models.QuerySet["Red"]):
    """Which networks."""

    def visible_to(self, user: Any) -> Self:
        """Networks are public."""
        return self.all()

    def for_board(self) -> Self:
        """Bring what the board shows of each: city, who carries it, milestones, number of mesas."""
        return (
            self.select_related("city")
            .prefetch_related("leaders", "secretariat", "milestones", "contacted")
            .annotate(mesa_count=Count("mesas", distinct=True))
            .order_by("-stage", "order", "city__name")
        )


class Red(ClusterableModel):  # type: ignore[misc]
    """Where the public and private bodies of a city join forces for productive inclusion."""

    city = models.OneToOneField(City, models.PROTECT, verbose_name=_("ciudad"), related_name="red")
    name = models.CharField(
        _("nombre propio"),
        max_length=160,
        blank=True,
        help_text=_("Solo si la red tiene uno, por ejemplo Red Equidad."),
    )
    stage = models.PositiveSmallIntegerField(_("etapa"), choices=Stage.choices, default=Stage.APPROACH)
    order = models.PositiveSmallIntegerField(
        _("orden en el tablero"),
        default=100,
        help_text=_("Dentro de su etapa; las de igual orden, por nombre."),
    )
    scope = models.TextField(
        _("alcance"), blank=True, help_text=_("Si va más allá de la inclusión productiva.")
    )
    actors = models.TextField(_("actores"), blank=True, help_text=_("Cuántos y cuáles, en una frase."))
    space = models.CharField(
        _("espacio"),
        max_length=200,
        blank=True,
        help_text=_("Dónde se reúne, si es dentro de otra instancia."),
    )
    pending = models.CharField(_("qué falta"), max_length=240, blank=True)
    act_kind = models.CharField(
        _("acto que la respalda"), max_length=120, blank=True, help_text=_("Por ejemplo: Decreto.")
    )
    act_number = models.CharField(_("número del acto"), max_length=40, blank=True)
    act_date = models.DateField(_("fecha del acto"), null=True, blank=True)
    act_note = models.CharField(_("nota sobre el acto"), max_length=240, blank=True)
    leaders = models.ManyToManyField(
        Institution, verbose_name=_("entidades que lideran"), blank=True, related_name="led_networks"
    )
    secretariat = models.ManyToManyField(
        Institution, verbose_name=_("secretaría técnica"), blank=True, related_name="secretariats"
    )
    institutions = models.ManyToManyField(
        Institution, verbose_name=_("otras entidades miembro"), blank=True, related_name="networks"
    )
    contacted = models.ManyToManyField(
        Institution, verbose_name=_("actores contactados"), blank=True, related_name="contacted_by"
    )
    secretaries = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("personas de la secretaría técnica"),
        blank=True,
        related_name="secretary_of",
        help_text=_("Ven y apoyan todas las mesas de esta red."),
    )
    as_of = models.DateField(
        _("datos al"), null=True, blank=True, help_text=_("Hasta qué día son ciertos estos datos.")
    )
    updated_at = models.DateTimeField(_("cambió"), auto_now=True)

    objects = RedQuerySet.as_manager()

    class Meta:
        verbose_name = _("red")
        verbose_name_plural = _("redes")
        ordering = ["city__name"]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=[1, 2, 3]), name="redip_red_stage_is_known"),
            models.CheckConstraint(
                condition=Q(act_number="", act_date__isnull=True) | ~Q(act_kind=""),
                name="redip_red_act_has_its_kind",
                violation_error_message=_("Diga qué acto es: decreto, acuerdo, acta."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The network's page."""
        return reverse("redip:network", args=[self.city.slug])

    @property
    def title(self) -> str:
        """Its own name, or the one that every RedIP has."""
        if self.name:
            return _now("%(name)s de %(city)s") % {"name": self.name, "city": self.city.name}
        return _now("Red de Inclusión Productiva de %(city)s") % {"city": self.city.name}

    @property
    def act(self) -> str:
        """The legal act as one says it: ``Decreto 0200 del 28 de abril de 2014``."""
        words = f"{self.act_kind} {self.act_number}".strip()
        if words and self.act_date:
            return _now("%(act)s del %(day)s") % {"act": words, "day": dates.long_date(self.act_date)}
        return words

    @property
    def stage_slug(self) -> str:
        """The stage as components name it."""
        return Stage(self.stage).slug


class Dated(models.Model):
    """Something that happened to a network, or is foreseen, with its date as the source gives it."""

    when_text = models.CharField(
        _("cuándo"),
        max_length=60,
        help_text=_("Como se publicó: 2014, abril de 2014, 4 de noviembre de 2014."),
    )
    sort_date = models.DateField(
        _("para ordenar"), help_text=_("Un día de esa época; no se muestra."), default=timezone.localdate
    )
    what = models.CharField(_("qué"), max_length=240)

    class Meta:
        abstract = True


class Milestone(Dated):
    """A milestone (hito) of a network, past or foreseen."""

    red = ParentalKey(Red, on_delete=models.CASCADE, verbose_name=_("red"), related_name="milestones")
    is_planned = models.BooleanField(
        _("está por venir"), default=False, help_text=_("Se muestra como lo que sigue.")
    )

    class Meta:
        verbose_name = _("hito")
        verbose_name_plural = _("hitos")
        ordering = ["is_planned", "sort_date", "pk"]

    def __str__(self) -> str:
        return self.what


class StageEvidence(models.Model):
    """One thing on which the stage of a network rests."""

    red = ParentalKey(Red, on_delete=models.CASCADE, verbose_name=_("red"), related_name="evidence")
    stage = models.PositiveSmallIntegerField(_("etapa"), choices=Stage.choices)
    what = models.CharField(_("en qué se apoya"), max_length=240)
    detail = models.CharField(_("detalle"), max_length=240, blank=True)
    order = models.PositiveSmallIntegerField(_("orden"), default=0, editable=False)

    sort_order_field = "order"

    class Meta:
        verbose_name = _("sustento de la etapa")
        verbose_name_plural = _("sustentos de la etapa")
        ordering = ["stage", "order", "pk"]

    def __str__(self) -> str:
        return self.what


class Product(models.Model):
    """A thing (producto) that the network made or keeps."""

    red = ParentalKey(Red, on_delete=models.CASCADE, verbose_name=_("red"), related_name="products")
    name = models.CharField(_("producto"), max_length=200)
    order = models.PositiveSmallIntegerField(_("orden"), default=0, editable=False)

    sort_order_field = "order"

    class Meta:
        verbose_name = _("producto")
        verbose_name_plural = _("productos")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class WorkAxis(models.Model):
    """An axis of work, for networks that are organised by axes rather than mesas."""

    red = ParentalKey(Red, on_delete=models.CASCADE, verbose_name=_("red"), related_name="axes")
    name = models.CharField(_("eje de trabajo"), max_length=160)
    order = models.PositiveSmallIntegerField(_("orden"), default=0, editable=False)

    sort_order_field = "order"

    class Meta:
        verbose_name = _("eje de trabajo")
        verbose_name_plural = _("ejes de trabajo")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


def sortable(text: str) -> dt.date:
    """Return a day by which to sort a date written as ``2014``, ``2014-04`` or ``2014-11-04``.

    The end of the period: what is only known by its year comes after what happened within it.
    """
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return dt.date(*parts)
    month = parts[1] if len(parts) == 2 else 12
    following = dt.date(parts[0] + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)
