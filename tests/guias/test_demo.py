"""The loader of the demonstration: every kind of block, twice the same, and honest about errors."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from guias.blocks import ContentBlock
from guias.enums import GuideState, Series, VersionState
from guias.models import Guide, Reading, Version
from portal.demo import guias as demo
from tests.factories.cuentas import UserFactory

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
    assert set(demo.MAKERS) == set(ContentBlock.base_blocks) - {"file"}
    for words in ("decisión", "Escuche. Sin prisa.", "Cédula: CC", "Para qué: Dejar constancia."):
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


def version(number: int, day: dt.date, *titles: str) -> dict[str, Any]:
    found = [{"title": title, "summary": ["Uno."], "blocks": [{"text": "x"}]} for title in titles]
    return {"number": number, "date": day, "changes": [f"Cambio {number}."], "chapters": found}


def several(*versions: dict[str, Any]) -> dict[str, Any]:
    about = {"slug": "varias", "title": "Varias", "series": "guía", "route": "redip", "state": "vigente"}
    return {**about, "lead": "x", "versions": list(versions)}


def test_versions_come_in_from_the_oldest_whatever_their_place_in_the_file() -> None:
    first, second = version(1, dt.date(2015, 1, 19), "A"), version(2, dt.date(2015, 3, 9), "A", "B")
    guide = demo.load_guide(several(second, first))
    old, new = guide.versions.order_by("number")
    assert (old.state, new.state) == (VersionState.RETIRED, VersionState.IN_FORCE)
    assert (old.published_on, new.published_on) == (dt.date(2015, 1, 19), dt.date(2015, 3, 9))
    assert [chapter.slug for chapter in new.chapters] == ["a", "b"]
    assert new.change_lines == ["Cambio 2."]


def test_only_what_is_newer_comes_in_so_that_the_one_in_force_stays() -> None:
    second = version(2, dt.date(2015, 2, 1), "A")
    demo.load_guide(several(second))
    guide = demo.load_guide(several(second, version(1, dt.date(2015, 1, 1), "A")))
    assert [v.number for v in guide.versions.all()] == [2]
    demo.load_guide(several(second, version(3, dt.date(2015, 3, 1), "B")))
    assert guide.versions.in_force().get().number == 3


def test_an_account_of_the_demonstration_is_told_what_changed_since_it_read() -> None:
    reader, other = UserFactory(is_demo=True), UserFactory()
    first, second = version(1, dt.date(2015, 1, 19), "A"), version(2, dt.date(2015, 3, 9), "A", "B")
    entry = {**several(second, first), "read_by": {reader.email: 1, other.email: 1, "nadie@demo.example": 1}}
    guide = demo.load_guide(entry)
    assert list(Reading.objects.values_list("user", "chapter", "version_number")) == [(reader.pk, "a", 1)]
    Reading.objects.update(version_number=2)
    demo.load_guide(entry)
    assert Reading.objects.get(guide=guide).version_number == 2


def test_a_table_may_be_written_as_the_editor_writes_it() -> None:
    table = {"caption": "Siglas", "text": "Documento | Sigla\nCédula | CC\n"}
    chapters = [{"title": "Uno", "summary": ["Uno."], "blocks": [{"table": table}]}]
    entry = several({"number": 1, "date": dt.date(2015, 3, 1), "chapters": chapters})
    body = demo.load_guide(entry).versions.get().chapters[0].blocks
    assert (body[0].value.head, body[0].value.rows) == (["Documento", "Sigla"], [["Cédula", "CC"]])


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
