"""What of the reading and taking of guides is counted, and what is not; nobody is in it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guias.actions import use
from guias.actions.files import store_file
from guias.actions.versions import publish_version
from guias.models import Download, GuideUse, PlaceUse, Reading, Rendition, Version
from tests.database import kept
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import CityFactory
from tests.factories.guias import GuideFactory, VersionFactory, chapter, editor, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
HERE = "/guias/guia/"


@pytest.fixture(autouse=True)
def nothing_waits() -> Iterator[None]:
    use.forget()
    yield
    use.forget()


@pytest.fixture
def version() -> Version:
    return published(guide=GuideFactory(slug="guia", route="redip"))


def read() -> dict[tuple[int, str], int]:
    """Version and chapter → readings."""
    use.flush()
    rows = GuideUse.objects.filter(readings__gt=0)
    return {(row.version.number, row.chapter): row.readings for row in rows}


def places() -> dict[str, tuple[int, int]]:
    """City → readings, people."""
    use.flush()
    return {
        row.city.name if row.city else "": (row.readings, row.people)
        for row in PlaceUse.objects.select_related("city")
    }


def reader(**fields: Any) -> Client:
    client = Client()
    client.force_login(UserFactory(**fields))
    return client


# --- Readings -------------------------------------------------------------------------------------
def test_one_person_one_day_one_reading(client: Client, version: Version) -> None:
    for path in ("", "", "cerrar/", "cerrar/", "recibir/"):
        assert client.get(f"{HERE}{path}").status_code == 200
    assert read() == {(1, ""): 1, (1, "cerrar"): 1, (1, "recibir"): 1}
    client.get(f"{HERE}cerrar/", headers={"user-agent": "otro teléfono"})
    assert read() == {(1, ""): 2, (1, "cerrar"): 2, (1, "recibir"): 1}, "what was written is added to"
    assert places() == {"": (2, 0)}
    assert not client.cookies


def test_an_unchanged_page_is_read_again_tomorrow(client: Client, version: Version) -> None:
    with time_machine.travel("2026-10-31 20:00:00-05:00", tick=False) as clock:
        first = client.get(f"{HERE}cerrar/")
        clock.move_to("2026-11-01 08:00:00-05:00")
        assert client.get(f"{HERE}cerrar/", headers={"if-none-match": first["ETag"]}).status_code == 304
        read()
    months = list(GuideUse.objects.filter(chapter="").order_by("month").values_list("month", "readings"))
    assert [(month.isoformat(), n) for month, n in months] == [("2026-10-01", 1), ("2026-11-01", 1)]


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; bingbot/2.0)"},
        {"sec-purpose": "prefetch"},
        {"sec-fetch-dest": "empty"},
    ],
)
def test_what_no_person_reads_is_not_counted(
    client: Client, version: Version, headers: dict[str, str]
) -> None:
    for path in ("", "cerrar/", "v1/", "v1/cerrar/"):
        assert client.get(f"{HERE}{path}", headers=headers).status_code == 200
        assert client.head(f"{HERE}{path}").status_code == 200
    assert client.get(f"{HERE}nada/").status_code == 404
    assert read() == {}


def test_drafts_and_what_is_in_reserve_are_no_use(client: Client, version: Version) -> None:
    client.force_login(editor())
    VersionFactory(guide=version.guide, number=2)
    published(guide=GuideFactory(slug="reserva", is_public=False))
    for path in (f"{HERE}v2/", f"{HERE}v2/cerrar/", "/guias/reserva/", "/guias/reserva/cerrar/"):
        assert client.get(path).status_code == 200
    assert read() == {}


def test_an_old_version_is_counted_as_such_and_a_guide_of_one_chapter_as_both(
    client: Client, version: Version
) -> None:
    publish_version(version=VersionFactory(guide=version.guide, number=2))
    client.get(f"{HERE}v1/cerrar/")
    published(guide=GuideFactory(slug="corta"), number=3, body=[chapter("Una", "una")])
    client.get("/guias/corta/")
    assert read() == {(1, ""): 1, (1, "cerrar"): 1, (3, ""): 1, (3, "una"): 1}


def test_people_of_a_city_are_counted_once_a_month_and_route(version: Version) -> None:
    city = CityFactory(name="Pasto")
    published(guide=GuideFactory(slug="otra", route="redip"))
    ana, luis = reader(city=city), reader(city=city)
    with time_machine.travel("2026-10-20 09:00:00-05:00", tick=False) as clock:
        for browser in (ana, luis):
            for path in (HERE, f"{HERE}cerrar/", "/guias/otra/cerrar/"):
                browser.get(path)
        assert places() == {"Pasto": (4, 2)}
        clock.move_to("2026-10-21 09:00:00-05:00")
        ana.get(f"{HERE}recibir/")
        assert places() == {"Pasto": (5, 2)}, "the marks of yesterday are gone, what she read is not"
        clock.move_to("2026-11-01 09:00:00-05:00")
        ana.get(f"{HERE}cerrar/")
        use.flush()
    rows = PlaceUse.objects.order_by("month").values_list("month", "readings", "people")
    assert [(month.month, *counts) for month, *counts in rows] == [(10, 5, 2), (11, 1, 1)]


def test_no_figure_knows_who_and_which_guide_a_city_read(version: Version) -> None:
    names = {field.name for model in (GuideUse, PlaceUse) for field in model._meta.get_fields()}
    assert names == {"id", "month", "version", "chapter", "readings", "kept", "route", "city", "people"}
    assert not {"version", "chapter"} & {field.name for field in PlaceUse._meta.get_fields()}
    assert not {"city"} & {field.name for field in GuideUse._meta.get_fields()}


def test_a_browser_that_looks_ahead_has_not_read(version: Version) -> None:
    ahead = reader()
    ahead.get(f"{HERE}cerrar/", headers={"sec-purpose": "prefetch"})
    assert not Reading.objects.exists()
    ahead.get(f"{HERE}cerrar/")
    assert Reading.objects.count() == 1


def test_a_reading_costs_a_visitor_no_query_and_an_account_one_a_day(version: Version) -> None:
    def queries(browser: Client, path: str) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            browser.get(path)
        return [query["sql"] for query in captured if "guias_guideuse" in query["sql"]] + [
            query["sql"]
            for query in captured
            if "guias_reading" in query["sql"] and "SELECT 1" in query["sql"]
        ]

    visitor, account = Client(), reader(city=CityFactory())
    assert queries(visitor, f"{HERE}cerrar/") == []
    assert [len(queries(account, f"{HERE}{path}/")) for path in ("cerrar", "recibir", "cerrar")] == [1, 0, 0]


# --- Files ----------------------------------------------------------------------------------------
def ready(version: Version, form: str = "html") -> str:
    store_file(rendition=Rendition.objects.get(version=version, format=form), content=b"<p>guia</p>" * 99)
    return f"{HERE}v{version.number}/descargar/{form}/"


def test_a_guide_kept_by_the_browser_is_counted_apart(client: Client, version: Version) -> None:
    address = ready(version)
    for _ in range(2):
        assert client.get(address, headers={"sec-fetch-dest": "empty"}).status_code == 200
    use.flush()
    assert GuideUse.objects.values_list("readings", "kept").get() == (0, 1)
    assert not Download.objects.exists()
    client.get(address, headers={"sec-fetch-dest": "document"})
    assert Download.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "AhrefsBot/7.0"},
        {"sec-purpose": "prefetch"},
        {"range": "bytes=5-"},
        {"range": "bytes=999999-"},
    ],
)
def test_what_is_no_download_is_not_counted(
    client: Client, version: Version, headers: dict[str, str]
) -> None:
    address = ready(version)
    client.get(address, headers=headers)
    client.head(address)
    assert not Download.objects.exists()


def test_a_package_is_one_moment(client: Client, version: Version) -> None:
    published(guide=GuideFactory(slug="otra"))
    for one in Version.objects.all():
        for form in ("pdf", "html"):
            store_file(rendition=Rendition.objects.get(version=one, format=form), content=b"x" * 9)
    for _ in range(2):
        assert client.get("/guias/paquete/descargar/").status_code == 200
    rows = Download.objects.filter(in_package=True)
    assert rows.count() == 2 and rows.values("at").distinct().count() == 1


# --- Two processes --------------------------------------------------------------------------------
ADD = """
from guias.actions import use
import datetime as dt
for _ in range(40):
    use._places.add((dt.date(2026, 11, 1), "redip", None), readings=1)
    use._places.flush()
use._places.add((dt.date(2026, 11, 1), "redip", None), readings=1)  # written as the process ends
"""


def test_two_processes_add_to_the_same_row(tmp_path: Path) -> None:
    if not kept().exists():
        pytest.skip("runs on the database file that the tests on SQLite keep")
    shutil.copyfile(kept(), tmp_path / "portal.sqlite3")
    env = {"VAR_DIR": str(tmp_path), "PORTAL_DEMO": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    script = f"import django; django.setup()\n{ADD}"
    command = [sys.executable, "-c", script]
    processes = [subprocess.Popen(command, cwd=settings.BASE_DIR, env=env) for _ in range(2)]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    with sqlite3.connect(tmp_path / "portal.sqlite3") as file:
        assert file.execute("SELECT readings FROM guias_placeuse").fetchall() == [(82,)]
    file.close()
