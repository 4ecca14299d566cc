"""``/api/v1/buscar``: the answers of the search page as JSON, to the same person.

A router without a root: ``portal`` mounts it. Parameters are read as forgivingly as the page reads them.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from ninja import Query as Parameters
from ninja import Router, Schema

from search import address, service
from search.query import MAX_PAGE
from search.results import Facet, Hit

router = Router(tags=["búsqueda"])


class SearchIn(Schema):
    """What can be asked; facets may be repeated.

    ``exacto=1`` looks for the words just as typed, not for what may be meant by them.
    """

    q: str = ""
    tipo: list[str] = []
    ciudad: list[str] = []
    tema: list[str] = []
    ruta: list[str] = []
    desde: str = ""
    hasta: str = ""
    orden: str = ""
    pagina: str = ""
    dentro: str = ""
    exacto: str = ""


class ParentOut(Schema):
    """What a result is a chapter of; ``dentro`` set to its ``id`` finds in it alone."""

    id: str
    titulo: str
    direccion: str


class ResultOut(Schema):
    """One result; ``titulo_html`` and ``extracto_html`` are escaped, with ``<mark>``.

    ``lugar`` says where in it the words stand ("Página 12"); the address opens there.
    """

    tipo: str
    id: str
    titulo: str
    titulo_html: str
    lugar: str
    extracto_html: str
    direccion: str
    etiqueta: str
    parte_de: str
    padre: ParentOut | None
    estado: str
    ciudad: str
    tema: str
    ruta: str
    actualizado: datetime


class FacetValueOut(Schema):
    """One value of a facet and how many results it would leave."""

    valor: str
    nombre: str
    cuenta: int


class SearchOut(Schema):
    """A page of results, best first; ``partes`` says how many there are of each ``padre``, on all pages.

    ``quiso_decir``: the text whose results these are, when nothing has a word that was typed.

    ``se_ofrece``: when nothing was found, the same text with words that are spelt nearly so.

    ``parecidas``: few have the word that was typed, so others have one a slip away; or none has it, and
    these have words near in meaning.

    ``algunas_palabras``: few have all that was typed, so others have some of it.

    ``descansando``: the engine rests and only titles were looked at.
    """

    count: int
    next: str | None
    results: list[ResultOut]
    facets: dict[str, list[FacetValueOut]]
    partes: dict[str, int]
    quiso_decir: str
    se_ofrece: str
    parecidas: bool
    algunas_palabras: bool
    descansando: bool


@router.get("/buscar", response=SearchOut, summary="Busca en todo lo que usted puede leer")
def search(request: HttpRequest, asked: Parameters[SearchIn]) -> SearchOut:
    """Find; the same parameters, order and visibility as ``/buscar/``."""
    query = address.read(request.GET)
    page = service.search(query, request.user)
    following = None
    if query.page < min(page.pages, MAX_PAGE):
        following = (
            f"{settings.BASE_URL.rstrip('/')}{request.path}?{address.write(query, page=query.page + 1)}"
        )
    return SearchOut(
        count=page.total,
        next=following,
        results=[_result(hit) for hit in page.hits],
        facets={facet.name: _values(facet) for facet in page.facets},
        partes=dict(page.parts),
        quiso_decir=page.did_you_mean,
        se_ofrece=page.offered,
        parecidas=page.near,
        algunas_palabras=page.loose,
        descansando=page.engine_down,
    )


def _result(hit: Hit) -> ResultOut:
    return ResultOut(
        tipo=hit.kind,
        id=hit.id,
        titulo=hit.title,
        titulo_html=hit.title_html,
        lugar=hit.place,
        extracto_html=hit.snippet_html,
        direccion=f"{settings.BASE_URL.rstrip('/')}{hit.url}",
        etiqueta=hit.label,
        parte_de=hit.parent,
        padre=_parent(hit),
        estado=hit.status,
        ciudad=hit.city,
        tema=hit.theme,
        ruta=hit.route,
        actualizado=hit.updated,
    )


def _parent(hit: Hit) -> ParentOut | None:
    if not hit.parent_id:
        return None
    url = f"{settings.BASE_URL.rstrip('/')}{hit.parent_url}"
    return ParentOut(id=hit.parent_id, titulo=hit.parent, direccion=url)


def _values(facet: Facet) -> list[FacetValueOut]:
    return [
        FacetValueOut(valor=value.value, nombre=value.label, cuenta=value.count) for value in facet.values
    ]
