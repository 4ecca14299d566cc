"""A course: chapters to read, sessions to come to, a short check; what an editor arranges (ADR 0020).

A course holds no text of its own but a sentence and what is learnt: what is read stands in the guides, always
in the version in force. It is a snippet of Wagtail with drafts; who teaches it is no part of a draft, since a
right begins and ends when it is given and taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from guias.blocks import LessonsBlock, QuestionsBlock
from guias.enums import Access, Route
from guias.models.chapters import Chapter
from guias.models.former import former
from guias.models.guides import Guide, is_editor
from guias.models.versions import Version, lines
from nucleo.streamfield import StreamField

ADDRESS = re.compile(r"^/guias/([a-z0-9-]+)/(?:v\d+/)?([a-z0-9-]+)/?$")
MIN_QUESTIONS, MAX_QUESTIONS = 3, 10


def chapter_key(address: str) -> tuple[str, str] | None:
    """Return (guide, chapter) of the address of a chapter as people paste it, None of what is no such thing.

    That of a numbered version stands for the chapter: a course follows what is in force.
    """
    found = ADDRESS.match(urlsplit(address.strip()).path)
    return (found[1], found[2]) if found else None


@dataclass(frozen=True, slots=True)
class Lesson:
    """A chapter of a course; without ``chapter`` it is gone from the version in force, or never was there."""

    address: str
    guide: Guide | None = None
    chapter: Chapter | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that may be answered; ``id`` stays while editors change the words."""

    id: str
    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the check."""

    id: str
    text: str
    options: tuple[Option, ...]
    why: str

    @property
    def right(self) -> str:
        """The id of the right answer."""
        return next((option.id for option in self.options if option.right), "")


class CourseQuerySet(models.QuerySet["Course"]):
    """Which courses."""

    def visible_to(self, user: Any) -> Self:
        """The published ones; to editors also those being prepared."""
        return self if is_editor(user) else self.filter(live=True)


class Course(DraftStateMixin, PreviewableMixin, RevisionMixin, models.Model):  # type: ignore[misc]
    """One course."""

    title = models.CharField(_("nombre"), max_length=120)
    slug = models.SlugField(
        _("dirección"),
        max_length=80,
        unique=True,
        help_text=_("Lo que sigue a /guias/formacion/. No se cambia: hay enlaces con ella."),
    )
    lead = models.CharField(
        _("en una frase"), max_length=240, help_text=_("Para qué sirve el curso y a quién.")
    )
    goals = models.TextField(
        _("qué se aprende"), max_length=1200, help_text=_("Una frase por línea, de dos a cinco.")
    )
    route = models.CharField(_("ruta"), max_length=20, choices=Route.choices)
    access = models.CharField(
        _("quién se inscribe"), max_length=10, choices=Access.choices, default=Access.CENTERS
    )
    hours = models.PositiveSmallIntegerField(
        _("horas"),
        validators=[MinValueValidator(1), MaxValueValidator(200)],
        help_text=_("Las que dice el certificado."),
    )
    min_sessions = models.PositiveSmallIntegerField(
        _("asistencia mínima"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("A cuántas sesiones hay que ir para recibir el certificado."),
    )
    pass_mark = models.PositiveSmallIntegerField(
        _("aciertos para pasar la comprobación (%)"),
        default=70,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    lessons = StreamField(LessonsBlock(), verbose_name=_("capítulos"), blank=True)
    questions = StreamField(
        QuestionsBlock(max_num=MAX_QUESTIONS),
        verbose_name=_("comprobación"),
        blank=True,
        help_text=_("De tres a diez preguntas. Sin preguntas, el curso no tiene comprobación."),
    )
    trainers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("quién lo dicta"), blank=True, related_name="+"
    )
    is_demo = models.BooleanField(_("contenido de demostración"), default=False)
    updated_at = models.DateTimeField(_("cambió"), auto_now=True)

    objects: ClassVar[models.Manager[Course]] = models.Manager.from_queryset(CourseQuerySet)()

    class Meta:
        verbose_name = _("curso")
        verbose_name_plural = _("cursos")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The course's page."""
        return reverse("guias:course", args=[self.slug])

    def address(self, name: str, *args: Any) -> str:
        """Return the address ``guias:<name>`` below the course."""
        return reverse(f"guias:{name}", args=[self.slug, *args])

    @property
    def goal_lines(self) -> list[str]:
        """What is learnt, a sentence each."""
        return lines(self.goals)

    @cached_property
    def trainer_ids(self) -> frozenset[int]:
        """Who teaches it; one query, once for each course that was read."""
        return frozenset(self.trainers.values_list("pk", flat=True))

    @property
    def keys(self) -> list[tuple[str, str]]:
        """(guide, chapter) of each lesson that is the address of a chapter."""
        return [key for block in self.lessons if (key := chapter_key(str(block.value)))]

    @cached_property
    def check_questions(self) -> list[Question]:
        """The questions, in order."""
        return [_question(block) for block in self.questions]

    def is_passed_with(self, right: int, total: int) -> bool:
        """Whether ``right`` answers of ``total`` reach its mark."""
        return right * 100 >= self.pass_mark * total

    # What Wagtail asks of a draft
    def get_preview_template(self, request: Any, mode_name: str) -> str:
        """The page as readers will see it."""
        return "guias/course_preview.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        """What the preview shows."""
        return {"request": request, "course": self, "lessons": lessons_of(self)}


def _question(block: Any) -> Question:
    options = tuple(
        Option(str(bound.id), str(bound.value["text"]), bool(bound.value["right"]))
        for bound in block.value["options"].bound_blocks
    )
    return Question(str(block.id), str(block.value["text"]), options, str(block.value["why"]))


def lessons_of(course: Course) -> list[Lesson]:
    """Return the lessons of ``course`` as they stand now, what is gone too; one query.

    One more for each that is at its address no longer: it may have another one. A guide in reserve is not
    there for a course either: who enrols could not read it.
    """
    keys = course.keys
    versions = {version.guide.slug: version for version in _in_force(guide for guide, _chapter in keys)}
    found = []
    for guide, chapter in keys:
        version = versions.get(guide)
        now = _now(version, chapter) if version else None
        found.append(
            Lesson(
                address=reverse("guias:chapter", args=[guide, now.slug if now else chapter]),
                guide=version.guide if version else None,
                chapter=now,
            )
        )
    return found


def _now(version: Version, slug: str) -> Chapter | None:
    """Return the chapter of ``version`` at ``slug``, or the one that was there in an earlier version."""
    found = version.chapter(slug)
    before = None if found else former(version, slug)
    return before.now if before else found


def _in_force(guides: Iterable[str]) -> models.QuerySet[Version]:
    wanted = Version.objects.in_force().filter(guide__slug__in=set(guides), guide__is_public=True)
    return wanted.select_related("guide")


def courses_with(guide: Guide) -> list[Course]:
    """Return the courses that a chapter of ``guide`` belongs to; there are few courses, and all are read."""
    return [course for course in Course.objects.all() if any(slug == guide.slug for slug, _c in course.keys)]
