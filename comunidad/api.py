"""``/api/v1/temas`` and ``/api/v1/recursos``: the forum as JSON, to the same readers as the pages.

Who wrote what is left out: programs are given what was said, people are read on the page.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from comunidad.enums import Kind
from comunidad.filters import Selection
from comunidad.models import Reply, Resource, Theme
from comunidad.search_documents import status
from nucleo.api import Paged, Problem, absolute, paged
from nucleo.html import plain_text

router = Router(tags=["comunidad"])


class ThemeOut(Schema):
    """A theme; ``tutoria`` is who looks after it, as it is published."""

    id: str
    nombre: str
    de_que: str
    tutoria: str
    ruta: str
    publicaciones: int
    esperan_respuesta: int
    direccion: str


class ResourceOut(Schema):
    """Something published; ``estado`` is a word for questions, empty for the rest."""

    id: int
    clase: str
    titulo: str
    tema: str
    estado: str
    publicado: dt.datetime | None
    lo_ultimo: dt.datetime
    respuestas: int
    sirvio_a: int
    sobre: str
    direccion: str


class ReplyOut(Schema):
    """A reply; ``texto`` without form."""

    id: int
    texto: str
    aceptada: bool
    publicada: dt.datetime | None
    sirvio_a: int


class ThreadOut(ResourceOut):
    """A resource with its text and its replies, the accepted one first."""

    texto: str
    hilo: list[ReplyOut]


@router.get("/temas", response=list[ThemeOut], summary="Los temas, con lo que espera en cada uno")
def themes(request: HttpRequest) -> list[ThemeOut]:
    """All of them: there are few."""
    rows: Any = Theme.objects.visible_to(request.user).with_counts()
    return [
        ThemeOut(
            id=theme.slug,
            nombre=theme.name,
            de_que=theme.description,
            tutoria=theme.tutor_name,
            ruta=theme.route,
            publicaciones=theme.resource_count,
            esperan_respuesta=theme.waiting_count,
            direccion=absolute(theme.get_absolute_url()),
        )
        for theme in rows
    ]


@router.get(
    "/recursos",
    response=Paged[ResourceOut],
    summary="Lo publicado; con ?tema=, ?clase= y ?estado= como en la página",
)
def resources(request: HttpRequest) -> dict[str, Any]:
    """What is published, the last first."""
    found = Resource.objects.visible_to(request.user).visible().select_related("theme")
    if theme := request.GET.get("tema"):
        found = found.filter(theme__slug=theme)
    return paged(request, Selection.read(request.GET).apply(found), _resource)


@router.get(
    "/recursos/{int:pk}",
    response={200: ThreadOut, 404: Problem},
    summary="Una publicación con sus respuestas",
)
def resource(request: HttpRequest, pk: int) -> ThreadOut:
    """One, if it is published and the person may read it."""
    shown = Reply.objects.visible().in_order()
    found = Resource.objects.visible_to(request.user).visible().select_related("theme")
    row: Any = get_object_or_404(
        found.prefetch_related(Prefetch("replies", queryset=shown, to_attr="shown_replies")), pk=pk
    )
    replies: list[Reply] = row.shown_replies
    return ThreadOut(
        **_resource(row).model_dump(),
        texto=plain_text(row.html),
        hilo=[
            ReplyOut(
                id=reply.pk,
                texto=plain_text(reply.html),
                aceptada=reply.pk == row.accepted_id,
                publicada=reply.approved_at,
                sirvio_a=reply.useful_count,
            )
            for reply in sorted(replies, key=lambda reply: reply.pk != row.accepted_id)
        ],
    )


def _resource(row: Resource) -> ResourceOut:
    return ResourceOut(
        id=row.pk,
        clase=Kind(row.kind).value,
        titulo=row.title,
        tema=row.theme.slug,
        estado=status(row),
        publicado=row.approved_at,
        lo_ultimo=row.last_activity,
        respuestas=row.reply_count,
        sirvio_a=row.useful_count,
        sobre=absolute(row.about_url) if row.about_url else "",
        direccion=absolute(row.get_absolute_url()),
    )
