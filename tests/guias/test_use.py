"""The board of use: figures by guide, month and centre, files of them, and no small group in either."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comunidad.models import Resource
from guias.actions.versions import publish_version
from guias.models import Download, GuideUse, Opinion, PlaceUse, RouteEditor, Version
from guias.models.use import Period
from guias.tables.use import Use
from portal.bootstrap import EDITORS, OPERATORS
from tests.factories.comunidad import ResourceFactory, ThemeFactory
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import CityFactory
from tests.factories.guias import GuideFactory, VersionFactory, published

pytestmark = pytest.mark.django_db
BOARD = "/admin/guias/uso/"
OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
FEW = "menos de 5 personas"


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel("2026-11-20 10:00:00-05:00", tick=False):
        yield


def browser_of(user: Any) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def one_of(group: str) -> Client:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    return browser_of(user)


@pytest.fixture
def editor() -> Client:
    return one_of(EDITORS)


def guide(slug: str, **fields: Any) -> Version:
    """A version in force since September."""
    with time_machine.travel("2026-09-01 10:00:00-05:00", tick=False):
        return published(guide=GuideFactory(slug=slug, title=slug.title(), **fields))


def read(version: Version, readings: int, month: dt.date = OCTOBER, **more: Any) -> None:
    GuideUse.objects.create(month=month, version=version, readings=readings, **more)


def take(version: Version, times: int = 1, *, day: dt.date = OCTOBER, **more: Any) -> None:
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
    for number in range(times):
        Download.objects.create(version=version, format="pdf", at=at + dt.timedelta(minutes=number), **more)


def an_hour_later() -> None:
    cache.clear()


def rows(editor: Client, table: str, query: str = "") -> list[dict[str, str]]:
    response = editor.get(f"{BOARD}{table}.csv{query}")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(text.splitlines()))


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


# --- What is used ---------------------------------------------------------------------------------
def test_first_a_sentence_then_the_most_used(editor: Client) -> None:
    much, little, packed = guide("mucho"), guide("poco"), guide("solo-en-paquete")
    read(much, 7)
    read(much, 3, chapter="cerrar")
    read(little, 2, kept=1)
    take(little)
    for version in (much, packed):
        take(version, in_package=True)
    page = editor.get(BOARD)
    said = text_of(page)
    assert "En octubre de 2026 se leyeron 2 de las 3 guías vigentes." in said
    assert "Hubo 9 lecturas. Se bajó 1 archivo suelto y 1 paquete." in said
    html = page.content.decode()
    assert html.index('<tr data-guia="mucho"') < html.index('<tr data-guia="poco"')
    assert '<tr data-guia="solo-en-paquete"' not in html, "a package brings all guides"
    assert '<li data-guia="solo-en-paquete"' in html
    assert BOARD in editor.get("/admin/").content.decode()


def test_versions_of_one_guide_stand_together_and_old_ones_apart(editor: Client) -> None:
    first = guide("una")
    read(first, 4)
    second = publish_version(version=VersionFactory(guide=first.guide, number=2))
    read(second, 5)
    holder = UserFactory(city=CityFactory(name="Pasto"))
    take(first, user=holder)
    html = editor.get(BOARD).content.decode()
    assert html.count('<tr data-guia="una"') == 2
    assert "Versión 1; la vigente es la 2" in re.sub(r"\s+", " ", html)
    (use,) = Use(Period(OCTOBER, OCTOBER)).guides
    assert (use.readings, use.alone, use.number) == (9, 1, 2)
    ((old, held),) = Use(Period(OCTOBER, OCTOBER)).outdated
    assert (old.number, old.readings, held.groups, held.rest) == (1, 4, {}, 1)
    take(second, user=holder)
    an_hour_later()
    ((_old, held),) = Use(Period(OCTOBER, OCTOBER)).outdated
    assert held.total == 0, "who took the new one holds it"


def test_where_an_old_version_is_held_and_by_how_many(editor: Client) -> None:
    first = guide("una")
    publish_version(version=VersionFactory(guide=first.guide, number=2))
    pasto, mocoa = CityFactory(name="Pasto"), CityFactory(name="Mocoa")
    for city, people in ((pasto, 6), (mocoa, 3)):
        for _ in range(people):
            take(first, user=UserFactory(city=city), city=city)
    take(first, user=UserFactory(city=pasto, is_active=False))
    take(first, user=UserFactory(city=None))
    assert f"Pasto: 6; otros: {FEW}" in text_of(editor.get(BOARD))
    held = {row["centro"]: row["personas que la tienen"] for row in rows(editor, "versiones-anteriores")}
    assert held == {"Pasto": "6", "Otros centros, o sin decir de dónde": FEW}
    take(first, user=UserFactory(city=None))
    an_hour_later()
    assert "Pasto: 6; otros: 5" in text_of(editor.get(BOARD))


def test_several_months_and_what_began_later(editor: Client) -> None:
    one = guide("una")
    read(one, 4)
    read(one, 6, NOVEMBER)
    take(one, 2, day=dt.date(2026, 10, 31))
    take(one, 1, day=dt.date(2026, 11, 1))
    assert Use(Period(OCTOBER, NOVEMBER)).by_month == [(OCTOBER, 4, 2), (NOVEMBER, 6, 1)]
    said = text_of(editor.get(f"{BOARD}?desde=2026-10&hasta=2026-11"))
    assert "De octubre a noviembre de 2026 se leyó 1 de las 1 guías vigentes." in said
    assert "Hubo 10 lecturas" in said
    files = rows(editor, "guias", "?desde=2026-10&hasta=2026-11")
    assert [(row["mes"], row["lecturas"], row["archivos sueltos"]) for row in files] == [
        ("2026-10-01", "4", "2"),
        ("2026-11-01", "6", "1"),
    ]


def test_a_guide_published_after_the_time_was_not_left_unopened(editor: Client) -> None:
    published(guide=GuideFactory(slug="nueva"))
    read(guide("otra"), 1)
    assert not [use.slug for use in Use(Period(OCTOBER, OCTOBER)).never]
    read(guide("vieja"), 1, dt.date(2026, 9, 1))
    assert [use.slug for use in Use(Period(OCTOBER, NOVEMBER)).never] == ["vieja", "nueva"]


def test_chapters_with_what_readers_say(editor: Client) -> None:
    one = guide("una")
    read(one, 30, chapter="cerrar")
    for helped in (True, False, False):
        Opinion.objects.create(
            version=one, chapter="cerrar", helped=helped, given_at=timezone.now() - dt.timedelta(days=40)
        )
    assert "Le sirvió: sí 1, no 2. Lecturas en este tiempo: 30." in text_of(editor.get(BOARD))
    (row,) = rows(editor, "capitulos")
    assert (row["capítulo"], row["lecturas"], row["le sirvió"], row["no le sirvió"]) == (
        "cerrar",
        "30",
        "1",
        "2",
    )


# --- Places ---------------------------------------------------------------------------------------
@pytest.fixture
def cities() -> dict[str, Any]:
    """Three of them in October, of which two may be named; nobody of them has an odd figure elsewhere."""
    found = {name: CityFactory(name=name) for name in ("Pasto", "Cali", "Mocoa")}
    for name, readings, people in (("Pasto", 61, 9), ("Cali", 43, 5), ("Mocoa", 37, 4)):
        PlaceUse.objects.create(
            month=OCTOBER, route="redip", city=found[name], readings=readings, people=people
        )
    PlaceUse.objects.create(month=OCTOBER, route="redip", city=None, readings=11)
    return found


def test_a_centre_of_few_has_no_name_anywhere(editor: Client, cities: dict[str, Any]) -> None:
    version = guide("una", route="redip")
    read(version, 61 + 43 + 37 + 11)
    take(version, 4, user=UserFactory(), city=cities["Mocoa"])
    said = text_of(editor.get(BOARD))
    place = {row["centro"]: (row["lecturas"], row["archivos sueltos"]) for row in rows(editor, "centros")}
    assert place == {
        "Pasto": ("61", FEW),
        "Cali": ("43", FEW),
        "Otros centros, o sin decir de dónde": ("48", "4"),
    }
    assert "Pasto 61" in said and "Otros centros, o sin decir de dónde 48" in said
    for query in ("", "?centro=mocoa", "?ruta=redip&centro=mocoa"):
        assert not re.search(r"\b37\b", text_of(editor.get(f"{BOARD}{query}")))
        assert "37" not in {row["lecturas"] for row in rows(editor, "centros", query)}
    assert f"RedIP {FEW}" in text_of(editor.get(f"{BOARD}?centro=mocoa"))
    (row,) = rows(editor, "centros", "?centro=mocoa")
    assert (row["centro"], row["lecturas"]) == ("Mocoa", FEW)


def test_a_centre_with_few_looks_like_one_with_none(editor: Client, cities: dict[str, Any]) -> None:
    CityFactory(name="Tumaco", slug="tumaco")
    few, none = (
        text_of(editor.get(f"{BOARD}?centro={slug}")).replace(name, "")
        for slug, name in (("mocoa", "Mocoa"), ("tumaco", "Tumaco"))
    )
    assert re.findall("RedIP.{40}", few) == re.findall("RedIP.{40}", none)


def test_the_month_that_still_grows_tells_no_places(editor: Client) -> None:
    city = CityFactory(name="Pasto")
    PlaceUse.objects.create(month=NOVEMBER, route="redip", city=city, readings=61, people=9)
    read(guide("una", route="redip"), 61, NOVEMBER)
    query = "?desde=2026-11&hasta=2026-11"
    assert "Las cifras por centro salen cuando el mes termina" in text_of(editor.get(f"{BOARD}{query}"))
    assert rows(editor, "centros", query) == []
    with time_machine.travel("2026-12-01 00:10:00-05:00", tick=False):
        assert next(row["centro"] for row in rows(editor, "centros", query)) == "Pasto"


def test_downloads_by_centre_count_accounts_not_files(editor: Client) -> None:
    version, city = guide("una", route="redip"), CityFactory(name="Pasto")
    take(version, 20, user=UserFactory(), city=city)
    assert "Pasto" not in {row["centro"] for row in rows(editor, "centros")}
    for _ in range(4):
        take(version, user=UserFactory(), city=city)
    an_hour_later()
    row = rows(editor, "centros")[0]
    assert (row["centro"], row["archivos sueltos"]) == ("Pasto", "24")


# --- Who, and what is asked -----------------------------------------------------------------------
def test_who_may_see_it(editor: Client) -> None:
    files = [f"{BOARD}{name}.csv" for name in ("guias", "capitulos", "centros", "versiones-anteriores")]
    addresses = [BOARD, *files, "/admin/guias/uso-preguntas.csv"]
    secretariat = UserFactory()
    secretariat.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "view_guideuse"])
    )
    admitted = UserFactory()
    admitted.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    for address in addresses:
        for browser in (editor, one_of(OPERATORS), browser_of(secretariat)):
            assert browser.get(address).status_code == 200, address
        for browser in (Client(), browser_of(UserFactory()), browser_of(admitted)):
            assert browser.get(address).status_code in (302, 403), address
    assert BOARD in browser_of(secretariat).get("/admin/").content.decode()
    assert editor.get(f"{BOARD}nada.csv").status_code == 404


def test_a_permission_of_its_own_is_offered_to_operators(editor: Client) -> None:
    group = Group.objects.get(name=EDITORS)
    permission = Permission.objects.get(codename="view_guideuse")
    html = one_of(OPERATORS).get(f"/admin/groups/edit/{group.pk}/").content.decode()
    assert f'value="{permission.pk}"' in html


def test_an_editor_of_some_routes_begins_with_hers() -> None:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=EDITORS))
    RouteEditor.objects.create(user=user, route="redip")
    hers = browser_of(user)
    read(guide("mia", route="redip"), 3)
    read(guide("ajena", route="orientacion"), 3)
    for query, seen in (("", {"mia"}), ("?ruta=todas", {"mia", "ajena"}), ("?ruta=orientacion", {"ajena"})):
        html = hers.get(f"{BOARD}{query}").content.decode()
        assert {slug for slug in ("mia", "ajena") if f'<tr data-guia="{slug}"' in html} == seen
        names = {row["guía"] for row in rows(hers, "guias", query)}
        assert names == {slug.title() for slug in seen}


@pytest.mark.parametrize(
    "query",
    [
        "?desde=ayer",
        "?desde=2026-13",
        "?desde=2026-11&hasta=2026-10",
        "?desde=1990-01",
        "?hasta=%00",
        "?ruta=nada",
        "?centro=atlantida",
        "?centro=%27%22%3E",
    ],
)
def test_what_cannot_be_asked_gets_a_sentence(editor: Client, query: str) -> None:
    read(guide("una"), 1)
    read(guide("otra"), 1, dt.date(2026, 9, 1))
    for address in (BOARD, f"{BOARD}guias.csv"):
        response = editor.get(f"{address}{query}")
        assert response.status_code == 422
        assert 'role="alert"' in response.content.decode()
    assert editor.post(BOARD).status_code == 405


def test_a_month_without_figures_is_told_which_months_have_them(editor: Client) -> None:
    read(guide("una"), 1, NOVEMBER)
    sentence = "Hay cifras de noviembre de 2026. Escoja un mes de la lista."
    assert text_of(editor.get(f"{BOARD}?desde=2026-01")).count(sentence) == 1
    read(guide("otra"), 1, dt.date(2026, 9, 1))
    an_hour_later()
    assert "Hay cifras de septiembre a noviembre de 2026." in text_of(editor.get(f"{BOARD}?hasta=2026-12"))


def test_no_two_routes_to_narrow_by_read_the_same(editor: Client) -> None:
    for address in (BOARD, reverse("guias_validity")):
        choices = editor.get(address).content.decode().partition('name="ruta"')[2].partition("</select>")[0]
        options = re.findall(r"<option[^>]*>([^<]*)</option>", choices)
        assert len(options) == len(set(options)) > 7
        assert "Comunes a todas las rutas" in options


def test_an_empty_portal_says_so(editor: Client) -> None:
    said = text_of(editor.get(BOARD))
    assert "nadie leyó ni bajó una guía" in said and "noviembre de 2026" in said
    for table in ("guias", "capitulos", "centros", "versiones-anteriores"):
        assert rows(editor, table) == []


def test_files_run_nothing_in_a_spreadsheet(editor: Client) -> None:
    read(published(guide=GuideFactory(title="=HYPERLINK(1)")), 1)
    assert rows(editor, "guias")[0]["guía"] == "'=HYPERLINK(1)"


def test_questions_without_a_guide(editor: Client) -> None:
    theme = ThemeFactory(route="redip")
    about = ResourceFactory(theme=theme, title="Sobre una guía", about_url="/guias/una/cerrar/")
    joined = ResourceFactory(theme=theme, title="La de muchos")
    Resource.objects.filter(pk=joined.pk).update(useful_count=4)
    ResourceFactory(theme=theme, title="=La de pocos")
    ResourceFactory(theme=ThemeFactory(route="orientacion"), title="De otra ruta")
    said = text_of(editor.get(f"{BOARD}?ruta=redip"))
    assert said.index("La de muchos") < said.index("La de pocos")
    assert about.title not in said and "De otra ruta" not in said
    response = editor.get("/admin/guias/uso-preguntas.csv?ruta=redip")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert [row["pregunta"] for row in csv.DictReader(text.splitlines())] == ["La de muchos", "'=La de pocos"]


def test_the_board_costs_the_same_with_more(editor: Client, assert_same_queries: Callable[..., int]) -> None:
    theme = ThemeFactory(route="redip")

    def one() -> None:
        first = guide(f"guia-{Version.objects.count()}", route="redip")
        for version in (first, publish_version(version=VersionFactory(guide=first.guide, number=2))):
            read(version, 3)
            read(version, 3, chapter="cerrar")
            take(version, user=UserFactory(city=CityFactory()), city=CityFactory())
            Opinion.objects.create(version=version, chapter="cerrar", helped=False, words="No")
        PlaceUse.objects.create(month=OCTOBER, route="redip", city=CityFactory(), readings=9, people=6)
        ResourceFactory(theme=theme)

    def two_more() -> None:
        one()
        one()

    one()
    assert assert_same_queries(BOARD, two_more, client=editor) <= 32
    for table in ("guias", "capitulos", "centros", "versiones-anteriores"):
        assert assert_same_queries(f"{BOARD}{table}.csv", two_more, client=editor) <= 16
