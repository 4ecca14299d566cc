"""What is published cannot be changed by any way in, the database's own console included."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from guias.actions.versions import publish_version
from guias.enums import VersionState
from guias.models import Version, freeze
from guias.models.versions import Frozen
from tests.factories.guias import VersionFactory, published

pytestmark = pytest.mark.django_db


def raw(sql: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize(
    "assignment",
    [
        "body = '[]'",
        "summary = 'otra cosa'",
        "changes = 'nada'",
        "number = 9",
        "published_on = '2000-01-01'",
        "published_on = NULL",
        "live = FALSE",
        "state = 'borrador'",
        "state = 'en-revision'",
    ],
)
def test_a_raw_update_of_a_published_version_fails(assignment: str) -> None:
    version = published()
    with pytest.raises(DatabaseError, match="cannot change"):
        raw(f"UPDATE guias_version SET {assignment} WHERE id = %s", version.pk)


def test_a_draft_may_change() -> None:
    version = VersionFactory()
    raw("UPDATE guias_version SET body = '[]', summary = 'otra' WHERE id = %s", version.pk)
    version.refresh_from_db()
    assert (version.chapters, version.summary) == ([], "otra")


def test_a_version_in_force_may_only_retire() -> None:
    version = published()
    raw("UPDATE guias_version SET state = 'retirada' WHERE id = %s", version.pk)
    with pytest.raises(DatabaseError):
        raw("UPDATE guias_version SET state = 'vigente' WHERE id = %s", version.pk)


def test_what_is_not_text_may_change() -> None:
    version = published()
    version.has_unpublished_changes = True
    version.save()
    assert Version.objects.get(pk=version.pk).state == VersionState.IN_FORCE


def test_publishing_twice_and_unpublishing_are_refused() -> None:
    version = published()
    with pytest.raises(Frozen):
        publish_version(version=version)
    with pytest.raises(Frozen):
        version.unpublish()


def test_the_trigger_can_be_taken_away_and_comes_back_after_migrate() -> None:
    from django.apps import apps
    from django.db.models.signals import post_migrate

    version = published()
    freeze.remove(connection)
    raw("UPDATE guias_version SET summary = 'x' WHERE id = %s", version.pk)
    config = apps.get_app_config("guias")
    post_migrate.send(
        sender=config, app_config=config, using="default", verbosity=0, interactive=False, plan=[]
    )
    with pytest.raises(DatabaseError, match="cannot change"):
        raw("UPDATE guias_version SET summary = 'y' WHERE id = %s", version.pk)
