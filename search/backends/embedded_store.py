"""Where the embedded index lies: directories side by side, a pointer to the one that serves, locks.

``PLACE/current-<schema>`` holds the name of a directory beside it. The schema's hash is part of every
name, so that two releases of the code can run over one PLACE. Opened lazily and once a process (after
a fork anew); the pointer is read before each use, so that a rebuild by another process is noticed.
"""

from __future__ import annotations

import fcntl
import hashlib
import inspect
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import tantivy

from search.backends import checksums, scoring
from search.backends.base import AnotherRebuilds, EngineDown

logger = logging.getLogger(__name__)

TEXT_FIELDS = tuple(scoring.BOOSTS)
RAW_FIELDS = ("key", "row", "kind", "city", "theme", "route", "parent_id", "audience")

WRITER_HEAP = 50_000_000
EXAMINE_SECONDS = 86_400.0
"""How often the worker reads the whole index to see whether the disk still holds what was written."""
LOCK_SECONDS = 30.0
"""How long a writer waits for its turn: only the worker and rebuilds write, so nobody watches it wait."""


def make_schema() -> tantivy.Schema:
    """Return the fields of the index: text already analysed, split at spaces; the document itself as JSON."""
    builder = tantivy.SchemaBuilder()
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="spaces")
    for name in scoring.SET_FIELDS:
        builder.add_text_field(name, tokenizer_name="spaces", index_option="basic")
    for name in RAW_FIELDS:
        builder.add_text_field(
            name,
            stored=name in {"key", "row"},
            fast=name != "audience",
            tokenizer_name="raw",
            index_option="basic",
        )
    builder.add_integer_field("updated", indexed=True, fast=True)
    builder.add_integer_field("listed", fast=True)
    builder.add_integer_field("version", stored=True)
    builder.add_text_field("mark", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("place", indexed=True, fast=True)
    builder.add_float_field("weight", fast=True)
    builder.add_bytes_field("document", stored=True)
    return builder.build()


_MADE_FROM = (TEXT_FIELDS, scoring.SET_FIELDS, RAW_FIELDS, scoring.LAYOUT, inspect.getsource(make_schema))
SCHEMA_HASH = hashlib.sha256(repr(_MADE_FROM).encode()).hexdigest()[:8]
"""Part of every name: an index whose fields are others is never opened, but made anew beside."""


@contextmanager
def failures() -> Iterator[None]:
    """Turn what the engine and the disk raise into EngineDown; also a panic, which is no Exception."""
    try:
        yield
    except (ValueError, OSError, LookupError) as error:
        raise EngineDown(str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise EngineDown(f"the engine stumbled: {error}") from None
        raise


class Store:
    """The directories under ``place``."""

    def __init__(self, place: str) -> None:
        self.place = Path(place)
        self.schema = make_schema()
        self._pointer = self.place / f"current-{SCHEMA_HASH}"
        self._mutex = threading.Lock()
        self._opened: tuple[int, str, tantivy.Index] | None = None
        self._reloaded: tuple[str, int, int, int] | None = None
        """What stood in the list of parts when it was read last."""
        self.generation = 0
        """Counts up whenever something else may be found than before."""
        self._suspicion = self.place / f"suspect-{SCHEMA_HASH}"
        self._examine_at = 0.0

    def current(self) -> str:
        """Return the name of the directory that serves, or nothing when none was ever filled."""
        try:
            return self._pointer.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return ""

    @property
    def is_filled(self) -> bool:
        """Whether a rebuild has ended once; an index that only the outbox filled may lack old rows."""
        name = self.current()
        return bool(name) and (self.place / name / "complete").exists()

    def open(self) -> tantivy.Index:
        """Return the index that serves, made empty when there is none; raises EngineDown."""
        while True:
            name = self.current()
            try:
                return self._open(name)
            except (ValueError, OSError) as error:
                if self.current() == name:
                    raise EngineDown(f"the index in {self.place / name} cannot be opened: {error}") from error

    def searcher(self) -> tantivy.Searcher:
        """Return a view of what was committed last; a swap between two steps is simply tried again."""
        while True:
            name = self.current()
            try:
                index = self.open()
                self._reload(index, name)
                return index.searcher()
            except (ValueError, OSError):
                if self.current() == name:
                    raise

    def _reload(self, index: tantivy.Index, name: str) -> None:
        """Take in what was committed since: one search asks several times, and mostly nothing was.

        A commit puts another file in the place of this one.
        """
        listed = (self.place / name / "meta.json").stat() if name else None
        stamp = (name, listed.st_ino, listed.st_mtime_ns, listed.st_size) if listed else None
        if stamp is None or stamp != self._reloaded:
            index.reload()
            self.generation += 1
            self._reloaded = stamp

    def _open(self, name: str) -> tantivy.Index:
        with self._mutex:
            if self._opened and self._opened[:2] == (os.getpid(), name):
                return self._opened[2]
            if not name:
                name = self.fresh_name()
                self.make(name)
                self.point_at(name)
            index = self._with_tokenizers(tantivy.Index.open(str(self.place / name)))
            self._opened = (os.getpid(), name, index)
            return index

    def fresh_name(self) -> str:
        """Return a name that no directory has."""
        return f"{SCHEMA_HASH}-{time.time_ns()}"

    def make(self, name: str) -> tantivy.Index:
        """Create an empty index."""
        path = self.place / name
        path.mkdir(parents=True)
        return self._with_tokenizers(tantivy.Index(self.schema, path=str(path)))

    def point_at(self, name: str) -> None:
        """Make ``name`` the one that serves, in one step."""
        aside = self._pointer.with_suffix(f".{os.getpid()}.new")
        aside.write_text(name, encoding="ascii")
        aside.replace(self._pointer)

    def mark_filled(self, name: str) -> None:
        """Note that a rebuild put everything into ``name``."""
        (self.place / name / "complete").touch()

    def remove_others(self, *keep: str) -> None:
        """Remove directories of this schema that neither serve nor are in ``keep``."""
        kept = {self.current(), *keep}
        for path in self.place.glob(f"{SCHEMA_HASH}-*"):
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Hold the right to rebuild, among all processes; raises EngineDown when another has it."""
        with failures():
            self.place.mkdir(parents=True, exist_ok=True)
            lock = (self.place / "rebuild.lock").open("w")
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise AnotherRebuilds("another process is rebuilding this index") from error
            yield

    def reopened(self, name: str) -> tantivy.Index | None:
        """Return the index that an interrupted rebuild left under ``name``; None when it is no use."""
        path = self.place / name
        if not name.startswith(f"{SCHEMA_HASH}-") or name == self.current() or not path.is_dir():
            return None
        with suppress(EngineDown), failures():
            return self._with_tokenizers(tantivy.Index.open(str(path)))
        return None

    def require_room(self) -> None:
        """Raise EngineDown when a second index as large as this one would fill the disk."""
        serving = self.place / self.current()
        taken = sum(path.stat().st_size for path in serving.iterdir()) if serving.is_dir() else 0
        free = shutil.disk_usage(self.place).free
        if free < taken + WRITER_HEAP // 10:
            raise EngineDown(f"a new index needs some {taken >> 20} MB and the disk has {free >> 20} MB left")

    # --- Damage ---------------------------------------------------------------------------------------
    def suspect(self) -> None:
        """Ask for :meth:`examine` by the worker, which may be another process."""
        with suppress(OSError):  # a full disk, too, ends up here
            self._suspicion.touch()

    def examine(self) -> None:
        """Compare the files of the index that serves with their checksums, when it is time.

        With one that differs the index counts as never filled, in all processes at once.
        """
        now = time.monotonic()
        if now < self._examine_at and not self._suspicion.exists():
            return
        self._suspicion.unlink(missing_ok=True)
        self._examine_at = now + EXAMINE_SECONDS
        name = self.current()
        damage = checksums.damage(self.place / name) if name else ""
        if damage and self.current() == name:
            logger.error("The search index in %s is damaged: %s", self.place / name, damage)
            (self.place / name / "complete").unlink(missing_ok=True)

    @contextmanager
    def writing(self, index: tantivy.Index) -> Iterator[tantivy.IndexWriter]:
        """Give the one writer, committed at the end and rolled back on error; waits for another's turn."""
        writer = self._writer(index)
        try:
            yield writer
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()

    def _writer(self, index: tantivy.Index) -> tantivy.IndexWriter:
        give_up = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                return index.writer(WRITER_HEAP, 1)
            except ValueError as error:
                if "LockBusy" not in str(error) or time.monotonic() > give_up:
                    raise EngineDown(str(error)) from error
                time.sleep(0.02)

    @staticmethod
    def _with_tokenizers(index: tantivy.Index) -> tantivy.Index:
        index.register_tokenizer(
            "spaces", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        return index
