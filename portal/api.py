"""``/api/v1/``: the routers of the apps under one roof, read only, with the visibility of the pages.

Each app's ``api.py`` says what it gives; here is only where it stands and how an error reads (RFC 9457).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router, Schema
from ninja.errors import HttpError, ValidationError

from comunidad.api import router as community
from directorio.api import router as directory
from guias.api import router as guides
from nucleo.api import Paged, absolute, paged, problem
from portal.models import AgendaEvent
from redip.api import router as networks
from search.api import router as search


def read_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Have the pages about the API refuse what the API refuses, and say it as the API does."""
    return csrf_exempt(require_safe(view))


api = NinjaAPI(
    title="Red Cemprende",
    version="1",
    description=(
        "Lo público del portal, para otros programas. Las listas traen count, next y results; la página se "
        "pide con ?pagina=. Los errores son application/problem+json."
    ),
    docs_url="/docs",
    openapi_url="/openapi.json",
    urls_namespace="api",
    docs_decorator=read_only,
)
agenda = Router(tags=["agenda"])


class EventOut(Schema):
    """One event of the agenda, on whole days."""

    id: int
    titulo: str
    clase: str
    desde: dt.date
    hasta: dt.date
    ciudades: list[str]
    donde: str
    direccion: str


@agenda.get(
    "/agenda",
    response=Paged[EventOut],
    summary="La agenda, lo último primero; las sesiones de los cursos están en /formacion",
)
def events(request: HttpRequest) -> dict[str, object]:
    """Everything that editors wrote on the agenda, also what is over; sessions come with their courses."""
    return paged(request, AgendaEvent.objects.with_cities(), _event)


def _event(event: AgendaEvent) -> EventOut:
    return EventOut(
        id=event.pk,
        titulo=event.title,
        clase=event.kind,
        desde=event.starts_on,
        hasta=event.ends_on,
        ciudades=[city.slug for city in event.cities.all()],
        donde=event.where,
        direccion=absolute(event.get_absolute_url()),
    )


for router in (search, guides, directory, networks, community, agenda):
    api.add_router("", router)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """404: it may not exist, or be private to others."""
    return problem(404, _("No está aquí"), _("Puede que no exista, o que solo la vean otras personas."))


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    """403 with the sentence of the policy."""
    return problem(403, _("No puede hacer eso"), str(error))


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422, naming the parameters."""
    errors = [
        {"donde": ".".join(str(part) for part in one["loc"]), "que": one["msg"]} for one in error.errors
    ]
    return problem(422, _("No se entiende lo que se pide"), errors=errors)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Whatever else ninja refuses."""
    return problem(error.status_code, str(error))


@csrf_exempt
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer an address below ``/api/`` that nothing stands at."""
    return not_found(request, Http404())
