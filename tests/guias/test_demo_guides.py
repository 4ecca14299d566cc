"""What the guides of the demonstration say: the states of the source, no invented figure, no loose end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils.text import slugify
from wagtail.images import get_image_model

from guias.enums import GuideState, Route, Series
from guias.models import Guide, Version
from guias.models.changes import compare
from guias.tasks import make_pictures
from portal.demo import guias as demo

SOURCE = Path(__file__).parent / "source"
FILES = sorted(demo.DATA.glob("*.yaml"))
MANY = {"proceso-de-orientacion", "proceso-de-referenciacion", "conformacion-de-redip"}
LINK = re.compile(r"\]\(([^)]+)\)")
FIGURE = re.compile(r"\d\s*%|\$")


def read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


@cache
def guides() -> dict[str, Any]:
    """All of them, by slug: read by who asks first, since every process collects this file."""
    return {file.stem: read(file) for file in FILES}


def chapters(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for version in [entry, *entry.get("versions", [])]:
        yield from version.get("chapters") or []


def words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from words(part)
    elif isinstance(value, str):
        yield value


def named(choices: Any, word: str) -> str:
    if slugify(word) == "transversal":
        return str(Route.ALL)
    return next(str(value) for value, label in choices.choices if slugify(str(label)) == slugify(word))


@pytest.fixture(scope="module")
def loaded(made_once: Any) -> Iterator[None]:
    """All of them, loaded once for the tests that read them."""
    with made_once():
        demo.load()
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_the_guides_are_those_of_the_source_each_with_its_state() -> None:
    told = {
        row["titulo"]: (
            named(Series, row["serie"]),
            named(Route, row["ruta"]),
            named(GuideState, row["estado"]),
        )
        for row in read(SOURCE / "guias.yaml")
    }
    found = {guide.title: (guide.series, guide.route, guide.state) for guide in Guide.objects.all()}
    assert len(told) == 13
    assert found == told
    assert not Guide.objects.exclude(is_demo=True).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_no_two_guides_of_a_route_have_the_same_cover() -> None:
    covers = list(Guide.objects.values_list("route", "order"))
    assert len(set(covers)) == len(covers)


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_the_dates_are_of_march_2015_or_before_and_go_forward() -> None:
    days: dict[int, Any] = {}
    for version in Version.objects.order_by("guide", "number"):
        assert version.published_on is not None
        assert (version.published_on.year, version.published_on.month) <= (2015, 3)
        assert version.guide_id not in days or version.published_on > days[version.guide_id]
        days[version.guide_id] = version.published_on


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_each_version_of_orientation_says_what_it_changed_and_did_change_it() -> None:
    first, second, third = Version.objects.filter(guide__slug="proceso-de-orientacion").order_by("number")
    for old, new in [(first, second), (second, third)]:
        kinds = {change.slug: change.kind for change in compare(old.chapters, new.chapters)}
        assert new.change_lines
        assert {"changed", "added", "same"} <= set(kinds.values())
    changed = {change.slug: change for change in compare(second.chapters, third.chapters)}
    assert changed["cerrar-y-dejar-constancia"].kind == "changed"
    assert [version.state for version in (first, second, third)] == ["retirada", "retirada", "vigente"]


@pytest.mark.parametrize("slug", [file.stem for file in FILES])
def test_a_guide_is_written_with_care(slug: str) -> None:
    entry = guides()[slug]
    assert entry["slug"] == slug
    everything = list(words(entry))
    for chapter in chapters(entry):
        assert 2 <= len(chapter["summary"]) <= 5, chapter["title"]
        assert chapter["blocks"], chapter["title"]
        for table in [block["table"] for block in chapter["blocks"] if "table" in block]:
            rows = table["text"].strip().splitlines()
            assert len(rows) > 1 and len({row.count(" | ") for row in rows}) == 1, table["caption"]
            assert all(row.strip()[0] != "|" for row in rows), table["caption"]
    assert [text for text in everything if FIGURE.search(text)] == []
    verifiers = {
        verifier["nombre"] for row in read(SOURCE / "verificadores.yaml") for verifier in row["verificadores"]
    }
    literals = {literal for text in everything for literal in re.findall(r"`([^`]+)`", text)}
    assert literals <= verifiers


@pytest.mark.parametrize("slug", sorted(MANY))
def test_the_guides_that_are_used_most_are_whole(slug: str) -> None:
    entry = guides()[slug]
    current = (entry.get("versions") or [entry])[0]["chapters"]
    assert 5 <= len(current) <= 8
    kinds = {kind for chapter in current for block in chapter["blocks"] for kind in block}
    assert kinds >= {"heading", "text", "steps", "checklist", "callout", "table", "ficha"}


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
def test_a_chapter_shows_a_figure_and_says_it_in_words(client: Any) -> None:
    demo.load()  # once more: no second picture
    make_pictures.call(Version.objects.in_force().get(guide__slug="proceso-de-orientacion").pk)
    html = client.get("/guias/proceso-de-orientacion/caracterizar-y-enrutar/").content.decode()
    (picture,) = re.findall(r"<figure>.+?<img src=\"([^\"]+)\"", html, re.DOTALL)
    assert client.get(picture).status_code == 200
    assert 'alt="Qué busca la persona: si es un empleo, Empleabilidad' in html
    assert get_image_model().objects.count() == 1
    for file in (demo.DATA / "figuras").glob("*.png"):
        assert file.with_suffix(".svg").exists() and file.stat().st_size < 20_000


def test_links_from_guide_to_guide_lead_somewhere() -> None:
    known = {f"/guias/{slug}/" for slug in guides()}
    known |= {
        f"/guias/{slug}/{chapter['slug']}/" for slug, entry in guides().items() for chapter in chapters(entry)
    }
    links = {link for entry in guides().values() for text in words(entry) for link in LINK.findall(text)}
    assert links
    assert {link for link in links if link.startswith("/guias/")} <= known
    assert all(link.startswith("/") and link.endswith("/") for link in links)
