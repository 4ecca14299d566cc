"""Whether a chapter still holds, as who answers for it says it, and as an editor arranges it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guias.models import ChapterReview
from guias.models.reviews import MOST_MONTHS
from nucleo.fields import Day, LongText

MONTHS = _("Escriba un número de meses, de 1 a 60.")


class ReviewForm(forms.Form):
    """Whether a chapter still holds, by one of two buttons, or what must change in it."""

    cambio = LongText(
        label=_("¿Qué hay que cambiar?"),
        help_text=_("Por ejemplo: «El formato 7 ya no se usa; ahora es el 12»."),
        max_length=1000,
        rows=4,
        required=False,
    )
    mark_optional = False

    def clean(self) -> dict[str, Any]:
        """Ask for what is missing, and do not lose words by the button that needs none."""
        cleaned = super().clean() or {}
        words = cleaned.get("cambio", "").strip()
        answer = self.data.get("respuesta")
        if answer not in ("vigente", "cambiar"):
            raise ValidationError(_("Toque «Sigue vigente» o «Hay que cambiarlo»."))
        if answer == "cambiar" and not words and "cambio" not in self.errors:
            self.add_error("cambio", _("Escriba qué hay que cambiar."))
        if answer == "vigente" and words:
            said = _("Escribió un cambio. Toque «Hay que cambiarlo», o borre lo escrito si sigue vigente.")
            self.add_error("cambio", said)
        return {**cleaned, "cambio": words}

    @property
    def holds(self) -> bool:
        """Whether the answer is that it still holds."""
        return self.data.get("respuesta") == "vigente"


class ArrangeForm(forms.Form):
    """When a chapter is to be reviewed, how often, and who answers for it."""

    fecha = Day(label=_("Revisar antes de"), missing=_("Escriba una fecha."))
    correo = forms.EmailField(
        label=_("Quién responde (su correo)"),
        required=False,
        help_text=_("Sin nadie: quien responde de la guía, o quienes editan su ruta."),
        widget=forms.EmailInput(attrs={"list": "editores", "autocomplete": "off"}),
    )
    meses = forms.IntegerField(
        label=_("Cada cuántos meses"),
        required=False,
        min_value=1,
        max_value=MOST_MONTHS,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), MONTHS),
        help_text=_("Sin número: lo que diga la guía."),
    )

    def __init__(self, data: Any = None, *, review: ChapterReview) -> None:
        owner = review.owner.email if review.owner and review.owner.is_active else ""
        initial = {"fecha": review.due_on, "correo": owner, "meses": review.months}
        super().__init__(data, initial=initial, auto_id=f"v{review.pk}_%s")

    def clean_correo(self) -> Any:
        """Return the account; None where nobody is named."""
        typed = self.cleaned_data["correo"]
        found = get_user_model()._default_manager.filter(email__iexact=typed, is_active=True).first()
        if typed and found is None:
            raise ValidationError(_("Ninguna cuenta del portal tiene ese correo."))
        return found
