"""Forms of courses: what an editor arranges, when and where a session is, whom a centre sends."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from directorio.models import City
from guias.forms.of_route import OfRouteForm
from guias.models import Course
from guias.models.courses import MIN_QUESTIONS, chapter_key, lessons_of
from nucleo.fields import Day, Hour, LongText, ShortText
from search import outbox

MOST_PEOPLE = 40
"""Addresses that are taken at once."""


class CourseForm(OfRouteForm):
    """A course. Who teaches is named by e-mail, and at once."""

    trainer_emails = forms.CharField(
        label=_("Quién lo dicta"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "El correo con el que entra cada persona, uno en cada línea. Programan las sesiones y pasan la "
            "lista. Vale desde que guarda, también en borrador."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            people = self.instance.trainers.order_by("email").values_list("email", flat=True)
            self.initial["trainer_emails"] = "\n".join(people)

    def clean_trainer_emails(self) -> list[Any]:
        """Return the accounts; says which address is of none."""
        found, unknown = accounts(self.cleaned_data["trainer_emails"].splitlines())
        if unknown:
            raise forms.ValidationError(
                _now("No hay una cuenta con este correo: %(email)s"), params={"email": ", ".join(unknown)}
            )
        return found

    def clean_lessons(self) -> Any:
        """Refuse what is no chapter that can be read now."""
        lessons = self.cleaned_data["lessons"]
        for number, block in enumerate(lessons, start=1):
            if chapter_key(str(block.value)) is None:
                raise forms.ValidationError(
                    _now("La dirección %(n)s no es la de un capítulo. Ábralo en el portal y copie la suya."),
                    params={"n": number},
                )
        gone = [lesson.address for lesson in lessons_of(Course(lessons=lessons)) if lesson.chapter is None]
        if gone:
            raise forms.ValidationError(
                _now("Este capítulo no está en la versión vigente de una guía pública: %(address)s"),
                params={"address": ", ".join(gone)},
            )
        return lessons

    def clean(self) -> dict[str, Any]:
        """Refuse to publish a check that is too short to say anything; a draft may be half written."""
        data: dict[str, Any] = super().clean()
        count = len(data.get("questions") or ())
        if "action-publish" in self.data and 0 < count < MIN_QUESTIONS:
            self.add_error("questions", _now("Escriba al menos tres preguntas, o ninguna."))
        return data

    @transaction.atomic
    def save(self, commit: bool = True) -> Course:
        """Save the course, or hand its draft over; who teaches is saved in both cases."""
        course: Course = super().save(commit=commit)
        if course.pk:
            course.trainers.set(self.cleaned_data["trainer_emails"])
            outbox.queue("curso", course.pk)
        return course


def accounts(addresses: Any) -> tuple[list[Any], list[str]]:
    """Return the open accounts of ``addresses`` in their order, and the addresses that are of none."""
    wanted = list(dict.fromkeys(line.strip().lower() for line in addresses if line.strip()))
    people = get_user_model()._default_manager.filter(email__in=wanted, is_active=True)
    known = {person.email: person for person in people}
    return [known[one] for one in wanted if one in known], [one for one in wanted if one not in known]


class SessionForm(forms.Form):
    """When, where and for how many."""

    day = Day(label=_("Qué día"), missing=_("Diga qué día es la sesión."))
    starts = Hour(label=_("A qué hora empieza"), missing=_("Diga a qué hora empieza."))
    ends = Hour(label=_("A qué hora termina"), missing=_("Diga a qué hora termina."))
    city = forms.ModelChoiceField(
        City.objects.order_by("name"),
        label=_("Ciudad"),
        required=False,
        empty_label=_("Ninguna: es en línea"),
    )
    place = ShortText(
        label=_("Lugar"),
        required=False,
        max_length=200,
        help_text=_("Con la dirección. Por ejemplo: sala 2 del centro, carrera 5 # 10-20."),
    )
    link = forms.URLField(
        label=_("Enlace, si es en línea"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_("Solo lo ve quien tiene cupo."),
        error_messages={"invalid": _("Este enlace no está completo. Debe empezar por https://")},
    )
    capacity = forms.IntegerField(
        label=_("Cupos"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("Vacío si no hay límite."),
        error_messages={
            "invalid": _("Escriba un número, por ejemplo 25."),
            "min_value": _("Como mínimo, un cupo."),
            "max_value": _("Como máximo, mil cupos."),
        },
    )

    def clean(self) -> dict[str, Any]:
        """Look whether it ends after it starts, is somewhere, and is still to come."""
        data: dict[str, Any] = super().clean() or {}
        starts, ends, day = data.get("starts"), data.get("ends"), data.get("day")
        if starts and ends and ends <= starts:
            self.add_error("ends", _now("La sesión debe terminar después de empezar."))
        if day and day < timezone.localdate():
            self.add_error("day", _now("Ese día ya pasó."))
        if "place" in data and "link" in data and not data["place"] and not data["link"]:
            self.add_error("place", _now("Diga dónde es: un lugar, un enlace o los dos."))
        return data

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        moments = (dt.datetime.combine(data["day"], data[name]) for name in ("starts", "ends"))
        starts_at, ends_at = (timezone.make_aware(moment) for moment in moments)
        rest = {name: data[name] for name in ("city", "place", "link", "capacity")}
        return {"starts_at": starts_at, "ends_at": ends_at, **rest}


class CancelForm(forms.Form):
    """Why a session will not be held: those who are enrolled read it."""

    reason = ShortText(
        label=_("Por qué se cancela"),
        max_length=240,
        missing=_("Diga por qué: lo lee quien está inscrito."),
        help_text=_("Lo lee quien está inscrito. Por ejemplo: no hay luz en el centro."),
    )


class PeopleForm(forms.Form):
    """Whom somebody enrols, by the address that each one signs in with."""

    emails = LongText(
        label=_("Correos"),
        rows=5,
        max_length=4000,
        missing=_("Escriba al menos un correo."),
        help_text=_("El correo con el que cada persona entra al portal, uno en cada línea."),
    )

    def clean_emails(self) -> list[str]:
        """Return the addresses, one a line."""
        found = [line.strip().lower() for line in self.cleaned_data["emails"].splitlines() if line.strip()]
        if len(found) > MOST_PEOPLE:
            raise forms.ValidationError(
                _now("Son muchos de una vez: escriba hasta %(n)s."), params={"n": MOST_PEOPLE}
            )
        return found
