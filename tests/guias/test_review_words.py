"""What the second reading says and to whom: one mail for each thing, in Spanish, with a link that opens."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from wagtail.models import TaskState

from guias.enums import Route
from guias.models import RouteEditor, Version
from guias.tables.waiting import waiting_for
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory, published
from tests.guias.test_admin import version_form
from tests.guias.test_review import as_it_stands, one_of_the_editors

pytestmark = pytest.mark.django_db
LIST = "/admin/snippets/guias/version/"


@pytest.fixture(autouse=True)
def two_people(settings: Any) -> None:
    settings.SECOND_READER = True


class Reading:
    """A draft of a published guide that one writes and another reads."""

    def __init__(self) -> None:
        self.author, self.writes = one_of_the_editors()
        self.reader, self.reads = one_of_the_editors()
        self.guide = published(guide=GuideFactory(title="Orientación & «empleo»")).guide
        self.draft = VersionFactory(guide=self.guide, number=2)
        self.edit = f"{LIST}edit/{self.draft.pk}/"

    def post(self, client: Client, action: str, **fields: Any) -> str:
        """Press a button of the form, and return what the screen says then."""
        form = version_form(self.guide) if client is self.writes else as_it_stands(self.draft)
        page = client.post(self.edit, {**form, action: "1", **fields}, follow=True).content.decode()
        said = re.search(r'class="messages-icon.*?</li>|<div class="messages".*?</div>', page, re.S)
        return " ".join(re.sub(r"<[^>]*>", " ", page[said.start() : said.end()] if said else "").split())

    def decide(self, name: str, comment: str = "") -> str:
        extra = json.dumps({"comment": comment})
        name_and_words = {"workflow-action-name": name, "workflow-action-extra-data": extra}
        return self.post(self.reads, "action-workflow-action", **name_and_words)


@pytest.fixture
def reading() -> Reading:
    return Reading()


def test_only_who_may_approve_it_is_asked(reading: Reading) -> None:
    other, _client = one_of_the_editors()
    RouteEditor.objects.create(user=other, route=next(iter(set(Route) - {reading.guide.route})))
    helper, _client = one_of_the_editors()
    reading.draft.save_revision(user=helper)
    reading.post(reading.writes, "action-submit")
    assert [letter.to for letter in mail.outbox] == [[reading.reader.email]]


def test_each_hears_once_and_can_open_what_it_is_about(reading: Reading) -> None:
    UserFactory(is_superuser=True, is_staff=True)
    assert "se envió a revisión" in reading.post(reading.writes, "action-submit")
    (asked,) = mail.outbox
    assert asked.to == [reading.reader.email]
    assert asked.subject == "Espera su segunda lectura: Orientación & «empleo», versión 2"
    assert f"{reading.author} envió «Orientación & «empleo», versión 2»" in asked.body
    (address,) = re.findall(r"http\S+edit\S+", asked.body)
    assert reading.reads.get(address).status_code == 200
    back = reading.decide("reject", "Falta un paso & dos firmas.")
    assert "vuelve a quien la envió" in back
    _asked, returned = mail.outbox
    assert (returned.to, returned.subject) == (
        [reading.author.email],
        "Hay que cambiar algo: Orientación & «empleo», versión 2",
    )
    assert "Falta un paso & dos firmas." in returned.body and reading.edit in returned.body
    assert "otra vez a revisión" in reading.post(reading.writes, "action-restart-workflow")
    assert "ya está publicada" in reading.decide("approve")
    assert Version.objects.get(pk=reading.draft.pk).live
    assert [letter.to for letter in mail.outbox[2:]] == [[reading.reader.email], [reading.author.email]]
    assert mail.outbox[3].subject.startswith("Se aprobó: ")
    english = re.compile(r"\b(the|you|has been|moderation|workflow|here)\b", re.I)
    assert not [letter.body for letter in mail.outbox if english.search(letter.body + letter.subject)]


def test_what_came_back_waits_for_who_sent_it(reading: Reading) -> None:
    reading.post(reading.writes, "action-submit")
    assert [row["kind"] for row in waiting_for(reading.author)] == []
    reading.decide("reject", "Falta un paso.")
    (row,) = waiting_for(reading.author)
    assert (row["pill"]["text"], row["text"]) == (
        "Devuelta: hay que cambiar algo",
        "Versión 2. Falta un paso.",
    )
    assert row["href"] == reading.edit and reading.writes.get(row["href"]).status_code == 200
    assert "Devuelta: hay que cambiar algo" in reading.writes.get("/").content.decode()
    assert "Devuelta: hay que cambiar algo" in reading.writes.get(LIST).content.decode()
    assert waiting_for(reading.reader) == []
    reading.post(reading.writes, "action-restart-workflow")
    assert waiting_for(reading.author) == []
    assert "Devuelta" not in reading.writes.get(LIST).content.decode()


def test_what_is_lacking_is_said_in_spanish(reading: Reading) -> None:
    form = version_form(reading.guide, changes="")
    page = reading.writes.post(reading.edit, {**form, "action-submit": "1"}).content.decode()
    assert "Versión: no se guardó. Corrija lo que está marcado." in page
    assert "Ir a lo primero por corregir" in page
    assert "Go to the first error" not in page and "debido a errores" not in page


@pytest.mark.parametrize(
    ("action", "words"), [("approve", "ya está publicada"), ("reject", "vuelve a quien la envió")]
)
@pytest.mark.parametrize("script", [True, False])
def test_what_is_decided_in_the_window_is_said_too(
    reading: Reading, action: str, words: str, script: bool
) -> None:
    reading.post(reading.writes, "action-submit")
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    window = f"{LIST}workflow/action/{reading.draft.pk}/{action}/{state.pk}/"
    headers = {"x-requested-with": "XMLHttpRequest"} if script else {}
    answer = reading.reads.post(window, {"comment": "Falta un paso."}, headers=headers)
    where = answer.json()["redirect"] if script else answer["Location"]
    page = reading.reads.get(where)
    assert page.status_code == 200
    html = page.content.decode()
    assert words in html and "ya no se cambia" not in html
    assert Version.objects.get(pk=reading.draft.pk).live is (action == "approve")
