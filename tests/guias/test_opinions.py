"""¿Le sirvió?: one tap without a cookie, what was missing, and the list of those who mend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.core import signing
from django.core.cache import cache
from django.test import Client

from guias.actions.opinions import attend_to_chapter, explain_opinion, give_opinion
from guias.actions.versions import publish_version
from guias.models import Opinion, RouteEditor, Version
from guias.models.opinions import ANSWERS, chapters_to_mend
from guias.search_documents import documents
from nucleo.policies import Forbidden
from search.documents import helpfulness
from search.models import PendingChange
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory, editor, published, three_chapters

pytestmark = pytest.mark.django_db
HERE = {"HTTP_ORIGIN": "http://testserver"}
ADDRESS = "/guias/guia/cerrar/opinion/"
MENDING = "/admin/guias/por-mejorar/"


@pytest.fixture
def version() -> Version:
    return published(guide=GuideFactory(slug="guia", title="Guía de orientación"))


@pytest.fixture
def mender(client: Client) -> Client:
    user = editor()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    return client


def said(version: Version, *, helped: bool = False, giver: str = "a", words: str = "") -> Opinion:
    chapter = version.chapter("cerrar")
    assert chapter is not None
    opinion = give_opinion(version=version, chapter=chapter, helped=helped, giver=giver, user=None)
    if words:
        explain_opinion(opinion=opinion, lack="", words=words)
    return opinion


def test_search_hears_of_a_chapter_that_helps_and_never_of_one_reader(version: Version) -> None:
    def served() -> int:
        return {one.id: one.helped for one in documents(version.guide)}[f"{version.guide_id}-cerrar"]

    PendingChange.objects.all().delete()
    for number in range(ANSWERS - 1):
        said(version, helped=True, giver=str(number))
    assert served() == 0 and not PendingChange.objects.exists()
    said(version, helped=True, giver="more")
    assert served() == helpfulness(ANSWERS)
    assert [str(one) for one in PendingChange.objects.all()] == [f"guia:{version.guide_id}"]
    PendingChange.objects.all().delete()
    said(version, helped=True, giver="another")
    assert not PendingChange.objects.exists(), "the same step"
    for number in range(2 * ANSWERS):
        said(version, helped=False, giver=f"no-{number}")
    assert served() == 0 and PendingChange.objects.exists()


def test_one_tap_is_kept_and_leaves_no_cookie(version: Version) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/guias/guia/cerrar/")
    assert f'action="{ADDRESS}"' in page.content.decode()
    assert not client.cookies
    response = client.post(ADDRESS, {"sirvio": "no"}, **HERE)
    assert response.status_code == 302
    assert urlsplit(response["Location"]).path == ADDRESS
    opinion = Opinion.objects.get()
    assert (opinion.version, opinion.chapter, opinion.helped) == (version, "cerrar", False)
    thanks = client.get(response["Location"])
    assert "Gracias por decirlo" in thanks.content.decode()
    assert thanks["Cache-Control"] == "private, no-store"
    assert not client.cookies
    back = client.post(
        response["Location"], {"falta": "viejo", "palabras": " El formato\r\ncambió. "}, **HERE
    )
    assert back["Location"] == "/guias/guia/cerrar/"
    opinion.refresh_from_db()
    assert (opinion.lack, opinion.words) == ("viejo", "El formato\ncambió.")
    assert "lo van a leer" in client.get("/guias/guia/cerrar/").content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "https://otro.example"},
        {"HTTP_REFERER": "https://otro.example/guias/"},
    ],
)
def test_a_form_of_elsewhere_says_nothing(version: Version, headers: dict[str, Any]) -> None:
    response = Client(enforce_csrf_checks=True).post(ADDRESS, {"sirvio": "no"}, **headers)
    assert response.status_code == 403
    assert "Ábralo otra vez" in response.content.decode()
    assert not Opinion.objects.exists()


def test_the_page_before_is_enough_of_an_origin(version: Version) -> None:
    client = Client(enforce_csrf_checks=True)
    assert (
        client.post(ADDRESS, {"sirvio": "si"}, HTTP_REFERER="http://testserver/guias/x/").status_code == 302
    )


def test_a_second_tap_of_the_day_changes_the_first(client: Client, version: Version) -> None:
    for answer in ("no", "si", "si"):
        client.post(ADDRESS, {"sirvio": answer}, **HERE)
    assert [opinion.helped for opinion in Opinion.objects.all()] == [True]
    client.post(ADDRESS, {"sirvio": "no"}, HTTP_USER_AGENT="another phone", **HERE)
    assert Opinion.objects.count() == 2
    cache.clear()  # the next day
    client.post(ADDRESS, {"sirvio": "no"}, **HERE)
    assert Opinion.objects.count() == 3


@pytest.mark.parametrize("data", [{}, {"sirvio": "tal vez"}, {"sirvio": "\x00"}, {"palabras": "sin firma"}])
def test_no_answer_is_asked_again(client: Client, version: Version, data: dict[str, str]) -> None:
    response = client.post(ADDRESS, data, **HERE)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not Opinion.objects.exists()


def test_an_empty_reason_is_asked_for(client: Client, version: Version) -> None:
    place = client.post(ADDRESS, {"sirvio": "no"}, **HERE)["Location"]
    for data in ({"falta": "", "palabras": "  "}, {"falta": "inventada"}, {"palabras": "x" * 501}):
        response = client.post(place, data, **HERE)
        assert response.status_code == 422
        assert 'role="alert"' in response.content.decode()
    assert Opinion.objects.get().words == ""


def test_what_is_signed_is_of_one_chapter_and_one_answer(client: Client, version: Version) -> None:
    mine = said(version)
    for forged in (
        "x",
        signing.dumps([mine.pk, version.pk, "cerrar"], salt="another"),
        signing.dumps([mine.pk, version.pk, "recibir"], salt="guias.opinion"),
        signing.dumps("nonsense", salt="guias.opinion"),
    ):
        response = client.post(f"{ADDRESS}?r={forged}", {"palabras": "cambiado"}, **HERE)
        assert response.status_code == 422
        assert "Gracias" not in client.get(f"{ADDRESS}?r={forged}").content.decode()
    mine.refresh_from_db()
    assert mine.words == ""


def test_only_the_version_in_force_is_asked_about(client: Client, version: Version) -> None:
    assert "¿Le sirvió" not in client.get("/guias/guia/v1/cerrar/").content.decode()
    draft = VersionFactory(guide=version.guide, number=2)
    with pytest.raises(Forbidden):
        said(draft)
    GuideFactory(slug="reserva", is_public=False)
    assert client.post("/guias/reserva/cerrar/opinion/", {"sirvio": "si"}, **HERE).status_code == 404
    assert client.post("/guias/guia/nada/opinion/", {"sirvio": "si"}, **HERE).status_code == 404


def test_the_list_is_of_who_edits(client: Client, version: Version) -> None:
    said(version, words="Falta un ejemplo")
    for user in (None, UserFactory()):
        if user is not None:
            client.force_login(user)
        for address in (MENDING, "/admin/guias/por-mejorar.csv"):
            assert client.get(address).status_code in (302, 403)
    assert not Opinion.objects.visible_to(UserFactory()).exists()
    with pytest.raises(Forbidden):
        attend_to_chapter(guide=version.guide, chapter="cerrar", until=10**6, by=UserFactory())


def test_the_list_says_what_to_mend_and_lets_it_go(mender: Client, version: Version) -> None:
    said(version, giver="a", words="<script>alert(1)</script>")
    said(version, giver="b", helped=True)
    said(version, giver="c")
    html = mender.get(MENDING).content.decode()
    assert "Cerrar y dejar constancia" in html
    assert "sí 1, no 2" in html
    assert "&lt;script&gt;" in html
    assert MENDING in mender.get("/admin/").content.decode()
    until = Opinion.objects.latest("pk").pk
    said(version, giver="d", words="Llegó mientras leía")
    data = {"guia": "guia", "capitulo": "cerrar", "hasta": str(until)}
    assert mender.post(MENDING, data).status_code == 302
    html = mender.get(MENDING).content.decode()
    assert "Llegó mientras leía" in html
    assert "alert(1)" not in html
    assert mender.post(MENDING, {**data, "hasta": "²"}).status_code == 404
    assert mender.post(MENDING, {**data, "guia": "nada"}).status_code == 404


def test_who_edits_other_routes_reads_and_is_offered_nothing(mender: Client, version: Version) -> None:
    said(version, words="Falta un ejemplo")
    owned = RouteEditor.objects.create(user_id=mender.session["_auth_user_id"], route="redip")
    data = {"guia": "guia", "capitulo": "cerrar", "hasta": str(Opinion.objects.get().pk)}
    html = mender.get(MENDING).content.decode()
    assert "Falta un ejemplo" in html
    assert "Ya lo atendí" not in html
    mender.post(MENDING, data)
    assert Opinion.objects.open().exists()
    owned.delete()
    assert "Ya lo atendí" in mender.get(MENDING).content.decode()


def test_the_list_does_not_bring_the_texts_along(version: Version) -> None:
    said(version, words="Uno")
    rows, _total = chapters_to_mend(editor(), shown=2)
    assert "body" in rows[0].opinions[0].version.get_deferred_fields()


def test_most_first_and_what_left_the_guide_too(version: Version) -> None:
    other = published(guide=GuideFactory(slug="otra"))
    said(other)
    for giver in "abc":
        said(version, giver=giver)
    Opinion.objects.create(version=version, chapter="quitado", helped=False)
    rows, total = chapters_to_mend(editor(), shown=2)
    assert total == 3
    assert [(row.guide.slug, row.slug, row.not_helped) for row in rows] == [
        ("guia", "cerrar", 3),
        ("guia", "quitado", 1),
    ]
    assert rows[1].address == "/guias/guia/"


def test_the_list_costs_the_same_with_more(
    mender: Client, version: Version, assert_same_queries: Callable[..., int]
) -> None:
    said(version, words="Uno")

    def more() -> None:
        for number in range(2):
            said(published(guide=GuideFactory()), giver=f"x{number}", words="Otro")

    assert_same_queries(MENDING, more, client=mender)


def test_everything_leaves_as_a_table_without_formulas(mender: Client, version: Version) -> None:
    said(version, words="=HYPERLINK(1)")
    text = b"".join(mender.get("/admin/guias/por-mejorar.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Guía de orientación,1,cerrar,no,,'=HYPERLINK(1)" in text


def test_what_was_said_at_an_address_of_before_is_said_of_the_chapter(
    mender: Client, version: Version
) -> None:
    old = said(version, words="Antes.")
    body = three_chapters()
    body[1]["value"] |= {"slug": "cierre", "title": "Cierre con constancia"}
    current = publish_version(version=VersionFactory(guide=version.guide, number=2, body=body))
    chapter = current.chapter("cierre")
    assert chapter is not None
    new = give_opinion(version=current, chapter=chapter, helped=True, giver="b", user=None)
    explain_opinion(opinion=new, lack="", words="Ahora.")
    rows, total = chapters_to_mend(editor(), shown=5)
    assert total == 1
    (row,) = rows
    assert (row.title, row.helped, row.not_helped) == ("Cierre con constancia", 1, 1)
    assert [one.words for one in row.opinions] == ["Ahora.", "Antes."]
    assert set(row.addresses) == {"cierre", "cerrar"} and row.address == "/guias/guia/cierre/"
    assert attend_to_chapter(guide=version.guide, chapter="cierre", until=new.pk, by=editor()) == 2
    old.refresh_from_db()
    assert old.attended_at is not None
