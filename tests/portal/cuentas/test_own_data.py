import json
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from portal.avisos.models import Notice
from portal.cuentas import actions
from portal.cuentas.models import User
from portal.demo import accounts
from tests.factories.comunidad import ResourceFactory
from tests.factories.directorio import CityFactory, InstitutionFactory
from tests.factories.portal import NoticeFactory
from tests.factories.redip import MemberFactory

pytestmark = pytest.mark.django_db
PASSWORD = "cemprende-demo"


@pytest.fixture
def member(client):
    user = accounts.extra("miembro", "Miembro")
    client.post("/cuenta/entrar/", {"login": user.email, "password": PASSWORD})
    return user


def test_profile_is_for_who_is_signed_in(client):
    assert client.get("/cuenta/").url.startswith("/cuenta/entrar/")


def test_changes_the_profile(client, member):
    fields = {"first_names": "Otra", "last_names": "Persona", "requested_role": "otro", "mail_notices": ""}
    assert client.post("/cuenta/", fields).status_code == 302
    member.refresh_from_db()
    assert member.display_name == "Otra Persona" and not member.mail_notices


@pytest.mark.parametrize(
    ("address", "most"),
    [("", 7), ("datos/", 4), ("datos/borrar/", 4), ("correo/", 7), ("clave/cambiar/", 4), ("dos-pasos/", 7)],
)
def test_ones_account_costs_the_same_with_more_of_everything(
    client, member, assert_same_queries, address, most
):
    def more():
        member.refresh_from_db()
        NoticeFactory(recipient=member)
        ResourceFactory(author=member)
        MemberFactory(user=member)
        CityFactory()
        member.city, member.institution = CityFactory(), InstitutionFactory()
        member.save()

    more()
    assert assert_same_queries(f"/cuenta/{address}", lambda: (more(), more())) <= most


def test_a_wrong_profile_changes_nothing(client, member):
    response = client.post("/cuenta/", {"first_names": "", "last_names": "Nueva", "requested_role": "otro"})
    assert response.status_code == 422 and "Nueva" in response.content.decode()
    member.refresh_from_db()
    assert member.last_names == "(demostración)"


def test_takes_her_data_along(client, member):
    Notice.objects.create(recipient=member, kind="acta", text="Un acta espera", url="/avisos/")
    other = accounts.extra("otro", "Otro")
    Notice.objects.create(recipient=other, kind="acta", text="De otra persona", url="/avisos/")
    response = client.get("/cuenta/datos/mis-datos.json")
    data = json.loads(response.content)
    assert "attachment" in response["Content-Disposition"]
    assert data["cuenta"]["correo"] == member.email
    text = response.content.decode()
    assert "Un acta espera" in text and "De otra persona" not in text
    assert member.password not in text


def test_erasing_asks_for_the_word(client, member):
    response = client.post("/cuenta/datos/borrar/", {"word": "sí", "password": PASSWORD})
    assert response.status_code == 422
    wrong = client.post("/cuenta/datos/borrar/", {"word": "BORRAR", "password": "no es esta"})
    assert wrong.status_code == 422 and "no es su contraseña" in wrong.content.decode()
    assert User.objects.get(pk=member.pk).is_active


def test_erasing_leaves_no_name(client, member):
    assert client.post("/cuenta/datos/borrar/", {"word": "borrar", "password": PASSWORD}).url == "/"
    gone = User.objects.get(pk=member.pk)
    assert gone.display_name == "Persona que ya no está"
    assert not gone.is_active and not gone.has_usable_password()
    assert "demo.example" not in gone.email
    assert not EmailAddress.objects.filter(user=gone).exists()
    again = client.post("/cuenta/entrar/", {"login": "miembro@demo.example", "password": PASSWORD})
    assert again.status_code == 422


def test_erasing_closes_her_other_sessions(client, member, django_user_model):
    from django.test import Client

    other = Client()
    other.force_login(member)
    actions.erase(user=member)
    assert other.get("/cuenta/").status_code == 302


def test_changes_her_address_once_the_new_one_is_confirmed(client, member):
    page = client.get("/cuenta/correo/")
    assert page.status_code == 200 and member.email in page.content.decode()

    client.post("/cuenta/correo/", {"email": "otra@correo.example", "action_add": "1"})
    assert mail.outbox[-1].to == ["otra@correo.example"]
    member.refresh_from_db()
    assert member.email == "miembro@demo.example"
    assert "Falta confirmar otra@correo.example" in " ".join(
        re.sub(r"<[^>]+>", "", client.get("/cuenta/correo/").content.decode()).split()
    )

    link = re.search(r"/cuenta/confirmar/\S+", mail.outbox[-1].body)[0]
    client.post(link)
    member.refresh_from_db()
    assert member.email == "otra@correo.example"


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("otra", "A este correo le falta la @"),
        ("miembro@demo.example", "Ese ya es el correo de su cuenta"),
    ],
)
def test_a_wrong_address_is_explained_and_kept(client, member, email, words):
    response = client.post("/cuenta/correo/", {"email": email, "action_add": "1"})
    assert response.status_code == 422
    assert words in response.content.decode() and f'value="{email}"' in response.content.decode()
