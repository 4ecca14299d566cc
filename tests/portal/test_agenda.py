import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar

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


def test_past_sessions_and_events_share_pages(client, assert_same_queries):
    AgendaEventFactory(starts_on=dt.date(2015, 3, 17))
    past()

    def more():
        for n in range(20):
            AgendaEventFactory(starts_on=dt.date(2015, 3, n + 1))
            past()

    assert_same_queries("/agenda/", more)
    second = client.get("/agenda/", {"pagina": 2}).content.decode()
    assert second.count('data-tipo="actividad"') == 12 and second.count('data-tipo="sesion"') == 0
