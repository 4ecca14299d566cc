"""The words of uploaded files, for the index: read once by the worker, kept by the file's hash.

The index asks (:func:`words_of`) when it makes the documents of a row; what has not been read yet is queued,
and the rows that asked are made again when it has. So a file is found by its name at once and by its words
some seconds later, and files from before are read when the index is rebuilt. Knows no app.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from nucleo import document_text
from search import outbox, registry
from search.models import FileText

logger = logging.getLogger(__name__)

BATCH = 500
KEPT = timedelta(days=1)
"""How long words are kept for whose file nobody can be found."""


@dataclass(frozen=True, slots=True)
class FileWords:
    """The text of each page of a file, and when it was read: not yet, when None."""

    pages: tuple[str, ...] = ()
    read_at: datetime | None = None


def words_of(row: str, *, sha256: str, kind: str, storage: str, name: str) -> FileWords:
    """Return the words of a file; none while it is unread, or when it has none.

    ``row`` (``source:pk``) is made again once the file has been read. ``storage`` is the alias of the storage
    that has the file under ``name``.
    """
    if kind not in document_text.KINDS:
        return FileWords()
    known = FileText.objects.filter(sha256=sha256).first()
    if known is not None and (known.is_read or (row in known.wanted_by and not known.is_late)):
        return FileWords(tuple(known.pages), known.read_at)
    with transaction.atomic():
        asked, _new = FileText.objects.select_for_update().get_or_create(sha256=sha256)
        if asked.is_read:
            return FileWords(tuple(asked.pages), asked.read_at)
        asked.wanted_by = list(dict.fromkeys([*asked.wanted_by, row]))
        asked.asked_at = timezone.now()
        asked.save(update_fields=["wanted_by", "asked_at"])
        transaction.on_commit(lambda: read_file.enqueue(sha256, kind, storage, name))
    return FileWords()


def as_parts(pages: Sequence[str], *, url: str, kind: str) -> Iterator[tuple[str, str, str]]:
    """Give pages as :func:`search.documents.joined` takes them; a PDF opens at the page, others whole."""
    for number, page in enumerate(pages, 1):
        if kind == "pdf":
            yield page, f"{url}?ver#page={number}", _("Página %(number)s") % {"number": number}
        else:
            yield page, "", ""


@task()
def read_file(sha256: str, kind: str, storage: str, name: str) -> int:
    """Read a file and have the rows that asked for its words indexed again; return how many pages it has."""
    if FileText.objects.filter(sha256=sha256, is_read=True).exists():
        return 0
    pages: list[str] = []
    problem = ""
    try:
        with storages[storage].open(name) as file:
            pages = document_text.read(file, kind)
    except document_text.UnreadableError as error:
        problem = str(error)
    except FileNotFoundError:
        problem = "the file is gone"
    if problem:
        logger.warning("No text of %s: %s", name, problem)
    with transaction.atomic():
        text = FileText.objects.select_for_update().filter(sha256=sha256).first()
        if text is None:  # nobody has the file any more
            return 0
        wanted, text.wanted_by = text.wanted_by, []
        # PostgreSQL keeps no NUL in text.
        text.pages = [page.replace("\0", " ") for page in pages]
        text.is_read, text.problem, text.read_at = True, problem, timezone.now()
        text.save()
        for row in wanted:
            source, _, pk = row.partition(":")
            outbox.queue(source, pk)
    return len(pages)


def forget_gone() -> int:
    """Remove the words of files that no app has any more, and return how many; a batch at a time.

    A file that was asked for lately is left: the row that has it may not have been committed yet.
    """
    removed, after = 0, ""
    old = FileText.objects.filter(asked_at__lt=timezone.now() - KEPT)
    while hashes := list(
        old.filter(sha256__gt=after).order_by("sha256").values_list("pk", flat=True)[:BATCH]
    ):
        after = hashes[-1]
        gone = set(hashes) - registry.files_in_use(hashes)
        removed += FileText.objects.filter(pk__in=gone).delete()[0]
    return removed
