"""The closed lists of the field: where a guide belongs, how far it is, what form its file has."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Route(models.TextChoices):
    """The route of attention that a guide belongs to, as people walk them (looks: ``nucleo.routes``)."""

    ORIENTATION = "orientacion", _("Orientación")
    BUSINESS = "emprendimiento", _("Emprendimiento")
    MICROFINANCE = "microfinanciamiento", _("Microfinanciamiento")
    EMPLOYMENT = "empleabilidad", _("Empleabilidad")
    REFERRAL = "referenciacion", _("Referenciación")
    REDIP = "redip", _("RedIP")
    ALL = "transversal", _("Comunes a todas las rutas")


class Series(models.TextChoices):
    """What kind of document it is."""

    GUIDE = "guia", _("Guía")
    PROCESS = "guia-y-fichas", _("Guía y fichas de procesos y procedimientos")
    BOOKLET = "cartilla", _("Cartilla")


class GuideState(models.TextChoices):
    """How far a guide is, as its readers are told."""

    BUILDING = "en-construccion", _("En construcción")
    ADVANCED = "version-avanzada", _("Versión avanzada")
    IN_FORCE = "vigente", _("Vigente")
    RETIRED = "retirada", _("Retirada")


class VersionState(models.TextChoices):
    """The life of one version; it only goes forward (see ``guias.models.versions``)."""

    DRAFT = "borrador", _("Borrador")
    IN_REVIEW = "en-revision", _("En revisión")
    IN_FORCE = "vigente", _("Vigente")
    RETIRED = "retirada", _("Retirada")


class Format(models.TextChoices):
    """What a guide can be taken home as; the value is the word in the address and the suffix."""

    PDF = "pdf", _("PDF")
    DOCX = "docx", _("Word")
    HTML = "html", _("Página sin internet")

    @property
    def content_type(self) -> str:
        """The media type of the file."""
        return {
            "pdf": "application/pdf",
            "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "html": "text/html; charset=utf-8",
        }[self.value]


SEARCH_INDEX = "js"
"""What the package is searched by without a network: made and kept like a file, never taken alone."""

MADE = [*Format.choices, (SEARCH_INDEX, _("Índice para buscar sin internet"))]
"""All that is made from the content of a version."""


class RenditionState(models.TextChoices):
    """Whether a file made from the content is there."""

    PENDING = "pendiente", _("En preparación")
    READY = "lista", _("Lista")
    FAILED = "fallida", _("No se pudo hacer")


class Failure(models.TextChoices):
    """Why a file could not be made, as far as it changes what its editor can do."""

    NO_ROOM = "no-cabe", _("No cabe en el disco")
    OTHER = "otra", _("Otra cosa")


class Unmarked(models.TextChoices):
    """Why the pages of an official file carry no code; what its editor is told."""

    SIGNED = "signed", _("No lo lleva: está firmado, y cambiarlo dañaría la firma. Se entrega como llegó.")
    ENCRYPTED = "encrypted", _("No lo lleva: está protegido contra cambios. Se entrega como llegó.")
    BROKEN = "broken", _("No se le pudo poner sin dañarlo. Se entrega como llegó.")


class Lack(models.TextChoices):
    """Why a chapter did not help, in the words of who read it."""

    ABSENT = "no-esta", _("No está lo que buscaba")
    UNCLEAR = "no-se-entiende", _("No se entiende")
    OLD = "viejo", _("Está desactualizado")
    ELSEWHERE = "no-aplica", _("En mi centro no se hace así")
    OTHER = "otra", _("Otra cosa")


class Access(models.TextChoices):
    """Who may enrol in a course."""

    OPEN = "abierto", _("Cualquier persona con cuenta")
    CENTERS = "centros", _("Solo quienes trabajan en un centro")


class Place(models.TextChoices):
    """Whether an enrolled person has a chair in the session."""

    TAKEN = "inscrita", _("Tiene cupo")
    WAITING = "en-espera", _("En lista de espera")


class FieldKind(models.TextChoices):
    """What is written in a field of a form on paper."""

    SHORT = "corto", _("Texto corto")
    LONG = "largo", _("Texto de varias líneas")
    NUMBER = "numero", _("Número (1.234)")
    MONEY = "pesos", _("Pesos ($ 1.234)")
    DATE = "fecha", _("Fecha (3 de noviembre de 2026)")
    CITY = "ciudad", _("Ciudad de la red")
    CHOICE = "opciones", _("Una de varias opciones")
    YES_NO = "si-no", _("Sí o no")


class Prefill(models.TextChoices):
    """What a field already says when the form is opened; who fills it may write something else."""

    NOTHING = "", _("Nada")
    TODAY = "hoy", _("La fecha de hoy")
    NAME = "nombre", _("El nombre de quien llena")
    CITY = "ciudad", _("La ciudad de quien llena")
    INSTITUTION = "institucion", _("La institución de quien llena")


PREFILLS = {
    FieldKind.SHORT: {Prefill.NAME, Prefill.CITY, Prefill.INSTITUTION},
    FieldKind.DATE: {Prefill.TODAY},
    FieldKind.CITY: {Prefill.CITY},
}
"""Which of them fit in which field."""

RESERVED_SLUGS = frozenset({"paquete", "certificados", "formacion", "formatos", "glosario", "listas"})
"""Words that an address under ``/guias/`` already uses."""

RESERVED_CHAPTERS = frozenset({"versiones", "cambios", "descargar", "marcas", "seguir"})
"""Words that an address under ``/guias/<slug>/`` already uses; so does ``v`` followed by digits."""
