"""The forms of accounts, in the portal's words: allauth's with our labels, plus profile and erasure.

Allauth checks passwords, codes and limits; here is only what is asked and how an error reads.
"""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.mfa.base.forms import AuthenticateForm as MfaAuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm as MfaActivateTOTPForm
from django import forms
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directorio.forms import InstitutionField
from directorio.models import City
from portal.cuentas.consent import CONSENT_VERSION
from portal.cuentas.models import RequestedRole, User

EXAMPLE = gettext_lazy("Por ejemplo: nombre@correo.com")
NEW_PASSWORD_HELP = gettext_lazy("Diez letras, números o signos como mínimo. Una frase corta sirve.")


def explain_email(value: str) -> None:
    """Refuse what is no e-mail address with the sentence that says what it lacks."""
    name, at, domain = value.partition("@")
    if not at:
        raise forms.ValidationError(_("A este correo le falta la @.") + f" {EXAMPLE}")
    if not name or not domain:
        side = _("lo que va después de la @") if name else _("lo que va antes de la @")
        raise forms.ValidationError(_("A este correo le falta %(side)s.") % {"side": side} + f" {EXAMPLE}")
    try:
        validate_email(value)
    except forms.ValidationError as error:
        raise forms.ValidationError(
            _("Revise el correo: algo no está bien escrito.") + f" {EXAMPLE}"
        ) from error


class PlainWords(forms.BaseForm):
    """Puts our labels and helps on the fields that allauth brings, and takes its placeholders away."""

    words: dict[str, tuple[Any, Any]] = {}
    """Field name → (label, help)."""
    missing: dict[str, Any] = {
        "password": gettext_lazy("Escriba su contraseña."),
        "oldpassword": gettext_lazy("Escriba su contraseña de ahora."),
        "password1": gettext_lazy("Escriba su contraseña nueva."),
        "password2": gettext_lazy("Escriba la misma contraseña en las dos casillas."),
        "code": gettext_lazy("Escriba el código que le llegó al correo."),
    }
    """Field name → what is said when it was left empty. A refused password is never kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            label, help_text = self.words.get(name, (field.label, field.help_text))
            field.label, field.help_text = label, help_text
            if name in self.missing:
                field.error_messages["required"] = self.missing[name]
            if isinstance(field, forms.EmailField):
                field.validators = [explain_email]
                field.error_messages["required"] = _("Escriba su correo.")


class LoginForm(PlainWords, allauth_forms.LoginForm):  # type: ignore[misc]
    """E-mail and password; without a password a code is sent instead."""

    mark_optional = False
    words = {
        "login": (gettext_lazy("Su correo"), ""),
        "password": (
            gettext_lazy("Su contraseña"),
            gettext_lazy(
                "¿No la recuerda o no tiene? Deje la casilla vacía y le enviamos un código al correo."
            ),
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].required = False
        self.fields["password"].widget.is_required = False
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignupForm(PlainWords, allauth_forms.SignupForm):  # type: ignore[misc]
    """What the network needs to know of a person, and her consent, never ticked beforehand."""

    words = {
        "email": (
            gettext_lazy("Correo"),
            gettext_lazy("Le enviamos ahí un enlace para confirmar que es suyo."),
        ),
        "password1": (
            gettext_lazy("Contraseña"),
            gettext_lazy(
                "Diez letras, números o signos como mínimo. Sin contraseña, cada vez que entre le enviamos "
                "un código al correo."
            ),
        ),
    }
    field_order = [
        "first_names",
        "last_names",
        "email",
        "password1",
        "city",
        "institution",
        "requested_role",
        "consent",
    ]

    first_names = forms.CharField(
        label=gettext_lazy("Nombres"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": gettext_lazy("Escriba sus nombres.")},
    )
    last_names = forms.CharField(
        label=gettext_lazy("Apellidos"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": gettext_lazy("Escriba sus apellidos.")},
    )
    city = forms.ModelChoiceField(
        City.objects.order_by("name"),
        label=gettext_lazy("Ciudad donde trabaja"),
        required=False,
        empty_label=gettext_lazy("Otra, o ninguna"),
    )
    institution = InstitutionField(label=gettext_lazy("Institución"))
    requested_role = forms.ChoiceField(
        label=gettext_lazy("¿Quién es usted en la red?"),
        choices=RequestedRole.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Elija una de las opciones.")},
    )
    consent = forms.BooleanField(
        label=gettext_lazy("Autorizo el uso de mis datos para participar en Red Cemprende"),
        error_messages={"required": gettext_lazy("Marque esta casilla para crear la cuenta.")},
    )

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        """Keep what she told, and when she agreed to which text."""
        for name in ("first_names", "last_names", "city", "institution", "requested_role"):
            setattr(user, name, self.cleaned_data[name] or getattr(User(), name))
        user.consented_at = timezone.now()
        user.consent_version = CONSENT_VERSION
        user.save()


class ResetPasswordForm(PlainWords, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """To which address the link goes."""

    words = {"email": (gettext_lazy("Su correo"), "")}


class RequestLoginCodeForm(PlainWords, allauth_forms.RequestLoginCodeForm):  # type: ignore[misc]
    """To which address the code goes."""

    words = {"email": (gettext_lazy("Su correo"), "")}


class ConfirmLoginCodeForm(PlainWords, allauth_forms.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that came by mail."""

    words = {"code": (gettext_lazy("El código que le llegó al correo"), "")}


class ResetPasswordKeyForm(PlainWords, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, twice."""

    words = {
        "password1": (gettext_lazy("Su contraseña nueva"), NEW_PASSWORD_HELP),
        "password2": (gettext_lazy("Escríbala otra vez"), ""),
    }


class SetPasswordForm(PlainWords, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    """A first password, twice."""

    words = ResetPasswordKeyForm.words


class ChangePasswordForm(PlainWords, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """The old password and a new one, twice."""

    words = {"oldpassword": (gettext_lazy("Su contraseña de ahora"), ""), **ResetPasswordKeyForm.words}


class ReauthenticateForm(PlainWords, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    words = {"password": (gettext_lazy("Su contraseña"), "")}


class ChangeEmailForm(PlainWords, allauth_forms.AddEmailForm):  # type: ignore[misc]
    """Another address for the account: allauth adds it, and drops the old one once the new is confirmed."""

    words = {
        "email": (gettext_lazy("Correo nuevo"), gettext_lazy("Cambia cuando lo confirme desde ese correo."))
    }


class AuthenticateForm(PlainWords, MfaAuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    words = {
        "code": (
            gettext_lazy("Código de seis cifras"),
            gettext_lazy("El de la aplicación de su teléfono, o uno de los códigos de respaldo."),
        )
    }


class ActivateTOTPForm(PlainWords, MfaActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new second step."""

    words = {"code": (gettext_lazy("Código que muestra la aplicación"), "")}


class ProfileForm(forms.ModelForm[User]):
    """What a person may say of herself at any time."""

    institution = InstitutionField(label=gettext_lazy("Institución"))

    class Meta:
        model = User
        fields = ["first_names", "last_names", "city", "institution", "requested_role", "mail_notices"]
        widgets = {"requested_role": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_names"].required = self.fields["last_names"].required = True
        self.fields["city"] = SignupForm.base_fields["city"]
        role = SignupForm.base_fields["requested_role"]
        self.fields["requested_role"] = role
        self.fields["mail_notices"].label = _("Avisarme también por correo")


class EraseForm(forms.Form):
    """What erases an account: a word that nobody types by accident, and the password of who has one."""

    WORD = "BORRAR"

    word = forms.CharField(
        label=gettext_lazy("Para confirmar, escriba BORRAR"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Escriba BORRAR para confirmar.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Su contraseña"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Escriba su contraseña.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_word(self) -> str:
        """Accept the word in any capitals."""
        word: str = self.cleaned_data["word"].strip().upper()
        if word != self.WORD:
            raise forms.ValidationError(_("Escriba BORRAR para confirmar."))
        return word

    def clean_password(self) -> str:
        """Compare with the one she signs in with."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("Esa no es su contraseña."))
        return password
