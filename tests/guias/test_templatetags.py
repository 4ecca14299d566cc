"""What home shows of guides."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from guias.models import Version
from tests.factories.guias import GuideFactory, published

pytestmark = pytest.mark.django_db


def render(source: str) -> str:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return Template("{% load guias %}" + source).render(Context({"request": request}))


def test_the_latest_guides_come_newest_first_with_their_version(django_assert_num_queries: object) -> None:
    for n, slug in enumerate(("a", "b", "c")):
        version = published(guide=GuideFactory(slug=slug))
        Version.objects.filter(pk=version.pk).update(first_published_at=timezone.now() - timedelta(days=n))
    published(guide=GuideFactory(slug="d", is_public=False))
    GuideFactory(slug="e")
    with django_assert_num_queries(2):  # type: ignore[operator]
        html = render("{% latest_guides 2 %}")
    assert re.findall(r'data-id="(.)"', html) == ["a", "b"]
    assert "/guias/a/descargar/pdf/" in html


def test_home_without_guides_says_what_will_be_there() -> None:
    assert "Aquí estarán las guías" in render("{% latest_guides 2 %}")


def test_guides_are_counted() -> None:
    GuideFactory()
    GuideFactory(state="retirada")
    GuideFactory(is_public=False)
    assert render("{% guide_count %}") == "1"


def test_literals_are_escaped() -> None:
    assert render("{{ '`AC_#` <b>'|literals }}") == "<code>AC_#</code> &lt;b&gt;"
