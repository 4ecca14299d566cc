"""Calling a meeting, and answering to the call."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from nucleo.fields import Day, Hour, LongText, ShortText
from redip.enums import Answer

MAX_POINTS = 30
POINT_LENGTH = 200


class MeetingForm(forms.Form):
    """When, where and about what."""

    day = Day(label=_("Qué día"), missing=_("Diga qué día es la reunión."))
    starts = Hour(label=_("A qué hora empieza"), missing=_("Diga a qué hora empieza."))
    ends = Hour(label=_("A qué hora termina"), missing=_("Diga a qué hora termina."))
    place = ShortText(
        label=_("Dónde"), required=False, max_length=200, help_text=_("Por ejemplo: sala 2 de la Alcaldía.")
    )
    link = forms.URLField(
        label=_("Enlace, si se puede entrar desde lejos"),
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={"invalid": _("Este enlace no está completo. Debe empezar por https://")},
    )
    agenda = LongText(
        label=_("De qué se va a hablar"),
        help_text=_("Un tema en cada línea. Con ellos se arma después el acta."),
        rows=5,
        max_length=4000,
        missing=_("Escriba al menos un tema."),
    )

    def clean_agenda(self) -> list[str]:
        """Return the points, one a line."""
        points = [line.strip(" \t-•·") for line in self.cleaned_data["agenda"].splitlines()]
        points = [point for point in points if point]
        if not points:
            raise forms.ValidationError(_now("Escriba al menos un tema."))
        if len(points) > MAX_POINTS:
            raise forms.ValidationError(
                _now("Son muchos temas para una reunión: caben %(n)s."), params={"n": MAX_POINTS}
            )
        for number, point in enumerate(points, start=1):
            if len(point) > POINT_LENGTH:
                raise forms.ValidationError(
                    _now("El tema %(number)s es muy largo: caben %(n)s letras."),
                    params={"number": number, "n": POINT_LENGTH},
                )
        return points

    def clean(self) -> dict[str, Any]:
        """Look whether it ends after it starts, and is somewhere."""
        data: dict[str, Any] = super().clean() or {}
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _now("La reunión debe terminar después de empezar."))
        if "place" in data and "link" in data and not data["place"] and not data["link"]:
            self.add_error("place", _now("Diga dónde es: un lugar, un enlace o los dos."))
        return data

    @property
    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """When it starts and ends, in the portal's time zone."""
        day = self.cleaned_data["day"]
        starts, ends = (dt.datetime.combine(day, self.cleaned_data[name]) for name in ("starts", "ends"))
        return timezone.make_aware(starts), timezone.make_aware(ends)


class AnswerForm(forms.Form):
    """Whether she comes."""

    answer = forms.ChoiceField(choices=Answer.choices)
