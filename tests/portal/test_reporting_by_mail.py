"""How a commitment goes, told from the link of its reminder by who answers for it and by nobody else."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.models import SignedLink
from redip.actions.reminders import announce_due
from redip.enums import CommitmentState
from redip.models import Commitment
from tests.factories.redip import CommitmentFactory, MemberFactory

pytestmark = pytest.mark.django_db
REPORT = {"text": "Ya hablamos con tres empresas.", "percent": "40"}


@pytest.fixture
def commitment() -> Any:
    return CommitmentFactory(what="Reunir las empresas", until=timezone.localdate() + dt.timedelta(days=2))


@pytest.fixture
def link(commitment: Any) -> str:
    announce_due()
    found = re.search(r"/responder/[\w-]+/", str(mail.outbox[0].body))
    assert found
    return found[0]


def test_the_reminder_carries_a_link_and_the_way_out(commitment: Any, link: str) -> None:
    (sent,) = mail.outbox
    assert sent.to == [commitment.member.user.email]
    assert sent.subject == "Se acerca el plazo de un compromiso" and "Reunir las empresas" in sent.body
    assert "Para no recibir más avisos por correo" in sent.body and "List-Unsubscribe" in sent.extra_headers
    announce_due()
    assert len(mail.outbox) == 1


def test_who_wants_no_mail_gets_none(commitment: Any) -> None:
    person = commitment.member.user
    person.mail_notices = False
    person.save()
    announce_due()
    assert mail.outbox == [] and person.notices.count() == 1 and not SignedLink.objects.exists()


def test_she_tells_how_it_goes_without_her_account(commitment: Any, link: str) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(link).content.decode()
    assert "Reunir las empresas" in page and 'type="file"' not in page
    assert not commitment.reports.exists()
    assert client.post(link, REPORT).status_code == 200
    commitment.refresh_from_db()
    assert (commitment.progress, commitment.state) == (40, CommitmentState.ON_ITS_WAY)
    assert commitment.reports.get().by == commitment.member.user
    assert client.post(link, REPORT).status_code == 410 and commitment.reports.count() == 1
    assert client.get(commitment.get_absolute_url()).status_code == 302  # the link signs nobody in
    assert not client.cookies


@pytest.mark.parametrize("change", [{"text": " "}, {"percent": "101"}, {"percent": "mucho"}, {"percent": ""}])
def test_what_is_missing_is_said(commitment: Any, link: str, change: dict[str, str]) -> None:
    response = Client().post(link, REPORT | change)
    assert response.status_code == 422 and 'role="alert"' in response.content.decode()
    assert not commitment.reports.exists()
    assert Client().post(link, REPORT | {"percent": "100"}).status_code == 200
    commitment.refresh_from_db()
    assert commitment.state == CommitmentState.DONE


def test_a_file_by_the_link_is_let_go(commitment: Any, link: str) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    Client().post(link, REPORT | {"evidence": SimpleUploadedFile("x.exe", b"MZ")})
    assert commitment.reports.get().evidence.name == ""


@pytest.mark.parametrize("how", ["left", "done", "closed"])
def test_what_is_no_longer_hers_is_gone(commitment: Any, link: str, how: str) -> None:
    if how == "left":
        commitment.member.left_on = timezone.localdate()
        commitment.member.save()
    elif how == "closed":
        commitment.member.user.is_active = False
        commitment.member.user.save()
    else:
        Commitment.objects.update(state=CommitmentState.DONE, progress=100, closed_on=timezone.localdate())
    for response in (Client().get(link), Client().post(link, REPORT)):
        assert response.status_code == 410 and "Reunir" not in response.content.decode()
    assert not commitment.reports.exists()


def test_of_an_institution_those_who_sit_there_for_it_are_asked() -> None:
    seat = MemberFactory()
    away = MemberFactory(mesa=seat.mesa)
    CommitmentFactory(mesa=seat.mesa, member=None, institution=seat.institution, until=timezone.localdate())
    announce_due()
    assert away.institution != seat.institution
    assert [sent.to for sent in mail.outbox] == [[seat.user.email]]
