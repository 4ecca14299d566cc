"""Writing to a mesa, sharing a file with it, saying who sits at it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from directorio.forms import InstitutionField
from nucleo.fields import ShortText
from redip.enums import MesaRole
from redip.forms.fields import CheckedFile, ProseText


class MessageForm(forms.Form):
    """What one says to the mesa."""

    text = ProseText(
        label=_("Escriba a la mesa"),
        rows=3,
        max_length=4000,
        missing=_("Escriba el mensaje antes de enviarlo."),
    )


class FileForm(forms.Form):
    """A file to share."""

    file = CheckedFile(label=_("Archivo"), help_text=_("PDF, Word, Excel o una foto, hasta 20 MB."))
    name = ShortText(
        label=_("Cómo se llama"),
        required=False,
        max_length=160,
        help_text=_("Si lo deja vacío, queda con el nombre que trae."),
    )


class MemberForm(forms.Form):
    """Who sits at the mesa, for which institution."""

    email = forms.CharField(
        label=_("Correo de la persona"),
        max_length=254,
        help_text=_("El mismo con el que entra a este portal."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Escriba el correo de la persona.")},
    )
    institution = InstitutionField(label=_("Entidad que representa"))
    role = forms.ChoiceField(
        label=_("Qué hace en la mesa"), choices=MesaRole.choices, initial=MesaRole.MEMBER
    )

    def clean_email(self) -> Any:
        """Return the account with that address."""
        email = self.cleaned_data["email"].strip()
        user = get_user_model().objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise forms.ValidationError(
                _now("No hay una cuenta con ese correo. Pídale que cree la suya y vuelva a agregarla.")
            )
        return user
