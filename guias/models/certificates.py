"""Whether somebody understood, and the paper that says that she came and did (ADR 0020).

A code is drawn by chance, 63 bits of it, so that none can be guessed; its last letter is a sum over the
others, so that a mistyped one is told from one that nobody gave. What is printed is a row that no longer
changes: the name, the course and the hours of that day.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guias.models.courses import Course
from guias.models.paper import LETTERS, normal
from guias.models.sessions import Session

LENGTH = 14
"""Of 23 letters each: 63 bits. One more is the check letter."""
GROUP = 5


def check_letter(body: str) -> str:
    """Return the last letter of a code: 23 is prime, so a wrong letter, or two swapped, give another."""
    total = sum(place * LETTERS.index(letter) for place, letter in enumerate(body, start=1))
    return LETTERS[total % len(LETTERS)]


def drawn_code() -> str:
    """Return a new code."""
    body = "".join(secrets.choice(LETTERS) for _place in range(LENGTH))
    return body + check_letter(body)


def is_well_typed(code: str) -> bool:
    """Whether ``code``, as it is kept, could be one: what could not was mistyped."""
    return len(code) == LENGTH + 1 and set(code) <= set(LETTERS) and check_letter(code[:-1]) == code[-1]


def grouped(code: str) -> str:
    """Return ``code`` as people read and type it: ``FJ3KM-9RT4V-2XQDW``."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


class CheckResult(models.Model):
    """How one person did in the check of a course, the last time; hers alone."""

    course = models.ForeignKey(Course, verbose_name=_("curso"), on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("persona"), on_delete=models.CASCADE, related_name="+"
    )
    right = models.PositiveSmallIntegerField(_("aciertos"))
    total = models.PositiveSmallIntegerField(_("preguntas"))
    tried_at = models.DateTimeField(_("última vez"), default=timezone.now)
    passed_at = models.DateTimeField(_("la pasó"), null=True)

    objects: ClassVar[models.Manager[CheckResult]] = models.Manager()

    class Meta:
        verbose_name = _("comprobación de un curso")
        verbose_name_plural = _("comprobaciones de cursos")
        constraints = [models.UniqueConstraint(fields=["course", "user"], name="guias_check_result_unique")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.right}/{self.total}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Which certificates."""

    def typed(self, code: str) -> Self:
        """The one that ``code`` means, however it is typed."""
        return self.filter(code=normal(code))

    def of(self, user: Any) -> Self:
        """Those that were given to ``user``."""
        return self.filter(user_id=user.pk) if getattr(user, "is_authenticated", False) else self.none()


class Certificate(models.Model):
    """What was certified, of whom; without ``name`` when she had her data erased."""

    code = models.CharField(_("código"), max_length=LENGTH + 1, unique=True, default=drawn_code)
    course = models.ForeignKey(
        Course, verbose_name=_("curso"), on_delete=models.PROTECT, related_name="certificates"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("persona"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="certificates",
    )
    name = models.CharField(_("nombre"), max_length=170, blank=True)
    title = models.CharField(_("curso, como se llamaba"), max_length=120)
    hours = models.PositiveSmallIntegerField(_("horas"))
    first_day = models.DateField(_("primer día"))
    last_day = models.DateField(_("último día"))
    issued_on = models.DateField(_("expedido el"), default=timezone.localdate)
    withdrawn_on = models.DateField(_("retirado el"), null=True, blank=True)
    withdraw_reason = models.CharField(_("por qué se retiró"), max_length=240, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("quién lo retiró"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )

    objects: ClassVar[models.Manager[Certificate]] = models.Manager.from_queryset(CertificateQuerySet)()

    class Meta:
        verbose_name = _("certificado")
        verbose_name_plural = _("certificados")
        ordering = ["-issued_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["course", "user"], name="guias_certificate_unique")]

    def __str__(self) -> str:
        return grouped(self.code)

    def get_absolute_url(self) -> str:
        """Where anyone verifies it."""
        return reverse("guias:certificate", args=[self.code])

    @property
    def address(self) -> str:
        """The same with the portal's own name, as the paper carries it."""
        return f"{settings.ORIGIN}{self.get_absolute_url()}"

    @property
    def written(self) -> str:
        """The code as people read it."""
        return grouped(self.code)

    @property
    def is_valid(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawn_on is None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one person is in a course."""

    days: tuple[dt.date, ...]
    """The days of the sessions that were held and that she came to."""
    needed: int
    has_check: bool
    result: CheckResult | None = None
    certificate: Certificate | None = None

    @property
    def came_enough(self) -> bool:
        """Whether she came to as many sessions as are asked for."""
        return len(self.days) >= self.needed

    @property
    def has_passed(self) -> bool:
        """Whether she passed the check, or there is none."""
        return not self.has_check or (self.result is not None and self.result.passed_at is not None)

    @property
    def is_complete(self) -> bool:
        """Whether she may have the certificate."""
        return self.came_enough and self.has_passed


def progress_of(user: Any, course: Course) -> Progress:
    """Return how far ``user`` is in ``course``; three queries.

    Who was ticked in a session that was then cancelled, or moved to another day, did not come to it yet.
    """
    held = Session.objects.held().started().filter(course=course)
    came = held.filter(enrolments__user=user, enrolments__present=True)
    moments = came.order_by("starts_at").values_list("starts_at", flat=True)
    return Progress(
        days=tuple(timezone.localdate(moment) for moment in moments),
        needed=course.min_sessions,
        has_check=bool(course.check_questions),
        result=CheckResult.objects.filter(course=course, user=user).first(),
        certificate=Certificate.objects.filter(course=course, user=user).first(),
    )
