"""Truth tables: who sees and who may change what, and each rule agrees with its twin."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from guias import policies
from guias.enums import VersionState
from guias.models import Guide, RouteEditor, Version
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory, editor, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, Any]:
    return {
        "anonymous": AnonymousUser(),
        "account": UserFactory(),
        "staff": UserFactory(is_staff=True),
        "editor": editor(),
        "operator": UserFactory(is_staff=True, is_superuser=True),
    }


READERS, EDITORS = {"anonymous", "account", "staff"}, {"editor", "operator"}


def versions() -> dict[str, Version]:
    quiet = GuideFactory(is_public=False)
    old = published()
    current = VersionFactory(guide=old.guide, number=2)
    current.save_revision().publish()
    found = {
        "draft": VersionFactory(number=1),
        "in force": current,
        "retired": old,
        "in force, in reserve": published(guide=quiet),
    }
    for version in found.values():
        version.refresh_from_db()
    assert found["retired"].state == VersionState.RETIRED
    return found


def test_who_sees_a_version(people: dict[str, Any]) -> None:
    seen_by_all = {"in force", "retired"}
    for name, version in versions().items():
        for who, user in people.items():
            expected = who in EDITORS or name in seen_by_all
            assert policies.can_see_version(user, version) is expected, (name, who)
            assert Version.objects.visible_to(user).filter(pk=version.pk).exists() is expected, (name, who)


def test_who_sees_a_guide(people: dict[str, Any]) -> None:
    for guide in (GuideFactory(), GuideFactory(is_public=False)):
        for who, user in people.items():
            expected = guide.is_public or who in EDITORS
            assert policies.can_see_guide(user, guide) is expected
            assert Guide.objects.visible_to(user).filter(pk=guide.pk).exists() is expected


@pytest.mark.parametrize(
    "rule", [policies.can_edit_version, policies.can_publish_version, policies.can_delete_version]
)
def test_who_changes_a_version(rule: Any, people: dict[str, Any]) -> None:
    for name, version in versions().items():
        for who, user in people.items():
            assert rule(user, version) is (who in EDITORS and name == "draft"), (rule, name, who)


def test_who_ticks(people: dict[str, Any]) -> None:
    guide, quiet = GuideFactory(), GuideFactory(is_public=False)
    for who, user in people.items():
        assert policies.can_tick(user, guide) is (who != "anonymous")
        assert policies.can_tick(user, quiet) is (who in EDITORS)


def test_whoever_wrote_a_version_does_not_publish_it_where_a_second_person_reads(settings: Any) -> None:
    settings.SECOND_READER = True
    author, other = editor(), editor()
    draft = VersionFactory()
    draft.save_revision(user=author)
    assert not policies.can_publish_version(author, draft)
    assert policies.can_publish_version(other, draft)
    draft.save_revision(user=other)
    assert not policies.can_publish_version(author, draft)
    draft.summary = "Otra cosa."
    draft.save_revision(user=other)
    for wrote in (author, other):
        assert not policies.can_publish_version(wrote, draft)
    assert policies.can_publish_version(editor(), draft)
    settings.SECOND_READER = False
    assert policies.can_publish_version(other, draft)


def test_an_editor_with_routes_of_her_own_edits_those_alone() -> None:
    user, free = editor(), editor()
    RouteEditor.objects.create(user=user, route="redip")
    mine, other = GuideFactory(route="redip"), GuideFactory(route="orientacion")
    for guide in (mine, other):
        draft, done = VersionFactory(guide=guide, number=2), published(guide=guide)
        for person, hers in ((user, guide == mine), (free, True), (UserFactory(), False)):
            assert policies.can_write(person, guide) is hers, guide.route
            for rule in (
                policies.can_edit_version,
                policies.can_publish_version,
                policies.can_delete_version,
            ):
                assert rule(person, draft) is hers, (rule, guide.route)
            assert policies.can_correct(person, done) is hers
            assert policies.can_see_version(person, done)
        assert policies.can_see_version(user, draft)
