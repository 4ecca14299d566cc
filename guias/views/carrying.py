"""Lists that are taken along to where there is no signal: the page that shows them, and its service worker.

Both are the same for everyone and know nobody: the names are in the browser of who took them (ADR 0023).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from nucleo import workers

PAGE = "guias/lists.html"
FILES = ("css/site.css", "fonts/ancizar-sans.woff2", "js/listas.js", "js/asistencia.js")
"""What the page needs."""


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Send the service worker of the courses, or the one that takes it away; its address is below theirs."""
    return workers.service_worker(
        "listas_sw.js", "listas_fin.js", page=reverse("guias:lists"), template=PAGE, files=FILES
    )


@require_safe
@cache_control(no_cache=True)
def lists(request: HttpRequest) -> HttpResponse:
    """Show the lists that this browser keeps, with a network and without one."""
    return HttpResponse(render_to_string(PAGE))
