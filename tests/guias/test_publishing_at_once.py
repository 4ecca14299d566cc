"""Two editors publish one draft at the same moment: one does, the other is told, nothing is there twice."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from guias.actions.versions import publish_version
from guias.enums import MADE, VersionState
from guias.models import Guide, Version
from guias.models.versions import Frozen
from tests.at_once import at_once, in_processes
from tests.factories.guias import GuideFactory, VersionFactory, editor, published

pytestmark = pytest.mark.django_db(transaction=True)
ANNOUNCED = "portal.letters.announce_version"
BEFORE = """
from django.contrib.auth import get_user_model
from guias.actions.versions import publish_version
from guias.models import Version
from guias.models.versions import Frozen
draft, person = Version.objects.get(number=2), get_user_model().objects.get(pk=sys.argv[1])
"""
THEN = """
try:
    publish_version(version=draft, by=person)
    print("published")
except Frozen:
    print("frozen")
"""


@pytest.fixture
def draft(media: Path) -> Version:
    """Return the draft of a guide that has a version in force; what a worker would do for it waits."""
    first = published(guide=GuideFactory(slug="guia"))
    draft = VersionFactory(guide=first.guide, number=2, changes="Otra cosa.")
    draft.save_revision()
    DBTaskResult.objects.all().delete()
    return draft


def check() -> None:
    """Look whether the guide is as if one had published alone."""
    first, second = Version.objects.order_by("number")
    assert (first.state, second.state) == (VersionState.RETIRED, VersionState.IN_FORCE)
    assert sorted(second.renditions.values_list("format", flat=True)) == sorted(form for form, _ in MADE)
    assert second.guide.chapter_reviews.count() == len(second.chapters)
    assert DBTaskResult.objects.filter(task_path=ANNOUNCED).count() == 1
    assert Guide.objects.count() == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite is asked in a file, below")
def test_of_several_threads_one_publishes(draft: Version, queued: Any) -> None:
    people = [editor() for _n in range(4)]
    own = [Version.objects.get(pk=draft.pk) for _person in people]

    def publish(version: Version, person: Any) -> str:
        try:
            publish_version(version=version, by=person)
        except Frozen:
            return "frozen"
        return "published"

    said = at_once(*(partial(publish, *both) for both in zip(own, people, strict=True)))
    assert sorted(said) == ["frozen"] * 3 + ["published"]
    check()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is asked above")
def test_of_several_processes_one_publishes(draft: Version, tmp_path: Path) -> None:
    """SQLite as it runs: a file, and processes that write to it."""
    people = [str(editor().pk) for _n in range(3)]
    said, file = in_processes(tmp_path, *people, before=BEFORE, then=THEN)
    assert sorted(said) == ["frozen"] * 2 + ["published"]
    written = sqlite3.connect(file)
    written.backup(connection.connection)
    written.close()
    check()
