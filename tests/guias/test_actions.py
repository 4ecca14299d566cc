"""Starting, publishing and reading, by the actions that every way in uses."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from guias import signals
from guias.actions.reading import mark_read, save_ticks
from guias.actions.versions import publish_version, put_in_force, set_in_review, start_version
from guias.enums import GuideState, VersionState
from guias.models import Reading, Rendition, Tick, Version
from nucleo.policies import Forbidden
from search.models import PendingChange
from tests.factories.cuentas import UserFactory
from tests.factories.guias import CHECKS, GuideFactory, VersionFactory, editor, published

pytestmark = pytest.mark.django_db


def test_publishing_dates_it_retires_the_one_before_and_asks_for_files() -> None:
    first = published()
    second = publish_version(version=VersionFactory(guide=first.guide, number=2), by=editor())
    first.refresh_from_db()
    assert (first.state, second.state) == (VersionState.RETIRED, VersionState.IN_FORCE)
    assert second.published_on == timezone.localdate()
    assert second.live
    assert Rendition.objects.filter(version=second).count() == 4
    assert PendingChange.objects.filter(source="guia", object_id=str(first.guide_id)).count() == 2
    assert second.guide.__class__.objects.get(pk=second.guide_id).state == GuideState.IN_FORCE


def test_an_advanced_guide_stays_advanced() -> None:
    version = published(guide=GuideFactory(state=GuideState.ADVANCED))
    version.guide.refresh_from_db()
    assert version.guide.state == GuideState.ADVANCED


def test_publication_is_announced_after_commit(django_capture_on_commit_callbacks: Any) -> None:
    heard: list[tuple[Version, Version | None]] = []

    def hear(version: Version, previous: Version | None, **kwargs: Any) -> None:
        heard.append((version, previous))

    signals.version_published.connect(hear)
    first = published()
    assert heard == []
    with django_capture_on_commit_callbacks() as callbacks:
        second = publish_version(version=VersionFactory(guide=first.guide, number=2))
    for callback in callbacks:
        if "send" in repr(callback):
            callback()
    signals.version_published.disconnect(hear)
    assert heard == [(second, first)]


def test_who_may_not_publish_is_told() -> None:
    version = VersionFactory()
    with pytest.raises(Forbidden, match="edita"):
        publish_version(version=version, by=UserFactory())
    version.refresh_from_db()
    assert not version.live


def test_publishing_takes_the_last_draft() -> None:
    version = VersionFactory()
    version.summary = "La última palabra."
    version.save_revision()
    publish_version(version=version)
    assert Version.objects.get(pk=version.pk).summary == "La última palabra."


def test_a_scheduled_version_goes_live_by_itself() -> None:
    first = published()
    version = VersionFactory(guide=first.guide, number=2)
    version.go_live_at = timezone.now() + timezone.timedelta(hours=1)
    revision = version.save_revision()
    revision.publish()
    version.refresh_from_db()
    assert (version.live, version.state) == (False, VersionState.DRAFT)
    revision.approved_go_live_at = timezone.now() - timezone.timedelta(minutes=1)
    content = {**revision.content, "go_live_at": revision.approved_go_live_at.isoformat()}
    type(revision).objects.filter(pk=revision.pk).update(
        approved_go_live_at=revision.approved_go_live_at, content=content
    )
    call_command("publish_scheduled")
    version.refresh_from_db()
    first.refresh_from_db()
    assert (version.state, first.state) == (VersionState.IN_FORCE, VersionState.RETIRED)


def test_a_review_shows_and_ends_in_publication() -> None:
    version = VersionFactory()
    version.save_revision()
    workflow = Workflow.objects.create(name="Revisión de guías")
    task = GroupApprovalTask.objects.create(name="Segunda lectura")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    author, reviewer = editor(), editor(is_superuser=True)

    state = workflow.start(version, author)
    version.refresh_from_db()
    assert version.state == VersionState.IN_REVIEW
    state.current_task_state.reject(user=reviewer, comment="Falta un paso.")
    version.refresh_from_db()
    assert version.state == VersionState.DRAFT
    state.cancel(user=author)

    state = workflow.start(version, author)
    state.current_task_state.approve(user=reviewer)
    version.refresh_from_db()
    assert (version.live, version.state) == (True, VersionState.IN_FORCE)
    assert set_in_review(version=version, in_review=True) is False


def test_putting_in_force_twice_changes_nothing() -> None:
    version = published()
    assert put_in_force(version=version) is False


def test_the_next_version_begins_as_a_copy_with_the_same_ids() -> None:
    first = published()
    second = start_version(guide=first.guide, by=None)
    assert (second.number, second.live, second.state) == (2, False, VersionState.DRAFT)
    second = Version.objects.get(pk=second.pk)
    assert [item.id for item in second.chapters[1].items] == CHECKS
    assert second.summary == first.summary
    assert start_version(guide=first.guide, by=None) == second


def test_ticks_are_kept_by_item_and_only_of_the_chapter() -> None:
    user, version = UserFactory(), published()
    chapter = version.chapter("cerrar")
    assert chapter is not None
    assert save_ticks(user=user, guide=version.guide, chapter=chapter, checked=CHECKS[:2]) == 2
    stranger = str(uuid.uuid4())
    assert (
        save_ticks(user=user, guide=version.guide, chapter=chapter, checked=[CHECKS[2], stranger, "x"]) == 1
    )
    assert [str(tick.item) for tick in Tick.objects.filter(user=user)] == [CHECKS[2]]


def test_ticks_need_an_account() -> None:
    version = published()
    with pytest.raises(Forbidden):
        save_ticks(user=AnonymousUser(), guide=version.guide, chapter=version.chapters[1], checked=CHECKS)


def test_opening_a_chapter_twice_keeps_one_row() -> None:
    user, version = UserFactory(), published()
    for _ in range(2):
        mark_read(user=user, version=version, chapter=version.chapters[0])
    mark_read(user=AnonymousUser(), version=version, chapter=version.chapters[0])
    reading = Reading.objects.get()
    assert (reading.chapter, reading.version_number) == ("recibir", 1)
