"""What people ask that a guide answers, on its first page: for who wants an answer, not a chapter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import Group, Permission
from django.test import Client

from guias.models import Version
from portal.bootstrap import EDITORS
from portal.demo import preguntas
from search import teaching
from search.models import Asked
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import CenterFactory
from tests.factories.guias import GuideFactory, published, three_chapters

pytestmark = pytest.mark.django_db
QUESTION = "¿Y si la persona no vuelve?"


@pytest.fixture
def version() -> Version:
    """A guide of three chapters, the second of which answers a question."""
    found = published(guide=GuideFactory(slug="guia"), body=three_chapters())
    chapter = found.chapters[1]
    teaching.teach(("guia", f"{found.guide.pk}-{chapter.slug}"), chapter.title, QUESTION)
    return found


def test_a_guide_lists_what_its_chapters_answer(client: Client, version: Version) -> None:
    page = client.get("/guias/guia/").content.decode()
    asked = page[page.index('id="preguntas-guia"') :]
    assert QUESTION in asked
    assert f'href="/guias/guia/{version.chapters[1].slug}/"' in asked[: asked.index(QUESTION)]


def test_not_an_older_version_nor_a_chapter(client: Client, version: Version) -> None:
    for address in ("/guias/guia/v1/", f"/guias/guia/{version.chapters[0].slug}/"):
        answer = client.get(address)
        assert answer.status_code == 200 and QUESTION not in answer.content.decode()


def test_a_guide_without_questions_says_nothing_of_them(client: Client, version: Version) -> None:
    Asked.objects.all().delete()
    assert 'id="preguntas-guia"' not in client.get("/guias/guia/").content.decode()


def test_who_teaches_the_search_comes_here_from_the_list_of_chapters(version: Version) -> None:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=EDITORS))
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    browser = Client()
    browser.force_login(user)
    page = browser.get("/admin/guias/vigencia/?ver=todos").content.decode()
    address = f"/admin/busquedas/preguntas/guia/{version.guide.pk}-{version.chapters[1].slug}/"
    assert address in page
    assert f"{QUESTION}</textarea>" in browser.get(address).content.decode()


# --- The demonstration ----------------------------------------------------------------------------
@pytest.fixture
def asked(tmp_path: Path, monkeypatch: Any) -> Path:
    """The file of the questions, to be written by the test."""
    monkeypatch.setattr(preguntas, "FILE", tmp_path / "preguntas.yaml")
    return preguntas.FILE


def test_the_demonstration_gives_questions_once(asked: Path) -> None:
    guide = published(guide=GuideFactory(slug="guia"), body=three_chapters()).guide
    asked.write_text(
        "guias/guia:\n  - ¿Para qué es?\nguias/guia/cerrar:\n  - ¿Y al final?\n", encoding="utf-8"
    )
    preguntas.load()
    found = dict(Asked.objects.values_list("document", "questions"))
    assert found == {str(guide.pk): "¿Para qué es?", f"{guide.pk}-cerrar": "¿Y al final?"}
    Asked.objects.filter(document=str(guide.pk)).update(questions="")
    preguntas.load()
    assert Asked.objects.get(document=str(guide.pk)).questions == "", "what an editor took away stays away"


def test_a_star_is_any_name_and_the_city_is_its_own(asked: Path) -> None:
    centers = [CenterFactory(city__name=name) for name in ("Pasto", "Tunja")]
    asked.write_text(
        "directorio/centros/*:\n  - ¿Dónde atienden en {ciudad}?\n"
        f"directorio/centros/{centers[1].slug}:\n  - ¿Y aquí?\n",
        encoding="utf-8",
    )
    preguntas.load()
    assert sorted(Asked.objects.values_list("questions", flat=True)) == [
        "¿Dónde atienden en Pasto?",
        "¿Y aquí?",
    ]


def test_an_address_that_is_none_is_named(asked: Path) -> None:
    asked.write_text("guias/no-hay:\n  - ¿Qué es?\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no-hay"):
        preguntas.load()


def test_each_question_can_be_kept_as_it_stands() -> None:
    for questions in yaml.safe_load(preguntas.FILE.read_text(encoding="utf-8")).values():
        kept = teaching.teach(("pagina", "1"), "x", "\n".join(questions))
        assert list(kept.lines) == questions
