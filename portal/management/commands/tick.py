"""``manage.py tick``: what has fallen due. The worker calls it each minute; cron may do so too."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand

from guias.actions.reminders import announce_near_sessions
from guias.actions.reviews import ask_due, give_dates
from guias.tasks import renew_files, sweep_files
from portal.responding import forget_old
from redip.actions.reminders import announce_due
from search import alerts
from search.reading import forget_gone

HOUR, DAY = 3_600, 86_400


class Command(BaseCommand):
    """Publishes what was scheduled; each hour answers who waits to find something.

    Once a day it reminds of what falls due and clears what nobody needs.
    """

    help = "Publica lo programado y hace la limpieza diaria. Se puede llamar cuantas veces se quiera."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is due now."""
        call_command("publish_scheduled")
        if cache.add("tick:hourly", 1, HOUR):
            alerts.answer()
        if cache.add("tick:daily", 1, DAY):
            announce_due()
            announce_near_sessions()
            give_dates()
            ask_due()
            call_command("clearsessions")
            forget_gone()
            forget_old()
            renew_files.enqueue()
            sweep_files.enqueue()
            call_command("prune_db_task_results", verbosity=0)
