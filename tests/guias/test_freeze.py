"""What is published cannot be changed by any way in, the database's own console included."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone
from wagtail_factories import ImageFactory

from guias.actions.versions import publish_version
from guias.enums import Format, VersionState
from guias.exports import make, recipe
from guias.models import Guide, HeldFile, Version, freeze
from guias.models.versions import Frozen
from tests.factories.guias import GuideFactory, VersionFactory, block, chapter, published

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


def test_how_a_guide_was_called_stays_with_what_was_published(client: Client) -> None:
    guide = GuideFactory(slug="guia", title="Atender", lead="Para quien atiende.")
    first = published(guide=guide)
    assert (first.title, first.lead) == ("Atender", "Para quien atiende.")
    before = recipe(first)
    Guide.objects.filter(pk=guide.pk).update(title="Orientar", lead="Para quien orienta.")
    first = Version.objects.select_related("guide").get(pk=first.pk)
    assert recipe(first) == before and "Atender" in make(first, Format.HTML).decode()
    for path in ("/guias/guia/", "/guias/guia/cerrar/", "/guias/guia/v1/"):
        page = client.get(path).content.decode()
        assert "Atender" in page and "Orientar" not in page.partition("<main")[2], path
    assert "Orientar" in client.get("/guias/").content.decode()
    second = publish_version(version=VersionFactory(guide=first.guide, number=2))
    assert (second.title, second.lead) == ("Orientar", "Para quien orienta.")
    assert "Orientar" in client.get("/guias/guia/cerrar/").content.decode()
    first.refresh_from_db()
    assert (str(first), str(second)) == ("Atender, versión 1", "Orientar, versión 2")
    Guide.objects.filter(pk=guide.pk).update(title="Acompañar")
    assert "Acompañar" not in client.get("/guias/guia/cambios/1..2/").content.decode().partition("<main")[2]
    old = client.get("/guias/guia/v1/cerrar/").content.decode()
    assert "Atender" in old and "Atender" in client.get("/guias/guia/v1/").content.decode()


@pytest.mark.parametrize("assignment", ["title = 'Otra'", "lead = 'Otra'", "title = ''"])
def test_the_name_of_what_is_published_cannot_change(assignment: str) -> None:
    version = published()
    with pytest.raises(DatabaseError, match="cannot change"):
        raw(f"UPDATE guias_version SET {assignment} WHERE id = %s", version.pk)


def test_what_was_published_before_is_named_as_its_guide() -> None:
    version, draft = published(), VersionFactory()
    freeze.remove(connection)
    Version.objects.filter(pk=version.pk).update(title="", lead="")
    freeze.install(connection)
    import_module("guias.migrations.0025_name_what_is_published").name(apps, None)
    version.refresh_from_db()
    draft.refresh_from_db()
    assert (version.title, version.lead) == (version.guide.title, version.guide.lead)
    assert draft.title == ""


def test_what_is_published_cannot_be_deleted_and_a_draft_can() -> None:
    version = published()
    draft = VersionFactory(guide=version.guide, number=2)
    with pytest.raises(DatabaseError, match="cannot be deleted"):
        raw("DELETE FROM guias_version WHERE id = %s", version.pk)
    with pytest.raises(DatabaseError, match="cannot be deleted"), transaction.atomic():
        version.delete()
    with pytest.raises(ProtectedError):
        version.guide.delete()
    raw("UPDATE guias_version SET state = 'retirada' WHERE id = %s", version.pk)
    with pytest.raises(DatabaseError, match="cannot be deleted"):
        raw("DELETE FROM guias_version")
    draft.delete()
    assert list(Version.objects.all()) == [version]


@pytest.mark.parametrize(
    "change", ["DELETE FROM guias_heldfile", "UPDATE guias_heldfile SET image_id = NULL"]
)
def test_what_it_shows_cannot_be_let_go(change: str, media: object) -> None:
    figure = block("figure", {"image": ImageFactory().pk, "alt": "Un mapa"})
    published(body=[chapter("Uno", "uno", figure)])
    with pytest.raises(DatabaseError, match="cannot be deleted"):
        raw(change)
    assert HeldFile.objects.exclude(image=None).count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", ["guias_version", "guias_heldfile", "guias_guide"])
def test_what_is_published_is_not_truncated(table: str, media: object) -> None:
    figure = block("figure", {"image": ImageFactory().pk, "alt": "Un mapa"})
    version = published(body=[chapter("Uno", "uno", figure)])
    connection.check_constraints()  # those deferred to the end of the transaction stop TRUNCATE by themselves
    with pytest.raises(DatabaseError, match="cannot be deleted"):
        raw(f"TRUNCATE {table} CASCADE")
    assert (Version.objects.get(), HeldFile.objects.count()) == (version, 1)


IN_ITS_PLACE = {
    "sqlite": "INSERT OR REPLACE INTO guias_version {columns} SELECT {values} FROM guias_version"
    " WHERE id = %s",
    "postgresql": "INSERT INTO guias_version {columns} OVERRIDING SYSTEM VALUE SELECT {values}"
    " FROM guias_version WHERE id = %s ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body",
}


def test_no_other_row_takes_its_place() -> None:
    version = published()
    names = [field.column for field in Version._meta.concrete_fields]
    values = ", ".join("'[]'" if name == "body" else name for name in names)
    sql = IN_ITS_PLACE[connection.vendor].format(columns=f"({', '.join(names)})", values=values)
    with pytest.raises(DatabaseError, match="published"):
        raw(sql, version.pk)
    draft = VersionFactory(guide=version.guide, number=2)
    aside = {"sqlite": "UPDATE OR REPLACE", "postgresql": "UPDATE"}[connection.vendor]
    for change in ("number = 1", "state = 'vigente'", f"id = {version.pk}"):
        with pytest.raises(DatabaseError):
            raw(f"{aside} guias_version SET {change} WHERE id = %s", draft.pk)
    assert Version.objects.get(pk=version.pk).chapters == version.chapters


def bare() -> Version:
    """A published version of which no file nor code was made."""
    version = VersionFactory()
    now = {"live": True, "state": VersionState.IN_FORCE, "published_on": timezone.localdate()}
    Version.objects.filter(pk=version.pk).update(**now)
    return version


@pytest.mark.django_db(transaction=True)
def test_emptying_the_whole_database_goes_and_the_guard_is_back_after_it() -> None:
    bare()
    call_command("flush", interactive=False, verbosity=0)
    assert not Version.objects.exists()
    with pytest.raises(DatabaseError, match="cannot be deleted"):
        raw("DELETE FROM guias_version WHERE id = %s", bare().pk)


@pytest.mark.django_db(transaction=True)
def test_the_migration_goes_back_and_comes_again() -> None:
    version, other = bare(), bare()
    try:
        call_command("migrate", "guias", "0028_chapters_of_paper_forms", verbosity=0)
        version.delete()
        with pytest.raises(DatabaseError, match="cannot change"):
            raw("UPDATE guias_version SET body = '[]' WHERE id = %s", other.pk)
    finally:
        call_command("migrate", "guias", verbosity=0)
    with pytest.raises(DatabaseError, match="cannot be deleted"):
        raw("DELETE FROM guias_version WHERE id = %s", other.pk)
