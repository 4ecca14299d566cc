"""The woven cover of a guide for files: the same as on the screen, with every colour and line inside it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from guias.models import Guide
from nucleo import routes, weave

TOKENS = "css/tokens.css"
SPRITE = "img/icons.svg"


@cache
def _static(name: str) -> str:
    found = finders.find(name)
    return Path(found).read_text(encoding="utf-8") if isinstance(found, str) else ""


def colour(guide: Guide) -> str:
    """Return the colour of the guide's route in the light theme, as the design's tokens give it."""
    name = routes.get(guide.route).css.removeprefix("route-")
    found = re.search(rf"--{name}: (#[0-9a-f]{{6}});", _static(TOKENS))
    return found[1] if found else "#0b4f54"


def cover(guide: Guide) -> SafeString:
    """Return the drawing, for a reader that knows no style sheet and fetches nothing."""
    looks = routes.get(guide.route)
    symbol = rf'<symbol id="{re.escape(looks.icon)}"[^>]*>(.*?)</symbol>'
    found = re.search(symbol, _static(SPRITE), re.DOTALL)
    return format_html(
        '<svg class="woven" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 48" width="72" height="96" '
        'role="img"><title>{}</title><path fill="{}" d="M0 0h36v48H0z"/>'
        '<g transform="translate(10 7.5) scale(.6667)" '
        'fill="none" stroke="#f4f8f5" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{}</g>'
        '<g transform="translate(0 28) scale(4)" fill="#f4f8f5" shape-rendering="crispEdges">'
        '<path d="{}"/></g></svg>',
        _("Emblema de la ruta: %s") % guide.get_route_display(),
        colour(guide),
        mark_safe(found[1] if found else ""),  # our own file
        weave.cover_path(looks.code, guide.order),
    )
