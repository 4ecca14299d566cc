"""The outbox: what has changed in the database and still has to reach the index."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PendingChange(models.Model):
    """One row that has to be indexed again, or taken out, since it was written in the same transaction."""

    source = models.CharField(_("fuente"), max_length=40)
    object_id = models.CharField(_("fila"), max_length=64)
    queued_at = models.DateTimeField(_("en cola desde"), default=timezone.now)
    due_at = models.DateTimeField(_("se intenta desde"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("intentos"), default=0)
    last_error = models.TextField(_("último error"), blank=True)

    objects: ClassVar[models.Manager[PendingChange]] = models.Manager()

    class Meta:
        verbose_name = _("cambio por indexar")
        verbose_name_plural = _("cambios por indexar")
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["due_at", "id"], name="search_pending_due")]

    def __str__(self) -> str:
        return f"{self.source}:{self.object_id}"


LOST_AFTER = timedelta(hours=1)


class FileText(models.Model):
    """The words of an uploaded file, by the hash of its content: the same file twice is read once."""

    sha256 = models.CharField(_("huella"), max_length=64, primary_key=True)
    pages = models.JSONField(_("páginas"), default=list)
    """The text of each page, in order."""
    is_read = models.BooleanField(_("leído"), default=False)
    problem = models.CharField(_("por qué no tiene palabras"), max_length=400, blank=True)
    asked_at = models.DateTimeField(_("pedido"), default=timezone.now)
    wanted_by = models.JSONField(_("filas que lo esperan"), default=list)
    """Rows (``source:pk``) to index again once it has been read."""

    objects: ClassVar[models.Manager[FileText]] = models.Manager()

    class Meta:
        verbose_name = _("texto de un archivo")
        verbose_name_plural = _("textos de archivos")

    def __str__(self) -> str:
        return self.sha256

    @property
    def is_late(self) -> bool:
        """Whether it has been waited for so long that the work must have been lost."""
        return not self.is_read and self.asked_at < timezone.now() - LOST_AFTER


class IndexedChange(models.Model):
    """A row that reached the index a short while ago, kept for a day.

    A rebuild that was filling a new index at that moment reads here what it has to do once more.
    """

    source = models.CharField(_("fuente"), max_length=40)
    object_id = models.CharField(_("fila"), max_length=64)
    at = models.DateTimeField(_("cuándo"), default=timezone.now)

    objects: ClassVar[models.Manager[IndexedChange]] = models.Manager()

    class Meta:
        verbose_name = _("cambio indexado")
        verbose_name_plural = _("cambios indexados")
        indexes = [models.Index(fields=["at"], name="search_indexed_at")]

    def __str__(self) -> str:
        return f"{self.source}:{self.object_id}"
