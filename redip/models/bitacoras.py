"""The Bitácora of a city: five fixed sections that several people write, and editions that never change.

The text in the sections is the draft; the public reads editions. An edition keeps its sections as they
were (``snapshot``), and the database refuses to change it (``redip.models.freeze``).
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from redip.enums import SectionKind
from redip.models.mesas import EVERYTHING, MesaMember, is_operator
from redip.models.networks import Red


def writing(user: Any, red: str = "red") -> Q:
    """Return the filter of Bitácoras that ``user`` helps to write; ``red`` is the path to the network.

    Members of any of the network's mesas, its technical secretariat, operators.
    """
    if not getattr(user, "is_active", False):
        return Q(pk__in=[])
    if is_operator(user):
        return EVERYTHING
    member = MesaMember.objects.active().filter(user=user).values("mesa__red")
    secretary = Red.secretaries.through.objects.filter(user=user).values("red")
    return Q(**{f"{red}__in": member}) | Q(**{f"{red}__in": secretary})


class BitacoraQuerySet(models.QuerySet["Bitacora"]):
    """Which Bitácoras."""

    def visible_to(self, user: Any) -> Self:
        """Those with an edition; to who writes them also those without."""
        published = BitacoraEdition.objects.values("bitacora")
        return self.filter(Q(pk__in=published) | writing(user))

    def writable_by(self, user: Any) -> Self:
        """Those whose draft ``user`` may read and change."""
        return self.filter(writing(user))


class Bitacora(models.Model):
    """The Bitácora of a network."""

    red = models.OneToOneField(Red, models.PROTECT, verbose_name=_("red"), related_name="bitacora")

    objects: ClassVar[models.Manager[Bitacora]] = models.Manager.from_queryset(BitacoraQuerySet)()

    class Meta:
        verbose_name = _("Bitácora")
        verbose_name_plural = _("Bitácoras")

    def __str__(self) -> str:
        return _now("Bitácora de %(city)s") % {"city": self.red.city.name}

    def get_absolute_url(self) -> str:
        """The last edition, or the draft for who writes it."""
        return reverse("redip:bitacora", args=[self.red.city.slug])


class BitacoraSectionQuerySet(models.QuerySet["BitacoraSection"]):
    """Which sections."""

    def visible_to(self, user: Any) -> Self:
        """The draft is for who writes it."""
        return self.filter(writing(user, "bitacora__red"))

    def in_order(self) -> list[BitacoraSection]:
        """Return them in the order of the document."""
        place = {kind: n for n, kind in enumerate(SectionKind.values)}
        return sorted(self, key=lambda section: place[section.kind])


class BitacoraSection(models.Model):
    """The draft of one section."""

    bitacora = models.ForeignKey(
        Bitacora, models.CASCADE, verbose_name=_("Bitácora"), related_name="sections"
    )
    kind = models.CharField(_("sección"), max_length=12, choices=SectionKind.choices)
    text = models.TextField(_("texto"), max_length=20_000, blank=True)
    html = models.TextField(editable=False, blank=True)
    revision = models.PositiveIntegerField(_("revisión"), default=1)
    updated_at = models.DateTimeField(_("cambió"), default=timezone.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[models.Manager[BitacoraSection]] = models.Manager.from_queryset(
        BitacoraSectionQuerySet
    )()

    class Meta:
        verbose_name = _("sección de la Bitácora")
        verbose_name_plural = _("secciones de la Bitácora")
        constraints = [
            models.UniqueConstraint(fields=["bitacora", "kind"], name="redip_section_one_a_kind"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class BitacoraEdition(models.Model):
    """A Bitácora as it was on one day: numbered, citable, for ever."""

    bitacora = models.ForeignKey(
        Bitacora, models.PROTECT, verbose_name=_("Bitácora"), related_name="editions"
    )
    number = models.PositiveSmallIntegerField(_("número"))
    published_on = models.DateField(_("fecha"), default=timezone.localdate)
    note = models.CharField(_("de qué se trata"), max_length=240, blank=True)
    snapshot = models.JSONField(_("contenido"))
    published_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("edición de la Bitácora")
        verbose_name_plural = _("ediciones de la Bitácora")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["bitacora", "number"], name="redip_edition_number_unique"),
        ]

    def __str__(self) -> str:
        return _now("Edición %(number)s") % {"number": self.number}

    def get_absolute_url(self) -> str:
        """Its address for ever."""
        return reverse("redip:edition", args=[self.bitacora.red.city.slug, self.number])

    @property
    def sections(self) -> list[dict[str, str]]:
        """Its sections as {kind, title, text, html}, in order."""
        return list(self.snapshot["sections"])

    def section(self, kind: str) -> dict[str, str] | None:
        """Return one section."""
        return next((section for section in self.sections if section["kind"] == kind), None)
