import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from nucleo import dates

BOGOTA = ZoneInfo("America/Bogota")
NOW = dt.datetime(2026, 11, 3, 9, 0, tzinfo=BOGOTA)


def plain(text):
    return text.replace(dates.NBSP, " ")


def test_a_date_is_written_small_and_never_breaks():
    day = dt.date(2026, 11, 3)
    assert plain(dates.long_date(day)) == "3 de noviembre de 2026"
    assert " " not in dates.long_date(day)
    assert plain(dates.day_and_month(day)) == "3 de noviembre"
    assert dates.short_month(3) == "mar" and dates.weekday(day) == "martes"


def test_in_a_title_a_date_may_break():
    assert dates.loose(dates.long_date(dt.date(2026, 11, 20))) == "20 de noviembre de 2026"


def test_a_moment_is_of_the_day_it_was_in_bogota():
    late = dt.datetime(2026, 11, 4, 3, 30, tzinfo=dt.UTC)
    assert dates.as_day(late) == dt.date(2026, 11, 3)
    assert plain(dates.long_moment(late)) == "3 de noviembre de 2026, 10:30 p. m."


@pytest.mark.parametrize(
    ("hour", "words"),
    [((0, 5), "12:05 a. m."), ((9, 0), "9:00 a. m."), ((12, 0), "12:00 p. m."), ((23, 59), "11:59 p. m.")],
)
def test_hours(hour, words):
    assert plain(dates.hour(dt.time(*hour))) == words


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (dt.timedelta(seconds=30), "hace un momento"),
        (dt.timedelta(minutes=1), "hace 1 minuto"),
        (dt.timedelta(minutes=59), "hace 59 minutos"),
        (dt.timedelta(hours=2), "hoy, 7:00 a. m."),
        (dt.timedelta(hours=17), "ayer, 4:00 p. m."),
        (dt.timedelta(days=3), "hace 3 días"),
        (dt.timedelta(days=30), "4 de octubre"),
        (dt.timedelta(days=400), "29 de septiembre de 2025"),
        (-dt.timedelta(hours=2), "hoy, 11:00 a. m."),
        (-dt.timedelta(days=1), "mañana, 9:00 a. m."),
        (-dt.timedelta(days=4), "dentro de 4 días"),
    ],
)
def test_moments_near_and_far(ago, words):
    assert plain(dates.moment(NOW - ago, NOW)) == words


def test_days_that_last():
    start = dt.date(2026, 3, 18)
    assert dates.range_of_days(start, None) == dates.range_of_days(start, start) == "18"
    assert dates.range_of_days(start, dt.date(2026, 3, 20)) == "18–20"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (1234567, "1.234.567"),
        (-1200, "−1.200"),
        (12.5, "12,5"),
        (Decimal("3.10"), "3,1"),
        (2.0, "2"),
    ],
)
def test_thousands(number, words):
    assert dates.thousands(number) == words


def test_pesos():
    assert plain(dates.pesos(1234567)) == "$ 1.234.567"
