import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar

from portal.agenda import Agenda
from portal.models import AgendaEvent, EventKind
from tests.factories.courses import SessionFactory, past
from tests.factories.directorio import CityFactory
from tests.factories.portal import AgendaEventFactory

pytestmark = pytest.mark.django_db


def test_what_comes_stands_apart_from_what_was(client):
    AgendaEventFactory(title="Viene")
    AgendaEventFactory(title="Hubo", starts_on=dt.date(2015, 3, 17))
    page = client.get("/agenda/").content.decode()
    assert page.index("Lo que viene") < page.index("Viene</h3>") < page.index("Esto fue en 2015")
    assert page.index("Esto fue en 2015") < page.index("Hubo</h4>")


def test_an_event_of_today_is_not_over():
    today = AgendaEventFactory(starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 1, 2))
    assert list(AgendaEvent.objects.upcoming(dt.date(2026, 1, 2))) == [today]
    assert not AgendaEvent.objects.upcoming(dt.date(2026, 1, 3)).exists()


def test_filters_by_city_and_kind(client):
    city = CityFactory()
    AgendaEventFactory(title="Aquí", cities=[city])
    AgendaEventFactory(title="Allá", kind=EventKind.GATHERING)
    here = client.get("/agenda/", {"ciudad": city.slug}).content.decode()
    assert "Aquí</h3>" in here and "Allá</h3>" not in here and 'data-total="1"' in here
    there = client.get("/agenda/", {"tema": "encuentro"}).content.decode()
    assert "Allá</h3>" in there and "Aquí</h3>" not in there


@pytest.mark.parametrize("value", ['"sin cerrar', "<script>", "x" * 10_000, "%00", "🙂", "cartagena"])
def test_a_filter_that_nobody_knows_says_so(client, value):
    AgendaEventFactory()
    response = client.get("/agenda/", {"ciudad": value})
    assert response.status_code == 200
    assert "No hay actividades así" in response.content.decode()


def test_an_empty_agenda_says_what_to_expect(client):
    assert "No hay actividades anunciadas" in client.get("/agenda/").content.decode()


def test_the_calendar_file_ends_the_day_after(client):
    event = AgendaEventFactory(starts_on=dt.date(2026, 3, 18), ends_on=dt.date(2026, 3, 20))
    response = client.get("/agenda.ics")
    entry = Calendar.from_ical(response.content).walk("VEVENT")[0]
    assert response["Content-Type"].startswith("text/calendar")
    assert entry.decoded("dtstart") == dt.date(2026, 3, 18)
    assert entry.decoded("dtend") == dt.date(2026, 3, 21)
    assert str(entry["uid"]).startswith(f"agenda-{event.pk}@")


def test_the_list_costs_the_same_with_more(assert_same_queries):
    city = CityFactory()
    AgendaEventFactory(cities=[city])
    AgendaEventFactory(cities=[city], starts_on=dt.date(2015, 1, 1))
    assert_same_queries(
        "/agenda/", lambda: [AgendaEventFactory(cities=[city, CityFactory()]) for _ in range(2)]
    )


def test_cannot_end_before_it_starts():
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaEventFactory(starts_on=dt.date(2026, 1, 2), ends_on=dt.date(2026, 1, 1))


def test_the_next_page_keeps_what_was_chosen(client):
    city = CityFactory(slug="cali")
    past = {"starts_on": dt.date(2015, 3, 17), "kind": EventKind.GATHERING}
    AgendaEventFactory.create_batch(31, cities=[city], **past)
    text = client.get(f"/agenda/?ciudad=cali&tema={EventKind.GATHERING}").content.decode()
    assert f'href="?ciudad=cali&amp;tema={EventKind.GATHERING}&amp;pagina=2"' in text


def test_sessions_of_courses_stand_among_the_events(client):
    city = CityFactory()
    coming = SessionFactory(course__title="Curso que viene", city=city, link="https://ejemplo.test/sala")
    over = past(course__title="Curso que hubo")
    SessionFactory(course__title="Borrador", course__live=False)
    SessionFactory(course__title="Cancelada", cancelled_at=timezone.now())
    AgendaEventFactory(title="Hubo", starts_on=dt.date(2015, 3, 17))
    page = client.get("/agenda/").content.decode()
    assert page.index("Curso que viene</a>") < page.index("Curso que hubo</a>") < page.index("Hubo</h4>")
    assert f'data-tipo="sesion" data-id="{over.pk}"' in page and 'data-total="3"' in page
    assert "Borrador" not in page and "Cancelada" not in page and "ejemplo.test" not in page
    assert "Curso que viene" in client.get("/").content.decode()
    for asked, there in (
        ({"tema": "capacitacion"}, True),
        ({"tema": "encuentro"}, False),
        ({"ciudad": city.slug}, True),
        ({"ciudad": CityFactory().slug}, False),
    ):
        assert (coming.get_absolute_url() in client.get("/agenda/", asked).content.decode()) is there, asked
    assert f'value="{city.slug}"' in page


def test_sessions_go_to_the_calendar_by_the_hour(client):
    session = SessionFactory(link="https://ejemplo.test/sala")
    SessionFactory(cancelled_at=timezone.now())
    entries = Calendar.from_ical(client.get("/agenda.ics").content).walk("VEVENT")
    assert entries[0].decoded("dtstart") == session.starts_at.replace(microsecond=0)
    assert [str(entry.get("status", "")) for entry in entries] == ["", "CANCELLED"]
    assert "ejemplo.test" not in client.get("/agenda.ics").content.decode()


def days(number):
    """That many days from now, as a factory takes them for a session."""
    starts = timezone.now() + dt.timedelta(days=number)
    return {"starts_at": starts, "ends_at": starts + dt.timedelta(hours=2)}


def titles(client, **asked):
    """What stands on a page, in its order."""
    page = client.get("/agenda/", asked).content.decode()
    return re.findall(r'row-title">(?:<a [^>]*>)?([^<]+)<', page)


def test_the_nearest_comes_first_and_what_was_comes_after_it_page_by_page(client):
    day = timezone.localdate()
    for n in range(25):
        SessionFactory(course__title=f"Viene {n:02}", **days(25 - n))
        AgendaEventFactory(title=f"Hubo {n:02}", starts_on=day - dt.timedelta(days=25 - n))
    AgendaEventFactory(title="Sigue", starts_on=day - dt.timedelta(days=40), ends_on=day)
    everything = [
        "Sigue",
        *(f"Viene {n:02}" for n in reversed(range(25))),
        *(f"Hubo {n:02}" for n in reversed(range(25))),
    ]
    assert [titles(client, pagina=n) for n in (1, 2, 3)] == [
        everything[:20],
        everything[20:40],
        everything[40:],
    ]
    first, second, third = (client.get("/agenda/", {"pagina": n}).content.decode() for n in (1, 2, 3))
    assert "Lo que viene" in first and "Lo que hubo" not in first and 'rel="next"' in first
    assert "Lo que viene" in second and "Lo que hubo" in second
    assert "Lo que viene" not in third and "No hay actividades anunciadas" not in third
    assert all('data-total="51"' in page for page in (first, second, third))


def test_two_sessions_of_a_day_stand_by_their_hours_and_after_what_lasts_all_day(client):
    day = dt.datetime.combine(
        timezone.localdate() + dt.timedelta(days=2), dt.time(8), timezone.get_current_timezone()
    )
    for hour, title in ((6, "Tarde"), (0, "Mañana")):
        starts = day + dt.timedelta(hours=hour)
        SessionFactory(course__title=title, starts_at=starts, ends_at=starts + dt.timedelta(hours=2))
    AgendaEventFactory(title="Todo el día", starts_on=day.date())
    assert titles(client) == ["Todo el día", "Mañana", "Tarde"]
    assert [item.title for item in Agenda().nearest(2)] == ["Todo el día", "Mañana"]


def test_the_home_shows_what_comes_or_the_last_that_was(client):
    AgendaEventFactory(title="Hubo hace mucho", starts_on=dt.date(2015, 3, 17))
    over = client.get("/").content.decode()
    assert "Hubo hace mucho" in over and "Estas son las últimas que hubo" in over
    SessionFactory(course__title="Viene ya")
    coming = client.get("/").content.decode()
    assert "Viene ya" in coming and "Hubo hace mucho" not in coming


def test_the_address_of_an_event_opens_the_page_where_it_stands(client):
    wanted = AgendaEventFactory(starts_on=dt.date(2015, 3, 17))
    address, _hash, place = wanted.get_absolute_url().partition("#")
    assert f'id="{place}"' in client.get(address).content.decode()
    SessionFactory.create_batch(20)
    assert f'id="{place}"' not in client.get("/agenda/").content.decode()
    page = client.get(address).content.decode()
    assert f'id="{place}"' in page and "Página 2 de 2" in page and 'href="?pagina=1"' in page
    for nobody in ("0", "x", "9" * 30, f"{wanted.pk}&ciudad=nada"):
        assert client.get(f"/agenda/?actividad={nobody}").status_code == 200


def test_past_sessions_and_events_share_pages(client, assert_same_queries):
    AgendaEventFactory(starts_on=timezone.localdate(), cities=[CityFactory()])
    AgendaEventFactory(starts_on=dt.date(2015, 3, 17), ends_on=dt.date(2015, 3, 17))
    SessionFactory()
    past()

    def more():
        for n in range(20):
            AgendaEventFactory(starts_on=dt.date(2015, 3, n + 1))
            past()

    # how many, which ones, the events and their cities, the sessions, the cities to choose from
    assert assert_same_queries("/agenda/", more) == 6
    third = client.get("/agenda/", {"pagina": 3}).content.decode()
    assert third.count('data-tipo="actividad"') == 4 and third.count('data-tipo="sesion"') == 0
