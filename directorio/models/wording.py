"""Phrases that lists and the search index share."""

from __future__ import annotations

from django.utils.translation import gettext as _

SOME = 3
"""Cities that a phrase names before it only counts them."""


def where(cities: list[str]) -> str:
    """The names of a few cities, the number of many, or the whole country when there are none."""
    if not cities:
        return _("Todo el país")
    if len(cities) > SOME:
        return _("%(n)s ciudades") % {"n": len(cities)}
    return ", ".join(cities)
