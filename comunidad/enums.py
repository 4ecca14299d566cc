"""The closed lists of words of the forum: kinds and states of what is published, reasons, verbs, groups."""

from __future__ import annotations

from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy as _

RESERVED_SLUGS = frozenset({"preguntar", "publicar", "tutoria", "moderacion", "grupos"})
"""First words after ``/comunidad/`` that are the site's own; no theme may take them."""

RESERVED_GROUP_SLUGS = frozenset({"pedir"})
"""The same after ``/comunidad/grupos/``."""

TITLE_MAX = 160
BODY_MAX = 10_000
"""Characters of Markdown in one message; what is longer is a file or a guide."""
REASON_MAX = 300


class Kind(models.TextChoices):
    """The six kinds of resource; the value is their word in the address."""

    QUESTION = "pregunta", _("Pregunta")
    DEBATE = "debate", _("Debate")
    NOTE = "nota", _("Nota")
    FILE = "archivo", _("Archivo")
    ARTICLE = "articulo", _("Artículo")
    POLL = "encuesta", _("Encuesta")

    @property
    def icon(self) -> str:
        """The name of its icon."""
        return _ICONS[self.value]


_ICONS = {
    "pregunta": "message-circle-question",
    "debate": "messages-square",
    "nota": "pencil",
    "archivo": "file-text",
    "articulo": "book-open",
    "encuesta": "circle-check",
}


class ThemeIcon(models.TextChoices):
    """Icons that a theme may carry; all are in the site's sprite."""

    HANDSHAKE = "handshake", _("Manos que se saludan")
    COMPASS = "compass", _("Brújula")
    SPROUT = "sprout", _("Planta que nace")
    BRIEFCASE = "briefcase", _("Maletín")
    COINS = "hand-coins", _("Mano con monedas")
    PERSON = "user", _("Persona")
    SIGNPOST = "signpost", _("Señal de camino")
    LAYERS = "layers", _("Capas")
    TALK = "messages-square", _("Conversación")


class PostState(models.TextChoices):
    """Who reads a message: everyone, its author and the tutors until approved, or nobody but them."""

    VISIBLE = "visible", _("Publicado")
    HELD = "en-espera", _("Espera aprobación")
    HIDDEN = "retirado", _("Retirado")


class FlagReason(models.TextChoices):
    """Why somebody calls a tutor."""

    PERSONAL_DATA = "datos-personales", _("Tiene datos personales de alguien")
    OFFENSIVE = "ofensivo", _("Es ofensivo o discrimina")
    ADVERT = "publicidad", _("Es publicidad")
    ELSEWHERE = "otro-tema", _("No es de este tema")
    OTHER = "otra", _("Otra razón")


class ModerationVerb(models.TextChoices):
    """What a tutor did to a message."""

    HIDE = "retirar", _("Retiró")
    APPROVE = "aprobar", _("Aprobó")
    DISMISS = "cerrar-aviso", _("Cerró el aviso")
    KEEP = "mantener", _("Mantuvo el retiro")


class Verb(models.TextChoices):
    """What a person may do with a message; the value is the word in the address."""

    REPLY = "responder", _("Responder")
    REACT = "me-sirvio", _("Me sirvió")
    ACCEPT = "aceptar", _("Esta es la respuesta")
    UNACCEPT = "no-aceptar", _("Ya no es la respuesta")
    EDIT = "editar", _("Corregir")
    FLAG = "avisar", _("Avisar")
    APPROVE = "aprobar", _("Aprobar")
    HIDE = "retirar", _("Retirar con motivo")
    RESTORE = "devolver", _("Volver a publicar")
    DISMISS = "cerrar-aviso", _("Está bien, cerrar el aviso")
    FREQUENT = "frecuente", _("Llevar a preguntas frecuentes")
    UNFREQUENT = "no-frecuente", _("Quitar de preguntas frecuentes")
    ASK_REVIEW = "pedir-revision", _("Pedir que se revise")
    KEEP = "mantener", _("Mantener el retiro")


class NotAsked(Enum):
    """Why a question does not ask a person for an answer as its tutor."""

    NOT_TUTOR = "not-tutor"
    OUT_OF_SIGHT = "out-of-sight"
    NOT_IN_GROUP = "not-in-group"
    SETTLED = "settled"
    ANSWERED = "answered"


class GroupState(models.TextChoices):
    """The way of a group: asked for by a member, then opened or not."""

    REQUESTED = "pedido", _("Pedido")
    OPEN = "abierto", _("Abierto")
    REFUSED = "no-se-abrio", _("No se abrió")


class MembershipState(models.TextChoices):
    """Whether a person is in a group."""

    ASKED = "pidio-entrar", _("Pidió entrar")
    MEMBER = "miembro", _("Miembro")
