"""The networks of the demonstration: the facts, two mesas that work, and loaded twice like once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from portal.demo import accounts, directorio
from portal.demo import redip as demo
from portal.demo.redip import DATA
from redip.enums import ActaState
from redip.models import (
    Acta,
    BitacoraEdition,
    Commitment,
    Meeting,
    Mesa,
    MesaFile,
    MesaMember,
    MesaMessage,
    Milestone,
    Product,
    Red,
    StageEvidence,
    WorkAxis,
)
from redip.tables import waiting_for
from tests.factories.redip import browser

pytestmark = pytest.mark.django_db
MODELS = (
    Red, Mesa, Milestone, Product, WorkAxis, StageEvidence, MesaMember, Meeting, Acta, Commitment, MesaFile,
    MesaMessage, BitacoraEdition,
)  # fmt: skip


@pytest.fixture(scope="module")
def users(made_once: Any) -> Iterator[Any]:
    """Her people, with all of it loaded once for the tests that read it."""
    with made_once():
        directorio.load()
        people = accounts.load()
        mail.outbox = []
        demo.load(people)
        assert mail.outbox == []
        yield people


def keys() -> dict[Any, list[int]]:
    return {model: list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in MODELS}


def test_loading_twice_is_like_loading_once(users: Any) -> None:
    before = keys()
    demo.load(users)
    assert keys() == before
    assert [Red.objects.filter(stage=stage).count() for stage in (3, 2, 1)] == [7, 6, 3]
    assert Mesa.objects.count() == 18
    assert mail.outbox == []


def test_files_that_a_mesa_was_loaded_without_come_with_the_next_loading(users: Any) -> None:
    kept, *gone = MesaFile.objects.order_by("pk")
    assert gone
    MesaFile.objects.exclude(pk=kept.pk).delete()
    for _again in range(2):
        demo.load(users)
        names = sorted(MesaFile.objects.values_list("mesa", "name"))
        assert names == sorted((one.mesa_id, one.name) for one in (kept, *gone))
    assert MesaFile.objects.filter(pk=kept.pk).exists()


def test_a_next_meeting_comes_when_the_last_one_is_over(users: Any) -> None:
    mesa = Mesa.objects.get(red__city__slug="cartagena", slug="microfinanzas")
    past = timezone.now() - dt.timedelta(days=400)
    mesa.meetings.update(starts_at=past, ends_at=past + dt.timedelta(hours=1))
    demo.load(users)
    assert mesa.meetings.upcoming().count() == 1
    demo.load(users)
    assert mesa.meetings.upcoming().count() == 1


def test_every_network_rests_on_something(users: Any) -> None:
    for red in Red.objects.all():
        assert StageEvidence.objects.filter(red=red, stage=red.stage).exists(), red
        assert red.as_of == dt.date(2015, 3, 31)
    pasto = Red.objects.get(city__slug="pasto")
    assert pasto.act.replace("\xa0", " ") == "Decreto 0200 del 28 de abril de 2014"
    valledupar = Red.objects.get(city__slug="valledupar")
    assert {body.short_name for body in valledupar.secretariat.all()} == {
        "Fundación Universitaria del Área Andina", "CRC", "SENA",
    }  # fmt: skip


def test_the_mesa_shows_each_state(users: Any) -> None:
    mesa = Mesa.objects.get(red__city__slug="cartagena", slug="microfinanzas")
    assert list(mesa.actas.order_by("number").values_list("state", flat=True)) == [
        ActaState.APPROVED, ActaState.IN_APPROVAL, ActaState.DRAFT,
    ]  # fmt: skip
    assert {row.state for row in mesa.commitments.all()} == {"pendiente", "en-marcha", "cumplido"}
    assert mesa.commitments.late().count() == 1
    assert {row["kind"] for row in waiting_for(users["miembro"])} == {"acta", "compromiso", "reunion"}
    assert browser(users["secretaria"]).get(mesa.address("commitments")).status_code == 200
    assert browser(users["otro"]).get(mesa.address("commitments")).status_code == 404
    other = Mesa.objects.get(red__city__slug="valledupar", slug="innovacion")
    assert browser(users["otro"]).get(other.address("actas")).status_code == 200
    assert browser(users["miembro"]).get(other.address("actas")).status_code == 404


def test_no_word_is_put_in_the_mouth_of_anyone_real(users: Any) -> None:
    assert all(seat.user.is_demo and seat.institution is None for seat in MesaMember.objects.all())
    assert all(message.author.is_demo for message in MesaMessage.objects.all())
    assert all(row.institution is None for row in Commitment.objects.all())
    assert all("demostración" in edition.note for edition in BitacoraEdition.objects.all())


def test_the_bitacora_can_be_compared(users: Any, client: Any) -> None:
    html = client.get("/redip/cartagena/bitacora/comparar/1..2/barreras/").content.decode()
    assert "<ins>" in html and "<del>" in html
    assert client.get("/redip/ibague/bitacora/").status_code == 200
    assert (DATA / "redip.yaml").exists()
