"""From the form where somebody uploads a file to the result that opens it, over the whole portal.

The screens are those that people use: the files of a mesa, a file published in a theme, and the official
files of a guide, which editors put in the administration. The worker reads them and indexes what they say. On
both engines, since what is found of a file must not depend on which one runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from comunidad.models import Resource
from portal.worker import Worker
from redip.models import MesaFile
from search.backends.base import Backend
from search.models import FileText
from tests.factories.comunidad import ThemeFactory, trusted
from tests.factories.guias import GuideFactory, editor, published
from tests.factories.papers import (
    docx_of,
    locked_docx,
    locked_odt,
    locked_pdf,
    odt_of,
    pdf_of,
    spoilt,
    upload,
)
from tests.factories.redip import MemberFactory, browser

pytestmark = pytest.mark.django_db
WORD = "ornitorrinco"
"""What only the file says, on its second page where it has pages."""
FILES: dict[str, Callable[[], bytes]] = {
    "pdf": lambda: pdf_of("Reglas de la portada", f"Hay quórum de {WORD} con la mitad"),
    "docx": lambda: docx_of("Reglas", table=("Quién", f"El {WORD}")),
    "odt": lambda: odt_of("Reglas", f"Hay un {WORD} adentro"),
}


@pytest.fixture
def work(
    live: Backend, worker: Any, queued: Any, django_capture_on_commit_callbacks: Any
) -> Callable[[], None]:
    """Let the worker read, and index what was read; of each engine in turn."""
    with live.rebuild() as build:
        build.swap()

    def work() -> None:
        for _round in range(3):  # what it asks for when it commits is done in the next
            with django_capture_on_commit_callbacks(execute=True):
                Worker().run_until_idle()

    return work


def hits(client: Client, text: str) -> list[tuple[str, str]]:
    """Address and text of each result of the page."""
    page = client.get("/buscar/", {"q": text})
    assert page.status_code == 200
    found = re.split(r'class="hit linkbox"', page.content.decode())[1:]
    return [(unescape(re.findall(r'hit-title"><a href="([^"]+)"', one)[0]), unescape(one)) for one in found]


@pytest.fixture
def share(django_capture_on_commit_callbacks: Any) -> Callable[..., tuple[Any, Client]]:
    """Return ``share(name, content)``: what the files of a mesa answer, and the browser of who sent it."""

    def share(name: str, content: bytes) -> tuple[Any, Client]:
        seat = MemberFactory()
        client = browser(seat.user)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(seat.mesa.address("files"), {"file": upload(name, content), "name": ""})
        return answer, client

    return share


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_a_mesa_is_found_by_what_it_says(work: Any, share: Any, kind: str) -> None:
    content = FILES[kind]()
    answer, client = share(f"Reglas.{kind}", content)
    assert answer.status_code == 302
    kept = MesaFile.objects.get()
    work()
    ((address, text),) = hits(client, WORD)
    assert f"<mark>{WORD}</mark>" in text
    assert address == kept.get_absolute_url() + ("?ver#page=2" if kind == "pdf" else "")
    opened = client.get(address.partition("#")[0])
    assert b"".join(opened.streaming_content) == content
    assert hits(Client(), WORD) == hits(browser(MemberFactory().user), WORD) == []


def test_the_page_opened_is_the_one_that_has_the_word(work: Any, share: Any) -> None:
    _answer, client = share("Reglas.pdf", FILES["pdf"]())
    work()
    ((address, text),) = hits(client, "quorum reglas")
    assert address.endswith("?ver#page=2") and "Página 2" in text and "<mark>quórum</mark>" in text


@pytest.mark.parametrize("kind", FILES)
def test_a_file_published_in_a_theme_is_found_by_what_it_says(
    work: Any, kind: str, django_capture_on_commit_callbacks: Any
) -> None:
    member, theme = trusted(), ThemeFactory()
    data = {"titulo": "Las reglas", "texto": "Para todas.", "archivo": upload(f"r.{kind}", FILES[kind]())}
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser(member).post(f"/comunidad/{theme.slug}/publicar/archivo/", data)
    assert answer.status_code == 302, answer.content.decode()
    work()
    ((address, text),) = hits(Client(), WORD)
    assert f"<mark>{WORD}</mark>" in text
    attached = Resource.objects.get(theme=theme).attachment.get_absolute_url()
    assert address.startswith(attached if kind == "pdf" else theme.get_absolute_url())
    assert address.endswith("#page=2") is (kind == "pdf")
    assert Client().get(address.partition("#")[0]).status_code == 200


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_an_official_file_that_an_editor_put_is_found_by_what_it_says(
    work: Any, kind: str, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    version, user = published(guide=GuideFactory(slug="guia", title="Orientación")), editor()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    data = {"version": version.pk, "file": upload(f"x.{kind}", FILES[kind]())}
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser(user).post("/admin/snippets/guias/officialfile/add/", data)
    assert answer.status_code == 302
    work()
    ((address, text),) = hits(Client(), WORD)
    assert f"<mark>{WORD}</mark>" in text
    assert address == ("/guias/guia/descargar/pdf/?ver#page=2" if kind == "pdf" else "/guias/guia/")
    assert Client().get(address.partition("#")[0]).status_code == 200


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Reservado.pdf", locked_pdf),
        ("Reservado.pdf", lambda: pdf_of("Cortado")[:-700]),
    ],
    ids=["locked", "cut"],
)
def test_a_file_that_cannot_be_read_is_found_by_its_name_and_harms_no_other(
    work: Any, share: Any, name: str, content: Callable[[], bytes]
) -> None:
    answer, client = share(name, content())
    assert answer.status_code == 302
    _answer, other = share("Reglas.odt", FILES["odt"]())
    work()
    ((address, _text),) = hits(client, "reservado")
    assert address == MesaFile.objects.get(name=name).get_absolute_url()
    unread = FileText.objects.get(sha256=MesaFile.objects.get(name=name).sha256)
    assert unread.is_read and unread.problem and not unread.pages
    assert len(hits(other, WORD)) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("Vacio.pdf", lambda: b"", "Este archivo está vacío."),
        ("Danado.docx", lambda: docx_of("Cortado")[:-500], "Este archivo está dañado o llegó incompleto."),
        ("Danado.docx", lambda: spoilt(docx_of("x"), "word/document.xml"), "Este archivo está dañado"),
        ("Con clave.odt", locked_odt, "Este archivo pide clave."),
        ("Con clave.docx", locked_docx, "Este archivo pide clave."),
    ],
    ids=["empty", "cut", "spoilt", "locked odt", "locked docx"],
)
def test_a_file_that_is_not_taken_says_why_and_is_not_found(
    work: Any, share: Any, name: str, content: Callable[[], bytes], said: str
) -> None:
    answer, client = share(name, content())
    assert answer.status_code == 422 and said in unescape(answer.content.decode())
    work()
    assert hits(client, name.partition(".")[0]) == []
    assert not FileText.objects.exists()
