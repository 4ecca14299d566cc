import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.avisos import actions
from portal.avisos.models import Notice, NoticeKind
from tests.factories.cuentas import UserFactory
from tests.factories.portal import NoticeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def tell(*people, **more):
    fields = {"kind": NoticeKind.ACTA, "text": "Un acta espera", "url": "/redip/", **more}
    return actions.tell(people=people, **fields)


def test_each_person_is_told_once():
    user = UserFactory()
    assert len(tell(user, user, None, key="acta:1")) == 1
    assert tell(user, key="acta:1") == []
    assert len(tell(user, key="acta:2")) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeFactory(recipient=user, key="acta:1")


def test_mail_goes_to_who_wants_it():
    wants, not_wants = UserFactory(), UserFactory(mail_notices=False)
    tell(wants, not_wants, detail="Mesa de prueba")
    assert [message.to for message in mail.outbox] == [[wants.email]]
    assert "Mesa de prueba" in mail.outbox[0].body and "/redip/" in mail.outbox[0].body
    assert Notice.objects.count() == 2


def test_a_closed_account_hears_nothing():
    assert tell(UserFactory(is_active=False)) == []
    assert mail.outbox == []


def test_a_subject_never_breaks_into_headers():
    tell(UserFactory(), text="Uno\nBcc: otro@correo.example")
    assert mail.outbox[0].recipients() == mail.outbox[0].to


def test_the_list_is_ones_own(client, reader):
    NoticeFactory(recipient=reader, text="Mío")
    NoticeFactory(text="De otra")
    page = client.get("/avisos/").content.decode()
    assert "Mío" in page and "De otra" not in page


def test_reading_is_by_post(client, reader):
    notice = NoticeFactory(recipient=reader)
    assert client.get(f"/avisos/{notice.pk}/").url == "/guias/"
    assert Notice.objects.unread().count() == 1
    assert client.post(f"/avisos/{notice.pk}/").url == "/guias/"
    assert Notice.objects.unread().count() == 0


def test_nobody_reads_or_marks_anothers(client, reader):
    notice = NoticeFactory()
    assert client.post(f"/avisos/{notice.pk}/").status_code == 404
    client.post("/avisos/leidos/")
    notice.refresh_from_db()
    assert notice.read_at is None


def test_marks_all(client, reader):
    NoticeFactory.create_batch(3, recipient=reader)
    client.post("/avisos/leidos/")
    assert not Notice.objects.unread().exists()


def test_visitors_are_sent_to_sign_in(client):
    assert client.get("/avisos/").url.startswith("/cuenta/entrar/")
    assert client.get("/avisos/leidos/").status_code == 302


def test_an_empty_list_says_what_will_come(client, reader):
    assert "Aquí estarán sus avisos" in client.get("/avisos/").content.decode()


def test_costs_the_same_with_more(client, reader, assert_same_queries):
    NoticeFactory(recipient=reader)
    assert_same_queries("/avisos/", lambda: NoticeFactory.create_batch(2, recipient=reader))


def test_the_bell_costs_one_query(client, reader):
    NoticeFactory.create_batch(3, recipient=reader)
    client.get("/agenda/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get("/agenda/").content.decode()
    assert sum("avisos_notice" in query["sql"] for query in queries) == 1
    assert "3 sin leer" in page


def test_the_bell_asks_nothing_for_a_visitor(client):
    client.get("/agenda/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/agenda/")
    assert not any("avisos_notice" in query["sql"] for query in queries)
