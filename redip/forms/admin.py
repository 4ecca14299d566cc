"""Forms of the admin for networks and mesas: what an editor saves is queued for search with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from redip.actions.bitacoras import open_bitacora
from redip.actions.networks import queue_mesa, queue_network
from redip.models import Mesa, Red


class RedForm(WagtailAdminModelForm):  # type: ignore[misc]
    """A network; its secretaries are named by the address they sign in with, not picked from a list."""

    secretary_emails = forms.CharField(
        label=_("Personas de la secretaría técnica"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "El correo con el que entra cada una, uno en cada línea. Ven y apoyan todas las mesas de esta "
            "red, y cierran las ediciones de su Bitácora."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            people = self.instance.secretaries.order_by("email").values_list("email", flat=True)
            self.initial["secretary_emails"] = "\n".join(people)
            if "city" in self.fields:
                self.fields["city"].disabled = True

    def clean_secretary_emails(self) -> list[Any]:
        """Return the accounts; says which address is of none."""
        lines = {line.strip().lower() for line in self.cleaned_data["secretary_emails"].splitlines()} - {""}
        people = list(get_user_model().objects.filter(email__in=lines, is_active=True))
        unknown = sorted(lines - {person.email.lower() for person in people})
        if unknown:
            raise forms.ValidationError(
                _now("No hay una cuenta con este correo: %(email)s"), params={"email": ", ".join(unknown)}
            )
        return people

    @transaction.atomic
    def save(self, commit: bool = True) -> Red:
        """Save the network with its rows and its people, and have it found as it is now."""
        red: Red = super().save(commit=commit)
        if commit:
            red.secretaries.set(self.cleaned_data["secretary_emails"])
            open_bitacora(red=red)
            queue_network(red)
        return red


class MesaForm(WagtailAdminModelForm):  # type: ignore[misc]
    """What is public of a mesa; its address is fixed once it has one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in {"slug", "red"} & set(self.fields):
                self.fields[name].disabled = True

    @transaction.atomic
    def save(self, commit: bool = True) -> Mesa:
        """Save the mesa with its leaders, and have it found as it is now."""
        mesa: Mesa = super().save(commit=commit)
        if commit:
            queue_mesa(mesa)
        return mesa
