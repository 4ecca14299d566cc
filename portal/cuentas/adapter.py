"""How allauth speaks and sends mail here: plain Spanish, and through the worker so that nobody waits."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import passthrough_next_redirect_url
from allauth.core import context as allauth_context
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.tasks import send_mail

TOO_MANY = gettext_lazy("Demasiados intentos seguidos. Espere cinco minutos y pruebe otra vez.")
"""Five minutes is the longest of allauth's windows (``nucleo.ratelimit.RETRY_AFTER``)."""
TRIED_TOO_OFTEN = frozenset({"too_many_login_attempts", "rate_limited"})


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Named in ``ACCOUNT_ADAPTER``."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("Esta cuenta está cerrada."),
        "email_password_mismatch": gettext_lazy("El correo o la contraseña no son correctos."),
        "duplicate_email": gettext_lazy("Ese ya es el correo de su cuenta."),
        "email_taken": gettext_lazy("Otra cuenta ya usa ese correo."),
        "enter_current_password": gettext_lazy("Esa no es su contraseña de ahora."),
        "incorrect_code": gettext_lazy("Ese no es el código. Revíselo, o pida otro."),
        "incorrect_password": gettext_lazy("Esa no es su contraseña."),
        "same_as_current": gettext_lazy("Ese ya es el correo de su cuenta."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Return what a form says; note on the request when it says that one has to wait (``wrong_forms``).

        The forms of allauth hand errors on as mere words, so that afterwards nobody knows.
        """
        if code in TRIED_TOO_OFTEN and allauth_context.request is not None:
            allauth_context.request.tried_too_often = True
        error: ValidationError = super().validation_error(code, *args)
        return error

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand the mail to the worker: known and unknown addresses take the same time."""
        message = self.render_mail(
            template_prefix, email, {"request": allauth_context.request, "email": email, **context}
        )
        send_mail.enqueue(subject=str(message.subject), body=str(message.body), to=list(message.to))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Let the link of the letter know where one was headed: it may be opened in another browser."""
        link = super().get_reset_password_from_key_url(key)
        address: str = passthrough_next_redirect_url(allauth_context.request, link, REDIRECT_FIELD_NAME)
        return address

    def clean_password(self, password: str, user: Any = None) -> str:
        """Refuse weak passwords with one sentence each."""
        try:
            validate_password(password, user)
        except ValidationError as error:
            words = {
                "password_too_short": _("Es muy corta: use diez letras, números o signos como mínimo."),
                "password_too_common": _("Es de las que todo el mundo usa: elija otra."),
                "password_entirely_numeric": _("Póngale también letras."),
            }
            raise ValidationError(
                [words.get(str(one.code), "".join(one.messages)) for one in error.error_list]
            ) from error
        return password

    def is_safe_url(self, url: str | None) -> bool:
        """Whether one may be led to ``url`` afterwards; not to what is no address at all (``http://[``)."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False
