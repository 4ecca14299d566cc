"""Lists that grow with the whole are read from their index; the planner says so, whatever the rows.

Only of SQLite: PostgreSQL decides by how many rows there are, and a test has few.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from comunidad.models import Resource, Theme
from comunidad.sitemaps import ResourceSitemap
from comunidad.views.tutoring import useful
from guias.models import Guide, Version
from tests.factories.cuentas import UserFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL decides by the number of rows"),
]


def seen() -> Any:
    return Resource.objects.visible_to(AnonymousUser())


def test_what_was_published_last_is_read_in_the_order_of_its_index() -> None:
    plan = seen().with_people().order_by("-approved_at", "-pk")[:30].explain()
    assert "comunidad_last_published" in plan and "ORDER BY" not in plan


def test_frequent_questions_have_an_index_of_their_own() -> None:
    frequent = seen().filter(theme=1).visible().filter(is_frequent=True).order_by("-useful_count")
    assert "comunidad_frequent" in frequent.explain()


def test_answers_worth_keeping_have_one() -> None:
    assert "comunidad_worth_keeping" in useful(Theme.objects.all()).explain()


def test_what_was_asked_about_an_address_is_found_by_it() -> None:
    found = Resource.objects.public().answered().filter(about_url="/guias/x/", accepted__isnull=False)
    assert "comunidad_about_address" in found.order_by("-is_frequent").explain()


def test_a_member_counts_a_theme_without_reading_its_rows() -> None:
    mine = Resource.objects.visible_to(UserFactory()).filter(theme=1).order_by().values("pk")
    assert "COVERING INDEX comunidad_counts_of_theme" in mine.explain()


def test_the_sitemap_counts_without_reading_rows() -> None:
    everything = ResourceSitemap().items().order_by().values("state")
    assert "COVERING INDEX comunidad_newest_first" in everything.explain()


def test_the_guides_published_last_are_read_in_the_order_of_their_index() -> None:
    counted = Version.objects.published().filter(guide__is_public=True, first_published_at__isnull=False)
    assert "COVERING INDEX guias_last_published" in counted.order_by().values("state").explain()
    plan = Guide.objects.visible_to(AnonymousUser()).on_shelf().newest_first()[:3].explain()
    assert "guias_last_published" in plan and "ORDER BY" not in plan
