"""What is said of a draft: to who works on it, while it is one, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group
from django.test import Client
from wagtail.models import ModelLogEntry

from guias import policies
from guias.actions.remarks import remark, settle
from guias.actions.versions import publish_version, start_version
from guias.models import Remark, Version
from guias.models.remarks import who_works_on
from guias.models.versions import wrote
from nucleo.policies import Forbidden
from portal.avisos.models import Notice
from portal.bootstrap import EDITORS
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory, published

pytestmark = pytest.mark.django_db


def an_editor(name: str) -> tuple[Any, Client]:
    user, client = UserFactory(first_names=name), Client()
    user.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(user)
    return user, client


@pytest.fixture
def draft() -> Version:
    return VersionFactory(guide=GuideFactory())


def place(version: Version) -> str:
    return f"/admin/guias/versiones/{version.pk}/comentarios/"


def test_who_may() -> None:
    ana, _client = an_editor("Ana")
    draft, other = VersionFactory(guide=GuideFactory()), published()
    anybody = (AnonymousUser(), UserFactory())
    for user, reads, on_draft, on_published in (
        *((one, False, False, False) for one in anybody),
        (ana, True, True, False),
    ):
        assert policies.can_read_remarks(user) is reads
        assert policies.can_remark(user, draft) is on_draft
        assert policies.can_remark(user, other) is on_published
        Remark.objects.create(version=draft, words="x", written_by=ana)
        assert Remark.objects.visible_to(user).exists() is reads


def test_a_remark_reaches_who_wrote_and_who_spoke_and_is_settled(
    draft: Version, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    ana, writes = an_editor("Ana")
    eva, reads = an_editor("Eva")
    eli, _client = an_editor("Elí")
    draft.save_revision(user=ana)
    Remark.objects.create(version=draft, words="Antes.", written_by=eli)
    slug = draft.chapters[0].slug
    with django_capture_on_commit_callbacks(execute=True):
        answer = reads.post(place(draft), {"capitulo": slug, "palabras": "Falta <un> paso."}, follow=True)
    html = answer.content.decode()
    assert "Falta &lt;un&gt; paso." in html and draft.chapters[0].title in html and "Eva" in html
    told = Notice.objects.filter(text="Eva (prueba) comentó un borrador")
    assert {notice.recipient for notice in told} == {ana, eli}
    assert {notice.url for notice in told} == {place(draft)}
    edit = writes.get(f"/admin/snippets/guias/version/edit/{draft.pk}/").content.decode()
    assert "Falta &lt;un&gt; paso." in edit and place(draft) in edit
    made = Remark.objects.get(words="Falta <un> paso.")
    writes.post(place(draft), {"resuelto": made.pk})
    made.refresh_from_db()
    assert made.settled_by == ana
    assert "Resuelto por Ana" in writes.get(place(draft)).content.decode()
    edit = writes.get(f"/admin/snippets/guias/version/edit/{draft.pk}/").content.decode()
    assert "Falta &lt;un&gt; paso." not in edit
    assert settle(remark=made, by=eva) is False


def test_who_began_a_draft_and_wrote_nothing_in_it_is_told_once(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    ana, begins = an_editor("Ana")
    eva, reads = an_editor("Eva")
    guide = published().guide
    begins.post(f"/admin/guias/{guide.pk}/version-siguiente/")
    draft = guide.versions.get(number=2)
    with django_capture_on_commit_callbacks(execute=True):
        reads.post(place(draft), {"palabras": "Falta un paso."})
    told = Notice.objects.filter(text="Eva (prueba) comentó un borrador")
    assert [notice.recipient for notice in told] == [ana]
    draft.get_latest_revision_as_object().save_revision(user=ana)
    assert list(who_works_on(draft)) == [ana, eva]
    assert not wrote(ana, draft)


@pytest.mark.parametrize("changed", [False, True])
def test_a_draft_begun_before_is_a_copy_of_nobody_whose_beginner_is_told(changed: bool) -> None:
    ana, _client = an_editor("Ana")
    current = published()
    draft = start_version(guide=current.guide, by=None)
    draft.revisions.all().delete()
    ModelLogEntry.objects.all().delete()
    draft = Version.objects.get(pk=draft.pk)
    if changed:
        draft.summary = "Otra cosa."
    draft.save_revision(user=ana)  # as drafts were begun
    import_module("guias.migrations.0021_copies_are_nobodys").copies_are_nobodys(apps, None)
    assert wrote(ana, draft) is changed
    assert list(who_works_on(draft)) == [ana]


def test_who_is_alone_on_a_draft_is_not_told_that_others_were_told(draft: Version) -> None:
    ana, writes = an_editor("Ana")
    _eva, reads = an_editor("Eva")
    draft.save_revision(user=ana)
    alone = writes.post(place(draft), {"palabras": "Para después."}, follow=True).content.decode()
    assert "Nadie más trabaja todavía en este borrador" in alone and "avisamos" not in alone
    both = reads.post(place(draft), {"palabras": "Falta un paso."}, follow=True).content.decode()
    assert "Les avisamos a los demás que trabajan en este borrador." in both


def test_what_is_published_is_only_read(draft: Version) -> None:
    ana, writes = an_editor("Ana")
    made = remark(version=draft, chapter="", words="De todo.", by=ana)
    publish_version(version=draft)
    draft.refresh_from_db()
    html = writes.get(place(draft)).content.decode()
    assert "De todo." in html and "Toda la versión" in html and "<textarea" not in html
    for late in ({"palabras": "Tarde."}, {"resuelto": made.pk}):
        assert writes.post(place(draft), late)["Location"] == "/admin/"  # how the administration refuses
    with pytest.raises(Forbidden):
        remark(version=draft, chapter="", words="Tarde.", by=ana)
    assert Remark.objects.open().count() == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"palabras": ""}, 422),
        ({"palabras": "x" * 1001}, 422),
        ({"palabras": "x", "capitulo": "no-hay"}, 422),
        ({"resuelto": "9" * 30}, 404),
        ({"resuelto": "uno"}, 404),
    ],
)
def test_wrong_input_is_told(draft: Version, sent: dict[str, str], status: int) -> None:
    _ana, writes = an_editor("Ana")
    assert writes.post(place(draft), sent).status_code == status
    assert not Remark.objects.exists()


def test_a_remark_of_another_draft_is_not_settled_here(draft: Version) -> None:
    ana, writes = an_editor("Ana")
    other = remark(version=VersionFactory(guide=GuideFactory()), chapter="", words="Otra.", by=ana)
    assert writes.post(place(draft), {"resuelto": other.pk}).status_code == 404


def test_who_does_not_edit_finds_nothing(draft: Version, client: Any) -> None:
    client.force_login(UserFactory())
    assert client.get(place(draft)).status_code in (302, 403, 404)


def test_the_list_costs_the_same_with_more(
    draft: Version, client: Any, assert_same_queries: Callable[..., int]
) -> None:
    ana, _client = an_editor("Ana")
    client.force_login(ana)
    remark(version=draft, chapter="", words="Uno.", by=ana)

    def more() -> None:
        for words in ("Dos.", "Tres."):
            remark(version=draft, chapter="", words=words, by=UserFactory(is_superuser=True))

    assert_same_queries(place(draft), more)


def test_a_remark_on_a_chapter_that_the_draft_renamed_names_it_as_it_is_now() -> None:
    ana, reads = an_editor("Ana")
    first = published()
    draft = VersionFactory(guide=first.guide, number=2)
    Remark.objects.create(version=draft, chapter="cerrar", words="Falta la firma.", written_by=ana)
    draft.body[1].value["slug"], draft.body[1].value["title"] = "cierre", "Cierre con constancia"
    draft.save_revision(user=ana)
    html = reads.get(place(draft)).content.decode()
    row = html[html.index("Falta la firma.") - 600 : html.index("Falta la firma.")]
    assert "Cierre con constancia" in row and "cerrar" not in row
