"""Every public address for search engines: pages, guides, directory, networks, public resources."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from comunidad.sitemaps import SITEMAPS as COMMUNITY
from directorio.sitemaps import SITEMAPS as DIRECTORY
from guias.models import Course, Guide, PaperForm
from portal.models import BasePage
from redip.sitemaps import SITEMAPS as NETWORKS


class PageSitemap(Sitemap[BasePage]):
    """The pages that editors arrange, and which everyone may read."""

    def items(self) -> QuerySet[BasePage]:
        """Live pages below the root."""
        found: QuerySet[BasePage] = BasePage.objects.live().public().filter(depth__gt=1).order_by("path")
        return found

    def location(self, item: BasePage) -> str:
        """Its address on this site."""
        return str(item.get_url() or "/")

    def lastmod(self, item: BasePage) -> dt.datetime | None:
        """When it was last published."""
        published: dt.datetime | None = item.last_published_at
        return published


class PlaceSitemap(Sitemap[str]):
    """The lists, by the name of their address."""

    def items(self) -> list[str]:
        """In the order of the site."""
        return [
            "guias:index",
            "guias:package",
            "guias:glossary",
            "guias:courses",
            "guias:paper_forms",
            "directorio:home",
            "directorio:centers",
            "directorio:institutions",
            "directorio:offers",
            "directorio:suppliers",
            "directorio:demands",
            "redip:board",
            "comunidad:index",
            "comunidad:groups",
            "agenda",
            "indicators",
        ]

    def location(self, item: str) -> str:
        """Its address."""
        return reverse(item)


class GuideSitemap(Sitemap[Guide]):
    """The guides; their chapters are linked from them."""

    def items(self) -> QuerySet[Guide]:
        """Those on the public shelf."""
        return Guide.objects.visible_to(AnonymousUser()).on_shelf().only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: Guide) -> dt.datetime:
        """When it was last written."""
        return item.updated_at


class CourseSitemap(Sitemap[Course]):
    """The courses."""

    def items(self) -> QuerySet[Course]:
        """The published ones."""
        return Course.objects.visible_to(AnonymousUser()).only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: Course) -> dt.datetime:
        """When it was last changed."""
        return item.updated_at


class PaperFormSitemap(Sitemap[PaperForm]):
    """The forms on paper."""

    def items(self) -> QuerySet[PaperForm]:
        """Those that are published."""
        return PaperForm.objects.visible_to(AnonymousUser()).only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: PaperForm) -> dt.datetime:
        """When it was last changed."""
        return item.updated_at


SITEMAPS: dict[str, Any] = {
    "paginas": PageSitemap,
    "listas": PlaceSitemap,
    "guias": GuideSitemap,
    "cursos": CourseSitemap,
    "formatos": PaperFormSitemap,
    **DIRECTORY,
    **NETWORKS,
    **COMMUNITY,
}
