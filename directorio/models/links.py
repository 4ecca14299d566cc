"""The chain of productive inclusion: the links that offers answer to and that mesas attach to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChainLink(models.TextChoices):
    """The eight links (eslabones) of the chain, in the order in which a person walks it."""

    TRAINING = "formacion", _("Formación para el trabajo")
    EMPLOYMENT = "empleo", _("Empleo")
    ENTERPRISE = "emprendimiento", _("Emprendimiento y fortalecimiento empresarial")
    MICROFINANCE = "microfinanzas", _("Microfinanzas y bancarización")
    MARKETS = "comercializacion", _("Comercialización y acceso a mercados")
    INNOVATION = "innovacion", _("Innovación y tecnología")
    ALLIANCES = "alianzas", _("Alianzas público-privadas")
    RURAL = "rural", _("Desarrollo rural")
