"""Reading without a connection: the service worker, its page, and the list of what a browser keeps.

The browser keeps the guides, not the portal: these pages know nothing of who asks, and are the same for all.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

FILES = ("css/site.css", "fonts/ancizar-sans.woff2", "js/guardadas.js", "js/guardar.js", "js/casillas.js")
"""What the page without a connection needs, and the boxes of a kept guide."""


def _source(name: str) -> str:
    return Path(str(finders.find(f"js/{name}"))).read_text(encoding="utf-8")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Send the service worker; or the one that takes it away, where the operator switched it off.

    Its version follows from all it keeps, so that a browser notices by itself when something is new.
    """
    if not settings.OFFLINE_READING:
        return HttpResponse(_source("sw_fin.js"), content_type="text/javascript; charset=utf-8")
    shell = [reverse("offline"), *(static(name) for name in FILES)]
    page = render_to_string("portal/offline.html").encode()
    body = _source("sw.js")
    version = hashlib.sha256(json.dumps(shell).encode() + page + body.encode()).hexdigest()[:12]
    head = [
        f"const VERSION = {json.dumps(version)};",
        f"const SHELL = {json.dumps(shell)};",
        f"importScripts({json.dumps(static('js/guardadas.js'))});",
    ]
    return HttpResponse("\n".join([*head, body]), content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows for a page that is not kept."""
    return HttpResponse(render_to_string("portal/offline.html"))


@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """The guides that this browser keeps; without scripts, what to do instead."""
    return render(request, "portal/saved.html")
