"""Networks, mesas and published Bitácoras for search engines; ``portal`` joins these to its sitemap."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from redip.models import BitacoraEdition, Mesa, Red


class NetworkSitemap(Sitemap[Red]):
    """The networks."""

    def items(self) -> QuerySet[Red]:
        """All of them."""
        return Red.objects.visible_to(AnonymousUser()).select_related("city").order_by("pk")

    def lastmod(self, item: Red) -> dt.datetime:
        """When it was last written."""
        return item.updated_at


class MesaSitemap(Sitemap[Mesa]):
    """The mesas: what everyone may know of them."""

    def items(self) -> QuerySet[Mesa]:
        """All of them."""
        return (
            Mesa.objects.visible_to(AnonymousUser())
            .select_related("red__city")
            .only("slug", "updated_at", "red__city__slug")
            .order_by("pk")
        )

    def lastmod(self, item: Mesa) -> dt.datetime:
        """When its name, link or leaders were last written."""
        return item.updated_at


class EditionSitemap(Sitemap[BitacoraEdition]):
    """The editions, each at its address for ever, beside the page of the last one."""

    def items(self) -> QuerySet[BitacoraEdition]:
        """All of them."""
        rows = BitacoraEdition.objects.select_related("bitacora__red__city").defer("snapshot")
        return rows.order_by("pk")

    def location(self, item: BitacoraEdition) -> str:
        """Its address."""
        return reverse("redip:edition", args=[item.bitacora.red.city.slug, item.number])

    def lastmod(self, item: BitacoraEdition) -> dt.datetime:
        """When it was closed."""
        return item.published_at


SITEMAPS = {"redes": NetworkSitemap, "mesas": MesaSitemap, "bitacoras": EditionSitemap}
"""By the section of the sitemap."""
