"""The shelf: words typed there are found inside the guides, at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.factories.guias import GuideFactory, published

pytestmark = pytest.mark.django_db


def found(html: str) -> list[str]:
    return re.findall(r'data-tipo="(\w+)"', html)


def test_words_typed_on_the_shelf_are_found_inside_the_guides(client: Any, search_index: Any) -> None:
    published(guide=GuideFactory(slug="a", title="Guía de orientación"))
    search_index()
    response = client.get("/guias/?q=desistimiento&ruta=orientacion&pagina=3", follow=True)
    assert response.redirect_chain == [
        ("/buscar/?q=desistimiento&tipo=guia&tipo=formato&tipo=curso&ruta=orientacion", 302)
    ]
    assert "guia" in found(response.content.decode())
    other = client.get("/guias/?q=desistimiento&ruta=redip", follow=True).content.decode()
    assert found(other) == []


def test_the_box_of_the_shelf_searches_without_a_step_between(client: Any) -> None:
    published()
    html = client.get("/guias/?ruta=orientacion").content.decode()
    box = html[html.index('<form class="search"') :].partition("</form>")[0]
    assert 'action="/buscar/"' in box
    kept = re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', box)
    assert kept == [("tipo", "guia"), ("tipo", "formato"), ("tipo", "curso"), ("ruta", "orientacion")]


def test_a_state_is_known_to_the_shelf_alone_and_the_chapters_are_one_link_away(client: Any) -> None:
    published(guide=GuideFactory(slug="a", title="Guía de orientación"))
    html = client.get("/guias/?q=desistimiento&estado=version-avanzada").content.decode()
    assert 'data-total="0"' in html
    assert 'href="/buscar/?q=desistimiento&amp;tipo=guia&amp;tipo=formato&amp;tipo=curso"' in html


def test_while_the_engine_rests_the_titles_of_chapters_are_found(
    client: Any, settings: Any, tmp_path: Path
) -> None:
    settings.SEARCH_PLACE = str(tmp_path / "never filled")
    published(guide=GuideFactory(slug="a", title="Guía de orientación"))
    html = client.get("/guias/?q=cerrar", follow=True).content.decode()
    assert "La búsqueda está descansando" in html
    assert found(html) == ["guia"]


def test_courses_and_glossary_come_before_the_list(client: Any) -> None:
    published()
    html = client.get("/guias/").content.decode()
    main = html[html.index("<main") : html.index('data-tipo="guia"')]
    assert 'href="/guias/formacion/"' in main and 'href="/guias/glosario/"' in main
