"""The closed lists of words that networks, mesas, actas and commitments are described with."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

BITACORA_SLUG = "bitacora"
"""What follows a city in the address of its Bitácora; no mesa may take it."""


class Stage(models.IntegerChoices):
    """How far a network has come; the number grows with it."""

    APPROACH = 1, _("Acercamiento")
    FORMATION = 2, _("Conformación")
    STRENGTHENING = 3, _("Fortalecimiento")

    @property
    def slug(self) -> str:
        """The name that the ``stage`` component knows it by."""
        return {1: "acercamiento", 2: "conformacion", 3: "fortalecimiento"}[self.value]


class MesaRole(models.TextChoices):
    """What a member does in her mesa."""

    COORDINATOR = "coordinadora", _("Coordina")
    MEMBER = "miembro", _("Miembro")


class Answer(models.TextChoices):
    """What a member says to a call."""

    YES = "si", _("Sí voy")
    NO = "no", _("No puedo")


class ActaState(models.TextChoices):
    """The way of an acta; from the last there is none back."""

    DRAFT = "borrador", _("Borrador")
    IN_APPROVAL = "en-aprobacion", _("En aprobación")
    APPROVED = "aprobada", _("Aprobada")


class CommitmentState(models.TextChoices):
    """How a commitment stands; whether it is late follows from its date."""

    PENDING = "pendiente", _("Pendiente")
    ON_ITS_WAY = "en-marcha", _("En marcha")
    DONE = "cumplido", _("Cumplido")
    DROPPED = "no-se-hara", _("No se hará")


class SectionKind(models.TextChoices):
    """The five sections of every Bitácora, in their order."""

    DIAGNOSES = "diagnosticos", _("Diagnósticos territoriales y poblacionales")
    POLICY = "politica", _("Marco de política regional y local")
    BARRIERS = "barreras", _("Barreras para la inclusión productiva")
    ACTORS = "actores", _("Mapeo de actores")
    PROPOSAL = "propuesta", _("Propuesta de trabajo")
