"""Lists that are taken along to where there is no signal: the page that shows them, and its service worker.

Both are the same for everyone and know nobody: the names are in the browser of who took them (ADR 0023).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

FILES = ("css/site.css", "fonts/ancizar-sans.woff2", "js/listas.js", "js/asistencia.js")
"""What the page needs."""


def _source(name: str) -> str:
    return Path(str(finders.find(f"js/{name}"))).read_text(encoding="utf-8")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Send the service worker of the courses, or the one that takes it away (``OFFLINE_READING=0``).

    It answers for the courses alone: its address is below theirs. Its version follows from all it keeps.
    """
    if not settings.OFFLINE_READING:
        return HttpResponse(_source("listas_fin.js"), content_type="text/javascript; charset=utf-8")
    shell = [reverse("guias:lists"), *(static(name) for name in FILES)]
    body = _source("listas_sw.js")
    kept = json.dumps(shell) + render_to_string("guias/lists.html") + body
    head = [
        f"const VERSION = {json.dumps(hashlib.sha256(kept.encode()).hexdigest()[:12])};",
        f"const SHELL = {json.dumps(shell)};",
    ]
    return HttpResponse("\n".join([*head, body]), content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(no_cache=True)
def lists(request: HttpRequest) -> HttpResponse:
    """Show the lists that this browser keeps, with a network and without one."""
    return HttpResponse(render_to_string("guias/lists.html"))
