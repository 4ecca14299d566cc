"""Guides and versions for tests, with chapters in their raw form."""

from __future__ import annotations

import uuid
from typing import Any

import factory
from django.contrib.auth.models import Permission

from guias.actions.versions import publish_version
from guias.enums import GuideState
from guias.models import Guide, Version
from tests.factories.cuentas import UserFactory

CHECKS = [str(uuid.uuid5(uuid.NAMESPACE_URL, f"item-{n}")) for n in range(3)]


def block(kind: str, value: Any, key: str = "") -> dict[str, Any]:
    """One raw block."""
    return {"type": kind, "value": value, "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}{value}{key}"))}


def items(*values: Any) -> list[dict[str, Any]]:
    """A raw list."""
    return [block("item", value) for value in values]


def chapter(title: str, slug: str, *blocks: dict[str, Any], summary: tuple[str, ...] = ()) -> dict[str, Any]:
    """One raw chapter."""
    return block(
        "chapter",
        {"title": title, "slug": slug, "summary": items(*summary), "blocks": list(blocks)},
        slug,
    )


def checklist() -> dict[str, Any]:
    """A list of three things to tick, with ids known to tests."""
    texts = ("Cédula guardada como `CC_#`", "Acta de compromiso firmada", "Acta de desistimiento")
    value = {
        "title": "Lista de chequeo del cierre",
        "items": [
            {"type": "item", "value": text, "id": key} for text, key in zip(texts, CHECKS, strict=True)
        ],
        "note": "El signo # es el número de cédula.",
    }
    return block("checklist", value)


def every_block() -> list[dict[str, Any]]:
    """One of each kind that needs no upload."""
    return [
        block("heading", "Por qué importa"),
        block(
            "text", "<p>La orientación termina con una <b>decisión</b>.</p><ul><li>Primera razón</li></ul>"
        ),
        block(
            "steps",
            {"title": "En orden", "items": items({"title": "Salude", "text": "Por su nombre."})},
        ),
        checklist(),
        block("callout", {"tone": "warn", "title": "Ojo.", "text": "<p>Lea en voz alta.</p>"}),
        block("table", {"caption": "Documentos", "text": "Documento | Sigla\nCédula | CC\nActa | AC"}),
        block(
            "ficha",
            {
                "title": "Cierre de la orientación",
                "purpose": "Dejar constancia.",
                "who": "Orientador",
                "inputs": items("Formato de caracterización"),
                "steps": items("Leer", "Firmar"),
                "time": "Una hora",
                "formats": items("Acta de compromiso"),
            },
        ),
    ]


def three_chapters() -> list[dict[str, Any]]:
    """A body of three chapters; the second has every block."""
    return [
        chapter("Recibir y escuchar", "recibir", block("text", "<p>Reciba a la persona.</p>")),
        chapter("Cerrar y dejar constancia", "cerrar", *every_block(), summary=("Se cierra.", "Se firma.")),
        chapter("Preguntas frecuentes", "preguntas", block("text", "<p>¿Y si vuelve?</p>")),
    ]


class GuideFactory(factory.django.DjangoModelFactory):
    """A guide under construction."""

    class Meta:
        model = Guide

    title = factory.Sequence(lambda n: f"Proceso de prueba {n}")
    slug = factory.Sequence(lambda n: f"proceso-{n}")
    route = "orientacion"
    lead = "Para probar."
    state = GuideState.BUILDING


class VersionFactory(factory.django.DjangoModelFactory):
    """A draft of three chapters."""

    class Meta:
        model = Version

    guide = factory.SubFactory(GuideFactory)
    number = factory.Sequence(lambda n: n + 1)
    live = False
    summary = "Primero esto.\nLuego aquello."
    body = factory.LazyFunction(three_chapters)


def published(**fields: Any) -> Version:
    """A version in force."""
    return publish_version(version=VersionFactory(**{"number": 1, **fields}))


def editor(**fields: Any) -> Any:
    """An account that may write and publish guides."""
    user = UserFactory(is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="guias"))
    return user
