"""What is bought and sold: the productive sectors by which a demand meets its suppliers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Trade(models.TextChoices):
    """Productive sector of a supplier or of a demand."""

    FOOD = "alimentos", _("Alimentos")
    CLOTHING = "confecciones", _("Confecciones")
    CRAFTS = "artesanias", _("Artesanías")
    FURNITURE = "muebles", _("Muebles y carpintería")
    CLEANING = "aseo", _("Aseo y mantenimiento")
    BUILDING = "construccion", _("Construcción y reparaciones")
    FARMING = "agropecuario", _("Agropecuario")
    BEAUTY = "belleza", _("Belleza y cuidado personal")
    TRANSPORT = "transporte", _("Transporte y mensajería")
    TECHNOLOGY = "tecnologia", _("Tecnología e impresión")
    SERVICES = "servicios", _("Otros servicios")
