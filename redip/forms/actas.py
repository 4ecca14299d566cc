"""Writing an acta, and asking for a change in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nucleo.fields import LongText
from redip.forms.fields import MembersChoice, ProseText
from redip.models import Acta, MesaMember


class ActaForm(forms.Form):
    """What was dealt with and decided, and who was there; knows at which revision it was opened."""

    mark_optional = False
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    members = MembersChoice(
        label=_("Quiénes asistieron"),
        queryset=None,
        required=False,
        help_text=_("Ellos la aprueban."),
        error_messages={"invalid_choice": _("Una de las personas marcadas no está en la mesa.")},
    )
    topics = ProseText(label=_("Temas tratados"), rows=10, required=False, max_length=12_000)
    decisions = ProseText(label=_("Decisiones"), rows=6, required=False, max_length=6000)

    def __init__(self, *args: Any, acta: Acta, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = Q(left_on__isnull=True) | Q(attended__acta=acta)
        seats = MesaMember.objects.filter(there, mesa=acta.mesa_id).distinct()
        self.fields["members"].queryset = seats.select_related("user", "institution")  # type: ignore[attr-defined]

    @classmethod
    def of(cls, acta: Acta) -> ActaForm:
        """Return the form with the acta as it is now."""
        present = [row.member_id for row in acta.attendees.all()]
        initial = {
            "revision": acta.revision,
            "members": present,
            "topics": acta.topics,
            "decisions": acta.decisions,
        }
        return cls(acta=acta, initial=initial)


class ChangeForm(forms.Form):
    """What should change before she approves."""

    text = LongText(
        label=_("Qué se debe cambiar"),
        rows=4,
        max_length=1000,
        help_text=_("El acta vuelve a borrador y todos la aprueban otra vez."),
        missing=_("Escriba qué se debe cambiar."),
    )
