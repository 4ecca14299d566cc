"""The same private things tried by every way out of the portal, by who is outside: never."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.avisos.models import Notice
from redip.models import Acta, Commitment, Meeting, MesaFile, MesaMember, MesaMessage, ProgressReport
from tests.factories.cuentas import UserFactory
from tests.factories.redip import Lived, MemberFactory, MesaFactory, browser, cast

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "/", "/redip/", "/agenda/", "/agenda.ics", "/feeds/redip.atom", "/feeds/guias.atom",
    "/sitemap-redes-1.xml", "/sitemap-mesas-1.xml", "/sitemap-bitacoras-1.xml",
    "/buscar/?q=ornitorrinco", "/buscar/?q=promesa", "/buscar/?q=ahorro&tipo=acta", "/buscar/?q=ornitorinco",
    "/buscar/sugerencias/?q=orni", "/buscar/sugerencias/?q=promesa", "/api/v1/buscar?q=ornitorrinco",
    "/api/v1/buscar?q=ornitorrinco&tipo=acta&tipo=mesa", "/api/v1/redes", "/avisos/", "/comunidad/",
]  # fmt: skip


def outsiders(lived: Lived) -> dict[str, Any]:
    people = cast(lived.mesa)
    return {
        who: people[who]
        for who in (
            "anonymous",
            "account",
            "staff",
            "former",
            "inactive",
            "sister",
            "foreigner",
            "foreign_secretary",
        )
    }


def text(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode("utf-8", "replace"))


def test_nothing_private_leaves_by_any_way(search_index: Any) -> None:
    lived = Lived()
    search_index()
    lived.mesa.red.refresh_from_db()
    public = [
        lived.mesa.get_absolute_url(),
        lived.mesa.red.get_absolute_url(),
        f"/api/v1/redes/{lived.mesa.red.city.slug}",
        f"{lived.mesa.red.get_absolute_url()}bitacora/",
    ]
    for who, user in outsiders(lived).items():
        client = browser(user)
        for address in [*ELSEWHERE, *public, *lived.pages]:
            response = client.get(address, follow=True)
            said = text(response)
            asked = "q=" in address
            found = said.lower().count(lived.SECRET.lower())
            # A page of results repeats what was typed; it must not repeat more than that.
            assert found == 0 or asked, (who, address)
            for words in (
                "Promesa Orni",
                "Tema Orni",
                "Decisión Orni",
                "Mensaje Orni",
                "archivo-Orni",
                "Sala Orni",
            ):
                assert words not in said, (who, address, words)
            assert b"%PDF-" not in said.encode(), (who, address)
            if asked and address.startswith("/api"):
                assert response.json()["count"] == 0, (who, address)
            if "sugerencias" in address:
                assert "redip" not in said, (who, address)


def test_those_inside_find_it(search_index: Any) -> None:
    lived = Lived()
    search_index()
    boss = UserFactory()
    lived.mesa.red.secretaries.add(boss)
    for user in (lived.seat.user, boss, UserFactory(is_superuser=True, is_staff=True)):
        found = browser(user).get("/api/v1/buscar?q=ornitorrinco").json()["results"]
        assert {(row["tipo"], row["etiqueta"]) for row in found} >= {("acta", "Acta"), ("mesa", "Compromiso")}
        assert "Promesa" in text(browser(user).get("/buscar/sugerencias/?q=promesa"))


def test_who_leaves_loses_it_at_once_though_the_index_knows_nothing_of_it(search_index: Any) -> None:
    lived = Lived()
    seat = MemberFactory(mesa=lived.mesa)
    search_index()
    client = browser(seat.user)
    assert client.get("/api/v1/buscar?q=ornitorrinco").json()["count"] > 0
    browser(lived.seat.user).post(lived.mesa.address("remove", seat.pk))
    assert client.get("/api/v1/buscar?q=ornitorrinco").json()["count"] == 0
    for page in lived.pages:
        assert client.get(page).status_code == 404, page


def counts() -> list[int]:
    models = (Acta, Commitment, Meeting, MesaFile, MesaMember, MesaMessage, ProgressReport)
    return [model.objects.count() for model in models]


def test_nothing_is_written_from_outside() -> None:
    lived = Lived()
    people = outsiders(lived)
    before = counts()
    for who, user in people.items():
        client = browser(user)
        for address in lived.posts:
            response = client.post(
                address, {"text": "x", "percent": "1", "answer": "si", "email": "x@x.example"}
            )
            expected = 302 if who in ("anonymous", "inactive") else 404
            assert response.status_code == expected, (who, address)
            if expected == 302:
                assert response["Location"].startswith("/cuenta/entrar/"), (who, address)
    assert counts() == before
    lived.acta.refresh_from_db()
    lived.seat.refresh_from_db()
    assert lived.acta.is_draft and lived.seat.left_on is None


def test_the_number_of_a_thing_says_nothing_of_whether_it_exists() -> None:
    lived = Lived()
    client, mesa = browser(UserFactory()), lived.mesa
    for view in ("acta", "meeting", "commitment", "file"):
        there = client.get(mesa.address(view, 1))
        nowhere = client.get(mesa.address(view, 987_654))
        assert there.status_code == nowhere.status_code == 404
        visitor = browser(AnonymousUser())
        answers = [visitor.get(mesa.address(view, pk)).status_code for pk in (1, 987_654)]
        assert answers == [302, 302], view


def test_a_get_changes_nothing() -> None:
    lived = Lived()
    client = browser(lived.seat.user)
    for view, pk in (("answer", lived.next.pk), ("begin_acta", lived.meeting.pk)):
        assert client.get(lived.mesa.address(view, pk)).status_code == 405
    for view in ("send_acta", "approve_acta"):
        assert client.get(lived.mesa.address(view, lived.acta.pk)).status_code == 405
    before = counts()
    for page in lived.pages:
        client.get(page)
    assert counts() == before


def test_no_page_of_a_mesa_is_kept_by_others() -> None:
    lived = Lived()
    client = browser(lived.seat.user)
    for page in [lived.mesa.get_absolute_url(), *lived.pages]:
        response = client.get(page)
        assert "private" in response["Cache-Control"], page
        text(response)


def test_notices_go_to_no_one_outside(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        lived = Lived()
        people = outsiders(lived)
        MesaFactory(red=lived.mesa.red)
    outside = [user.pk for who, user in people.items() if who != "anonymous"]
    assert not Notice.objects.filter(recipient__in=outside).exists()
