"""The check of a course as a form: one question after another, each with its options."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guias.models import Course
from nucleo.fields import ShortText


class CheckForm(forms.Form):
    """The questions of ``course``; all of them are answered before any is told."""

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, question in enumerate(course.check_questions, start=1):
            self.fields[question.id] = forms.ChoiceField(
                label=f"{number}. {question.text}",
                choices=[(option.id, option.text) for option in question.options],
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Falta responder la pregunta %(n)s.") % {"n": number},
                    "invalid_choice": _("La pregunta %(n)s cambió. Respóndala otra vez.") % {"n": number},
                },
            )


class WithdrawForm(forms.Form):
    """Why a certificate no longer counts: who has it reads it, who verifies it does not."""

    reason = ShortText(
        label=_("Por qué se retira"),
        max_length=240,
        missing=_("Diga por qué: lo lee la persona."),
        help_text=_("Lo lee la persona del certificado. Quien mira el código solo ve que fue retirado."),
    )
