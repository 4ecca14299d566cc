"""A resource: what a member publishes in a theme; a question, a debate, a note, a file, an article, a poll.

Who reads what is said here once, as queries, and everything below a resource points to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from comunidad.enums import TITLE_MAX, Kind, PostState
from comunidad.models.groups import Group, member_of
from comunidad.models.posts import Post
from comunidad.models.themes import Theme, is_operator, tutored_by

if TYPE_CHECKING:
    pass

EVERYTHING = Q(pk__isnull=False)
"""Every row; unlike an empty Q it keeps its meaning beside ``|``."""
SLUG_MAX = 80


def public(path: str = "") -> Q:
    """Return the filter of resources that everyone reads; ``path`` leads to the resource."""
    prefix = f"{path}__" if path else ""
    return Q(**{f"{prefix}state": PostState.VISIBLE}) & (
        Q(**{f"{prefix}group__isnull": True}) | Q(**{f"{prefix}group__is_private": False})
    )


def waiting(path: str = "") -> Q:
    """Return the filter of questions that nobody answered; ``path`` leads to the resource."""
    prefix = f"{path}__" if path else ""
    return Q(
        **{
            f"{prefix}kind": Kind.QUESTION,
            f"{prefix}first_answer_at__isnull": True,
            f"{prefix}accepted__isnull": True,
        }
    )


def _within(user: Any, path: str) -> Q:
    """Return the filter of resources of no group, of public groups, and of those ``user`` is in."""
    prefix = f"{path}__" if path else ""
    return (
        Q(**{f"{prefix}group__isnull": True})
        | Q(**{f"{prefix}group__is_private": False})
        | Q(**{f"{prefix}group__in": member_of(user)})
    )


def readable(user: Any, path: str = "") -> Q:
    """Return the filter of resources ``user`` may read; ``path`` leads to the resource.

    What is visible, in groups only to their members; of one's own also what is held or hidden; of the
    themes one tutors everything; operators everything.
    """
    if not getattr(user, "is_active", False):
        return public(path)
    if is_operator(user):
        return EVERYTHING
    prefix = f"{path}__" if path else ""
    hers = Q(**{f"{prefix}state": PostState.VISIBLE}) | Q(**{f"{prefix}author": user.pk})
    return (_within(user, path) & hers) | Q(**{f"{prefix}theme__in": tutored_by(user)})


class ResourceQuerySet(models.QuerySet["Resource"]):
    """Which resources, and in what order."""

    def visible_to(self, user: Any) -> Self:
        """Those whose content ``user`` may read."""
        return self.filter(readable(user))

    def public(self) -> Self:
        """Those that everyone reads."""
        return self.filter(public())

    def withdrawn_before(self, user: Any) -> Self:
        """Hidden ones that ``user`` might read if they were not: she is told that, and why, and no more."""
        hidden = self.filter(state=PostState.HIDDEN)
        if not getattr(user, "is_active", False):
            return hidden.filter(Q(group__isnull=True) | Q(group__is_private=False))
        return hidden.filter(_within(user, "")) if not is_operator(user) else hidden

    def followed_by(self, user: Any) -> Self:
        """Those that ``user`` follows, or whose theme she follows or looks after, and those of her groups.

        It asks at once, in three small queries, what that is: for who follows nothing, or little, the
        database would otherwise go through all resources.
        """
        from comunidad.models.engagement import Follow

        followed = Follow.objects.filter(user=user.pk).values_list("resource", "theme")
        resources = [resource for resource, _theme in followed if resource]
        themes = {theme for _resource, theme in followed if theme}
        themes |= set(tutored_by(user).values_list("theme", flat=True))
        groups = list(member_of(user).values_list("group", flat=True))
        return self.filter(Q(pk__in=resources) | Q(theme__in=themes) | Q(group__in=groups))

    def visible(self) -> Self:
        """Neither held nor hidden."""
        return self.filter(state=PostState.VISIBLE)

    def held(self) -> Self:
        """Waiting for approval."""
        return self.filter(state=PostState.HELD)

    def questions(self) -> Self:
        """Of this kind."""
        return self.filter(kind=Kind.QUESTION)

    def awaiting_tutor(self) -> Self:
        """Visible questions that nobody answered, the oldest first."""
        return self.visible().filter(waiting()).order_by("created_at", "pk")

    def answered(self) -> Self:
        """Questions with an answer, the last answered first."""
        found = self.questions().exclude(waiting())
        return found.order_by(Coalesce("accepted_at", "first_answer_at").desc(), "-pk")

    def newest_first(self) -> Self:
        """By when something last happened in them."""
        return self.order_by("-last_activity", "-pk")

    def with_people(self) -> Self:
        """Bring theme, group and author along in the same query."""
        return self.select_related("theme", "group", "author__city")


class Resource(Post):
    """One resource. Held and hidden ones keep their address."""

    theme = models.ForeignKey(Theme, models.PROTECT, verbose_name=_("tema"), related_name="resources")
    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, verbose_name=_("grupo"), related_name="resources"
    )
    kind = models.CharField(_("clase"), max_length=12, choices=Kind.choices, default=Kind.QUESTION)
    title = models.CharField(_("título"), max_length=TITLE_MAX)
    slug = models.SlugField(_("dirección"), max_length=SLUG_MAX)
    about_url = models.CharField(_("sobre esta dirección"), max_length=300, blank=True)
    about_label = models.CharField(_("sobre"), max_length=TITLE_MAX, blank=True)
    accepted = models.ForeignKey(
        "comunidad.Reply",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("respuesta aceptada"),
        related_name="+",
    )
    accepted_at = models.DateTimeField(_("aceptada"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("la aceptó"),
        related_name="+",
    )
    first_answer_at = models.DateTimeField(_("primera respuesta"), null=True, blank=True)
    is_frequent = models.BooleanField(_("es pregunta frecuente"), default=False)
    reply_count = models.PositiveIntegerField(_("respuestas"), default=0)
    last_activity = models.DateTimeField(_("lo último"), default=timezone.now)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("lo corrigió"),
        related_name="+",
    )

    objects: ClassVar[models.Manager[Resource]] = models.Manager.from_queryset(ResourceQuerySet)()

    class Meta(Post.Meta):
        verbose_name = _("recurso")
        verbose_name_plural = _("recursos")
        ordering = ["-last_activity", "-pk"]
        constraints = [
            *Post.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind=Kind.QUESTION)
                | Q(accepted__isnull=True, first_answer_at__isnull=True, is_frequent=False),
                name="comunidad_only_questions_are_answered",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True) | Q(accepted_at__isnull=False),
                name="comunidad_accepted_since_when",
            ),
            models.CheckConstraint(
                condition=Q(about_url="") | Q(about_url__startswith="/"),
                name="comunidad_about_an_address_of_this_site",
            ),
        ]
        indexes = [
            models.Index(fields=["theme", "-last_activity"], name="comunidad_theme_newest"),
            models.Index(
                fields=["theme", "created_at"],
                name="comunidad_waiting",
                condition=Q(state=PostState.VISIBLE, kind=Kind.QUESTION, first_answer_at__isnull=True),
            ),
            # Whole, not partial: SQLite does not see that a condition with a bound value implies the index's.
            models.Index(
                fields=["state", "kind", "first_answer_at", "accepted", "created_at"],
                name="comunidad_unanswered",
            ),
            # The last columns of these two are only looked at: whoever counts then reads the index alone.
            models.Index(fields=["state", "-last_activity", "-id", "group"], name="comunidad_newest_first"),
            models.Index(
                fields=["theme", "state", "group", "kind", "first_answer_at", "accepted", "author"],
                name="comunidad_counts_of_theme",
            ),
            models.Index(fields=["state", "-approved_at", "-id"], name="comunidad_last_published"),
            models.Index(
                F("state"),
                F("kind"),
                Coalesce("accepted_at", "first_answer_at").desc(),
                F("id").desc(),
                name="comunidad_last_answered",
            ),
            models.Index(
                fields=["theme", "-useful_count"], name="comunidad_frequent", condition=Q(is_frequent=True)
            ),
            models.Index(
                fields=["theme", "state", "accepted"],
                name="comunidad_worth_keeping",
                condition=Q(accepted__isnull=False, is_frequent=False),
            ),
            # Whole for the same reason; with what else is asked for, lest SQLite prefer another index.
            models.Index(fields=["about_url", "state", "kind"], name="comunidad_about_address"),
        ]

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def slug_of(title: str, kind: str) -> str:
        """Return the last part of an address for ``title``; the kind for one without letters."""
        return slugify(title)[:SLUG_MAX].strip("-") or kind

    def get_absolute_url(self) -> str:
        """The resource's page."""
        return reverse("comunidad:resource", args=[self.theme.slug, self.pk, self.slug])

    def address(self, view: str, *args: object) -> str:
        """Return the address of a part of this resource."""
        return reverse(f"comunidad:{view}", args=[self.theme.slug, self.pk, *args])

    @property
    def resource(self) -> Resource:
        """Itself; so that whoever has a post of either sort finds the thread."""
        return self

    @property
    def is_question(self) -> bool:
        """Whether it waits for an answer or has one."""
        return self.kind == Kind.QUESTION

    @property
    def is_waiting(self) -> bool:
        """Whether it is a question that nobody answered."""
        return self.is_question and self.first_answer_at is None and self.accepted_id is None
