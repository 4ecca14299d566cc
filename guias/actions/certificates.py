"""Check what was understood, give the certificate, take it back, and forget who asks to be forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guias import signals
from guias.actions.enrolment import fill, locked_session
from guias.models import Certificate, CheckResult, Course, Enrolment, Session
from guias.models.certificates import progress_of
from guias.models.courses import Option, Question
from guias.policies import courses as policies
from nucleo.policies import require


@dataclass(frozen=True, slots=True)
class Answered:
    """One question with what was chosen."""

    question: Question
    chosen: Option | None

    @property
    def is_right(self) -> bool:
        """Whether it was the right one."""
        return self.chosen is not None and self.chosen.right


@transaction.atomic
def take_check(*, course: Course, by: Any, answers: Mapping[str, str]) -> tuple[CheckResult, list[Answered]]:
    """Keep how ``by`` did and return it with each question; ``answers`` are option ids by question id.

    Passing it once is passing it: a later try that goes wrong takes nothing away. Raises Forbidden.
    """
    require(policies.can_take_check(by, course), _("Para hacer la comprobación, entre a su cuenta."))
    answered = [Answered(one, _option(one, answers.get(one.id))) for one in course.check_questions]
    right, total, now = sum(one.is_right for one in answered), len(answered), timezone.now()
    passed = course.is_passed_with(right, total)
    result, _new = CheckResult.objects.select_for_update().get_or_create(
        course=course, user=by, defaults={"right": right, "total": total}
    )
    result.right, result.total, result.tried_at = right, total, now
    result.passed_at = result.passed_at or (now if passed else None)
    result.save()
    return result, answered


def _option(question: Question, chosen: str | None) -> Option | None:
    return next((option for option in question.options if option.id == chosen), None)


@transaction.atomic
def give_certificate(*, course: Course, to: Any) -> Certificate:
    """Return the certificate of ``to``, made at the first call; she asks for it herself, and so agrees to it.

    Raises Forbidden for who did not come or did not pass, and when it was withdrawn.
    """
    Course.objects.select_for_update().get(pk=course.pk)
    progress = progress_of(to, course)
    if progress.certificate is not None:
        require(progress.certificate.is_valid, _("Su certificado de este curso fue retirado."))
        return progress.certificate
    require(
        policies.can_have_certificate(to, course, progress),
        _("El certificado es para quien vino a las sesiones y pasó la comprobación."),
    )
    today = timezone.localdate()
    return Certificate.objects.create(
        course=course,
        user=to,
        name=to.display_name,
        title=course.title,
        hours=course.hours,
        first_day=progress.days[0] if progress.days else today,
        last_day=progress.days[-1] if progress.days else today,
    )


@transaction.atomic
def withdraw_certificate(*, certificate: Certificate, by: Any, reason: str) -> bool:
    """Say that a certificate no longer counts, and why; false if that was said. Raises Forbidden."""
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    require(policies.can_teach(by, locked.course), _("Lo retira quien dicta el curso."))
    if not locked.is_valid:
        return False
    locked.withdrawn_on, locked.withdrawn_by, locked.withdraw_reason = timezone.localdate(), by, reason
    locked.save(update_fields=["withdrawn_on", "withdrawn_by", "withdraw_reason"])
    transaction.on_commit(partial(signals.certificate_withdrawn.send, sender=Certificate, certificate=locked))
    return True


@transaction.atomic
def forget_person(*, person: Any) -> None:
    """Take away what names ``person`` or waits for her; her chairs to come go to who waits.

    A certificate stays, without its name: somebody may have relied on its code, and is told that it was real.
    """
    Certificate.objects.filter(user=person).update(name="")
    CheckResult.objects.filter(user=person).delete()
    Course.trainers.through.objects.filter(user=person).delete()
    coming = Enrolment.objects.filter(user=person, session__starts_at__gt=timezone.now())
    for session in Session.objects.filter(pk__in=coming.values("session")).order_by("pk"):
        locked = locked_session(session)
        locked.enrolments.filter(user=person).delete()
        fill(locked)
