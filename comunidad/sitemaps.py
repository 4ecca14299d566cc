"""Themes and public resources for search engines; ``portal`` joins these to its sitemap."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from comunidad.models import Resource, Theme


class ThemeSitemap(Sitemap[Theme]):
    """The themes."""

    def items(self) -> QuerySet[Theme]:
        """All of them."""
        return Theme.objects.order_by("pk")


class ResourceSitemap(Sitemap[Resource]):
    """What everyone may read, but in groups: those speak to their members first."""

    def items(self) -> QuerySet[Resource]:
        """Published, outside of groups."""
        found = Resource.objects.visible_to(AnonymousUser()).filter(group=None)
        return found.select_related("theme").only("slug", "last_activity", "theme__slug").order_by("pk")

    def lastmod(self, item: Resource) -> dt.datetime:
        """When something was last said in it."""
        return item.last_activity


SITEMAPS = {"temas": ThemeSitemap, "comunidad": ResourceSitemap}
"""By the section of the sitemap."""
