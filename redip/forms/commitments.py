"""Writing a commitment down, and telling how it goes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from directorio.forms import InstitutionField
from nucleo.fields import Day, LongText, ShortText
from redip.enums import CommitmentState
from redip.forms.fields import CheckedFile, MemberChoice
from redip.models import Acta, Mesa

LONGEST = dt.timedelta(days=5 * 366)
"""A date further away than this is a slip of the finger."""


class CommitmentForm(forms.Form):
    """What, who, until when; from who sits at the mesa and the directory's institutions."""

    what = ShortText(
        label=_("Qué se va a hacer"),
        max_length=240,
        help_text=_("Empiece por el verbo: enviar, reunir, proponer."),
        missing=_("Escriba qué se va a hacer."),
    )
    member = MemberChoice(
        label=_("Quién"),
        queryset=None,
        required=False,
        empty_label=_("Nadie en particular"),
        error_messages={"invalid_choice": _("Esa persona no está en la mesa.")},
    )
    institution = InstitutionField(
        label=_("Entidad"),
        help_text=_("Si responde una entidad y no una sola persona. Escriba su nombre o su sigla."),
    )
    until = Day(label=_("Hasta cuándo"), missing=_("Diga hasta cuándo."))

    def __init__(self, *args: Any, mesa: Mesa, acta: Acta | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acta = acta
        seats = mesa.members.active().select_related("user", "institution")
        self.fields["member"].queryset = seats  # type: ignore[attr-defined]

    def clean_until(self) -> dt.date:
        """Refuse a day that has passed, unless an acta says so, and one that is years away."""
        day: dt.date = self.cleaned_data["until"]
        today = timezone.localdate()
        if day < today and self.acta is None:
            raise forms.ValidationError(_now("Esa fecha ya pasó. Ponga una que venga."))
        if day > today + LONGEST:
            raise forms.ValidationError(_now("Esa fecha está muy lejos. Revise el año."))
        return day

    def clean(self) -> dict[str, Any]:
        """Look whether someone answers for it."""
        data: dict[str, Any] = super().clean() or {}
        missing = not (data.get("member") or data.get("institution"))
        if missing and not ({"member", "institution"} & set(self.errors)):
            self.add_error("member", _now("Diga quién responde: una persona, una entidad o las dos."))
        return data


class ProgressForm(forms.Form):
    """How it goes, how far it is, and what proves it."""

    text = LongText(
        label=_("Cómo va"),
        rows=4,
        max_length=2000,
        missing=_("Cuente en una frase cómo va."),
    )
    percent = forms.IntegerField(
        label=_("Cuánto lleva, de 0 a 100"),
        min_value=0,
        max_value=100,
        help_text=_("Con 100 queda cumplido."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "step": 1}),
        error_messages={
            "required": _("Diga cuánto lleva, de 0 a 100."),
            "invalid": _("Escriba solo el número, de 0 a 100."),
            "min_value": _("El número va de 0 a 100."),
            "max_value": _("El número va de 0 a 100."),
        },
    )
    evidence = CheckedFile(
        label=_("Un soporte, si lo tiene"),
        required=False,
        help_text=_("PDF, Word, Excel o una foto, hasta 20 MB."),
    )
    dropped = forms.BooleanField(label=_("Ya no se va a hacer"), required=False)

    @property
    def state(self) -> CommitmentState | None:
        """What she says of it besides the number."""
        return CommitmentState.DROPPED if self.cleaned_data["dropped"] else None
