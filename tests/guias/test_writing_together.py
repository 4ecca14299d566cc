"""Two people on one draft: neither saves over the other unseen, and what either wrote is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail import hooks

from guias.actions.versions import publish_version
from guias.models import Version
from portal.bootstrap import EDITORS
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory
from tests.guias.test_admin import version_form
from tests.guias.test_review import as_it_stands

pytestmark = pytest.mark.django_db
HIDDEN = ("loaded_revision_id", "loaded_revision_created_at")


def an_editor(name: str) -> Client:
    user, client = UserFactory(first_names=name), Client()
    user.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(user)
    return client


def opened(client: Client, draft: Version) -> dict[str, str]:
    """Return what the form carries of the draft that it was opened on."""
    html = client.get(edit(draft)).content.decode()
    return {name: html.partition(f'name="{name}" value="')[2].partition('"')[0] for name in HIDDEN}


def edit(draft: Version) -> str:
    return f"/admin/snippets/guias/version/edit/{draft.pk}/"


@pytest.fixture
def draft() -> Version:
    version = VersionFactory(guide=GuideFactory())
    version.save_revision()
    return version


def summary_of(version: Version) -> str:
    return str(Version.objects.get(pk=version.pk).get_latest_revision_as_object().summary)


def test_the_second_to_save_is_told_and_nothing_of_either_is_lost(draft: Version) -> None:
    ana, eva = an_editor("Ana"), an_editor("Eva")
    of_ana, of_eva = opened(ana, draft), opened(eva, draft)
    ana.post(edit(draft), version_form(draft.guide, summary="De Ana.", **of_ana))
    told = eva.post(edit(draft), version_form(draft.guide, summary="De Eva.", **of_eva))
    html = told.content.decode()
    assert "Mientras usted escribía, Ana (prueba) guardó otros cambios" in html
    assert "De Eva." in html
    assert summary_of(draft) == "De Ana."
    again = {name: html.partition(f'name="{name}" value="')[2].partition('"')[0] for name in HIDDEN}
    assert again != of_eva
    eva.post(edit(draft), version_form(draft.guide, summary="De Eva.", **again))
    assert summary_of(draft) == "De Eva."
    assert {revision.content["summary"] for revision in draft.revisions.all()} >= {"De Ana.", "De Eva."}


def test_who_saves_twice_herself_is_not_stopped(draft: Version) -> None:
    ana = an_editor("Ana")
    for words in ("Uno.", "Dos."):
        ana.post(edit(draft), version_form(draft.guide, summary=words, **opened(ana, draft)))
        assert summary_of(draft) == words


def test_the_second_to_publish_is_told_too(draft: Version) -> None:
    ana, eva = an_editor("Ana"), an_editor("Eva")
    of_eva = opened(eva, draft)
    ana.post(edit(draft), version_form(draft.guide, summary="De Ana.", **opened(ana, draft)))
    form = version_form(draft.guide, summary="De Eva.", **of_eva)
    assert "guardó otros cambios" in eva.post(edit(draft), {**form, "action-publish": "1"}).content.decode()
    assert not Version.objects.get(pk=draft.pk).live


def test_what_is_written_while_it_is_published_becomes_the_next_draft(draft: Version) -> None:
    eva = an_editor("Eva")
    of_eva = opened(eva, draft)
    publish_version(version=draft)
    answer = eva.post(edit(draft), version_form(draft.guide, summary="De Eva.", **of_eva), follow=True)
    following = draft.guide.versions.get(number=draft.number + 1)
    assert f"es ahora el borrador de la versión {following.number}" in answer.content.decode()
    assert summary_of(following) == "De Eva."
    assert not following.live
    assert Version.objects.get(pk=draft.pk).summary != "De Eva."


def test_who_wrote_nothing_starts_no_version(draft: Version) -> None:
    eva = an_editor("Eva")
    eva.post(edit(draft), version_form(draft.guide, **opened(eva, draft)))
    form = as_it_stands(draft)
    publish_version(version=Version.objects.get(pk=draft.pk))
    answer = eva.post(edit(draft), form, follow=True)
    assert "está publicada y ya no se cambia" in answer.content.decode()
    assert draft.guide.versions.count() == 1


def test_publishing_twice_at_once_publishes_once(draft: Version) -> None:
    """Between her form and her turn another one publishes: Wagtail has asked already whether she may."""
    ana = an_editor("Ana")
    form = version_form(draft.guide, **opened(ana, draft))

    def another_is_faster(request: Any, instance: Any) -> None:
        publish_version(version=Version.objects.get(pk=draft.pk))

    with hooks.register_temporarily("before_publish", another_is_faster):
        answer = ana.post(edit(draft), {**form, "action-publish": "1"}, follow=True)
    assert answer.status_code == 200
    assert "está publicada y ya no se cambia" in answer.content.decode()
    assert Version.objects.get(pk=draft.pk).live
    assert draft.guide.versions.count() == 1


def test_who_changes_words_and_publishes_is_told_who_has_to_read_them(settings: Any, draft: Version) -> None:
    settings.SECOND_READER = True
    writes, reads = an_editor("Ana"), an_editor("Eva")
    writes.post(edit(draft), version_form(draft.guide, **opened(writes, draft)))
    form = version_form(draft.guide, summary="Otra cosa.", **opened(reads, draft))
    answer = reads.post(edit(draft), {**form, "action-publish": "1"}, follow=True)
    assert answer.status_code == 200
    assert "lo publica quien no haya escrito en él" in answer.content.decode()
    assert not Version.objects.get(pk=draft.pk).live
    assert summary_of(draft) == "Otra cosa."
