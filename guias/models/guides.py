"""A guide: the name, the address and the shelf. What it says is in its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guias.enums import RESERVED_SLUGS, GuideState, Route, Series, VersionState

if TYPE_CHECKING:
    from guias.models.versions import Version


def is_editor(user: Any) -> bool:
    """Whether ``user`` may see what is not published: who may change versions in the admin."""
    return bool(getattr(user, "is_active", False)) and bool(user.has_perm("guias.change_version"))


def validate_slug(value: str) -> None:
    """Refuse an address that the site uses for something else."""
    if value in RESERVED_SLUGS:
        raise ValidationError(_("El sitio ya usa la dirección «%(value)s»."), params={"value": value})


class GuideQuerySet(models.QuerySet["Guide"]):
    """Which guides, and in what order they stand on the shelf."""

    def visible_to(self, user: Any) -> Self:
        """All that are shown to the public; to editors also those being prepared in quiet."""
        return self if is_editor(user) else self.filter(is_public=True)

    def on_shelf(self) -> Self:
        """All but the retired ones, which keep their address but leave the list."""
        return self.exclude(state=GuideState.RETIRED)

    def in_order(self) -> Self:
        """By route as people walk them, then by the order that editors gave."""
        position = models.Case(
            *(models.When(route=route, then=n) for n, route in enumerate(Route)),
            default=len(Route),
            output_field=models.IntegerField(),
        )
        return self.alias(route_position=position).order_by("route_position", "order", "title")

    def with_current(self) -> Self:
        """Bring the version in force along in one more query, without its chapters."""
        from guias.models.versions import Version

        return self.prefetch_related(
            models.Prefetch(
                "versions",
                queryset=Version.objects.in_force().defer("body", "summary"),
                to_attr="current_versions",
            )
        )

    def with_drafts(self) -> Self:
        """Bring the version that is being written along, as ``draft_versions``, in one more query."""
        from guias.models.versions import Version

        drafts = Version.objects.drafts().defer("body", "summary")
        return self.prefetch_related(models.Prefetch("versions", queryset=drafts, to_attr="draft_versions"))

    def newest_first(self) -> Self:
        """Guides with a version in force, the latest date first; of one day, the last published."""
        return self.filter(versions__state=VersionState.IN_FORCE).order_by(
            "-versions__published_on", "-versions__first_published_at", "-versions__pk"
        )


class Guide(models.Model):
    """One title of the package, at one address for ever."""

    title = models.CharField(_("título"), max_length=160)
    slug = models.SlugField(
        _("dirección"),
        max_length=120,
        unique=True,
        validators=[validate_slug],
        help_text=_("Lo que sigue a /guias/. No se cambia: hay enlaces y papeles con ella."),
    )
    series = models.CharField(_("serie"), max_length=20, choices=Series.choices, default=Series.GUIDE)
    route = models.CharField(_("ruta"), max_length=20, choices=Route.choices)
    state = models.CharField(
        _("estado"), max_length=20, choices=GuideState.choices, default=GuideState.BUILDING
    )
    order = models.PositiveSmallIntegerField(_("orden"), default=100, help_text=_("Dentro de su ruta."))
    lead = models.CharField(
        _("en una frase"),
        max_length=240,
        help_text=_("Qué resuelve la guía y a quién. Se muestra en listas y en la búsqueda."),
    )
    outlook = models.TextField(
        _("qué va a traer"),
        max_length=1200,
        blank=True,
        help_text=_("Una frase por línea. Se muestra mientras no haya una versión publicada."),
    )
    is_public = models.BooleanField(
        _("se muestra al público"),
        default=True,
        help_text=_("Quite la marca mientras la prepara en reserva; solo la ven quienes editan."),
    )
    is_demo = models.BooleanField(
        _("contenido de demostración"),
        default=False,
        help_text=_("La guía lleva un aviso de que su texto es de ejemplo y no es el documento oficial."),
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("quién responde de que siga vigente"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "Cuando a un capítulo le llega su fecha, se le pregunta por correo. Nadie: a quienes editan."
        ),
    )
    review_months = models.PositiveSmallIntegerField(
        _("cada cuántos meses se revisa"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("Un capítulo puede tener otro plazo: se le pone en «Vigencia de los capítulos»."),
    )
    updated_at = models.DateTimeField(_("cambió"), auto_now=True)

    objects: ClassVar[models.Manager[Guide]] = models.Manager.from_queryset(GuideQuerySet)()

    class Meta:
        verbose_name = _("guía")
        verbose_name_plural = _("guías")
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The guide's address."""
        return reverse("guias:guide", args=[self.slug])

    @property
    def outlook_lines(self) -> list[str]:
        """What it will bring, a sentence each."""
        return [line.strip() for line in self.outlook.splitlines() if line.strip()]

    @property
    def current(self) -> Version | None:
        """The version in force; free after ``with_current()``, otherwise a query."""
        found: list[Version] | None = getattr(self, "current_versions", None)
        if found is None:
            found = list(self.versions.in_force()[:1])
            self.current_versions = found
        return found[0] if found else None
