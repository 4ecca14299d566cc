import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from icalendar import Calendar

from portal.models import AgendaEvent, EventKind
from tests.factories.directorio import CityFactory
from tests.factories.portal import AgendaEventFactory

pytestmark = pytest.mark.django_db


def test_what_comes_stands_apart_from_what_was(client):
    AgendaEventFactory(title="Viene")
    AgendaEventFactory(title="Hubo", starts_on=dt.date(2015, 3, 17))
    page = client.get("/agenda/").content.decode()
    assert page.index("Lo que viene") < page.index("Viene</h4>") < page.index("Esto fue en 2015")
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
    assert "Aquí</h4>" in here and "Allá</h4>" not in here and 'data-total="1"' in here
    there = client.get("/agenda/", {"tema": "encuentro"}).content.decode()
    assert "Allá</h4>" in there and "Aquí</h4>" not in there


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
