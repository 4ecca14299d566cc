"""Fields that the forms share: long text, a day, people of a mesa, a file known by its content."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nucleo.forms import ShapedText
from nucleo.uploads import FIELD, Upload, checked
from redip.models import MesaMember

TOO_LONG = _("Caben %(limit_value)s letras y hay %(show_value)s. Acórtelo un poco.")


class LongText(forms.CharField):
    """Several lines; an error says how many letters fit and how many there are."""

    def __init__(self, *, rows: int = 5, missing: Any = "", **kwargs: Any) -> None:
        messages = {"max_length": TOO_LONG, **({"required": missing} if missing else {})}
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> str:
        """Take line ends as they are kept."""
        return str(super().to_python(value) or "").replace("\r\n", "\n")


class ProseText(LongText):
    """Several lines that are shaped when they are read: lists, subtitles, bold."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(widget=ShapedText(attrs={"rows": rows}), **kwargs)


class ShortText(forms.CharField):
    """One line, with the same words when it is too long."""

    def __init__(self, *, missing: Any = "", **kwargs: Any) -> None:
        messages = {"max_length": TOO_LONG, **({"required": missing} if missing else {})}
        super().__init__(error_messages=messages, **kwargs)


class Day(forms.DateField):
    """A day, in the browser's own calendar."""

    def __init__(self, *, missing: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y"])
        invalid = _("No entendimos esta fecha. Escríbala así: 31/12/2026.")
        super().__init__(error_messages={"required": missing, "invalid": invalid}, **kwargs)


class Hour(forms.TimeField):
    """An hour of the day."""

    def __init__(self, *, missing: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        kwargs.setdefault("input_formats", ["%H:%M", "%H:%M:%S"])
        invalid = _("No entendimos esta hora. Escríbala así: 14:30.")
        super().__init__(error_messages={"required": missing, "invalid": invalid}, **kwargs)


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
            "empty": _("Este archivo está vacío. Ábralo en su equipo para ver si guardó algo."),
            "invalid": _("El archivo no llegó. Escójalo otra vez."),
        }
        super().__init__(error_messages=messages, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Upload | None:
        """Return the upload after looking inside it."""
        file: Any = super().clean(data, initial)
        return checked(file) if file else None
