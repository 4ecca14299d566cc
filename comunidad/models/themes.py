"""A theme: a subject of the forum, with who looks after it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comunidad.enums import RESERVED_SLUGS, ThemeIcon


def is_operator(user: Any) -> bool:
    """Whether ``user`` runs the whole portal."""
    return bool(getattr(user, "is_active", False) and getattr(user, "is_superuser", False))


def validate_slug(value: str) -> None:
    """Refuse an address that the forum uses for something else."""
    if value in RESERVED_SLUGS:
        raise ValidationError(_("La comunidad ya usa la dirección «%(value)s»."), params={"value": value})


def tutored_by(user: Any) -> Any:
    """Return the ids of the themes that ``user`` looks after, to be used inside a query."""
    return Theme.tutors.through.objects.filter(user=user).values("theme")


class ThemeQuerySet(models.QuerySet["Theme"]):
    """Which themes."""

    def visible_to(self, user: Any) -> Self:
        """Themes are public."""
        return self.all()

    def tutored_by(self, user: Any) -> Self:
        """Those that ``user`` looks after; for operators all, since they look after what nobody does."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self.all() if is_operator(user) else self.filter(pk__in=tutored_by(user))

    def with_counts(self) -> Self:
        """Add ``waiting_count`` and ``resource_count`` of what the public sees; no query more.

        Both count the same join, once: not to be combined with counts of another relation.
        """
        from comunidad.models.resources import public, waiting

        return self.annotate(
            resource_count=Count("resources", filter=public("resources")),
            waiting_count=Count("resources", filter=public("resources") & waiting("resources")),
        ).order_by("order", "name")


class Theme(models.Model):
    """One subject. Who tutors it may be named without an account: that is a fact, not a permission."""

    name = models.CharField(_("nombre"), max_length=100, unique=True)
    slug = models.SlugField(
        _("dirección"),
        max_length=80,
        unique=True,
        validators=[validate_slug],
        help_text=_("Lo que sigue a /comunidad/. No se cambia: hay enlaces con ella."),
    )
    description = models.CharField(
        _("de qué se habla"),
        max_length=240,
        blank=True,
        help_text=_("Una frase: ayuda a escoger el tema al preguntar."),
    )
    route = models.CharField(
        _("ruta"),
        max_length=20,
        blank=True,
        help_text=_("La ruta de atención de la que trata. Las guías de esa ruta preguntan aquí."),
    )
    icon = models.CharField(_("dibujo"), max_length=24, choices=ThemeIcon.choices, default=ThemeIcon.TALK)
    order = models.PositiveSmallIntegerField(_("orden"), default=100)
    tutor_name = models.CharField(
        _("tutoría a cargo de"),
        max_length=120,
        blank=True,
        help_text=_("Persona o entidad, como se publica. No necesita una cuenta."),
    )
    tutors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("cuentas que moderan"),
        blank=True,
        related_name="tutored_themes",
        help_text=_("Responden, aprueban los primeros mensajes y retiran lo que no debe estar."),
    )
    updated_at = models.DateTimeField(_("cambió"), auto_now=True)

    objects: ClassVar[models.Manager[Theme]] = models.Manager.from_queryset(ThemeQuerySet)()

    class Meta:
        verbose_name = _("tema")
        verbose_name_plural = _("temas")
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug__in=sorted(RESERVED_SLUGS)),
                name="comunidad_theme_slug_not_reserved",
                violation_error_message=_("La comunidad ya usa esa dirección."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tutor_label(self) -> str:
        """Who looks after it: the name that is published, else those of the accounts (prefetch them)."""
        return self.tutor_name or ", ".join(str(user) for user in self.tutors.all() if user.is_active)

    def get_absolute_url(self) -> str:
        """The theme's page."""
        return reverse("comunidad:theme", args=[self.slug])
