"""The file of a resource. It lies where no web server serves it: only the authorised view sends it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from comunidad.models.resources import Resource, readable


def private_storage() -> Storage:
    """Return where private files lie; asked at run time, so that tests and machines may differ."""
    return storages["private"]


class ResourceFileQuerySet(models.QuerySet["ResourceFile"]):
    """Which files."""

    def visible_to(self, user: Any) -> Self:
        """Of the resources that she may read."""
        return self.filter(readable(user, "resource"))


class ResourceFile(models.Model):
    """A file that passed the check of its content (``nucleo.uploads``)."""

    resource = models.OneToOneField(
        Resource, models.CASCADE, verbose_name=_("recurso"), related_name="attachment"
    )
    file = models.FileField(_("archivo"), upload_to="comunidad/archivos/%Y/", storage=private_storage)
    name = models.CharField(_("nombre"), max_length=160)
    kind = models.CharField(_("tipo"), max_length=8)
    size = models.PositiveBigIntegerField(_("tamaño"))
    sha256 = models.CharField(_("huella"), max_length=64)

    objects: ClassVar[models.Manager[ResourceFile]] = models.Manager.from_queryset(ResourceFileQuerySet)()

    class Meta:
        verbose_name = _("archivo de un recurso")
        verbose_name_plural = _("archivos de recursos")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where those who read the resource take it from."""
        return self.resource.address("file")
