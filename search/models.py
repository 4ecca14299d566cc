"""The outbox: what has changed in the database and still has to reach the index."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
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
    read_at = models.DateTimeField(_("cuándo se leyó"), null=True, editable=False)
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


class SynonymGroup(models.Model):
    """Words and phrases that mean the same, added by editors to those of ``data/synonyms_es.txt``."""

    words = models.CharField(
        _("palabras"),
        max_length=300,
        help_text=_(
            "Separadas por comas: quien escriba una encuentra también las otras. Por ejemplo: capital "
            "semilla, microcapitalización. Una sigla va en mayúsculas."
        ),
    )
    updated_at = models.DateTimeField(_("cambiado"), auto_now=True)

    objects: ClassVar[models.Manager[SynonymGroup]] = models.Manager()

    class Meta:
        verbose_name = _("grupo de sinónimos")
        verbose_name_plural = _("sinónimos")
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Take at least two members, each once."""
        members = list(dict.fromkeys(part.strip() for part in self.words.split(",") if part.strip()))
        if len(members) < 2:
            raise ValidationError({"words": _("Escriba al menos dos, separadas por una coma.")})
        self.words = ", ".join(members)


class Pin(models.Model):
    """The result that editors put first for a query."""

    text = models.CharField(_("búsqueda"), max_length=100)
    key = models.CharField(max_length=200, unique=True, editable=False)
    """``analysis.key`` of the text: plurals and accents make no other query."""
    kind = models.CharField(max_length=20, editable=False)
    document = models.CharField(max_length=80, editable=False)
    """Id of the document (``SearchDocument.id``)."""
    title = models.CharField(_("resultado que va de primero"), max_length=200, editable=False)
    updated_at = models.DateTimeField(_("cambiado"), auto_now=True)

    objects: ClassVar[models.Manager[Pin]] = models.Manager()

    class Meta:
        verbose_name = _("resultado fijado")
        verbose_name_plural = _("resultados fijados")
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text


class Asked(models.Model):
    """What people ask that one document answers, said as they say it; empty when nothing is left of it."""

    kind = models.CharField(max_length=20, editable=False)
    document = models.CharField(max_length=80, editable=False)
    """Id of the document (``SearchDocument.id``)."""
    title = models.CharField(_("qué lo responde"), max_length=200, editable=False)
    questions = models.TextField(_("preguntas"), blank=True)
    """One a line."""
    updated_at = models.DateTimeField(_("cambiado"), auto_now=True)
    """Also when a :class:`Pin` came or went, whose words the document is found by too."""

    objects: ClassVar[models.Manager[Asked]] = models.Manager()

    class Meta:
        verbose_name = _("preguntas que responde")
        verbose_name_plural = _("preguntas que responden")
        constraints = [models.UniqueConstraint(fields=["kind", "document"], name="search_asked_once")]
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def lines(self) -> tuple[str, ...]:
        """The questions in their order."""
        return tuple(self.questions.splitlines())

    @property
    def state(self) -> str:
        """What tells whether the questions have changed since somebody saw them."""
        return hashlib.sha256(self.questions.encode()).hexdigest()[:16]


class SearchTally(models.Model):
    """How often something was searched in a week. Without persons: no account, no address, no moment."""

    week = models.DateField(_("semana"))
    """Its Monday."""
    key = models.CharField(max_length=200)
    text = models.CharField(_("búsqueda"), max_length=100)
    """As somebody typed it."""
    searched = models.PositiveIntegerField(_("veces"), default=0)
    empty = models.PositiveIntegerField(_("sin resultado"), default=0)
    """How often nothing that everybody may read was found."""
    opened = models.PositiveIntegerField(_("con resultado abierto"), default=0)

    objects: ClassVar[models.Manager[SearchTally]] = models.Manager()

    class Meta:
        verbose_name = _("búsqueda de la semana")
        verbose_name_plural = _("búsquedas de la semana")
        constraints = [models.UniqueConstraint(fields=["week", "key"], name="search_tally_once")]
        ordering = ["-week", "-searched"]

    def __str__(self) -> str:
        return self.text


class SearchAlert(models.Model):
    """Somebody who found nothing and wants to hear when there is something; gone once she was told."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("para"),
        on_delete=models.CASCADE,
        related_name="search_alerts",
    )
    text = models.CharField(_("búsqueda"), max_length=100)
    key = models.CharField(max_length=200, editable=False)
    """``analysis.key`` of the text."""
    asked_at = models.DateTimeField(_("desde"), default=timezone.now)

    objects: ClassVar[models.Manager[SearchAlert]] = models.Manager()

    class Meta:
        verbose_name = _("búsqueda que espera")
        verbose_name_plural = _("búsquedas que espera")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="search_alert_once")]
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return self.text


class MissingGuide(models.Model):
    """What editors noted as a guide that people search and nobody has written."""

    text = models.CharField(_("sobre qué"), max_length=100)
    key = models.CharField(max_length=200, unique=True, editable=False)
    """``analysis.key`` of the text."""
    noted_at = models.DateTimeField(_("anotada"), default=timezone.now)

    objects: ClassVar[models.Manager[MissingGuide]] = models.Manager()

    class Meta:
        verbose_name = _("guía que falta")
        verbose_name_plural = _("guías que faltan")
        ordering = ["-noted_at", "-pk"]

    def __str__(self) -> str:
        return self.text


class PutAway(models.Model):
    """A search that editors have put away: nobody can do anything about it.

    Without who did it. Forgotten when it has no counts any more: what people type is not kept longer.
    """

    text = models.CharField(_("búsqueda"), max_length=100)
    key = models.CharField(max_length=200, unique=True, editable=False)
    """``analysis.key`` of the text."""
    put_away_at = models.DateTimeField(_("quitada el"), default=timezone.now)

    objects: ClassVar[models.Manager[PutAway]] = models.Manager()

    class Meta:
        verbose_name = _("búsqueda quitada de la lista")
        verbose_name_plural = _("búsquedas quitadas de la lista")
        ordering = ["-put_away_at", "-pk"]

    def __str__(self) -> str:
        return self.text


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


class RebuildProgress(models.Model):
    """How far a rebuild came that serves not yet: where the next one goes on."""

    label = models.CharField(_("índice"), max_length=300, unique=True)
    """``Backend.label``: which index it is to replace."""
    build = models.CharField(_("nombre"), max_length=200)
    """What the engine calls the one that is being filled."""
    begun_at = models.DateTimeField(_("desde"), default=timezone.now)
    source = models.CharField(_("fuente"), max_length=40, blank=True)
    last = models.CharField(_("última fila"), max_length=64, blank=True)
    """Key of the last row of ``source`` that was put in."""
    rows = models.PositiveBigIntegerField(_("filas"), default=0)
    total = models.PositiveBigIntegerField(_("de"), default=0)
    documents = models.PositiveBigIntegerField(_("documentos"), default=0)
    caught_up_at = models.DateTimeField(_("al día"), null=True)
    """What was written since may have reached only the index that served before the swap."""

    objects: ClassVar[models.Manager[RebuildProgress]] = models.Manager()

    class Meta:
        verbose_name = _("índice a medio llenar")
        verbose_name_plural = _("índices a medio llenar")

    def __str__(self) -> str:
        return self.build
