import re
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth import get_user_model
from django.core import mail
from django.urls import reverse

from directorio.models import City
from portal.cuentas.consent import CONSENT_VERSION
from portal.demo import accounts

pytestmark = pytest.mark.django_db
PASSWORD = "cemprende-demo"


@pytest.fixture
def member(db):
    return accounts.extra("miembro", "Miembro")


def signup_data(**more):
    return {
        "first_names": "Ana María",
        "last_names": "Prueba Ejemplo",
        "email": "ana@correo.example",
        "password1": "una frase larga",
        "requested_role": "centro",
        "consent": "on",
        **more,
    }


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("account_login", "/cuenta/entrar/"),
        ("account_logout", "/cuenta/salir/"),
        ("account_signup", "/cuenta/crear/"),
        ("account_reset_password", "/cuenta/clave/"),
        ("account_email_verification_sent", "/cuenta/confirmar/"),
        ("account_profile", "/cuenta/"),
        ("account_data", "/cuenta/datos/"),
        ("mfa_index", "/cuenta/dos-pasos/"),
    ],
)
def test_names_of_allauth_lead_to_spanish_addresses(name, address):
    assert reverse(name) == address


def test_signs_in_with_password_and_goes_where_she_was_headed(client, member):
    response = client.post(
        "/cuenta/entrar/", {"login": "Miembro@demo.example", "password": PASSWORD, "next": "/guias/"}
    )
    assert response.status_code == 302 and response.url == "/guias/"
    assert client.session["_auth_user_id"] == str(member.pk)


def test_never_goes_to_another_site_after_signing_in(client, member):
    response = client.post(
        "/cuenta/entrar/",
        {"login": member.email, "password": PASSWORD, "next": "https://malo.example/"},
    )
    assert response.url == "/"


def test_a_wrong_password_is_a_422_that_keeps_the_address(client, member):
    response = client.post("/cuenta/entrar/", {"login": member.email, "password": "no es esta"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'role="alert"' in page and "no son correctos" in page
    assert member.email in page and "no es esta" not in page


def test_an_unknown_address_reads_like_a_wrong_password(client, member):
    def words(email):
        page = client.post("/cuenta/entrar/", {"login": email, "password": "no es esta"}).content.decode()
        return re.sub(r"csrfmiddlewaretoken[^>]*>|[\w.]+@demo\.example", "", page)

    assert words("nadie@demo.example") == words(member.email)


def test_without_password_a_code_comes_by_mail(client, member):
    response = client.post("/cuenta/entrar/", {"login": member.email, "password": ""})
    assert response.url.startswith("/cuenta/codigo/confirmar/")
    assert "quince minutos" in mail.outbox[0].body
    code = re.search(r"^([A-Z0-9-]{5,})$", mail.outbox[0].body, re.MULTILINE)[1]
    wrong = client.post("/cuenta/codigo/confirmar/", {"code": "XXXX-XXXX"})
    assert wrong.status_code == 422
    assert client.post("/cuenta/codigo/confirmar/", {"code": code}).status_code == 302
    assert client.session["_auth_user_id"] == str(member.pk)


def test_a_code_for_an_unknown_address_looks_the_same(client):
    response = client.post("/cuenta/codigo/", {"email": "nadie@correo.example"})
    assert response.url.startswith("/cuenta/codigo/confirmar/")
    assert "No hay una cuenta" in mail.outbox[0].subject


def test_leaves_only_by_post(client, member):
    client.force_login(member)
    assert client.get("/cuenta/salir/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/cuenta/salir/").url == "/"
    assert "_auth_user_id" not in client.session


def test_the_consent_box_is_never_ticked_beforehand(client):
    page = client.get("/cuenta/crear/").content.decode()
    box = re.search(r'<input[^>]*name="consent"[^>]*>', page)[0]
    assert "checked" not in box


def test_signs_up_confirms_and_is_in(client):
    city = City.objects.create(
        slug="ibague", name="Ibagué", divipola="73001", department="Tolima", lat=4.4, lon=-75.2
    )
    response = client.post("/cuenta/crear/", signup_data(city=city.pk))
    assert response.status_code == 302 and response.url == "/cuenta/confirmar/"
    user = get_user_model().objects.get(email="ana@correo.example")
    assert (user.display_name, user.city, user.requested_role) == ("Ana María Prueba Ejemplo", city, "centro")
    assert user.consented_at and user.consent_version == CONSENT_VERSION
    assert not EmailAddress.objects.get(user=user).verified
    link = re.search(r"http://testserver(/cuenta/confirmar/\S+)", mail.outbox[0].body)[1]
    assert client.get(link).status_code == 200
    assert not EmailAddress.objects.get(user=user).verified, "a mail scanner follows links"
    client.post(link)
    assert EmailAddress.objects.get(user=user).verified


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"consent": ""}, "Marque esta casilla"),
        ({"email": "ana"}, "le falta la @"),
        ({"email": "ana@"}, "lo que va después de la @"),
        ({"first_names": ""}, "Escriba sus nombres"),
        ({"password1": "corta"}, "muy corta"),
        ({"password1": "1234567890987"}, "también letras"),
        ({"requested_role": "rey"}, "rey"),
        ({"first_names": "x" * 200}, "200"),
    ],
)
def test_a_wrong_sign_up_keeps_what_was_typed(client, change, sentence):
    response = client.post("/cuenta/crear/", signup_data(**change))
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page and "Prueba Ejemplo" in page
    assert not get_user_model().objects.exists()


def test_signing_up_with_a_taken_address_tells_only_its_owner(client, member):
    response = client.post("/cuenta/crear/", signup_data(email=member.email))
    assert response.url == "/cuenta/confirmar/"
    assert get_user_model().objects.count() == 1
    assert mail.outbox[0].to == [member.email] and "ya tiene una cuenta" in mail.outbox[0].subject


def test_script_and_emoji_in_a_name_are_shown_as_text(client):
    client.post("/cuenta/crear/", signup_data(first_names="<script>alert(1)</script>🙂"))
    user = get_user_model().objects.get()
    client.force_login(user)
    page = client.get("/cuenta/").content.decode()
    assert "<script>alert" not in page and "🙂" in page


def test_resets_the_password_by_mail(client, member):
    for email in (member.email, "nadie@correo.example"):
        assert client.post("/cuenta/clave/", {"email": email}).url == "/cuenta/clave/enviada/"
    link = re.search(r"http://testserver(/cuenta/clave/nueva/\S+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True)
    form = page.request["PATH_INFO"]
    wrong = client.post(form, {"password1": "otra frase larga", "password2": "distinta"})
    assert wrong.status_code == 422
    once = client.post(form, {"password1": "otra frase larga"}).content.decode()
    assert "Escriba la misma contraseña en las dos casillas." in once and "Este campo es" not in once
    client.post(form, {"password1": "otra frase larga", "password2": "otra frase larga"})
    member.refresh_from_db()
    assert member.check_password("otra frase larga")
    used = client.get(link, follow=True).content.decode()
    assert "ya no sirve" in used


def links_to(page, address):
    return re.findall(rf'href="({address}[^"]*)"', page.content.decode())


def forgotten(client, member, after):
    """Go from "Entrar", headed for ``after``, through the letter to the form with the new password."""
    (door,) = links_to(client.get("/cuenta/entrar/", {"next": after}), "/cuenta/clave/")
    assert door == f"/cuenta/clave/?{urlencode({'next': after})}"
    sent = client.post(door, {"email": member.email, "next": after}, follow=True)
    assert sent.request["PATH_INFO"] == "/cuenta/clave/enviada/"
    link = re.search(r"http://testserver(/cuenta/clave/nueva/\S+)", mail.outbox[0].body)[1]
    return sent, link


def set_anew(client, page):
    fields = dict(re.findall(r'name="(next)" value="([^"]*)"', page.content.decode()))
    words = {"password1": "otra frase larga", "password2": "otra frase larga"}
    return client.post(page.request["PATH_INFO"], {**words, **fields})


def test_who_forgot_her_password_comes_to_the_page_that_she_wanted(client, member):
    sent, link = forgotten(client, member, "/comunidad/preguntar/?titulo=x")
    assert urlencode({"next": "/comunidad/preguntar/?titulo=x"}) in links_to(sent, "/cuenta/entrar/")[-1]
    code = client.get("/cuenta/clave/", {"next": "/guias/"})
    assert links_to(code, "/cuenta/codigo/") == [f"/cuenta/codigo/?{urlencode({'next': '/guias/'})}"]
    client.cookies.clear()  # the letter is read on the telephone
    done = set_anew(client, client.get(link, follow=True))
    assert done.url == "/comunidad/preguntar/?titulo=x"
    assert client.session["_auth_user_id"] == str(member.pk)
    (used,) = links_to(client.get(link, follow=True), "/cuenta/clave/")
    assert used == f"/cuenta/clave/?{urlencode({'next': '/comunidad/preguntar/?titulo=x'})}"


@pytest.mark.parametrize("after", ["https://malo.example/", "//malo.example/", "http://["])
def test_a_letter_leads_to_no_other_site(client, member, after):
    link = forgotten(client, member, after)[1]
    assert "malo" not in link and "next" not in link
    page = client.get(link, {"next": after}, follow=True)
    assert set_anew(client, page).url == "/"


def test_a_second_step_stands_between_a_new_password_and_the_page(client, member):
    TOTP.activate(member, secret := "JBSWY3DPEHPK3PXP")
    page = client.get(forgotten(client, member, "/guias/")[1], follow=True)
    assert set_anew(client, page).url == "/cuenta/dos-pasos/entrar/"
    assert "_auth_user_id" not in client.session
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post("/cuenta/dos-pasos/entrar/", {"code": code}).url == "/guias/"


def test_too_many_tries_are_a_429_that_says_when(client, member):
    for _ in range(40):
        response = client.post("/cuenta/entrar/", {"login": member.email, "password": "no es esta"})
        if response.status_code == 429:
            break
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def tries(client, address, data, *, most=40):
    """Send ``data`` until it is too often, forgetting each time what was begun; return the answers."""
    answers, cookies = [], client.cookies.copy()
    while len(answers) < most and (not answers or answers[-1].status_code != 429):
        client.cookies = cookies.copy()
        answers.append(client.post(address, data))
    return answers


def test_the_form_that_was_tried_too_often_says_when_and_keeps_the_address(client, member):
    answers = tries(client, "/cuenta/entrar/", {"login": member.email, "password": "no es esta"})
    assert [one.status_code for one in answers] == [422] * 5 + [429]
    page = answers[-1].content.decode()
    assert answers[-1]["Retry-After"] == "300"
    assert "Espere cinco minutos" in page and f'value="{member.email}"' in page and "no es esta" not in page


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/cuenta/entrar/", {"login": "nadie@correo.example", "password": "no es esta"}),
        ("/cuenta/entrar/", {"login": "nadie@correo.example", "password": ""}),
        ("/cuenta/codigo/", {"email": "nadie@correo.example"}),
        ("/cuenta/clave/", {"email": "nadie@correo.example"}),
        ("/cuenta/crear/", {"email": "nadie@correo.example"}),
    ],
)
def test_every_door_says_429_and_when_to_come_back(address, data, client, db):
    last = tries(client, address, data)[-1]
    assert last.status_code == 429 and last["Retry-After"] == "300"
    assert re.search(r"dentro de 5 minutos|Espere cinco minutos", last.content.decode())


def test_a_second_step_that_was_tried_too_often_says_when(client, member):
    TOTP.activate(member, "JBSWY3DPEHPK3PXP")
    client.post("/cuenta/entrar/", {"login": member.email, "password": PASSWORD})
    last = tries(client, "/cuenta/dos-pasos/entrar/", {"code": "000000"})[-1]
    assert last.status_code == 429 and last["Retry-After"] == "300"
    assert "Espere cinco minutos" in last.content.decode()


def test_the_administration_uses_the_same_door(client, member):
    response = client.get("/admin/")
    assert response.url == "/cuenta/entrar/?next=%2Fadmin%2F"
    client.force_login(member)
    refused = client.get("/admin/")
    assert refused.status_code == 403 and "quienes editan" in refused.content.decode()


def test_entering_needs_no_words_and_leaving_has_plain_ones(client, member):
    response = client.post(
        reverse("account_login"), {"login": member.email, "password": PASSWORD}, follow=True
    )
    assert response.context["user"] == member
    assert list(response.context["messages"]) == []
    response = client.post(reverse("account_logout"), follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Salió de su cuenta."]


@pytest.mark.parametrize("door", ["/cuenta/entrar/", "/cuenta/codigo/", "/cuenta/crear/"])
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"titulo": "¿Y si <no> firma?"}, "Su pregunta le espera: «¿Y si &lt;no&gt; firma?»"),
        ({"sobre": "/guias/a/b/", "sobre_que": "Cerrar"}, "Para preguntar sobre «Cerrar» se usa una cuenta"),
        ({}, "Para preguntar se usa una cuenta"),
    ],
)
def test_who_wants_to_ask_reads_why_an_account_and_loses_nothing_on_the_way(client, db, door, given, said):
    after = f"{reverse('comunidad:ask')}?{urlencode(given)}"
    html = client.get(door, {"next": after}).content.decode()
    assert said in html
    if door != "/cuenta/crear/":
        assert f'href="/cuenta/crear/?{urlencode({"next": after})}"' in html


def test_an_address_that_is_none_leads_nowhere(client, member):
    data = {"login": member.email, "password": PASSWORD, "next": "http://["}
    assert client.get("/cuenta/entrar/", {"next": "http://["}).status_code == 200
    assert client.post("/cuenta/entrar/", data).url == "/"


@pytest.mark.parametrize("after", ["", "/guias/", "//otro.example/", "/comunidad/"])
def test_who_just_signs_in_reads_no_reason(client, db, after):
    assert "se usa una cuenta" not in client.get("/cuenta/entrar/", {"next": after}).content.decode()
