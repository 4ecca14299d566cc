"""Where writers leave word that something they changed must be found anew.

Called inside the writing transaction: if it rolls back so does the word, if it commits the word is
kept until an engine has taken it, whatever happens to processes and engines in between.
"""

from __future__ import annotations

import threading

from django.db import transaction

from search.models import PendingChange

wake = threading.Event()
"""Set when something was queued and committed in this process: a worker thread waits on it."""


def queue(source: str, *object_ids: int | str) -> None:
    """Ask for the documents of these rows of ``source`` to be made again (or removed, if now gone)."""
    PendingChange.objects.bulk_create(PendingChange(source=source, object_id=str(pk)) for pk in object_ids)
    transaction.on_commit(wake.set)
