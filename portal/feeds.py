"""Atom feeds of what is new and public, one a section."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from comunidad.models import Resource
from guias.models import Guide
from nucleo.html import plain_text
from redip.models import BitacoraEdition

LIMIT = 30


class GuideFeed(Feed):  # type: ignore[type-arg]
    """New versions of guides, the last published first."""

    feed_type = Atom1Feed
    title = _("Red Cemprende: guías")
    subtitle = _("Versiones nuevas de las guías, con lo que cambió.")

    def link(self) -> str:
        """The shelf."""
        return reverse("guias:index")

    def items(self) -> list[Guide]:
        """Public guides with a version in force."""
        shelf = Guide.objects.visible_to(AnonymousUser()).on_shelf().newest_first().with_current()
        return list(shelf[:LIMIT])

    def item_title(self, item: Guide) -> str:
        """The guide and the number of its version."""
        return f"{item.title}, versión {item.current.number}" if item.current else item.title

    def item_description(self, item: Guide) -> str:
        """What changed."""
        lines = item.current.change_lines if item.current else []
        return "; ".join(lines) or item.lead

    def item_updateddate(self, item: Guide) -> dt.datetime:
        """When the version was published."""
        return (item.current and item.current.first_published_at) or item.updated_at

    item_pubdate = item_updateddate


class NetworkFeed(Feed):  # type: ignore[type-arg]
    """New editions of the cities' Bitácoras: the one thing of a network that is published on a day."""

    feed_type = Atom1Feed
    title = _("Red Cemprende: redes de las ciudades")
    subtitle = _("Ediciones nuevas de las Bitácoras.")

    def link(self) -> str:
        """The board."""
        return "/redip/"

    def items(self) -> list[BitacoraEdition]:
        """The editions closed last; they are public."""
        editions = BitacoraEdition.objects.select_related("bitacora__red__city").order_by("-published_at")
        return list(editions[:LIMIT])

    def item_title(self, item: BitacoraEdition) -> str:
        """The Bitácora and the number of the edition."""
        return f"{item.bitacora}. {item}"

    def item_description(self, item: BitacoraEdition) -> str:
        """What it is about."""
        return item.note

    def item_updateddate(self, item: BitacoraEdition) -> dt.datetime:
        """When it was closed."""
        return item.published_at

    item_pubdate = item_updateddate


class CommunityFeed(Feed):  # type: ignore[type-arg]
    """What was published last in the forum, for everyone to read."""

    feed_type = Atom1Feed
    title = _("Red Cemprende: comunidad")
    subtitle = _("Preguntas, notas, archivos y debates de los centros y las redes.")

    def link(self) -> str:
        """The front of the forum."""
        return reverse("comunidad:index")

    def items(self) -> list[Resource]:
        """Public resources, the last published first."""
        found = Resource.objects.visible_to(AnonymousUser()).with_people().order_by("-approved_at", "-pk")
        return list(found[:LIMIT])

    def item_title(self, item: Resource) -> str:
        """The theme and the title."""
        return f"{item.theme.name}: {item.title}"

    def item_description(self, item: Resource) -> str:
        """The beginning of its text."""
        return Truncator(plain_text(item.html)).chars(300)

    def item_updateddate(self, item: Resource) -> dt.datetime:
        """When something was last said in it."""
        return item.last_activity

    def item_pubdate(self, item: Resource) -> dt.datetime:
        """When readers saw it first."""
        return item.approved_at or item.created_at


FEEDS: dict[str, Any] = {"guias": GuideFeed(), "comunidad": CommunityFeed(), "redip": NetworkFeed()}
"""By the name in ``/feeds/<name>.atom``."""
