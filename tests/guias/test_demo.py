"""The loader of the demonstration: every kind of block, twice the same, and honest about errors."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from guias.blocks import ContentBlock
from guias.enums import GuideState, Series
from guias.models import Guide, Version
from portal.demo import guias as demo

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data"


def test_a_guide_comes_in_with_all_its_blocks() -> None:
    assert demo.load(DATA) == 2
    guide = Guide.objects.get(slug="proceso-de-prueba")
    assert (guide.series, guide.route, guide.state) == (Series.PROCESS, "orientacion", GuideState.IN_FORCE)
    assert guide.is_demo
    version = guide.versions.in_force().get()
    assert version.published_on == dt.date(2015, 3, 9)
    assert version.change_lines == ["Primera versión en el portal.", "Para quienes atienden."]
    closing, questions = version.chapters
    assert questions.slug == "preguntas-frecuentes"
    kinds = [block.block_type for block in closing.blocks]
    assert kinds == ["heading", "text", "steps", "checklist", "callout", "table", "ficha"]
    assert set(demo.MAKERS) == set(ContentBlock.base_blocks) - {"figure", "file"}
    for words in ("decisión", "Escuche. Sin prisa.", "Cédula | CC", "Para qué: Dejar constancia."):
        assert words in closing.text


def test_what_comes_in_would_pass_the_editor() -> None:
    demo.load(DATA)
    body = Version.objects.get().body
    body.stream_block.clean(body)


def test_a_guide_under_construction_has_no_version_and_says_what_it_will_bring() -> None:
    demo.load(DATA)
    guide = Guide.objects.get(slug="en-camino")
    assert guide.state == GuideState.BUILDING
    assert not guide.versions.exists()
    assert guide.outlook_lines == ["Traerá el registro.", "Y ejemplos."]


def test_loading_twice_changes_nothing() -> None:
    demo.load(DATA)
    before = list(Version.objects.values()), list(Guide.objects.values())
    demo.load(DATA)
    assert (list(Version.objects.values()), list(Guide.objects.values())) == before


def test_a_word_that_nobody_knows_is_named() -> None:
    entry = {
        "slug": "x",
        "title": "X",
        "series": "revista",
        "route": "redip",
        "state": "vigente",
        "lead": "x",
    }
    with pytest.raises(demo.BadGuide, match="revista"):
        demo.load_guide(entry)
    chapters = [{"title": "Uno", "blocks": [{"poema": "x"}]}]
    with pytest.raises(demo.BadGuide, match="poema"):
        demo.load_guide({**entry, "series": "guía", "chapters": chapters})
    assert not Guide.objects.exists()


def test_the_guides_of_the_demonstration_can_be_read() -> None:
    count = demo.load()
    for version in Version.objects.select_related("guide"):
        version.body.stream_block.clean(version.body)
        assert version.guide.is_demo
    assert Guide.objects.count() >= count
