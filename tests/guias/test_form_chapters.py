"""A chapter shows the forms on paper that are filled for it, and a form the chapters that use it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from wagtail.log_actions import log

from guias.actions.versions import publish_version
from guias.models import PaperForm, Version
from portal.demo import guias as demo_guides
from portal.demo.formatos import load as load_forms
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, VersionFactory, editor, published, three_chapters
from tests.factories.paper_forms import paper_form

pytestmark = pytest.mark.django_db
AT = "/guias/guia/cerrar/"


@pytest.fixture
def version(db: None) -> Version:
    return published(guide=GuideFactory(slug="guia", title="Guía de prueba"))


def filled_for(version: Version, chapter: str, *titles: str, **fields: Any) -> list[PaperForm]:
    row = version.guide.chapter_reviews.get(chapter=chapter)
    forms = [paper_form(title=title, slug=title.lower(), **fields) for title in titles]
    row.paper_forms.add(*forms)
    return forms


def forms_on(client: Any, path: str) -> tuple[list[str], list[str]]:
    """The forms that a page shows at once, and those behind "Ver más"."""
    page = client.get(path).content.decode()
    block = re.search(r'aria-labelledby="formatos">.*?</section>', page, re.S)
    if block is None:
        return [], []
    shown, _mark, more = block[0].partition("Ver más")
    return re.findall(r'data-id="([^"]+)"', shown), re.findall(r'data-id="([^"]+)"', more)


def test_a_chapter_shows_the_forms_that_are_filled_for_it(client: Any, version: Version) -> None:
    assert forms_on(client, AT) == ([], [])
    filled_for(version, "cerrar", "B", "A")
    filled_for(version, "recibir", "Z")
    assert forms_on(client, AT) == (["a", "b"], [])
    assert forms_on(client, "/guias/guia/recibir/") == (["z"], [])
    assert forms_on(client, "/guias/guia/preguntas/") == ([], [])
    filled_for(version, "cerrar", "C", "D", "E")
    assert forms_on(client, AT) == (["a", "b", "c"], ["d", "e"])
    assert forms_on(client, "/guias/guia/v1/cerrar/") == ([], []), "an older one may have asked for others"


def test_a_form_that_is_no_publication_yet_is_shown_to_editors_alone(client: Any, version: Version) -> None:
    filled_for(version, "cerrar", "A")
    filled_for(version, "cerrar", "B", is_public=False)
    assert forms_on(client, AT) == (["a"], [])
    client.force_login(UserFactory())
    assert forms_on(client, AT) == (["a"], [])
    client.force_login(editor())
    assert forms_on(client, AT) == (["a", "b"], [])


def test_forms_cost_a_chapter_the_same_however_many(version: Version, assert_same_queries: Any) -> None:
    filled_for(version, "cerrar", "A")
    assert assert_same_queries(AT, lambda: filled_for(version, "cerrar", "B", "C", "D")) <= 3


def chapters_on(client: Any, slug: str) -> tuple[list[str], list[str]]:
    """The chapters that a form leads to at once, and those behind "Ver más"."""
    page = client.get(f"/guias/formatos/{slug}/").content.decode()
    block = re.search(r'aria-labelledby="su-guia">.*?</section>', page, re.S)
    if block is None:
        return [], []
    shown, _mark, more = block[0].partition("Ver más")
    return re.findall(r'href="/guias/([^"]+)"', shown), re.findall(r'href="/guias/([^"]+)"', more)


def test_a_form_leads_to_the_chapters_that_use_it(client: Any, version: Version) -> None:
    (form,) = filled_for(version, "cerrar", "A", guide=version.guide)
    assert chapters_on(client, "a") == (["guia/cerrar/"], []), "the guide is said with its chapter"
    other = published(guide=GuideFactory(slug="otra", title="A la primera guía del alfabeto"))
    form.chapters.add(*other.guide.chapter_reviews.all())
    assert chapters_on(client, "a") == (
        ["guia/cerrar/", "otra/recibir/", "otra/cerrar/"],
        ["otra/preguntas/"],
    )
    type(other.guide).objects.filter(pk=other.guide_id).update(is_public=False)
    assert chapters_on(client, "a") == (["guia/cerrar/"], [])


def test_a_form_follows_its_chapter_to_another_address_and_leaves_one_that_is_gone(
    client: Any, version: Version
) -> None:
    filled_for(version, "cerrar", "A")
    filled_for(version, "recibir", "B", guide=version.guide)
    body = three_chapters()
    body[1]["value"]["slug"] = "cierre"
    publish_version(version=VersionFactory(guide=version.guide, number=2, body=body[1:]))
    assert forms_on(client, "/guias/guia/cierre/") == (["a"], [])
    assert chapters_on(client, "a") == (["guia/cierre/"], [])
    assert chapters_on(client, "b") == (["guia/"], [])


def test_forms_of_the_demonstration_that_had_no_chapters_get_them_unless_somebody_edited_them() -> None:
    demo_guides.load()
    load_forms()
    of_forms = PaperForm.objects.filter(chapters__isnull=False).distinct().order_by("pk")
    old, edited = of_forms[:2]
    whole = set(old.chapters.all())
    old.chapters.clear()
    edited.chapters.clear()
    log(instance=edited, action="wagtail.edit", user=editor())
    load_forms()
    assert set(old.chapters.all()) == whole
    assert not edited.chapters.exists(), "an editor took them away"
    old.chapters.remove(next(iter(whole)))
    load_forms()
    assert len(whole) - old.chapters.count() == 1, "what is left is hers"
