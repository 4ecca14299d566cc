"""Lists of the administration that Wagtail's own would not fit on a phone."""

from __future__ import annotations

from wagtail.snippets.views.snippets import IndexView


class DeskIndexView(IndexView):  # type: ignore[misc]
    """On a phone each row is a few lines, with the names of what they say, and not a table that scrolls."""

    table_classname = "listing asked"
