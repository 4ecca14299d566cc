"""Signed links: one task by one person, once, without an account, and nothing else of hers."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.cuentas.actions import erase, export
from portal.logs import logging_config
from portal.models import SignedLink
from portal.models.links import digest_of
from portal.purposes import Unsubscribing, way_out
from portal.responding import answer, asks, forget_old, issue, withdraw
from portal.tasks import send_links, send_notice
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Any:
    return UserFactory()


@pytest.fixture
def link(person: Any) -> SignedLink:
    return issue(Unsubscribing, person=person, object_id=person.pk)


def place(link: SignedLink) -> str:
    return f"/responder/{link.token}/"


def in_mail(number: int = -1) -> str:
    found = re.search(r"/responder/[\w-]+/", str(mail.outbox[number].body))
    assert found
    return found[0]


def wants_mail(person: Any) -> bool:
    person.refresh_from_db()
    return bool(person.mail_notices)


def ended(link: SignedLink, **fields: Any) -> SignedLink:
    SignedLink.objects.filter(pk=link.pk).update(**fields)
    return link


def test_a_get_shows_and_only_a_post_acts(person: Any, link: SignedLink) -> None:
    client = Client(enforce_csrf_checks=True)
    for _scan in range(3):
        for method in (client.get, client.head):
            assert method(place(link)).status_code == 200
    assert wants_mail(person)
    page = client.get(place(link)).content.decode()
    assert "No enviarme más avisos" in page and "<script" not in page
    assert person.email not in page and person.first_names not in page
    done = client.post(place(link))
    assert done.status_code == 200 and "Ya no le enviamos avisos" in done.content.decode()
    assert not wants_mail(person)
    assert not client.cookies


def test_other_verbs_do_nothing(person: Any, link: SignedLink) -> None:
    for verb in ("put", "delete", "patch", "options"):
        assert getattr(Client(), verb)(place(link)).status_code == 405
    assert wants_mail(person)


def test_nothing_of_it_is_kept_or_told(link: SignedLink) -> None:
    for response in (Client().get(place(link)), Client().get("/responder/nada/"), Client().post(place(link))):
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert "ETag" not in response
        assert link.token not in response.content.decode()


def test_the_database_does_not_hold_the_secret(link: SignedLink) -> None:
    values = SignedLink.objects.values().get()
    assert link.token not in str(values)
    assert values["digest"] == digest_of(link.token)
    assert re.fullmatch(r"[\w-]{27}", link.token)


def test_the_queue_does_not_hold_it_either(person: Any, queued: Any) -> None:
    from django_tasks_db.models import DBTaskResult

    from portal.avisos.actions import tell
    from portal.avisos.models import NoticeKind

    tell(people=[person], kind=NoticeKind.ACTA, text="Un acta espera", url="/redip/")
    row = DBTaskResult.objects.get()
    assert "/responder/" not in str(row.args_kwargs) and person.email not in str(row.args_kwargs)
    assert send_notice.call(**row.args_kwargs["kwargs"]) == 1
    assert Client().get(in_mail()).status_code == 200


def test_who_is_signed_in_here_has_nothing_to_do_with_it(person: Any, link: SignedLink) -> None:
    client, other = Client(), UserFactory(first_names="Otra Persona")
    client.force_login(other)
    session = dict(client.session)
    page = client.get(place(link)).content.decode()
    assert "Otra" not in page and "/cuenta/" not in page
    assert client.post(place(link)).status_code == 200
    assert not wants_mail(person) and wants_mail(other)
    assert dict(client.session) == session


def test_used_twice_says_that_it_is_done(person: Any, link: SignedLink) -> None:
    Client().post(place(link))
    person.mail_notices = True
    person.save()
    for response in (Client().post(place(link)), Client().get(place(link))):
        assert response.status_code == 410
        assert "Este enlace ya se usó el" in response.content.decode()
        assert 'name="pedir"' in response.content.decode()
    assert wants_mail(person)


def test_of_two_answers_at_once_one_counts(link: SignedLink, person: Any) -> None:
    form = Unsubscribing().form(person, {})
    assert form.is_valid()
    seen_before = SignedLink.objects.get(pk=link.pk)
    assert answer(link, form) is not None
    assert answer(seen_before, form) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expires_at": timezone.now() - timedelta(days=1)}, "se venció"),
        ({"withdrawn_at": timezone.now()}, "ya no hace falta"),
        ({"object_id": 10**9}, "ya no hace falta"),
        ({"purpose": "otra-cosa"}, "ya no hace falta"),
    ],
)
def test_what_ended_is_gone(person: Any, link: SignedLink, change: dict[str, Any], words: str) -> None:
    ended(link, **change)
    for response in (Client().get(place(link)), Client().post(place(link))):
        assert response.status_code == 410
        assert words in response.content.decode()
    assert wants_mail(person)


def test_a_closed_account_answers_nothing(person: Any, link: SignedLink) -> None:
    erase(user=person)
    assert Client().get(place(link)).status_code == 410
    assert Client().post(place(link)).status_code == 410
    Client().post(place(link), {"pedir": "1"})
    assert mail.outbox == []


def test_another_is_sent_to_her_own_mail(person: Any, link: SignedLink) -> None:
    ended(link, expires_at=timezone.now() - timedelta(days=1))
    response = Client().post(place(link), {"pedir": "1"})
    assert response.status_code == 200 and person.email not in response.content.decode()
    assert [sent.to for sent in mail.outbox] == [[person.email]]
    assert in_mail() != place(link)
    assert Client().get(in_mail()).status_code == 200
    old = Client().get(place(link))
    assert old.status_code == 410 and "Use el del último correo" in old.content.decode()


def test_asking_says_the_same_when_there_is_nothing_to_send(person: Any, link: SignedLink) -> None:
    said = Client().post(place(link), {"pedir": "1"}).content
    assert len(mail.outbox) == 1
    person.mail_notices = False
    person.save()
    assert Client().post(place(link), {"pedir": "1"}).content == said
    assert len(mail.outbox) == 1


def test_asking_has_a_measure(link: SignedLink) -> None:
    answers = [Client().post(place(link), {"pedir": "1"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert len(mail.outbox) == 3


def test_an_unknown_link_offers_to_send_hers_again(person: Any, link: SignedLink) -> None:
    cut = f"/responder/{link.token[:-3]}/"
    assert Client().get(cut).status_code == 404
    known = Client().post(cut, {"correo": f" {person.email.upper()} "})
    unknown = Client().post(cut, {"correo": "nadie@demo.example"})
    assert known.status_code == unknown.status_code == 200 and known.content == unknown.content
    assert [sent.to for sent in mail.outbox] == [[person.email]]
    assert in_mail() == place(link)
    wrong = Client().post(cut, {"correo": "nadie<script>"})
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.content.decode() and "nadie&lt;script&gt;" in wrong.content.decode()


@pytest.mark.parametrize("end", ["", ".", ">", ")/", "/.", "%20", "/?utm_source=correo"])
def test_what_a_mail_program_adds_to_it_is_let_go(link: SignedLink, end: str) -> None:
    assert Client().get(f"/responder/{link.token}{end}", follow=True).status_code == 200


@pytest.mark.parametrize("token", ["a/b/c/", "á", "x" * 200, "%00", "-", "..%2f..%2fadmin"])
def test_nonsense_is_unknown(token: str) -> None:
    response = Client().get(f"/responder/{token}", follow=True)
    assert response.status_code == 404
    assert "No conocemos este enlace" in response.content.decode()


def test_who_lost_a_link_gets_it_again(person: Any, link: SignedLink) -> None:
    client = Client(enforce_csrf_checks=True)
    assert "¿Perdió un enlace" in client.get("/responder/").content.decode()
    assert client.post("/responder/", {"correo": person.email}).status_code == 200
    assert in_mail() == place(link)
    assert client.post("/responder/", {"correo": "nadie"}).status_code == 422
    for _time in range(3):
        last = client.post("/responder/", {"correo": person.email})
    assert last.status_code == 429 and len(mail.outbox) == 3
    assert not client.cookies


def test_the_letters_of_one_question_carry_one_link(person: Any, link: SignedLink) -> None:
    ended(link, expires_at=timezone.now() + timedelta(days=1))
    again = issue(Unsubscribing, person=person, object_id=person.pk)
    assert again.token == link.token
    assert SignedLink.objects.get().expires_at > timezone.now() + timedelta(days=300)
    withdraw(Unsubscribing, person.pk)
    assert issue(Unsubscribing, person=person, object_id=person.pk).token != link.token


def test_another_key_of_the_portal_leaves_the_links_that_left(
    person: Any, link: SignedLink, settings: Any
) -> None:
    old = place(link)
    settings.SECRET_KEY = "x" * 60
    assert Client().get(old).status_code == 200
    new = issue(Unsubscribing, person=person, object_id=person.pk)
    assert Client().get(place(new)).status_code == 200


def test_a_letter_of_what_ended_meanwhile_is_not_sent(link: SignedLink) -> None:
    ended(link, withdrawn_at=timezone.now())
    assert send_links.call(links=[link.pk]) == 0


def test_the_log_does_not_hold_the_secret(link: SignedLink, settings: Any, caplog: Any) -> None:
    with caplog.at_level(logging.DEBUG):
        Client().get(place(link))
        Client().post(place(link))
        Client().post(place(link))
        Client().get("/responder/no-es-de-nadie/")
    assert link.token not in caplog.text and "no-es-de-nadie" not in caplog.text
    made = logging_config("text", debug=False)["formatters"]["portal"]
    formatter = made.pop("()")(**made)
    record = logging.LogRecord("django.request", 40, "", 1, "Error: %s", (place(link),), None)
    assert link.token not in formatter.format(record)
    assert "/responder/" in formatter.format(record)


def test_a_mail_program_unsubscribes_with_one_click(person: Any, settings: Any) -> None:
    settings.HTTPS = True
    _address, headers = way_out(person)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    send_notice.call(person=person.pk, subject="Un acta espera", body="Cuerpo")
    sent = mail.outbox[0]
    assert sent.extra_headers["List-Unsubscribe"].strip("<>").endswith(in_mail())
    response = Client(enforce_csrf_checks=True).post(in_mail(), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert not wants_mail(person)
    assert send_notice.call(person=person.pk, subject="Otra", body="Cuerpo") == 0
    assert len(mail.outbox) == 1


def test_her_own_data_hold_no_secret(person: Any, link: SignedLink) -> None:
    assert link.digest not in str(export(user=person)) and link.seed.hex not in str(export(user=person))


def test_links_that_ended_long_ago_are_forgotten(person: Any, link: SignedLink) -> None:
    assert forget_old() == 0
    ended(link, used_at=timezone.now() - timedelta(days=366))
    assert forget_old() == 1
    assert asks(link) == person


def test_a_page_costs_few_queries(link: SignedLink, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(1):
        Client().get(place(link))
