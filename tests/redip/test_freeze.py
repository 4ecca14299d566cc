"""What is closed cannot be changed by any way in, the database's own console included."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction

from redip.actions.actas import approve_acta
from redip.actions.bitacoras import open_bitacora, publish_edition
from redip.models import Acta, BitacoraEdition, freeze
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


def test_the_guards_can_be_taken_away_and_come_back_after_migrate() -> None:
    from django.apps import apps
    from django.db.models.signals import post_migrate

    acta = approved()
    freeze.remove(connection)
    raw("UPDATE redip_acta SET topics = 'x' WHERE id = %s", acta.pk)
    config = apps.get_app_config("redip")
    post_migrate.send(
        sender=config, app_config=config, using="default", verbosity=0, interactive=False, plan=[]
    )
    with pytest.raises(DatabaseError, match="cannot change"):
        raw("UPDATE redip_acta SET topics = 'y' WHERE id = %s", acta.pk)
