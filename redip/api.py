"""``/api/v1/redes``: what is public of the networks and their Bitácoras, and nothing of a mesa's inside."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router, Schema

from nucleo.api import Paged, Problem, absolute, paged
from redip.models import BitacoraEdition, Mesa, Red

router = Router(tags=["redes"])


class NetworkOut(Schema):
    """A network on the board; ``etapa`` is the slug of its stage."""

    id: str
    nombre: str
    ciudad: str
    divipola: str
    etapa: str
    lideran: list[str]
    secretaria_tecnica: list[str]
    acto: str
    falta: str
    datos_al: dt.date | None
    direccion: str


class MesaOut(Schema):
    """What everyone may know of a mesa."""

    id: str
    nombre: str
    eslabon: str
    lideran: list[str]
    direccion: str


class MilestoneOut(Schema):
    """A milestone; ``cuando`` is as it was published."""

    que: str
    cuando: str
    por_venir: bool


class EditionOut(Schema):
    """An edition of a Bitácora."""

    numero: int
    fecha: dt.date
    nota: str
    direccion: str
    archivos: dict[str, str]


class SectionOut(Schema):
    """A section of an edition; ``texto`` is Markdown."""

    id: str
    titulo: str
    texto: str


class WholeNetworkOut(NetworkOut):
    """A network with all that is public of it."""

    alcance: str
    actores: str
    sustento: list[str]
    mesas: list[MesaOut]
    hitos: list[MilestoneOut]
    productos: list[str]
    ejes: list[str]
    bitacora: list[EditionOut]


class WholeEditionOut(EditionOut):
    """An edition with its sections."""

    secciones: list[SectionOut]


@router.get("/redes", response=Paged[NetworkOut], summary="Las redes de las ciudades, por etapa")
def networks(request: HttpRequest) -> dict[str, object]:
    """The board, the furthest stage first."""
    return paged(request, Red.objects.visible_to(request.user).for_board(), _network)


@router.get("/redes/{ciudad}", response={200: WholeNetworkOut, 404: Problem}, summary="La red de una ciudad")
def network(request: HttpRequest, ciudad: str) -> WholeNetworkOut:
    """One network, by the slug of its city."""
    red = get_object_or_404(Red.objects.visible_to(request.user).for_board(), city__slug=ciudad)
    mesas = list(red.mesas.visible_to(request.user).prefetch_related("leaders"))
    for mesa in mesas:
        mesa.red = red
    editions = BitacoraEdition.objects.filter(bitacora__red=red).defer("snapshot")
    return WholeNetworkOut(
        **_network(red).model_dump(),
        alcance=red.scope,
        actores=red.actors,
        sustento=[one.what for one in red.evidence.all() if one.stage == red.stage],
        mesas=[_mesa(mesa) for mesa in mesas],
        hitos=[
            MilestoneOut(que=one.what, cuando=one.when_text, por_venir=one.is_planned)
            for one in red.milestones.all()
        ],
        productos=[one.name for one in red.products.all()],
        ejes=[one.name for one in red.axes.all()],
        bitacora=[_edition(ciudad, one) for one in editions],
    )


@router.get(
    "/redes/{ciudad}/bitacora/{numero}",
    response={200: WholeEditionOut, 404: Problem},
    summary="Una edición de la Bitácora de una ciudad",
)
def edition(request: HttpRequest, ciudad: str, numero: int) -> WholeEditionOut:
    """One edition with the text of its sections."""
    rows = BitacoraEdition.objects.filter(bitacora__red__city__slug=ciudad)
    found = get_object_or_404(rows, number=numero)
    return WholeEditionOut(
        **_edition(ciudad, found).model_dump(),
        secciones=[
            SectionOut(id=one["kind"], titulo=one["title"], texto=one["text"]) for one in found.sections
        ],
    )


def _network(red: Red) -> NetworkOut:
    return NetworkOut(
        id=red.city.slug,
        nombre=red.title,
        ciudad=red.city.name,
        divipola=red.city.divipola,
        etapa=red.stage_slug,
        lideran=[body.name for body in red.leaders.all()],
        secretaria_tecnica=[body.name for body in red.secretariat.all()],
        acto=red.act,
        falta=red.pending,
        datos_al=red.as_of,
        direccion=absolute(red.get_absolute_url()),
    )


def _mesa(mesa: Mesa) -> MesaOut:
    return MesaOut(
        id=mesa.slug,
        nombre=mesa.name,
        eslabon=mesa.link,
        lideran=[body.name for body in mesa.leaders.all()],
        direccion=absolute(mesa.get_absolute_url()),
    )


def _edition(city: str, edition: BitacoraEdition) -> EditionOut:
    def address(name: str) -> str:
        return absolute(reverse(f"redip:{name}", args=[city, edition.number]))

    return EditionOut(
        numero=edition.number,
        fecha=edition.published_on,
        nota=edition.note,
        direccion=address("edition"),
        archivos={"pdf": address("edition_pdf"), "docx": address("edition_docx")},
    )
