"""Forms of the admin: what an editor saves is queued for search in the same transaction."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from wagtail.admin.forms import WagtailAdminModelForm

from directorio.actions import queue_entry
from directorio.models.nit import normalise


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
