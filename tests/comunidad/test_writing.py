"""Writing through the addresses: forms as typed when wrong, once when sent twice, and sign-in on the way."""

from __future__ import annotations

import re
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from comunidad.enums import Kind
from comunidad.models import Resource
from tests.factories.comunidad import (
    GroupFactory,
    MembershipFactory,
    ResourceFactory,
    ThemeFactory,
    held,
    pdf,
    replied,
)
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db

EMOJI = "¿Sirve 🤔 así? 👩‍👩‍👧"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def shown(html: str, name: str) -> str:
    """The value that a form shows for the field ``name``."""
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', html, re.DOTALL)
    if area:
        return area[1]
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
    return value[1] if value else ""


# --- Asking --------------------------------------------------------------------------------------


def test_asking_needs_an_account_and_keeps_what_the_address_says(client: Any) -> None:
    response = client.get("/comunidad/preguntar/?titulo=permiso+de+mascotas&tema=orientacion")
    assert response.status_code == 302
    there = parse_qs(urlsplit(response["Location"]).query)["next"][0]
    assert there == "/comunidad/preguntar/?titulo=permiso+de+mascotas&tema=orientacion"
    assert client.post("/comunidad/preguntar/", {"titulo": "x"}).status_code == 302
    assert not Resource.objects.exists()


def test_the_form_is_filled_by_the_address(client: Any, member: Any) -> None:
    theme = ThemeFactory()
    html = client.get(
        "/comunidad/preguntar/",
        {"titulo": 'Con "comillas"', "tema": theme.slug, "sobre": "/guias/x/y/", "sobre_que": "Cerrar"},
    ).content.decode()
    assert shown(html, "titulo") == "Con &quot;comillas&quot;"
    assert f'<option value="{theme.slug}" selected>' in html
    assert "Sobre «Cerrar»" in html and shown(html, "sobre") == "/guias/x/y/"


def test_a_question_is_published_where_it_belongs(client: Any, member: Any) -> None:
    theme = ThemeFactory()
    data = {
        "titulo": f"  {EMOJI} ",
        "tema": theme.slug,
        "texto": SCRIPT,
        "sobre": "/guias/x/y/",
        "sobre_que": "Y",
    }
    response = client.post("/comunidad/preguntar/", data)
    post = Resource.objects.get(kind=Kind.QUESTION)
    assert response["Location"] == post.get_absolute_url()
    assert (post.title, post.author, post.theme) == (EMOJI, member, theme)
    assert (post.about_url, post.about_label) == ("/guias/x/y/", "Y")
    html = client.get(post.get_absolute_url()).content.decode()
    assert EMOJI in html and "<script>alert" not in html and "<img src=x" not in html
    assert "Ya está publicado" in html


@pytest.mark.parametrize(
    "address",
    ["https://malo.example/", "//malo.example/", "javascript:alert(1)", "/\\malo", "/a b", "x" * 301],
)
def test_what_it_is_about_lies_on_this_site(client: Any, member: Any, address: str) -> None:
    data = {"titulo": "¿Sirve esto?", "tema": ThemeFactory().slug, "sobre": address, "sobre_que": "Aquí"}
    response = client.post("/comunidad/preguntar/", data)
    if len(address) > 300:
        assert response.status_code == 422
    else:
        assert Resource.objects.get(kind=Kind.QUESTION).about_url == ""


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"titulo": ""}, "Escriba su pregunta."),
        ({"titulo": "   "}, "Escriba su pregunta."),
        ({"titulo": "a" * 161}, "El título tiene 161 letras y caben 160."),
        ({"tema": ""}, "Escoja el tema"),
        ({"tema": "no-existe"}, "Ese tema no existe."),
        ({"tema": "1"}, "Ese tema no existe."),
        ({"texto": "b" * 10_001}, "El texto tiene 10001 letras y caben 10000."),
        ({"grupo": "ajeno"}, "Usted no está en ese grupo."),
    ],
)
def test_a_wrong_question_comes_back_as_it_was_typed(
    client: Any, member: Any, wrong: dict[str, str], said: str
) -> None:
    theme = ThemeFactory()
    GroupFactory(slug="ajeno")
    data = {"titulo": "¿Una pregunta?", "tema": theme.slug, "texto": "Con <b>detalle</b>.", **wrong}
    response = client.post("/comunidad/preguntar/", data)
    html = response.content.decode()
    assert response.status_code == 422
    assert said in html and 'role="alert"' in html
    assert shown(html, "titulo").strip() == data["titulo"].strip()
    assert shown(html, "texto") == escape(data["texto"])
    assert not Resource.objects.filter(kind=Kind.QUESTION).exists()
    field = next(iter(wrong))
    control = re.search(rf'<(?:input|select|textarea)[^>]*name="{field}"[^>]*>', html)[0]
    assert 'aria-invalid="true"' in control and 'aria-describedby="' in control


def test_a_double_click_publishes_once(client: Any, member: Any) -> None:
    theme = ThemeFactory()
    token = shown(client.get("/comunidad/preguntar/").content.decode(), "ficha")
    data = {"titulo": "¿Una sola vez?", "tema": theme.slug, "ficha": token}
    first, second = client.post("/comunidad/preguntar/", data), client.post("/comunidad/preguntar/", data)
    assert first["Location"] == second["Location"]
    assert Resource.objects.filter(kind=Kind.QUESTION).count() == 1
    client.post("/comunidad/preguntar/", {**data, "ficha": "no soy una ficha"})
    assert Resource.objects.filter(kind=Kind.QUESTION).count() == 2


def test_a_new_members_question_waits_and_she_sees_it(client: Any) -> None:
    user, theme = UserFactory(), ThemeFactory()
    client.force_login(user)
    assert "Es su primer mensaje" in client.get("/comunidad/preguntar/").content.decode()
    response = client.post("/comunidad/preguntar/", {"titulo": "¿Hola?", "tema": theme.slug}, follow=True)
    html = response.content.decode()
    assert "Solo usted lo ve por ahora" in html and "la tutoría lo revisa" in html
    client.logout()
    assert client.get(Resource.objects.get().get_absolute_url()).status_code == 404


def test_what_was_answered_shows_before_and_once_when_it_is_sent(
    client: Any, member: Any, search_index: Any
) -> None:
    theme = ThemeFactory()
    known = ResourceFactory(theme=theme, title="¿Cuándo se firma el acta de desistimiento?")
    reply = replied(known, source="Apenas la persona confirma.")
    from comunidad.actions.answers import accept_answer

    accept_answer(reply=reply, by=known.author)
    search_index()
    piece = client.get("/comunidad/preguntar/parecidas/", {"titulo": "cuando firman el desistimiento"})
    html = piece.content.decode()
    assert "Quizá ya está respondida" in html and known.get_absolute_url() in html
    assert "Apenas la persona confirma." in html and 'name="visto" value="1"' in html
    assert client.get("/comunidad/preguntar/parecidas/", {"titulo": "cuan"}).content.strip() == b""
    data = {"titulo": "cuando firman el desistimiento", "tema": theme.slug}
    stopped = client.post("/comunidad/preguntar/", data)
    html = stopped.content.decode()
    assert stopped.status_code == 200 and "Antes de publicarla" in html
    assert shown(html, "titulo") == data["titulo"] and shown(html, "visto") == "1"
    assert client.post("/comunidad/preguntar/", {**data, "visto": "1"}).status_code == 302


def test_nothing_of_what_one_may_not_read_shows_while_asking(client: Any, search_index: Any) -> None:
    theme, group = ThemeFactory(), GroupFactory()
    inside = ResourceFactory(theme=theme, group=group, title="Acuerdo confidencial del grupo")
    waits = held(theme, title="Acuerdo confidencial que espera")
    from search import outbox

    outbox.queue("recurso", inside.pk, waits.pk)
    search_index()
    ask = {"titulo": "acuerdo confidencial"}
    assert client.get("/comunidad/preguntar/parecidas/", ask).content.strip() == b""
    client.force_login(MembershipFactory(group=group).user)
    html = client.get("/comunidad/preguntar/parecidas/", ask).content.decode()
    assert inside.get_absolute_url() in html and waits.get_absolute_url() not in html


# --- Publishing ----------------------------------------------------------------------------------


def test_the_menu_leads_to_the_form(client: Any, member: Any) -> None:
    theme = ThemeFactory()
    html = client.get(f"/comunidad/publicar/?tema={theme.slug}").content.decode()
    assert "Abrir un debate" in html and f'value="{theme.slug}" selected' in html
    response = client.get("/comunidad/publicar/", {"tema": theme.slug, "clase": "nota"})
    assert response["Location"] == f"/comunidad/{theme.slug}/publicar/nota/"
    assert client.get("/comunidad/publicar/", {"tema": "nada", "clase": "nota"}).status_code == 200


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("nota", {"texto": "Así nos fue."}),
        ("debate", {"texto": "¿Qué opinan?"}),
        ("articulo", {"texto": "Entre todos."}),
        ("encuesta", {"opciones": "Lunes\r\n\r\n Martes "}),
        ("archivo", {"archivo": "pdf"}),
    ],
)
def test_each_kind_is_published(client: Any, member: Any, kind: str, data: dict[str, Any]) -> None:
    theme = ThemeFactory()
    if "archivo" in data:
        data = {"archivo": pdf("Mi plantilla.pdf")}
    response = client.post(f"/comunidad/{theme.slug}/publicar/{kind}/", {"titulo": "Un título", **data})
    post = Resource.objects.get(theme=theme)
    assert response.status_code == 302 and post.kind == kind
    assert client.get(post.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("nota", {"titulo": "x"}, "Escriba su mensaje."),
        ("nota", {"texto": "x"}, "Escriba el título."),
        ("encuesta", {"titulo": "x", "opciones": "Una"}, "Escriba de 2 a 8 opciones"),
        ("encuesta", {"titulo": "x", "opciones": "Una\nuna"}, "Hay dos opciones iguales."),
        ("encuesta", {"titulo": "x", "opciones": "\n".join("abcdefghi")}, "Escriba de 2 a 8 opciones"),
        ("encuesta", {"titulo": "x", "opciones": "a\n" + "b" * 121}, "pasa de 120 letras"),
        ("archivo", {"titulo": "x"}, "Escoja el archivo."),
        ("archivo", {"titulo": "x", "archivo": ("a.pdf", b"")}, "está vacío"),
        ("archivo", {"titulo": "x", "archivo": ("a.exe", b"MZ\x90")}, "No podemos recibir este archivo"),
        (
            "archivo",
            {"titulo": "x", "archivo": ("a.svg", b"<svg onload=1>")},
            "No podemos recibir este archivo",
        ),
        ("archivo", {"titulo": "x", "archivo": ("a.docx", b"%PDF-1.4 x")}, "por dentro es PDF"),
        ("archivo", {"titulo": "x", "archivo": ("a.html", b"<script>")}, "No podemos recibir este archivo"),
    ],
)
def test_a_wrong_publication_comes_back(
    client: Any, member: Any, kind: str, data: dict[str, Any], said: str
) -> None:
    theme = ThemeFactory()
    if isinstance(data.get("archivo"), tuple):
        data = {**data, "archivo": SimpleUploadedFile(*data["archivo"])}
    response = client.post(f"/comunidad/{theme.slug}/publicar/{kind}/", data)
    assert response.status_code == 422
    html = response.content.decode()
    assert said in html and 'role="alert"' in html
    assert not Resource.objects.filter(theme=theme).exists()


def test_publishing_to_a_group_is_offered_to_its_members_only(client: Any, member: Any) -> None:
    theme, group = ThemeFactory(), GroupFactory()
    address = f"/comunidad/{theme.slug}/publicar/nota/"
    assert 'name="grupo"' not in client.get(address).content.decode()
    MembershipFactory(group=group, user=member)
    assert 'name="grupo"' in client.get(address).content.decode()
    client.post(address, {"titulo": "Adentro", "texto": "x", "grupo": group.slug})
    post = Resource.objects.get(title="Adentro")
    assert post.group == group
    client.logout()
    assert client.get(post.get_absolute_url()).status_code == 404
