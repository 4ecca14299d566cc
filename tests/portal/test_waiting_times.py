"""How long a question waits is said alike wherever a tutor reads it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core import mail

from comunidad.actions import moderation
from tests.factories.comunidad import ThemeFactory, held, tutor
from tests.factories.redip import browser

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 3, 2, 13, 0, tzinfo=dt.UTC)
LETTER = re.compile(r"¿Esperó\? \(Empleo, espera desde hace (\d+) (\w+)\)")
DESK = re.compile(r'<span class="clock-number">(\d+)</span>\s*<span>(\w+)</span>')


def test_a_letter_says_as_the_desk_how_long_a_question_waits(django_capture_on_commit_callbacks: Any) -> None:
    """One that waited to be published waits for an answer since then, whatever its author wrote when."""
    theme = ThemeFactory(name="Empleo")
    teacher, other = tutor(theme), tutor(theme)
    with time_machine.travel(START, tick=False) as clock:
        question = held(theme, title="¿Esperó?")
        clock.shift(3_600 * 47)
        with django_capture_on_commit_callbacks(execute=True):
            moderation.approve(post=question, by=other)
        (said,) = (found for one in mail.outbox if (found := LETTER.search(str(one.body))))
        shown = DESK.search(browser(teacher).get("/comunidad/tutoria/").content.decode())
    assert shown and said.groups() == shown.groups() == ("1", "hora")
