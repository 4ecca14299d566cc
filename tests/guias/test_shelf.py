"""The shelf: what stands on it, narrowed; words typed there are found inside the guides, at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guias.enums import Route
from guias.filters import PER_PAGE
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


def test_the_shelf_lists_guides_with_marks_and_counts(client: Any) -> None:
    version = published(guide=GuideFactory(title="Orientación básica"))
    GuideFactory(route="redip", title="La que viene")
    GuideFactory(is_public=False, title="En reserva")
    html = client.get("/guias/").content.decode()
    assert f'data-tipo="guia" data-id="{version.guide.slug}"' in html
    assert 'data-total="2"' in html
    assert 'data-faceta="ruta"' in html
    assert "En reserva" not in html
    assert f"/guias/{version.guide.slug}/descargar/pdf/" in html
    assert "La estamos escribiendo" in html
    row = html.partition(f'data-id="{version.guide.slug}"')[2].partition("</li>")[0]
    for words in (version.guide.lead, version.guide.get_state_display(), "Versión 1, del "):
        assert words in row, words


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("?ruta=redip", ["b"]),
        ("?estado=en-construccion", ["b"]),
        ("?serie=guia&ruta=orientacion", ["a"]),
        ("?estado=retirada", ["r"]),
        ("?serie=guia&q=orientacion", ["a"]),
        ("?serie=guia&q=ORIENTACIÓN", ["a"]),
        ("?ruta=nada&estado=%00", ["a", "b"]),
        ("?serie=guia&q=%22sin+cerrar", []),
        ("?serie=guia&ruta=redip&q=orientacion", []),
    ],
)
def test_the_shelf_is_narrowed(client: Any, query: str, slugs: list[str]) -> None:
    published(guide=GuideFactory(slug="a", title="Guía de orientación"))
    GuideFactory(slug="b", title="RedIP", route="redip")
    GuideFactory(slug="r", title="Vieja", state="retirada")
    html = client.get(f"/guias/{query}").content.decode()
    assert [slug for slug in "abr" if f'data-id="{slug}"' in html] == slugs
    assert f'data-total="{len(slugs)}"' in html


def test_the_shelf_costs_the_same_with_more(client: Any, assert_same_queries: Callable[..., int]) -> None:
    published()

    def more() -> None:
        for _ in range(2):
            published()

    assert assert_same_queries("/guias/", more) <= 5


def test_the_next_page_of_the_shelf_keeps_what_was_chosen(client):
    GuideFactory.create_batch(PER_PAGE + 1, route=Route.BUSINESS)
    text = client.get("/guias/?ruta=emprendimiento").content.decode()
    assert 'href="?ruta=emprendimiento&amp;pagina=2"' in text
    assert client.get("/guias/?ruta=emprendimiento&pagina=2").content.decode().count('data-tipo="guia"') == 1


def test_all_guides_and_those_of_all_routes_are_called_otherwise(client: Any) -> None:
    version = published(guide=GuideFactory(route="transversal"))
    for path in ("/guias/", version.guide.get_absolute_url()):
        html = client.get(path).content.decode()
        assert "Comunes a todas las rutas" in html, path
        assert ">Todas las rutas" not in html, path


def test_a_phone_has_the_routes_in_one_place(client: Any) -> None:
    published(guide=GuideFactory())
    html = client.get("/guias/").content.decode()
    assert 'class="facet desk-only" data-faceta="ruta"' in html
    assert html.count('class="chips"') == 1
