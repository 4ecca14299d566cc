"""A version is read by a second person before it is published: submitted, sent back, approved by another."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.test import Client
from wagtail.models import TaskState, Workflow
from wagtail.test.utils.form_data import rich_text, streamfield

from guias.actions.versions import publish_version
from guias.enums import VersionState
from guias.models import RouteEditor, SecondReading, Version
from portal.bootstrap import EDITORS, REVIEW, after_migrate, ensure_review
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory, published
from tests.guias.test_admin import version_form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_people(settings: Any) -> None:
    settings.SECOND_READER = True


def one_of_the_editors() -> tuple[Any, Client]:
    user, client = UserFactory(), Client()
    user.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(user)
    return user, client


def test_the_way_of_a_version_through_two_people() -> None:
    author, writes = one_of_the_editors()
    _reader, reads = one_of_the_editors()
    first = published()
    draft = VersionFactory(guide=first.guide, number=2)
    draft.save_revision()
    edit = f"/admin/snippets/guias/version/edit/{draft.pk}/"
    form = version_form(first.guide, changes="Cambió el saludo.")
    assert REVIEW in writes.get(edit).content.decode()
    saved = writes.post(edit, form, follow=True)
    assert 'name="action-publish"' not in saved.content.decode()
    writes.post(edit, {**form, "action-publish": "1"})
    assert not Version.objects.get(pk=draft.pk).live
    writes.post(edit, {**form, "action-submit": "1"})
    draft.refresh_from_db()
    assert draft.state == VersionState.IN_REVIEW
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    confirm = f"/admin/snippets/guias/version/workflow/action/{draft.pk}/%s/{state.pk}/"
    writes.post(confirm % "approve", {"comment": ""})
    assert not Version.objects.get(pk=draft.pk).live
    reads.post(confirm % "reject", {"comment": "Falta un paso."})
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT
    writes.post(edit, {**form, "action-restart-workflow": "1"})
    state = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).get()
    confirm = f"/admin/snippets/guias/version/workflow/action/{draft.pk}/approve/{state.pk}/"
    reads.post(confirm, {"comment": ""})
    draft.refresh_from_db()
    assert (draft.live, draft.state) == (True, VersionState.IN_FORCE)
    assert draft.latest_revision.user == author


def as_it_stands(version: Version) -> dict[str, Any]:
    """Return what a browser sends of the last draft when nothing is touched, with the ids of its blocks."""
    version.refresh_from_db()
    (chapter,) = version.get_latest_revision_as_object().body.raw_data
    value = chapter["value"]
    blocks = streamfield([("heading", value["blocks"][0]["value"]), ("text", "")])
    blocks["1"]["value"] = rich_text(value["blocks"][1]["value"], editor="default", features=["bold"])
    for place, block in enumerate(value["blocks"]):
        blocks[str(place)]["id"] = block["id"]
    body = streamfield([("chapter", {**value, "summary": {"count": "0"}, "blocks": blocks})])
    body["0"]["id"] = chapter["id"]
    return version_form(version.guide, body=body)


@pytest.mark.parametrize(
    "way",
    [
        {"action-publish": "1"},
        {"action-workflow-action": "1", "workflow-action-name": "approve"},
    ],
)
def test_who_reads_it_in_its_form_publishes_it_there(way: dict[str, str]) -> None:
    author, writes = one_of_the_editors()
    _reader, reads = one_of_the_editors()
    draft = VersionFactory(guide=GuideFactory())
    draft.save_revision()
    edit = f"/admin/snippets/guias/version/edit/{draft.pk}/"
    writes.post(edit, {**version_form(draft.guide), "action-submit": "1"})
    form = as_it_stands(draft)
    reads.post(edit, form)
    writes.post(edit, {**form, "action-publish": "1"})
    assert not Version.objects.get(pk=draft.pk).live
    reads.post(edit, {**form, **way})
    draft.refresh_from_db()
    assert draft.live
    assert draft.latest_revision.user == author


def test_who_saves_a_copy_of_what_is_published_as_it_is_did_not_write_it() -> None:
    author, writes = one_of_the_editors()
    _reader, reads = one_of_the_editors()
    first = VersionFactory(guide=GuideFactory())
    writes.post(f"/admin/snippets/guias/version/edit/{first.pk}/", version_form(first.guide))
    body = publish_version(version=Version.objects.get(pk=first.pk)).body
    copy = {"body": body, "changes": "Uno\nDos", "summary": "Primero."}
    draft = VersionFactory(guide=first.guide, number=first.number + 1, **copy)
    draft.save_revision(user=author)
    reads.post(f"/admin/snippets/guias/version/edit/{draft.pk}/", as_it_stands(draft))
    draft.refresh_from_db()
    assert draft.revisions.count() == 2
    assert draft.latest_revision.user == author


def test_who_changes_it_while_she_reads_has_it_read_by_another() -> None:
    author, writes = one_of_the_editors()
    reader, reads = one_of_the_editors()
    draft = VersionFactory(guide=GuideFactory())
    draft.save_revision(user=author)
    edit = f"/admin/snippets/guias/version/edit/{draft.pk}/"
    writes.post(edit, version_form(draft.guide))
    reads.post(edit, {**as_it_stands(draft), "summary": "Otra cosa.", "action-publish": "1"})
    draft.refresh_from_db()
    assert not draft.live
    assert draft.latest_revision.user == reader


def test_who_wrote_all_but_the_last_comma_neither_approves_nor_publishes() -> None:
    author, writes = one_of_the_editors()
    other, mends = one_of_the_editors()
    reader, reads = one_of_the_editors()
    draft = VersionFactory(guide=GuideFactory())
    draft.save_revision()
    edit = f"/admin/snippets/guias/version/edit/{draft.pk}/"
    writes.post(edit, version_form(draft.guide))
    mended = {**as_it_stands(draft), "summary": "Una coma, cambiada."}
    mends.post(edit, {**mended, "action-submit": "1"})
    draft.refresh_from_db()
    assert draft.latest_revision.user == other
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    confirm = f"/admin/snippets/guias/version/workflow/action/{draft.pk}/approve/{state.pk}/"
    waiting = SecondReading.objects.get().get_task_states_user_can_moderate
    assert list(waiting(reader)) == [state]
    for user, client in ((author, writes), (other, mends)):
        assert not waiting(user)
        client.post(confirm, {"comment": ""})
        client.post(edit, {**mended, "action-publish": "1"})
        assert not Version.objects.get(pk=draft.pk).live
    with pytest.raises(PermissionDenied):
        draft.publish(draft.latest_revision, user=author)
    reads.post(confirm, {"comment": ""})
    assert Version.objects.get(pk=draft.pk).live


def test_who_asked_for_the_copy_in_which_another_wrote_reads_it() -> None:
    _author, writes = one_of_the_editors()
    _other, reads = one_of_the_editors()
    guide = published().guide
    reads.post(f"/admin/guias/{guide.pk}/version-siguiente/")
    edit = f"/admin/snippets/guias/version/edit/{guide.versions.get(number=2).pk}/"
    form = version_form(guide, summary="Otra cosa.", changes="Otra cosa.")
    writes.post(edit, form)
    assert 'name="action-publish"' not in writes.get(edit).content.decode()
    assert 'name="action-publish"' in reads.get(edit).content.decode()


def test_who_edits_other_routes_does_not_publish_by_approving() -> None:
    _author, writes = one_of_the_editors()
    reader, reads = one_of_the_editors()
    owned = RouteEditor.objects.create(user=reader, route="redip")
    draft = VersionFactory(guide=GuideFactory(route="orientacion"))
    draft.save_revision()
    edit = f"/admin/snippets/guias/version/edit/{draft.pk}/"
    writes.post(edit, {**version_form(draft.guide), "action-submit": "1"})
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    confirm = f"/admin/snippets/guias/version/workflow/action/{draft.pk}/approve/{state.pk}/"
    assert draft.guide.title not in reads.get("/admin/").content.decode()
    reads.post(confirm, {"comment": ""})
    assert not Version.objects.get(pk=draft.pk).live
    owned.delete()
    assert draft.guide.title in reads.get("/admin/").content.decode()
    reads.post(confirm, {"comment": ""})
    assert Version.objects.get(pk=draft.pk).live


def test_the_review_is_there_once_and_stays_as_it_was_arranged() -> None:
    assert SecondReading.objects.get().groups.filter(name=EDITORS).exists()
    workflow = Workflow.objects.get(name=REVIEW)
    workflow.workflow_content_types.all().delete()
    ensure_review()
    assert not workflow.workflow_content_types.exists()
    assert Workflow.objects.filter(name=REVIEW).count() == 1


def test_a_version_is_not_published_as_it_is_created() -> None:
    _author, writes = one_of_the_editors()
    guide = GuideFactory()
    add = "/admin/snippets/guias/version/add/"
    assert 'name="action-publish"' not in writes.get(add).content.decode()
    writes.post(add, {**version_form(guide), "action-publish": "1"})
    assert not Version.objects.filter(live=True).exists()


def test_editors_may_publish_from_the_first_migration_on() -> None:
    Permission.objects.filter(codename="publish_version").delete()
    after_migrate(None, "default")
    assert Group.objects.get(name=EDITORS).permissions.filter(codename="publish_version").exists()
