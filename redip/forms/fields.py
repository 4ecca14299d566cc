"""Fields that the forms share: text that is shaped, people of a mesa, a file known by its content."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nucleo.fields import LongText
from nucleo.forms import ShapedText
from nucleo.uploads import EMPTY, FIELD, Upload, checked
from redip.models import MesaMember


class ProseText(LongText):
    """Several lines that are shaped when they are read: lists, subtitles, bold."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(widget=ShapedText(attrs={"rows": rows}), **kwargs)


class MemberChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One member, by name and institution."""

    def label_from_instance(self, obj: MesaMember) -> str:
        """Return ``Ana Pérez, SENA``."""
        return with_place(obj)


class MembersChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several members, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: MesaMember) -> str:
        """Return ``Ana Pérez, SENA``."""
        return with_place(obj)


def with_place(member: MesaMember) -> str:
    """Return the name of a member and for whom she sits there."""
    return f"{member.name}, {member.place}" if member.place else member.name


class CheckedFile(forms.FileField):
    """A file whose content was looked at; the cleaned value is an Upload, or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.FileInput(attrs=FIELD))
        messages = {
            "required": _("Escoja el archivo que quiere subir."),
            "empty": EMPTY,
            "invalid": _("El archivo no llegó. Escójalo otra vez."),
        }
        super().__init__(error_messages=messages, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Upload | None:
        """Return the upload after looking inside it."""
        file: Any = super().clean(data, initial)
        return checked(file) if file else None
