"""Files are read once, by the worker, and what asked for them is found by their words."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from search import reading, rebuilding, registry
from search.backends.plan import parse
from search.comparing import differences
from search.documents import joined
from search.highlight import Highlighter
from search.models import FileText, PendingChange
from tests.factories.papers import pdf_of
from tests.factories.search import EPOCH, make_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> str:
    """The name of a stored PDF of three pages."""
    return storages["private"].save("prueba.pdf", ContentFile(pdf_of("Uno", "Dos: capital semilla", "Tres")))


def ask(name: str, row: str = "prueba:1", kind: str = "pdf") -> tuple[str, ...]:
    return reading.words_of(row, sha256="a" * 64, kind=kind, storage="private", name=name).pages


def queued() -> set[str]:
    return {str(change) for change in PendingChange.objects.all()}


def test_a_file_is_read_once_and_all_who_asked_are_made_again(
    kept: str, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as later:
        assert ask(kept) == ask(kept, "prueba:2") == ask(kept) == ()
    assert FileText.objects.get().wanted_by == ["prueba:1", "prueba:2"]
    later[0]()
    assert queued() == {"prueba:1", "prueba:2"}
    assert [page.strip() for page in ask(kept)] == ["Uno", "Dos: capital semilla", "Tres"]
    PendingChange.objects.all().delete()
    later[1]()
    assert queued() == set(), "nobody waits any more"


@pytest.mark.parametrize("name", ["no-existe.pdf", "roto.pdf"])
def test_what_cannot_be_read_is_noted_and_not_tried_for_ever(
    name: str, django_capture_on_commit_callbacks: Any
) -> None:
    if name == "roto.pdf":
        name = storages["private"].save(name, ContentFile(b"%PDF-1.4"))
    with django_capture_on_commit_callbacks(execute=True):
        ask(name)
    found = FileText.objects.get()
    assert found.is_read and found.problem and found.pages == []
    with django_capture_on_commit_callbacks() as later:
        assert ask(name) == ()
    assert later == []


def test_work_that_was_lost_is_asked_for_again(kept: str, django_capture_on_commit_callbacks: Any) -> None:
    ask(kept)
    FileText.objects.update(asked_at=FileText.objects.get().asked_at - timedelta(hours=2))
    with django_capture_on_commit_callbacks(execute=True):
        ask(kept)
    assert len(ask(kept)) == 3


def test_the_arrival_of_the_words_is_a_new_version(
    kept: str, shelf: Any, search_index: Any, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    shelf.add("Con archivo")

    def documents(row: Any) -> Any:
        words = reading.words_of(
            f"prueba:{row.pk}", sha256="a" * 64, kind="pdf", storage="private", name=kept
        )
        body = " ".join(words.pages)
        yield make_document(id=str(row.pk), title="Uno", body=body, touched=words.read_at, updated=EPOCH)

    source = dataclasses.replace(registry.source("prueba"), documents=documents)
    monkeypatch.setattr(registry, "_sources", {"prueba": source})
    with django_capture_on_commit_callbacks(execute=True):
        search_index()
    PendingChange.objects.all().delete()  # as if the word had got lost
    assert [one.what for one in differences()] == ["stale"]
    rebuilding.rebuild()
    assert list(differences()) == []


def test_words_of_files_that_nobody_has_any_more_are_removed(monkeypatch: Any) -> None:
    in_use = {"b" * 64}
    monkeypatch.setattr(registry, "_files", [lambda hashes: in_use & set(hashes)])
    monkeypatch.setattr(reading, "BATCH", 2)
    long_ago = timezone.now() - timedelta(days=2)
    for letter in "abcd":
        FileText.objects.create(sha256=letter * 64, is_read=True, asked_at=long_ago)
    FileText.objects.filter(pk="c" * 64).update(asked_at=timezone.now())
    assert reading.forget_gone() == 2
    assert set(FileText.objects.values_list("pk", flat=True)) == {"b" * 64, "c" * 64}


def test_a_file_that_is_gone_is_forgotten_while_it_is_read(kept: str) -> None:
    assert reading.read_file.func("a" * 64, "pdf", "private", kept) == 0
    assert not FileText.objects.exists()


def test_kinds_without_words_ask_for_nothing() -> None:
    assert ask("foto.png", kind="png") == () and not FileText.objects.exists()


# --- The part that a result opens at -------------------------------------------------------------
PAGES = ("De qué trata.", "El capital semilla llega en marzo.", "El capital.", "Semilla de maíz.")


def passage(query: str, summary: str = "") -> tuple[str, str]:
    body, parts = joined(reading.as_parts(PAGES, url="/archivo/", kind="pdf"))
    document = make_document(summary=summary, body=body, parts=parts)
    html, part = Highlighter(parse(query)).passage(document)
    return html, part.url if part else ""


@pytest.mark.parametrize(
    ("query", "page"),
    [("capital semilla", 2), ("maíz", 4), ("capital maíz", 2), ("trata", 1), ('"capital semilla"', 2)],
)
def test_a_result_opens_at_the_page_with_most_of_the_words(query: str, page: int) -> None:
    html, url = passage(query)
    assert url == f"/archivo/?ver#page={page}" and "<mark>" in html


def test_the_summary_comes_first_when_it_says_as_much() -> None:
    assert passage("capital semilla", "Capital semilla, en breve.")[1] == ""
    assert passage("nada")[1] == ""


def test_places_stay_true_for_text_that_is_not_composed() -> None:
    body, parts = joined([("A\u0301rbol " * 50, "/1", "1"), ("nin\u0303o", "/2", "2")])
    assert body[parts[1].at :] == "niño"
    html, part = Highlighter(parse("niño")).passage(make_document(body=body, parts=parts))
    assert part == parts[1] and html == "<mark>niño</mark>"
