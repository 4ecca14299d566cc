"""Forms of the admin, and the field by which other apps' forms name an institution.

What an editor saves is queued for search in the same transaction.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from directorio.actions import queue_entry
from directorio.models import Institution
from directorio.models.nit import normalise
from nucleo.folding import MAX_LENGTH
from nucleo.forms import Finder

OFFERED = 8
"""Institutions that are offered to choose from."""


class EntryForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Any entry; Wagtail calls ``save`` inside its own transaction."""

    def save(self, commit: bool = True) -> Model:
        """Save the entry with its relations and leave word for the index."""
        entry: Model = super().save(commit=commit)
        if commit:
            queue_entry(entry)
        return entry


class SupplierForm(EntryForm):
    """A supplier, whose NIT may be typed with dots."""

    def clean_nit(self) -> Any:
        """Store it as figures, hyphen, check digit."""
        return normalise(self.cleaned_data["nit"])


class InstitutionField(forms.CharField):
    """An institution of the directory, by name or acronym; the cleaned value is the institution or None."""

    default_error_messages = {
        "unknown": _(
            "Esa entidad no está en el directorio. Escríbala de otra manera, o deje la casilla vacía."
        ),
        "several": _("Hay varias entidades parecidas: escoja la suya."),
        "too_many": _("Hay muchas entidades parecidas: escoja la suya o escriba más letras."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Escriba el nombre o la sigla. Si no está, deje la casilla vacía."))
        widget = Finder(reverse_lazy("directorio:suggested_institutions"))
        super().__init__(widget=widget, required=False, max_length=MAX_LENGTH, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show the name of the institution that a row keeps; what was typed stays as it is."""
        if isinstance(value, int):
            return Institution.objects.filter(pk=value).values_list("name", flat=True).first() or ""
        return str(value) if isinstance(value, Institution) else value

    def clean(self, value: Any) -> Any:
        """Return whom it names; when that is not clear, offer whom it may mean.

        Raises:
            ValidationError: nothing goes by that name, or several do.
        """
        text = super().clean(value)
        if not text:
            return None
        everyone = Institution.objects.visible_to(AnonymousUser())
        called = list(everyone.named(text)[:2])
        if len(called) == 1:
            return called[0]
        found = list(everyone.suggested(text)[: OFFERED + 1])
        if len(found) == 1:
            return found[0]
        self.widget.offered = [one.name for one in found[:OFFERED]]
        sentence = "several" if len(found) <= OFFERED else "too_many"
        raise ValidationError(self.error_messages[sentence if found else "unknown"], code="invalid")
