"""The Bitácora as everyone reads it, what changed between editions, and its draft."""

from __future__ import annotations

import io
import re
from typing import Any

import docx
import pypdfium2
import pytest

from redip.actions.bitacoras import open_bitacora, publish_edition, save_section
from redip.enums import SectionKind
from redip.models import Bitacora, BitacoraEdition, BitacoraSection, Red
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import CenterFactory, InstitutionFactory
from tests.factories.redip import MemberFactory, RedFactory, browser

pytestmark = pytest.mark.django_db


def write(red: Red, kind: str, text: str, by: Any) -> None:
    section = open_bitacora(red=red).sections.get(kind=kind)
    save_section(section=section, by=by, revision=section.revision, text=text)


def published(*texts: str, kind: str = "barreras") -> tuple[Red, Any]:
    """A network with an edition for each of ``texts``, and its secretary."""
    red, boss = RedFactory(), UserFactory()
    red.secretaries.add(boss)
    for n, text in enumerate(texts, start=1):
        write(red, kind, text, boss)
        publish_edition(bitacora=open_bitacora(red=red), by=boss, note=f"Nota {n}")
    return red, boss


def at(red: Red, rest: str = "") -> str:
    return f"/redip/{red.city.slug}/bitacora/{rest}"


# --- Reading ------------------------------------------------------------------------------------
def test_before_an_edition_one_sees_what_there_will_be_and_the_actors(client: Any) -> None:
    red, body = RedFactory(), InstitutionFactory(name="Cámara de Prueba")
    red.leaders.add(body)
    html = client.get(at(red)).content.decode()
    for kind in SectionKind:
        assert str(kind.label) in html
    assert "Cámara de Prueba" in html and "Lidera la red" in html
    assert client.get(at(red, "barreras/")).status_code == 404
    assert client.get(at(red, "ediciones/1/")).status_code == 404
    assert not Bitacora.objects.exists()


def test_an_edition_is_read_by_sections_and_whole(client: Any) -> None:
    red, _boss = published("Barreras **fuertes** 🙂 <script>alert(1)</script>")
    html = client.get(at(red)).content.decode()
    assert "Edición 1, cerrada" in html and "Nota 1" in html and html.count("<h1") == 1
    assert f'data-id="{red.bitacora.pk}-barreras"' in html
    for address in (at(red, "barreras/"), at(red, "ediciones/1/")):
        page = client.get(address).content.decode()
        assert "<strong>fuertes</strong>" in page and "🙂" in page and "<script>alert" not in page
    assert "Sección 3 de 5" in client.get(at(red, "barreras/")).content.decode()
    assert "no tiene texto" in client.get(at(red, "politica/")).content.decode()
    for address in ("otra/", "ediciones/2/", "ediciones/0/"):
        assert client.get(at(red, address)).status_code == 404, address


def test_a_draft_never_reaches_the_reader(client: Any) -> None:
    red, boss = published("Lo publicado")
    write(red, "barreras", "Lo que se está escribiendo", boss)
    write(red, "politica", "Lo que se está escribiendo", boss)
    for rest in ("", "barreras/", "politica/", "ediciones/1/"):
        assert "se está escribiendo" not in client.get(at(red, rest)).content.decode(), rest
    for rest in ("borrador/", "barreras/editar/"):
        assert client.get(at(red, rest)).status_code == 302
        assert browser(UserFactory()).get(at(red, rest)).status_code == 404


def test_an_old_edition_says_that_there_is_a_newer_one(client: Any) -> None:
    red, _boss = published("Uno", "Dos")
    old = client.get(at(red, "ediciones/1/")).content.decode()
    assert "Está leyendo la edición 1." in old and "Uno" in old
    assert "Está leyendo" not in client.get(at(red, "ediciones/2/")).content.decode()


def test_it_can_be_cited(client: Any) -> None:
    red, _boss = published("Uno")
    html = client.get(at(red)).content.decode()
    assert f"{red.title} (" in html and f"{at(red, 'ediciones/1/')}" in html


def test_the_actor_map_is_drawn_from_the_directory(client: Any) -> None:
    red, _boss = published("Quiénes", kind="actores")
    leader, partner, other = (InstitutionFactory(name=f"Entidad {n}") for n in ("A", "B", "C"))
    red.leaders.add(leader)
    red.secretariat.add(leader)
    CenterFactory(city=red.city).partners.add(partner)
    other.cities.add(red.city)
    html = client.get(at(red, "actores/")).content.decode()
    assert "Lidera la red; Secretaría técnica" in html
    assert "Socia del centro" in html and "Está en el directorio de la ciudad" in html
    assert "Mapa de actores" not in client.get(at(red, "barreras/")).content.decode()


@pytest.mark.parametrize("rest", ["", "actores/", "ediciones/1/"])
def test_reading_costs_the_same_whatever_there_is(rest: str, assert_same_queries: Any) -> None:
    red, boss = published("Uno", kind="actores")

    def more() -> None:
        body = InstitutionFactory()
        body.cities.add(red.city)
        red.institutions.add(body)
        write(red, "barreras", f"Texto {Red.objects.count()} {body.pk}", boss)
        publish_edition(bitacora=red.bitacora, by=boss)

    more()
    assert assert_same_queries(at(red, rest), lambda: (more(), more())) <= 16


# --- Comparing ----------------------------------------------------------------------------------
def test_what_changed_is_shown_word_by_word(client: Any) -> None:
    old = "Cada entidad tiene su propio formulario.\n\n### De las personas\n\nIgual en las dos."
    new = "Cada entidad pide lo mismo en otro formulario.\n\n### De las personas\n\nIgual en las dos."
    red, boss = published(old, new)
    for rest in ("comparar/1..2/", "comparar/1..2/barreras/"):
        html = client.get(at(red, rest)).content.decode()
        assert re.search(r"<del>.*tiene su propio</del>", html), rest
        assert re.search(r"<ins>.*pide lo mismo en otro</ins>", html), rest
        assert "cambió un párrafo" in html and "Igual en las dos." in html
        assert re.search(r"""<h[23] id="c-barreras">[^<]+</h[23]>""", html)
    assert client.get(at(red, "comparar/2..1/")).url == at(red, "comparar/1..2/")
    assert client.get(at(red, "comparar/2..1/barreras/")).url == at(red, "comparar/1..2/barreras/")
    assert "dice lo mismo en las dos" in client.get(at(red, "comparar/1..2/politica/")).content.decode()
    for rest in ("comparar/1..1/", "comparar/1..3/", "comparar/1..2/otra/"):
        assert client.get(at(red, rest)).status_code == 404, rest
    write(red, "barreras", old, boss)
    publish_edition(bitacora=red.bitacora, by=boss)
    assert "Las dos ediciones dicen lo mismo." in client.get(at(red, "comparar/1..3/")).content.decode()


def test_comparing_runs_nothing(client: Any) -> None:
    red, _boss = published("<script>alert(1)</script>", "<script>alert(2)</script> & más")
    html = client.get(at(red, "comparar/1..2/")).content.decode()
    assert "<script>alert" not in html


# --- Taking along -------------------------------------------------------------------------------
def test_an_edition_goes_to_paper_and_to_word(client: Any) -> None:
    red, _boss = published("### De las personas\n\nFalta de tiempo.\n\n1. Uno\n2. Dos\n\n> Cita")
    response = client.get(at(red, "ediciones/1.pdf"))
    content = b"".join(response.streaming_content)
    document = pypdfium2.PdfDocument(content)
    words = " ".join(page.get_textpage().get_text_range() for page in document)
    assert "Falta de tiempo." in words and "Propuesta de trabajo" in words and "Edición 1" in words
    response = client.get(at(red, "ediciones/1.docx"))
    content = b"".join(response.streaming_content)
    word = docx.Document(io.BytesIO(content))
    headings = [p.text for p in word.paragraphs if p.style and p.style.name == "Heading 1"]
    assert headings == [str(kind.label) for kind in SectionKind]
    assert "Falta de tiempo." in [p.text for p in word.paragraphs]
    assert b"".join(client.get(at(red, "ediciones/1.docx")).streaming_content) == content
    for rest in ("ediciones/2.pdf", "ediciones/1.txt"):
        assert client.get(at(red, rest)).status_code == 404


# --- Writing ------------------------------------------------------------------------------------
def test_members_write_and_the_secretariat_closes(client: Any) -> None:
    seat, boss = MemberFactory(), UserFactory()
    red = seat.mesa.red
    red.secretaries.add(boss)
    writer = browser(seat.user)
    assert writer.get(at(red, "barreras/editar/")).status_code == 200
    assert not Bitacora.objects.exists()
    response = writer.post(at(red, "barreras/editar/"), {"revision": "1", "text": "Falta de **tiempo**"})
    assert response["Location"] == at(red, "borrador/")
    draft = writer.get(at(red, "borrador/")).content.decode()
    assert "Falta de tiempo" in draft and seat.name in draft and "Cerrar y publicar" not in draft
    refused = writer.post(at(red, "borrador/cerrar/"), {"note": ""})
    assert refused.status_code == 403 and "secretaría técnica" in refused.content.decode()
    closer = browser(boss)
    assert "Cerrar y publicar" in closer.get(at(red, "borrador/")).content.decode()
    assert closer.post(at(red, "borrador/cerrar/"), {"note": "a" * 241}).status_code == 422
    for _click in range(2):
        response = closer.post(at(red, "borrador/cerrar/"), {"note": "La primera"})
        assert response.status_code == 302
    assert BitacoraEdition.objects.count() == 1
    assert "Falta de" in client.get(at(red, "ediciones/1/")).content.decode()
    assert "No hay nada nuevo" in closer.get(response["Location"]).content.decode()


def test_two_writers_of_one_section_lose_nothing() -> None:
    first = MemberFactory()
    second = MemberFactory(mesa=first.mesa)
    red = first.mesa.red
    address = at(red, "barreras/editar/")
    browser(second.user).post(address, {"revision": "1", "text": "De la segunda"})
    response = browser(first.user).post(address, {"revision": "1", "text": "De la primera </textarea>"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "De la segunda" in html and "De la primera &lt;/textarea&gt;" in html
    assert BitacoraSection.objects.get(kind="barreras").text == "De la segunda"
    revision = re.search(r'name="revision" value="(\d+)"', html)
    assert revision is not None
    again = {"revision": revision[1], "text": "De las dos"}
    assert browser(first.user).post(address, again).status_code == 302
    assert BitacoraSection.objects.get(kind="barreras").text == "De las dos"


@pytest.mark.parametrize("data", [{"revision": "1", "text": "a" * 20_001}, {"revision": "", "text": "x"}])
def test_a_wrong_section_is_kept_as_typed(data: dict[str, str]) -> None:
    seat = MemberFactory()
    response = browser(seat.user).post(at(seat.mesa.red, "barreras/editar/"), data)
    assert response.status_code == 422 and data["text"] in response.content.decode()
    assert not BitacoraSection.objects.exclude(text="").exists()


def test_who_is_outside_cannot_write() -> None:
    red, _boss = published("Uno")
    for user in (UserFactory(), MemberFactory().user, UserFactory(is_staff=True)):
        client = browser(user)
        data = {"revision": "2", "text": "x"}
        assert client.post(at(red, "barreras/editar/"), data).status_code == 404
        assert client.post(at(red, "borrador/cerrar/")).status_code == 404
    assert BitacoraSection.objects.get(bitacora__red=red, kind="barreras").text == "Uno"


@pytest.mark.parametrize("kind", ["barreras", "actores"])
def test_writing_a_section_costs_the_same_however_much_there_is(kind: str, assert_same_queries: Any) -> None:
    red, boss = published("Uno")
    red.leaders.add(InstitutionFactory())

    def more() -> None:
        red.leaders.add(InstitutionFactory(), InstitutionFactory())
        write(red, "barreras", "Dos", boss)
        publish_edition(bitacora=open_bitacora(red=red), by=boss, note="Otra")

    assert assert_same_queries(at(red, f"{kind}/editar/"), more, client=browser(boss)) <= 20


def test_a_comparison_costs_the_same_however_much_changed(assert_same_queries: Any) -> None:
    red, boss = published("Uno", "Dos")

    def more() -> None:
        for kind in ("politica", "propuesta"):
            write(red, kind, "Nuevo", boss)
        publish_edition(bitacora=open_bitacora(red=red), by=boss, note="Otra")

    assert assert_same_queries(at(red, "comparar/1..2/"), more) <= 8


def test_the_draft_costs_the_same_however_much_is_written(assert_same_queries: Any) -> None:
    seat = MemberFactory()
    red = seat.mesa.red
    write(red, "barreras", "Uno", seat.user)

    def more() -> None:
        write(red, "politica", "Dos", seat.user)
        write(red, "propuesta", "Tres", seat.user)

    assert assert_same_queries(at(red, "borrador/"), more, client=browser(seat.user)) <= 12
