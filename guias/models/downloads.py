"""The files of a version (made from its content, or official and uploaded) and who took them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guias.enums import MADE, Failure, Format, GuideState, RenditionState, Unmarked
from guias.models.versions import Version

LOST_AFTER = timedelta(minutes=15)
"""After this long without a file the work is queued again."""
TROUBLE = {
    Failure.NO_ROOM: _(
        "%(kind)s de la versión %(n)s: no se pudo hacer porque no cabe en el disco. Avísele a quien "
        "administra el portal. Se intenta otra vez solo; mientras tanto se entrega el que había, "
        "si había uno."
    ),
    Failure.OTHER: _(
        "%(kind)s de la versión %(n)s: no se pudo hacer. Se intenta otra vez solo; si mañana sigue así, "
        "avísele a quien administra el portal. Mientras tanto se entrega el que había, si había uno."
    ),
}
"""What an editor is told of a file that could not be made."""
NOT_MARKED = _("No se pudo poner: se entrega como llegó. Se intenta otra vez cada día.")


def rendition_path(rendition: Rendition, filename: str) -> str:
    """Where a made file is kept: named by its content, so that a reader in the middle of it keeps it."""
    return f"guias/{rendition.version.file_stem}-{rendition.sha256[:12]}.{rendition.format}"


def official_path(official: OfficialFile, filename: str) -> str:
    """Where an official file is kept; the name it came with is not used."""
    return f"guias/oficial/{official.version.file_stem}-{official.sha256[:12]}.{official.format}"


def picture_path(official: OfficialFile, filename: str) -> str:
    """Where the picture of its first page is kept."""
    return f"guias/oficial/{official.version.file_stem}-{official.sha256[:12]}.webp"


class Rendition(models.Model):
    """A file made by the worker; its row is written before the work is asked for.

    From the content, or from the official file that stands in its place: that one with a code on each page,
    or itself where it must stay as it is (``error`` then says why in one word, :class:`Unmarked`).
    """

    version = models.ForeignKey(
        Version, verbose_name=_("versión"), on_delete=models.CASCADE, related_name="renditions"
    )
    format = models.CharField(_("formato"), max_length=4, choices=MADE)
    state = models.CharField(
        _("estado"), max_length=10, choices=RenditionState.choices, default=RenditionState.PENDING
    )
    file = models.FileField(_("archivo"), upload_to=rendition_path, blank=True)
    sha256 = models.CharField(_("huella"), max_length=64, blank=True)
    source = models.CharField(
        _("receta"), max_length=64, blank=True, help_text=_("Huella de todo aquello de lo que se hizo.")
    )
    size = models.PositiveBigIntegerField(_("tamaño"), default=0)
    failure = models.CharField(_("por qué falló"), max_length=10, choices=Failure.choices, blank=True)
    error = models.TextField(_("qué falló"), blank=True)
    requested_at = models.DateTimeField(_("pedida"), default=timezone.now)
    made_at = models.DateTimeField(_("hecha"), null=True, blank=True)

    objects: ClassVar[models.Manager[Rendition]] = models.Manager()

    class Meta:
        verbose_name = _("archivo generado")
        verbose_name_plural = _("archivos generados")
        constraints = [
            models.UniqueConstraint(fields=["version", "format"], name="guias_rendition_unique"),
            models.CheckConstraint(
                condition=~models.Q(state=RenditionState.READY) | ~models.Q(sha256=""),
                name="guias_rendition_ready_has_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version.file_stem}.{self.format}"

    @property
    def is_ready(self) -> bool:
        """Whether the file can be taken."""
        return self.state == RenditionState.READY

    @property
    def trouble(self) -> str:
        """What an editor is told when it could not be made; nothing when it could."""
        if not self.failure:
            return ""
        told = TROUBLE[Failure(self.failure)]
        return str(told) % {"kind": self.get_format_display(), "n": self.version.number}

    @property
    def is_stale(self) -> bool:
        """Whether it failed, or has been waited for so long that the work must have been lost."""
        if self.state == RenditionState.FAILED:
            return True
        return self.state == RenditionState.PENDING and self.requested_at < timezone.now() - LOST_AFTER


class OfficialFileQuerySet(models.QuerySet["OfficialFile"]):
    """Which official files."""

    def noting_marks(self) -> Self:
        """Each with ``made``: what became of the codes on its pages, without a query more."""
        made = Rendition.objects.filter(version=models.OuterRef("version"), format=models.OuterRef("format"))
        said = JSONObject(state="state", sha256="sha256", error="error")
        return self.annotate(made=models.Subquery(made.values(said=said)[:1]))


class OfficialFile(models.Model):
    """A file that the network issued, in place of the one made from the content."""

    version = models.ForeignKey(
        Version, verbose_name=_("versión"), on_delete=models.CASCADE, related_name="official_files"
    )
    format = models.CharField(
        _("formato"), max_length=4, choices=Format.choices, default=Format.PDF, editable=False
    )
    file = models.FileField(
        _("archivo PDF o Word"),
        upload_to=official_path,
        help_text=_("Reemplaza el que hace el portal. Se puede buscar por lo que dice adentro."),
    )
    sha256 = models.CharField(_("huella"), max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("tamaño"), default=0, editable=False)
    pages = models.PositiveIntegerField(_("páginas"), default=0, editable=False)
    picture = models.FileField(_("primera página"), upload_to=picture_path, blank=True, editable=False)
    uploaded_at = models.DateTimeField(_("subido"), default=timezone.now, editable=False)

    made: dict[str, str] | None = None
    """State, sha256 and error of what readers get of it; only ``noting_marks`` looks."""

    objects: ClassVar[models.Manager[OfficialFile]] = models.Manager.from_queryset(OfficialFileQuerySet)()

    class Meta:
        verbose_name = _("archivo oficial")
        verbose_name_plural = _("archivos oficiales")
        constraints = [
            models.UniqueConstraint(fields=["version", "format"], name="guias_official_file_unique")
        ]

    def __str__(self) -> str:
        return f"{self.version.file_stem}.{self.format}"

    @property
    def is_ready(self) -> bool:
        """It always is."""
        return True

    @property
    def marks(self) -> str:
        """What an editor is told of the codes on its pages."""
        made = self.made or {"state": RenditionState.PENDING, "sha256": "", "error": ""}
        if made["state"] == RenditionState.FAILED:
            return str(NOT_MARKED)
        if made["state"] != RenditionState.READY:
            return str(_("Se está poniendo"))
        if made["sha256"] != self.sha256:
            return str(_("En todas las páginas"))
        return str(dict(Unmarked.choices).get(made["error"], NOT_MARKED))


class Checksum(models.Model):
    """The CRC-32 of a content, which a ZIP says before the file; kept so that none is read for it twice."""

    sha256 = models.CharField(_("huella"), max_length=64, primary_key=True)
    crc32 = models.BigIntegerField(_("suma de comprobación"))

    objects: ClassVar[models.Manager[Checksum]] = models.Manager()

    class Meta:
        verbose_name = _("suma de comprobación")
        verbose_name_plural = _("sumas de comprobación")

    def __str__(self) -> str:
        return self.sha256


class DownloadQuerySet(models.QuerySet["Download"]):
    """Which downloads."""

    def last_package_of(self, user: Any) -> Download | None:
        """Return one of the last package that ``user`` took, if she has an account and lacks nothing of then.

        Her packages together must have brought every version of the network that counts and was out by then:
        with a package of one route alone, whatever changed since is not all that she lacks. Two queries.
        """
        if not getattr(user, "is_authenticated", False):
            return None
        hers = self.filter(user=user, in_package=True)
        last = hers.order_by("-at").first()
        if last is None:
            return None
        counted = Version.objects.in_force().filter(guide__is_public=True, first_published_at__lte=last.at)
        counted = counted.exclude(guide__state=GuideState.RETIRED)
        return None if counted.exclude(pk__in=hers.values("version")).exists() else last


class Download(models.Model):
    """One file taken. Who, so that she can be told of the next version; never shown with a name."""

    version = models.ForeignKey(
        Version, verbose_name=_("versión"), on_delete=models.PROTECT, related_name="downloads"
    )
    format = models.CharField(_("formato"), max_length=4, choices=Format.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("persona"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    institution = models.ForeignKey(
        "directorio.Institution",
        verbose_name=_("institución"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    city = models.ForeignKey(
        "directorio.City",
        verbose_name=_("ciudad"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    in_package = models.BooleanField(_("dentro del paquete"), default=False)
    at = models.DateTimeField(_("cuándo"), default=timezone.now)

    objects: ClassVar[models.Manager[Download]] = models.Manager.from_queryset(DownloadQuerySet)()

    class Meta:
        verbose_name = _("descarga")
        verbose_name_plural = _("descargas")
        indexes = [
            models.Index(fields=["version", "at"], name="guias_download_version_at"),
            models.Index(fields=["at"], name="guias_download_at"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.format} {self.at:%Y-%m-%d}"


def taker(user: Any) -> dict[str, Any]:
    """Return what a download keeps of ``user``: the account, her institution and her city."""
    if not getattr(user, "is_authenticated", False):
        return {}
    return {"user": user, "institution_id": user.institution_id, "city_id": user.city_id}


def best_file(version: Version, form: str) -> OfficialFile | Rendition | None:
    """Return the file that readers get: the one that was made, of the content or of the official file.

    While the codes are being put on the pages of an official file, it is that one as it came.
    """
    made = Rendition.objects.filter(version=version, format=form).first()
    if made is not None and made.is_ready:
        return made
    return OfficialFile.objects.filter(version=version, format=form).first() or made
