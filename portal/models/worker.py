"""The sign of life of the worker, read by ``/readyz`` and the administration."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SILENT_AFTER = timedelta(minutes=2)


class WorkerBeatQuerySet(models.QuerySet["WorkerBeat"]):
    """Questions about workers."""

    def alive(self) -> WorkerBeatQuerySet:
        """Workers heard of within SILENT_AFTER."""
        return self.filter(beat_at__gte=timezone.now() - SILENT_AFTER)


class WorkerBeat(models.Model):
    """When a worker process (or thread) was last heard of."""

    name = models.CharField(_("proceso"), max_length=64, primary_key=True)
    beat_at = models.DateTimeField(_("visto por última vez"))

    objects = WorkerBeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("señal del trabajador")
        verbose_name_plural = _("señales del trabajador")

    def __str__(self) -> str:
        return self.name
