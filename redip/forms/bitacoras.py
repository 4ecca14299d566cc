"""Writing a section of the Bitácora, and closing an edition."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from nucleo.fields import ShortText
from redip.forms.fields import ProseText


class SectionForm(forms.Form):
    """The text of one section; knows at which revision it was opened."""

    mark_optional = False
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    text = ProseText(label=_("Texto"), rows=18, required=False, max_length=20_000)


class EditionForm(forms.Form):
    """What the new edition is about."""

    note = ShortText(
        label=_("Qué trae esta edición"),
        required=False,
        max_length=240,
        help_text=_("Una frase para quien leyó la anterior."),
    )
