"""An editor of some routes works on those, in every screen; who runs the portal says which."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from guias.models import Guide, RouteEditor, Version
from portal.bootstrap import EDITORS, OPERATORS
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory, published
from tests.guias.test_admin import version_form

pytestmark = pytest.mark.django_db
SNIPPETS = "/admin/snippets/guias"


def one_of(group: str) -> tuple[Any, Client]:
    user, client = UserFactory(), Client()
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user, client


@pytest.fixture
def mine() -> Version:
    return published(guide=GuideFactory(route="redip", title="La de las redes"))


@pytest.fixture
def other() -> Version:
    return published(guide=GuideFactory(route="orientacion", title="La de orientar"))


def test_she_opens_and_starts_only_hers(mine: Version, other: Version) -> None:
    user, client = one_of(EDITORS)
    RouteEditor.objects.create(user=user, route="redip")
    for version, status in ((mine, 200), (other, 302)):
        guide = version.guide_id
        assert client.get(f"{SNIPPETS}/guide/edit/{guide}/").status_code == status
        assert client.get(f"/admin/guias/{guide}/version-siguiente/").status_code == status
        assert client.get(f"/admin/guias/versiones/{version.pk}/errata/").status_code == status
    client.post(f"/admin/guias/{other.guide_id}/version-siguiente/")
    assert not other.guide.versions.drafts().exists()
    draft = VersionFactory(guide=other.guide, number=2)
    for way in ("edit", "delete"):
        assert client.get(f"{SNIPPETS}/version/{way}/{draft.pk}/").status_code == 302
    client.post(f"{SNIPPETS}/version/delete/{draft.pk}/")
    assert Version.objects.filter(pk=draft.pk).exists()


def test_forms_offer_what_is_hers(mine: Version, other: Version) -> None:
    user, client = one_of(EDITORS)
    RouteEditor.objects.create(user=user, route="redip")
    routes = client.get(f"{SNIPPETS}/guide/add/").content.decode()
    assert 'value="redip"' in routes and 'value="orientacion"' not in routes
    forged = version_form(other.guide, changes="Nada.")
    assert client.post(f"{SNIPPETS}/version/add/", forged).status_code == 200
    assert not other.guide.versions.drafts().exists()
    data = {
        "title": "Otra",
        "slug": "otra",
        "lead": "x",
        "series": "guia",
        "route": "orientacion",
        "order": 1,
    }
    client.post(f"{SNIPPETS}/guide/add/", {**data, "state": "vigente", "outlook": ""})
    assert not Guide.objects.filter(slug="otra").exists()


def test_who_runs_the_portal_says_which(mine: Version) -> None:
    editor, as_editor = one_of(EDITORS)
    _operator, as_operator = one_of(OPERATORS)
    stranger = UserFactory()
    add = f"{SNIPPETS}/routeeditor/add/"
    assert as_editor.get(add).status_code == 302
    html = as_operator.get(add).content.decode()
    assert f'value="{editor.pk}"' in html and f'value="{stranger.pk}"' not in html
    assert as_operator.post(add, {"user": editor.pk, "route": "redip"}).status_code == 302
    assert RouteEditor.objects.get().user == editor
    again = as_operator.post(add, {"user": editor.pk, "route": "redip"})
    assert again.status_code == 200
    assert RouteEditor.objects.count() == 1


def test_the_lists_cost_the_same_with_more(assert_same_queries: Callable[..., int]) -> None:
    user, client = one_of(EDITORS)
    RouteEditor.objects.create(user=user, route="redip")
    _operator, operator = one_of(OPERATORS)
    published()

    def more() -> None:
        for route in ("orientacion", "empleabilidad"):
            published(guide=GuideFactory(route=route))
            RouteEditor.objects.create(user=UserFactory(), route=route)

    assert_same_queries(f"{SNIPPETS}/guide/", more, client=client)
    assert_same_queries(f"{SNIPPETS}/version/", more_versions, client=client)
    assert_same_queries(f"{SNIPPETS}/routeeditor/", more_people, client=operator)


def more_versions() -> None:
    for route in ("orientacion", "redip"):
        published(guide=GuideFactory(route=route))


def more_people() -> None:
    for route in ("orientacion", "redip"):
        RouteEditor.objects.create(user=UserFactory(), route=route)
