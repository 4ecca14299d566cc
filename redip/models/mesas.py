"""A mesa: members of several institutions work on one link of the chain; its name is public, its inside not.

Who is inside is said here once, as a query, and everything within a mesa points to it.
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

from directorio.models import ChainLink, Institution
from redip.enums import BITACORA_SLUG, MesaRole
from redip.models.networks import Red

EVERYTHING = Q(pk__isnull=False)
"""Every row; unlike an empty Q it keeps its meaning beside ``|``."""


def is_operator(user: Any) -> bool:
    """Whether ``user`` runs the whole portal."""
    return bool(getattr(user, "is_active", False) and getattr(user, "is_superuser", False))


def inside(user: Any, mesa: str = "") -> Q:
    """Return the filter of what lies within mesas whose inside ``user`` may see; ``mesa`` is the path to it.

    Members who have not left, the technical secretariat of the network, operators. One query, no join.
    """
    if not getattr(user, "is_active", False):
        return Q(pk__in=[])
    if is_operator(user):
        return EVERYTHING
    prefix = f"{mesa}__" if mesa else ""
    member = MesaMember.objects.active().filter(user=user).values("mesa")
    secretary = Red.secretaries.through.objects.filter(user=user).values("red")
    return Q(**{f"{mesa or 'pk'}__in": member}) | Q(**{f"{prefix}red__in": secretary})


class MesaQuerySet(models.QuerySet["Mesa"]):
    """Which mesas."""

    def visible_to(self, user: Any) -> Self:
        """The name, leaders and link of a mesa are public."""
        return self.all()

    def of_member(self, user: Any) -> Self:
        """Those at which ``user`` sits now."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self.filter(pk__in=MesaMember.objects.active().filter(user=user).values("mesa"))

    def inside_of(self, user: Any) -> Self:
        """Those whose inside ``user`` may see."""
        return self.filter(inside(user))


class Mesa(models.Model):
    """A thematic table of a network."""

    red = models.ForeignKey(Red, models.PROTECT, verbose_name=_("red"), related_name="mesas")
    name = models.CharField(_("nombre"), max_length=120)
    slug = models.SlugField(
        _("dirección"), max_length=120, help_text=_("Lo que sigue a la ciudad en la dirección. No se cambia.")
    )
    link = models.CharField(_("eslabón"), max_length=20, choices=ChainLink.choices)
    leaders = models.ManyToManyField(
        Institution, verbose_name=_("entidades que lideran"), blank=True, related_name="led_mesas"
    )
    order = models.PositiveSmallIntegerField(_("orden"), default=0)
    updated_at = models.DateTimeField(_("cambió"), auto_now=True)

    objects: ClassVar[models.Manager[Mesa]] = models.Manager.from_queryset(MesaQuerySet)()

    class Meta:
        verbose_name = _("mesa")
        verbose_name_plural = _("mesas")
        ordering = ["red", "order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["red", "slug"], name="redip_mesa_slug_unique"),
            models.CheckConstraint(
                condition=~Q(slug=BITACORA_SLUG),
                name="redip_mesa_slug_not_bitacora",
                violation_error_message=_("Esa dirección es la de la Bitácora de la ciudad."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.red.city.name})"

    def get_absolute_url(self) -> str:
        """The mesa's page."""
        return reverse("redip:mesa", args=[self.red.city.slug, self.slug])

    @property
    def title(self) -> str:
        """As it is called in full."""
        return _now("Mesa %(name)s") % {"name": self.name}

    def address(self, view: str, *args: object) -> str:
        """Return the address of a part of this mesa."""
        return reverse(f"redip:{view}", args=[self.red.city.slug, self.slug, *args])


class MesaMemberQuerySet(models.QuerySet["MesaMember"]):
    """Which memberships."""

    def active(self) -> Self:
        """Those of people who have not left."""
        return self.filter(left_on__isnull=True)

    def visible_to(self, user: Any) -> Self:
        """Of the mesas whose inside she may see: who sits where is not public."""
        return self.filter(inside(user, "mesa"))


class MesaMember(models.Model):
    """A person who sits at a mesa for an institution; the row stays when she leaves."""

    mesa = models.ForeignKey(Mesa, models.CASCADE, verbose_name=_("mesa"), related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=_("persona"),
        related_name="mesa_memberships",
    )
    institution = models.ForeignKey(
        Institution,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("entidad"),
        related_name="mesa_members",
    )
    role = models.CharField(_("papel"), max_length=12, choices=MesaRole.choices, default=MesaRole.MEMBER)
    joined_on = models.DateField(_("desde"), default=timezone.localdate)
    left_on = models.DateField(_("hasta"), null=True, blank=True)

    objects: ClassVar[models.Manager[MesaMember]] = models.Manager.from_queryset(MesaMemberQuerySet)()

    class Meta:
        verbose_name = _("miembro")
        verbose_name_plural = _("miembros")
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mesa", "user"],
                condition=Q(left_on__isnull=True),
                name="redip_member_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("joined_on")),
                name="redip_member_leaves_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """As others read it; the row of an account that was erased keeps its place without a name."""
        return str(self.user) if self.user else _now("Persona que ya no tiene cuenta")

    @property
    def place(self) -> str:
        """For whom she sits there."""
        return str(self.institution) if self.institution else ""

    @property
    def mark(self) -> str:
        """That the account is of the demonstration; nothing of a person."""
        return str(self.user.mark) if self.user else ""

    @property
    def is_coordinator(self) -> bool:
        """Whether she coordinates."""
        return self.role == MesaRole.COORDINATOR


class MesaMessageQuerySet(models.QuerySet["MesaMessage"]):
    """Which messages."""

    def visible_to(self, user: Any) -> Self:
        """Of the mesas whose inside she may see."""
        return self.filter(inside(user, "mesa"))


class MesaMessage(models.Model):
    """What someone says to the whole mesa."""

    mesa = models.ForeignKey(Mesa, models.CASCADE, verbose_name=_("mesa"), related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("autor"), related_name="+"
    )
    text = models.TextField(_("mensaje"), max_length=4000)
    html = models.TextField(editable=False)
    sent_at = models.DateTimeField(_("cuándo"), default=timezone.now)

    objects: ClassVar[models.Manager[MesaMessage]] = models.Manager.from_queryset(MesaMessageQuerySet)()

    class Meta:
        verbose_name = _("mensaje")
        verbose_name_plural = _("mensajes")
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]
