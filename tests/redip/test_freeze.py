"""What is closed cannot be changed by any way in, the database's own console included."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.models.signals import post_migrate, pre_migrate

from redip.actions.actas import approve_acta
from redip.actions.bitacoras import open_bitacora, publish_edition
from redip.models import Acta, Attendee, BitacoraEdition, freeze
from tests.factories.cuentas import UserFactory
from tests.factories.redip import MemberFactory, RedFactory, draft_acta, sent_acta

pytestmark = pytest.mark.django_db


def raw(sql: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def approved() -> Acta:
    seat = MemberFactory()
    return approve_acta(acta=sent_acta(seat), by=seat.user)


def edition() -> BitacoraEdition:
    red = RedFactory()
    bitacora = open_bitacora(red=red)
    bitacora.sections.update(text="Hola", html="<p>Hola</p>")
    return publish_edition(bitacora=bitacora, by=UserFactory(is_superuser=True))


@pytest.mark.parametrize(
    "assignment",
    [
        "topics = 'otra cosa'",
        "topics_html = ''",
        "decisions = 'otra'",
        "decisions_html = ''",
        "number = 99",
        "revision = 99",
        "state = 'borrador', approved_at = NULL",
        "state = 'en-aprobacion', approved_at = NULL",
        "approved_at = '2000-01-01 00:00:00'",
        "record = '{}'",
        "wanted_change = 'algo'",
    ],
)
def test_a_raw_update_of_an_approved_acta_fails(assignment: str) -> None:
    acta = approved()
    with pytest.raises(DatabaseError, match="cannot change"):
        raw(f"UPDATE redip_acta SET {assignment} WHERE id = %s", acta.pk)


def test_a_draft_may_change() -> None:
    acta = draft_acta(MemberFactory())
    raw("UPDATE redip_acta SET topics = 'otra cosa' WHERE id = %s", acta.pk)
    acta.refresh_from_db()
    assert acta.topics == "otra cosa"


@pytest.mark.parametrize("assignment", ["name = 'Otra'", "institution = 'Otra'", "approved_at = NULL"])
def test_the_attendees_of_an_approved_acta_stay(assignment: str) -> None:
    acta = approved()
    with pytest.raises(DatabaseError, match="cannot change"):
        raw(f"UPDATE redip_attendee SET {assignment} WHERE acta_id = %s", acta.pk)


def test_nobody_is_added_to_an_approved_acta() -> None:
    acta = approved()
    with pytest.raises(DatabaseError, match="cannot change"), transaction.atomic():
        acta.attendees.create(name="Alguien más")


def test_an_account_may_be_erased_and_the_acta_keeps_the_name() -> None:
    seat = MemberFactory()
    acta = approve_acta(acta=sent_acta(seat), by=seat.user)
    name = seat.name
    get_user_model().objects.get(pk=seat.user_id).delete()
    acta.refresh_from_db()
    assert (acta.updated_by, acta.attendees.get().name) == (None, name)


@pytest.mark.parametrize(
    "assignment", ["snapshot = '{}'", "note = 'x'", "number = 9", "published_on = '2000-01-01'"]
)
def test_a_raw_update_of_an_edition_fails(assignment: str) -> None:
    row = edition()
    with pytest.raises(DatabaseError, match="cannot change"):
        raw(f"UPDATE redip_bitacoraedition SET {assignment} WHERE id = %s", row.pk)


def test_nobody_is_moved_into_an_approved_acta() -> None:
    acta, draft = approved(), draft_acta(MemberFactory())
    draft.attendees.create(name="Alguien más")
    with pytest.raises(DatabaseError, match="cannot change"):
        raw("UPDATE redip_attendee SET acta_id = %s WHERE acta_id = %s", acta.pk, draft.pk)


def test_what_is_closed_cannot_be_deleted_and_a_draft_can() -> None:
    acta, row, draft = approved(), edition(), draft_acta(MemberFactory())
    for sql in (
        "DELETE FROM redip_acta",
        "DELETE FROM redip_attendee",
        "DELETE FROM redip_bitacoraedition",
        f"DELETE FROM redip_attendee WHERE acta_id = {acta.pk}",
    ):
        with pytest.raises(DatabaseError, match="cannot be deleted"):
            raw(sql)
    for one in (acta, acta.attendees.get(), row):
        with pytest.raises(DatabaseError, match="cannot be deleted"), transaction.atomic():
            one.delete()
    draft.delete()
    assert (Acta.objects.get(), BitacoraEdition.objects.get(), Attendee.objects.count()) == (acta, row, 1)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite puts a row in the place of another")
def test_no_other_row_takes_the_place_of_what_is_closed() -> None:
    acta, row = approved(), edition()
    other = sent_acta(MemberFactory())
    guest = other.attendees.create(name="Alguien más")
    signed = acta.attendees.get()
    for one, change in (
        (acta, {"topics": "''"}),
        (signed, {"name": "'Otra'", "acta_id": str(other.pk)}),
        (row, {"note": "'x'"}),
        (row, {"id": "id + 9", "note": "'x'"}),
    ):
        names = [field.column for field in one._meta.concrete_fields]
        values = ", ".join(change.get(name, name) for name in names)
        table = one._meta.db_table
        wanted = f"({', '.join(names)}) SELECT {values} FROM {table} WHERE id = %s"
        with pytest.raises(DatabaseError, match="redip: what is closed"):
            raw(f"INSERT OR REPLACE INTO {table} {wanted}", one.pk)
    for table, change, pk in (
        ("redip_acta", f"id = {acta.pk}", other.pk),
        ("redip_acta", f"meeting_id = {acta.meeting_id}", other.pk),
        ("redip_acta", f"mesa_id = {acta.mesa_id}, number = {acta.number}", other.pk),
        ("redip_attendee", f"id = {signed.pk}", guest.pk),
        ("redip_attendee", f"acta_id = {acta.pk}, member_id = {signed.member_id}", guest.pk),
    ):
        with pytest.raises(DatabaseError, match="redip: what is closed"):
            raw(f"UPDATE OR REPLACE {table} SET {change} WHERE id = %s", pk)
    assert set(Acta.objects.all()) == {acta, other} and Attendee.objects.filter(acta=acta).get() == signed


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", ["redip_acta", "redip_attendee", "redip_bitacoraedition", "redip_mesa"])
def test_what_is_closed_is_not_truncated(table: str) -> None:
    acta, row = approved(), edition()
    connection.check_constraints()  # those deferred to the end of the transaction stop TRUNCATE by themselves
    with pytest.raises(DatabaseError, match="redip: what is closed cannot be deleted"):
        raw(f"TRUNCATE {table} CASCADE")
    assert (Acta.objects.get(), BitacoraEdition.objects.get()) == (acta, row)


def migrate_signal(signal: Any, plan: list[Any]) -> None:
    from django.apps import apps

    config = apps.get_app_config("redip")
    signal.send(sender=config, app_config=config, using="default", verbosity=0, interactive=False, plan=plan)


def test_the_guards_can_be_taken_away_and_come_back_after_migrate() -> None:
    acta = approved()
    freeze.remove(connection)
    raw("UPDATE redip_acta SET topics = 'x' WHERE id = %s", acta.pk)
    migrate_signal(post_migrate, [])
    with pytest.raises(DatabaseError, match="cannot change"):
        raw("UPDATE redip_acta SET topics = 'y' WHERE id = %s", acta.pk)
    with pytest.raises(DatabaseError, match="cannot be deleted"):
        raw("DELETE FROM redip_attendee WHERE acta_id = %s", acta.pk)


@pytest.mark.django_db(transaction=True)
def test_a_migration_can_make_the_table_of_actas_anew() -> None:
    old = Acta._meta.get_field("topics")
    new = models.TextField(null=True)
    new.set_attributes_from_name("topics")
    new.model = Acta
    migrate_signal(pre_migrate, ["something to do"])
    try:
        for before, after in ((old, new), (new, old)):
            with connection.schema_editor() as editor:
                editor.alter_field(Acta, before, after)
    finally:
        migrate_signal(post_migrate, [])
    acta = approved()
    with pytest.raises(DatabaseError, match="cannot be deleted"):
        raw("DELETE FROM redip_acta WHERE id = %s", acta.pk)


@pytest.mark.django_db(transaction=True)
def test_emptying_the_whole_database_goes_and_the_guards_are_back_after_it() -> None:
    approved()
    edition()
    call_command("flush", interactive=False, verbosity=0)
    assert not Acta.objects.exists() and not BitacoraEdition.objects.exists()
    row = edition()
    with pytest.raises(DatabaseError, match="cannot be deleted"):
        raw("DELETE FROM redip_bitacoraedition WHERE id = %s", row.pk)


@pytest.mark.django_db(transaction=True)
def test_the_migrations_go_back_and_come_again() -> None:
    acta, row, other = approved(), edition(), edition()
    try:
        call_command("migrate", "redip", "0002_freeze_what_is_closed", verbosity=0)
        row.delete()
        with pytest.raises(DatabaseError, match="cannot change"):
            raw("UPDATE redip_acta SET topics = 'x' WHERE id = %s", acta.pk)
        call_command("migrate", "redip", "0001_initial", verbosity=0)
        raw("UPDATE redip_acta SET topics = 'x' WHERE id = %s", acta.pk)
    finally:
        call_command("migrate", "redip", verbosity=0)
    with pytest.raises(DatabaseError, match="cannot be deleted"):
        other.delete()
    with pytest.raises(DatabaseError, match="cannot change"):
        raw("UPDATE redip_acta SET topics = 'y' WHERE id = %s", acta.pk)
