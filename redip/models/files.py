"""Files of a mesa. They lie where no web server serves them: only the authorised view sends them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from redip.models.mesas import Mesa, inside


def private_storage() -> Storage:
    """Return where private files lie; asked at run time, so that tests and machines may differ."""
    return storages["private"]


class MesaFileQuerySet(models.QuerySet["MesaFile"]):
    """Which files."""

    def visible_to(self, user: Any) -> Self:
        """Of the mesas whose inside she may see."""
        return self.filter(inside(user, "mesa"))


class MesaFile(models.Model):
    """A file that a member shared with her mesa."""

    mesa = models.ForeignKey(Mesa, models.CASCADE, verbose_name=_("mesa"), related_name="files")
    file = models.FileField(_("archivo"), upload_to="redip/archivos/%Y/", storage=private_storage)
    name = models.CharField(_("nombre"), max_length=160)
    kind = models.CharField(_("tipo"), max_length=8)
    size = models.PositiveBigIntegerField(_("tamaño"))
    sha256 = models.CharField(_("huella"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("quién"), related_name="+"
    )
    uploaded_at = models.DateTimeField(_("cuándo"), default=timezone.now)

    objects: ClassVar[models.Manager[MesaFile]] = models.Manager.from_queryset(MesaFileQuerySet)()

    class Meta:
        verbose_name = _("archivo de la mesa")
        verbose_name_plural = _("archivos de la mesa")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where those inside take it from."""
        return self.mesa.address("file", self.pk)
