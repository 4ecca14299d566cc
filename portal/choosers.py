"""Wagtail's choosers without their inline script: our policy for the administration runs none.

Wagtail writes ``<script>new PageChooser(…)</script>`` after each chooser, from Python, with no template to
replace. The same call is written here as data, and ``static/js/admin.js`` makes it. A test opens the
editors and looks for inline scripts, so that a new Wagtail cannot bring one unseen.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.widgets.chooser import BaseChooser


def _render(
    self: Any, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
) -> SafeString:
    """Draw the chooser, with what starts it as data attributes."""
    id_ = (attrs or {})["id"]
    value_data = self.get_value_data(value)
    options = self.get_js_init_options(id_, name, value_data)
    return format_html(
        '{}<span hidden data-inicio="{}" data-para="{}" data-opciones="{}"></span>',
        mark_safe(self.render_html(name, value_data, attrs)),
        self.js_constructor,
        id_,
        json.dumps(options),
    )


def install() -> None:
    """Replace the drawing of every chooser; called once, when Django is ready."""
    BaseChooser.render = _render
