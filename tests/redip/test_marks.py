"""An account of the demonstration says so wherever a name stands as a person."""

import pytest
from django.test import Client

from redip.enums import Answer
from redip.models import Attendance, MesaMessage
from tests.factories.cuentas import UserFactory
from tests.factories.redip import MeetingFactory, MemberFactory

pytestmark = pytest.mark.django_db
MARK = "Cuenta de demostración"


@pytest.fixture
def seat(db):
    return MemberFactory(user=UserFactory(first_names="Miembro", last_names="de prueba", is_demo=True))


@pytest.fixture
def reader(seat):
    browser = Client()
    browser.force_login(MemberFactory(mesa=seat.mesa).user)
    return browser


@pytest.mark.parametrize("part", ["", "miembros/", "conversacion/", "meeting"])
def test_a_member_of_the_demonstration_is_marked_each_time_once(part, seat, reader):
    MesaMessage.objects.create(mesa=seat.mesa, author=seat.user, text="Hola", html="<p>Hola</p>")
    meeting = MeetingFactory(mesa=seat.mesa)
    Attendance.objects.create(meeting=meeting, member=seat, answer=Answer.YES)
    address = meeting.get_absolute_url() if part == "meeting" else f"{seat.mesa.get_absolute_url()}{part}"
    page = reader.get(address).content.decode()
    shown = page.count('<p class="person-name">\n      Miembro de prueba')
    assert 0 < shown == page.count(MARK)


def test_the_secretariat_too(seat, reader):
    seat.mesa.red.secretaries.add(UserFactory(is_demo=True))
    assert reader.get(f"{seat.mesa.get_absolute_url()}miembros/").content.decode().count(MARK) == 2


def test_a_person_has_no_mark(seat, reader):
    seat.user.is_demo = False
    seat.user.save()
    assert MARK not in reader.get(f"{seat.mesa.get_absolute_url()}miembros/").content.decode()
