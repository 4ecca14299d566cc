"""Who sees that a chapter went unreviewed, who may say that it holds, and where editors arrange it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guias.actions.reviews import (
    arrange,
    ask_due,
    ask_for_change,
    attend_to_change,
    confirm_chapter,
)
from guias.actions.versions import publish_version, start_version
from guias.enums import GuideState
from guias.models import ChapterReview, Guide, PaperCode, RouteEditor, Version
from guias.policies import can_review
from nucleo.dates import in_months
from nucleo.policies import Forbidden
from portal.bootstrap import EDITORS
from portal.cuentas.actions import erase
from portal.doctor import examine
from tests.factories.cuentas import UserFactory
from tests.factories.guias import (
    GuideFactory,
    editor,
    published,
    three_chapters,
)
from tests.factories.reviews import DAY, due, links, review, today

pytestmark = pytest.mark.django_db
VALIDITY = "/admin/guias/vigencia/"
MENDING = "/admin/guias/por-mejorar/"


# Who may


def test_who_may_say_that_it_holds(version: Version, owner: Any) -> None:
    row, elsewhere, closed = review(), editor(), UserFactory(is_active=False)
    RouteEditor.objects.create(user=elsewhere, route="redip")
    may = {owner: True, editor(): True, elsewhere: False, UserFactory(): False, closed: False}
    for person, allowed in may.items():
        assert can_review(person, row) is allowed
        if not allowed:
            for act in (confirm_chapter, lambda **of: ask_for_change(words="x", **of)):
                with pytest.raises(Forbidden):
                    act(review=row, by=person)
    assert not can_review(AnonymousUser(), row)
    for act in (
        lambda: arrange(review=row, due_on=today(), owner=None, months=None, by=owner),
        lambda: attend_to_change(review=row, seen="", by=owner),
    ):
        with pytest.raises(Forbidden):
            act()


def test_readers_see_only_what_they_are_told(version: Version) -> None:
    due("cerrar", 60), due("recibir", 59)
    seen = {
        who: set(ChapterReview.objects.visible_to(person).values_list("chapter", flat=True))
        for who, person in (("reader", AnonymousUser()), ("member", UserFactory()), ("editor", editor()))
    }
    assert seen == {"reader": {"cerrar"}, "member": {"cerrar"}, "editor": {"cerrar", "recibir", "preguntas"}}
    admitted = UserFactory()
    admitted.user_permissions.add(Permission.objects.get(codename="access_admin"))
    refused = Client()
    refused.force_login(admitted)
    for address in (VALIDITY, "/admin/guias/vigencia.csv"):
        assert Client().get(address)["Location"].startswith("/cuenta/entrar/")
        assert refused.get(address)["Location"] == "/admin/"  # how the administration refuses


# What readers are told


def test_readers_are_told_after_the_term(client: Client, version: Version) -> None:
    words = "todavía no se ha revisado"
    mark = client.get("/guias/guia/cerrar/")["ETag"]
    due("cerrar", 59)
    assert client.get("/guias/guia/cerrar/", HTTP_IF_NONE_MATCH=mark).status_code == 304
    row = due("cerrar", 60)
    answer = client.get("/guias/guia/cerrar/", HTTP_IF_NONE_MATCH=mark)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page and "Pregunte antes de usarlo." in page and 'href="#preguntas"' in page
    assert page.count('id="preguntas"') == 1
    assert words not in client.get("/guias/guia/recibir/").content.decode()
    assert "no se han revisado a tiempo" in client.get("/guias/guia/").content.decode()
    assert words in client.get("/guias/guia/v1/cerrar/").content.decode()
    told = client.get("/api/v1/guias/guia").json()["capitulos"]
    assert [one["sin_revisar_desde"] for one in told] == [None, row.due_on.isoformat(), None]
    ask_for_change(review=row, words="SECRETO", by=version.guide.reviewer)
    page = client.get("/guias/guia/cerrar/").content.decode()
    assert "Hay que cambiar este capítulo." in page and "SECRETO" not in page
    confirm_chapter(review=row, by=version.guide.reviewer)
    assert client.get("/guias/guia/cerrar/", HTTP_IF_NONE_MATCH=mark).status_code == 304


def test_the_pill_does_not_say_that_it_holds_beside_the_warning(client: Client, version: Version) -> None:
    def pill(address: str) -> str:
        page = client.get(f"/guias/guia/{address}").content.decode()
        inside = page.partition('<span class="pill')[2].partition("</span>")[0]
        return " ".join(re.sub("<[^>]*>", "", inside).split())

    assert pill("").endswith("Vigente") and pill("cerrar/").endswith("Vigente")
    row = due("cerrar", 60)
    assert pill("").endswith("Con partes sin revisar")
    assert pill("cerrar/").endswith("Última versión, sin revisar")
    assert pill("recibir/").endswith("Vigente")
    ask_for_change(review=row, words="El formato es otro.", by=version.guide.reviewer)
    assert pill("cerrar/").endswith("Última versión, por cambiar")
    Guide.objects.update(state=GuideState.RETIRED)
    assert pill("cerrar/").endswith("Retirada")


def test_paper_tells_it_too(client: Client, version: Version) -> None:
    from guias.actions.paper import give_codes

    give_codes(version=version)
    code = PaperCode.objects.get(version=version, chapter="cerrar").code
    assert "Vigente" in client.get(f"/q/{code}").content.decode()
    due("cerrar", 60)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(f"/q/{code}")
    page = response.content.decode()
    assert len(asked) == 2 and len(response.content) < 4_000
    assert "está sin revisar" in page and "Pregunte antes de usar esta hoja" in page
    assert "esta hoja se puede usar" not in page
    draft = start_version(guide=version.guide, by=None)
    draft.body = three_chapters()[1:]
    draft.save_revision()
    publish_version(version=draft)
    page = client.get(f"/q/{code}").content.decode()
    assert "Este capítulo no cambió" in page and "pregunte antes de usarla" in page


def test_a_chapter_costs_one_query_more_only_when_there_is_something_to_tell(
    client: Client, version: Version
) -> None:
    def asked() -> int:
        client.get("/guias/guia/cerrar/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/guias/guia/cerrar/")
        return len(queries)

    before = asked()
    due("cerrar", 59)
    assert asked() == before
    due("cerrar", 60)
    assert asked() == before + 1


# The editors' list


def test_editors_see_what_is_due_and_arrange_it(version: Version, desk: Client, owner: Any) -> None:
    row = due("cerrar", 3)
    page = desk.get(VALIDITY).content.decode()
    assert "Vencido desde el" in page and "Ana Responsable" in page
    assert "Recibir y escuchar" not in page
    assert "Recibir y escuchar" in desk.get(f"{VALIDITY}?ver=todos").content.decode()
    assert "Vencido desde el" not in desk.get(f"{VALIDITY}?ruta=redip").content.decode()
    other = UserFactory()
    tomorrow = (today() + DAY).isoformat()
    data = {"vigencia": row.pk, "fecha": tomorrow, "correo": other.email.upper(), "meses": "6"}
    assert desk.post(f"{VALIDITY}?ver=todos", data)["Location"] == f"{VALIDITY}?ver=todos"
    row = review()
    assert (row.owner, row.every, row.due_on) == (other, 6, today() + DAY)
    desk.post(VALIDITY, {"vigencia": row.pk, "vigente": "1"})
    assert review().due_on == in_months(today(), 6)


def test_whoever_answers_for_the_guide_from_now_on_is_asked(
    version: Version, desk: Client, owner: Any
) -> None:
    due()
    ask_due()
    other = editor()
    data = {"title": "Otra", "lead": "x", "series": "guia", "route": "orientacion", "order": 1}
    data |= {"state": "vigente", "outlook": "", "is_public": "on", "reviewer": other.pk, "review_months": 3}
    desk.post(f"/admin/snippets/guias/guide/edit/{version.guide_id}/", data)
    assert review().answerable == other and review().every == 3
    assert Client().get(links(0)[0]).status_code == 410
    ask_due()
    assert [sent.to[0] for sent in mail.outbox] == [owner.email, other.email]


def test_a_date_that_has_come_is_asked_at_once(version: Version, desk: Client, owner: Any) -> None:
    desk.post(VALIDITY, {"vigencia": review().pk, "fecha": today().isoformat()})
    assert [sent.to for sent in mail.outbox] == [[owner.email]]
    desk.post(VALIDITY, {"vigencia": review().pk, "fecha": today().isoformat(), "meses": "3"})
    ask_due()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"fecha": ""}, "Escriba una fecha."),
        ({"fecha": "ayer"}, "No entendimos esta fecha."),
        ({"correo": "nadie@demo.example"}, "Ninguna cuenta del portal tiene ese correo."),
        ({"meses": "0"}, "de 1 a 60"),
    ],
)
def test_what_cannot_be_arranged_comes_back(
    version: Version, desk: Client, data: dict[str, str], words: str
) -> None:
    row = due()
    response = desk.post(VALIDITY, {"vigencia": row.pk, "fecha": "2031-01-01"} | data)
    page = response.content.decode()
    assert response.status_code == 422 and words in page and "<details open" in page
    assert review().due_on == row.due_on


def test_the_second_to_arrange_a_chapter_is_told_and_loses_nothing(
    version: Version, desk: Client, owner: Any
) -> None:
    row = due()
    seen = desk.get(VALIDITY).content.decode().partition('name="visto" value="')[2].partition('"')[0]
    mine = {"vigencia": row.pk, "fecha": "2031-01-01", "meses": "3", "visto": seen}
    theirs = mine | {"fecha": "2032-02-02", "meses": "6"}
    for _double_click in range(2):
        assert desk.post(VALIDITY, theirs).status_code == 302
    answer = desk.post(f"{VALIDITY}?ruta=redip", mine)
    page = " ".join(answer.content.decode().replace("\xa0", " ").split())
    assert answer.status_code == 409 and "<details open" in page
    assert (
        "otra persona guardó esto: revisar antes del 2 de febrero de 2032, cada 6 meses, a cargo de Ana"
        in page
    )
    assert 'value="2031-01-01"' in page and 'value="3"' in page
    assert review().due_on.year == 2032
    again = page.partition('name="visto" value="')[2].partition('"')[0]
    assert desk.post(VALIDITY, mine | {"visto": again}).status_code == 302
    assert (review().due_on.year, review().months) == (2031, 3)


def test_of_other_routes_she_only_reads(version: Version, client: Client) -> None:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=EDITORS))
    RouteEditor.objects.create(user=user, route="redip")
    client.force_login(user)
    row = due()
    assert "Vencido desde el" in client.get(VALIDITY).content.decode()
    for data in ({"vigente": "1"}, {"fecha": "2031-01-01"}):
        client.post(VALIDITY, {"vigencia": row.pk, **data})
        assert review().due_on == row.due_on
    for nonsense in ("", "x", "9" * 30, "0"):
        assert client.post(VALIDITY, {"vigencia": nonsense, "vigente": "1"}).status_code == 404


def test_the_lists_cost_the_same_with_more(
    version: Version, desk: Client, assert_same_queries: Callable[..., int]
) -> None:
    ask_for_change(review=due(), words="Algo", by=version.guide.reviewer)

    def more() -> None:
        for _n in range(3):
            other = published(guide=GuideFactory(reviewer=UserFactory()))
            for row in ChapterReview.objects.filter(guide=other.guide).with_people():
                row.due_on = today()
                row.save()
                ask_for_change(review=row, words="Algo", by=other.guide.reviewer)

    before = assert_same_queries(VALIDITY, more, client=desk)
    assert before <= 20
    assert_same_queries(MENDING, more, client=desk)


def test_the_csv_holds_all_of_them(version: Version, desk: Client) -> None:
    ask_for_change(review=due(), words="=1+1", by=version.guide.reviewer)
    response = desk.get("/admin/guias/vigencia.csv")
    text = b"".join(response.streaming_content).decode()  # type: ignore[arg-type]
    assert text.count("Guía de orientación") == 3 and "'=1+1" in text and "Ana Responsable" in text


def test_the_doctor_says_what_nobody_answers_for(version: Version, owner: Any) -> None:
    due()
    assert not [one for one in examine() if "sin persona a cargo" in one.what]
    erase(user=owner)
    (found,) = [one for one in examine() if "sin persona a cargo" in one.what]
    assert "/admin/guias/vigencia/" in found.mend
