"""Every public entry, for search engines; ``portal`` joins these to its sitemap."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from directorio.models import Center, Demand, Entry, Institution, Offer, Supplier


class EntrySitemap(Sitemap[Entry]):
    """The entries of one model that a visitor sees."""

    def __init__(self, model: type[Entry]) -> None:
        """Take the model."""
        super().__init__()
        self.model = model

    def items(self) -> QuerySet[Entry]:
        """In a fixed order, as pages of a sitemap need it."""
        visible: Any = self.model._default_manager.visible_to(AnonymousUser())  # type: ignore[attr-defined]
        rows: QuerySet[Entry] = visible.only("slug", "updated_at").order_by("pk")
        return rows

    def lastmod(self, item: Entry) -> dt.datetime:
        """When it was last written."""
        return item.updated_at


SITEMAPS = {
    "centros": EntrySitemap(Center),
    "instituciones": EntrySitemap(Institution),
    "oferta": EntrySitemap(Offer),
    "proveedores": EntrySitemap(Supplier),
    "demanda": EntrySitemap(Demand),
}
"""By the section of the sitemap."""
