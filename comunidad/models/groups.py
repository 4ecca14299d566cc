"""Groups of members: asked for by one of them, opened by who runs the forum, public or for members only."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comunidad.enums import REASON_MAX, RESERVED_GROUP_SLUGS, GroupState, MembershipState
from comunidad.models.themes import Theme, is_operator


def member_of(user: Any) -> Any:
    """Return the ids of the groups that ``user`` is in, to be used inside a query."""
    return Membership.objects.members().filter(user=user).values("group")


class GroupQuerySet(models.QuerySet["Group"]):
    """Which groups."""

    def open(self) -> Self:
        """Those that were opened."""
        return self.filter(state=GroupState.OPEN)

    def visible_to(self, user: Any) -> Self:
        """Open ones: everyone. Asked for or refused: who asked, and who decides (tutors, operators)."""
        if not getattr(user, "is_active", False):
            return self.open()
        if is_operator(user) or Theme.objects.tutored_by(user).exists():
            return self.all()
        return self.filter(Q(state=GroupState.OPEN) | Q(requested_by=user))

    def readable_by(self, user: Any) -> Self:
        """Open ones whose messages ``user`` may read as a reader: the public ones, and those she is in."""
        if not getattr(user, "is_active", False):
            return self.open().filter(is_private=False)
        if is_operator(user):
            return self.open()
        return self.open().filter(Q(is_private=False) | Q(pk__in=member_of(user)))

    def with_counts(self) -> Self:
        """Add ``member_count``; no query more."""
        members = Q(memberships__state=MembershipState.MEMBER)
        return self.annotate(member_count=Count("memberships", filter=members, distinct=True))


class Group(models.Model):
    """People who share something and write to one another in the forum."""

    name = models.CharField(_("nombre"), max_length=100)
    slug = models.SlugField(_("dirección"), max_length=80, unique=True)
    purpose = models.TextField(_("para qué es"), max_length=600)
    is_private = models.BooleanField(
        _("solo sus miembros ven lo que se publica"),
        default=False,
        help_text=_("Sin la marca, lo que se publica lo lee todo el mundo; escribir, solo los miembros."),
    )
    state = models.CharField(
        _("estado"), max_length=12, choices=GroupState.choices, default=GroupState.REQUESTED
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("lo pidió"), related_name="+"
    )
    requested_at = models.DateTimeField(_("pedido"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("lo decidió"),
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decidido"), null=True, blank=True)
    refusal = models.CharField(_("por qué no se abrió"), max_length=REASON_MAX, blank=True)
    form_token = models.UUIDField(null=True, editable=False)

    objects: ClassVar[models.Manager[Group]] = models.Manager.from_queryset(GroupQuerySet)()

    class Meta:
        verbose_name = _("grupo")
        verbose_name_plural = _("grupos")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug__in=sorted(RESERVED_GROUP_SLUGS)),
                name="comunidad_group_slug_not_reserved",
            ),
            models.CheckConstraint(
                condition=Q(state=GroupState.REFUSED) & ~Q(refusal="")
                | ~Q(state=GroupState.REFUSED) & Q(refusal=""),
                name="comunidad_group_refused_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["requested_by", "form_token"],
                condition=Q(form_token__isnull=False),
                name="comunidad_group_form_sent_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The group's page."""
        return reverse("comunidad:group", args=[self.slug])

    @property
    def is_open(self) -> bool:
        """Whether one can write in it."""
        return self.state == GroupState.OPEN


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Which memberships."""

    def members(self) -> Self:
        """Of people who are in."""
        return self.filter(state=MembershipState.MEMBER, group__state=GroupState.OPEN)

    def asking(self) -> Self:
        """Of people who wait to be let in."""
        return self.filter(state=MembershipState.ASKED)


class Membership(models.Model):
    """One person in one group, or asking to be; the row goes when she leaves."""

    group = models.ForeignKey(Group, models.CASCADE, verbose_name=_("grupo"), related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("persona"), related_name="group_memberships"
    )
    state = models.CharField(
        _("estado"), max_length=12, choices=MembershipState.choices, default=MembershipState.MEMBER
    )
    coordinates = models.BooleanField(_("coordina"), default=False)
    since = models.DateTimeField(_("desde"), default=timezone.now)

    objects: ClassVar[models.Manager[Membership]] = models.Manager.from_queryset(MembershipQuerySet)()

    class Meta:
        verbose_name = _("miembro de grupo")
        verbose_name_plural = _("miembros de grupos")
        ordering = ["-coordinates", "since"]
        constraints = [
            models.UniqueConstraint(fields=["group", "user"], name="comunidad_membership_unique"),
            models.CheckConstraint(
                condition=Q(coordinates=False) | Q(state=MembershipState.MEMBER),
                name="comunidad_who_coordinates_is_in",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} en {self.group}"
