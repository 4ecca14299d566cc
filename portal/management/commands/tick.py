"""``manage.py tick``: what has fallen due. The worker calls it each minute; cron may do so too."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from directorio.actions.index import queue_over
from guias.actions.reminders import announce_near_sessions
from guias.actions.reviews import ask_due, give_dates
from guias.tasks import makers, renew_files, sweep_files
from nucleo import paper
from portal.gathering import forget_old as forget_letters
from portal.responding import forget_old
from portal.tasks import send_due
from redip.actions.reminders import announce_due
from search import alerts
from search.reading import forget_gone

logger = logging.getLogger(__name__)

HOUR, DAY = 3_600, 86_400


class Chore(NamedTuple):
    """One thing that falls due: how often, in seconds (0: each time), and how it is done."""

    name: str
    every: int
    run: Callable[[], object]


CHORES = (
    Chore("scheduled", 0, lambda: call_command("publish_scheduled")),
    Chore("terms", 0, queue_over),
    Chore("letters", 0, send_due),
    Chore("alerts", HOUR, alerts.answer),
    Chore("commitments", DAY, announce_due),
    Chore("sessions", DAY, announce_near_sessions),
    Chore("dates", DAY, give_dates),
    Chore("reviews", DAY, ask_due),
    Chore("visits", DAY, lambda: call_command("clearsessions")),
    Chore("texts", DAY, forget_gone),
    Chore("links", DAY, forget_old),
    Chore("post", DAY, forget_letters),
    Chore(f"files:{makers()}", DAY, renew_files.enqueue),
    Chore("sweeping", DAY, sweep_files.enqueue),
    Chore("fonts", DAY, paper.static_fonts),
    Chore("tasks", DAY, lambda: call_command("prune_db_task_results", verbosity=0)),
)
"""Publishes what was scheduled, has found as closed what its term has closed, and sends what gathered;
each hour answers who waits to find something; once a day reminds of what falls due and clears what nobody
needs. The font of paper is cut before the first who asks for a PDF."""


class Command(BaseCommand):
    """Does each chore that is due. One that fails holds up no other, and is tried again after an hour."""

    help = "Publica lo programado y hace la limpieza diaria. Se puede llamar cuantas veces se quiera."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is due now; raises CommandError, after all of it, when something failed."""
        failed = [chore.name for chore in CHORES if not _done(chore)]
        if failed:
            raise CommandError(f"Falló: {', '.join(failed)}. Lo demás se hizo; el registro dice por qué.")


def _done(chore: Chore) -> bool:
    key = f"tick:{chore.name}"
    if chore.every and not cache.add(key, 1, chore.every):
        return True
    try:
        chore.run()
    except Exception:
        logger.exception("What is due: %s failed", chore.name)
        cache.touch(key, HOUR)
        return False
    return True
