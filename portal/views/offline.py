"""Reading without a connection: the service worker, its page, and the list of what a browser keeps.

The browser keeps the guides, not the portal: these pages know nothing of who asks, and are the same for all.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from nucleo import workers

PAGE = "portal/offline.html"
FILES = ("css/site.css", "fonts/ancizar-sans.woff2", "js/guardadas.js", "js/guardar.js", "js/casillas.js")
"""What the page without a connection needs, and the boxes of a kept guide."""


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Send the service worker of the site, or the one that takes it away."""
    return workers.service_worker(
        "sw.js", "sw_fin.js", page=reverse("offline"), template=PAGE, files=FILES, reads=["js/guardadas.js"]
    )


@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows for a page that is not kept."""
    return HttpResponse(render_to_string(PAGE))


@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """The guides that this browser keeps; without scripts, what to do instead."""
    return render(request, "portal/saved.html")
