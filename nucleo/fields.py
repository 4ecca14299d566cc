"""Fields of forms that several apps ask: a line, several lines, a day, an hour, each with its sentences."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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
