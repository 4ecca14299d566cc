"""Boards of indicators as they were published: target, result, achievement, and the day of the cut-off.

Nothing is computed here: a published percentage that does not follow from its row stays as it was
published, and a blank stays blank.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    """Indicators in the order of their board."""

    def in_order(self) -> Self:
        """By board, area and number, with their rows in one more query."""
        return self.order_by("board_order", "board", "number", "pk").prefetch_related("rows")


class Indicator(ClusterableModel):  # type: ignore[misc]
    """One indicator of a board."""

    board = models.CharField(_("tablero"), max_length=80)
    board_order = models.PositiveSmallIntegerField(_("orden del tablero"), default=1)
    number = models.PositiveSmallIntegerField(_("número"))
    area = models.CharField(_("área"), max_length=60)
    title = models.CharField(_("indicador"), max_length=120)
    cut_off = models.DateField(_("fecha de corte"))
    source = models.CharField(_("fuente"), max_length=160)
    note = models.TextField(_("aclaración"), blank=True, max_length=400)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicador")
        verbose_name_plural = _("indicadores")
        ordering = ["board_order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["board", "number", "cut_off"], name="portal_indicator_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class IndicatorRow(Orderable):  # type: ignore[misc]
    """One row of an indicator; what was not published is empty."""

    class Unit(models.TextChoices):
        """What is counted."""

        NUMBER = "numero", _("número")
        PESOS = "pesos", _("pesos")

    indicator = ParentalKey(Indicator, on_delete=models.CASCADE, related_name="rows")
    label = models.CharField(_("qué se cuenta"), max_length=120)
    unit = models.CharField(_("unidad"), max_length=8, choices=Unit.choices, default=Unit.NUMBER)
    target = models.BigIntegerField(_("meta"), null=True, blank=True)
    result = models.BigIntegerField(_("resultado"), null=True, blank=True)
    achieved = models.PositiveSmallIntegerField(_("cumplimiento (%)"), null=True, blank=True)

    class Meta(Orderable.Meta):  # type: ignore[misc]
        verbose_name = _("fila")
        verbose_name_plural = _("filas")

    def __str__(self) -> str:
        return self.label
