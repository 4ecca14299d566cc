"""The chapters of a guide stand together in a page of results, at the place of the best of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from search import panels, vocabulary
from search.backends import analysis
from search.gathering import SHOWN, gathered
from search.models import Pin
from search.query import Query
from search.service import search
from tests.search import ON_EACH_ENGINE

pytestmark = [pytest.mark.django_db, ON_EACH_ENGINE]
NUMBER = SHOWN + 2


def write(stock: Any, title: str, **values: Any) -> str:
    return str(stock(title, **values)[0].pk)


def chapters(stock: Any, *titles: str, guide: str = "pagina-7", **values: Any) -> list[str]:
    """Write chapters of one guide."""
    about = {"parent": "Guía del mercado", "parent_id": guide, "parent_url": "/guias/mercado/"}
    return [write(stock, title, **about, **values) for title in titles]


def put_first(document: str) -> None:
    Pin.objects.create(
        key=analysis.key("feria"), text="feria", kind="pagina", document=document, title="Feria"
    )
    vocabulary.forget()


def shown(text: str, **options: Any) -> list[list[str]]:
    page = search(Query(text=text, **options), AnonymousUser())
    return [[hit.title for hit in entry.hits] for entry in gathered(page.hits, page.parts)]


def test_chapters_gather_at_the_place_of_the_best(stock: Any) -> None:
    chapters(stock, "Feria feria", body="feria")
    write(stock, "La feria")
    chapters(stock, "Otro capítulo muy largo que dice feria una vez entre muchas más palabras")
    assert shown("feria") == [
        ["Feria feria", "Otro capítulo muy largo que dice feria una vez entre muchas más palabras"],
        ["La feria"],
    ]


def test_a_chapter_alone_stands_as_any_result(stock: Any) -> None:
    chapters(stock, "La feria")
    page = search(Query(text="feria"), AnonymousUser())
    (entry,) = gathered(page.hits, page.parts)
    assert (entry.id, entry.more) == ("", 0)


def test_those_that_are_not_shown_are_counted_wherever_they_stand(stock: Any) -> None:
    chapters(stock, *(f"Feria {n}" for n in range(NUMBER)))
    page = search(Query(text="feria", per_page=SHOWN), AnonymousUser())
    (entry,) = gathered(page.hits, page.parts)
    assert (len(entry.hits), entry.more, page.total) == (SHOWN, NUMBER - SHOWN, NUMBER)
    page = search(Query(text="feria"), AnonymousUser())
    (entry,) = gathered(page.hits, page.parts)
    assert (len(entry.hits), entry.more) == (SHOWN, NUMBER - SHOWN)


def test_while_the_engine_counts_nothing_those_of_the_page_count(stock: Any) -> None:
    chapters(stock, *(f"Feria {n}" for n in range(NUMBER)))
    (entry,) = gathered(search(Query(text="feria"), AnonymousUser()).hits, {})
    assert (len(entry.hits), entry.more) == (SHOWN, NUMBER - SHOWN)


def test_the_link_leads_to_as_many_as_it_says(client: Any, stock: Any) -> None:
    chapters(stock, *(f"Feria {n}" for n in range(NUMBER)))
    chapters(stock, "Feria ajena", guide="pagina-8")
    html = client.get("/buscar/?q=feria").content.decode()
    assert 'data-total="5"' in html and html.count("data-id=") == SHOWN + 1
    assert f"y {NUMBER - SHOWN} capítulos más en esta guía" in html
    narrowed = client.get("/buscar/?q=feria&dentro=pagina-7").content.decode()
    assert 'href="?q=feria&amp;dentro=pagina-7"' in html
    assert f'data-total="{NUMBER}"' in narrowed and narrowed.count("data-id=") == NUMBER
    assert "En la guía «Guía del mercado»" in narrowed and "en esta guía" not in narrowed
    nothing = client.get("/buscar/?q=feria&dentro=pagina-9").content.decode()
    assert "En una sola guía" in nothing and 'data-total="0"' in nothing


def test_what_the_database_refuses_is_not_counted(shelf: Any, stock: Any) -> None:
    first, *_rest = chapters(stock, *(f"Feria {n}" for n in range(NUMBER)))
    shelf.refused.add(first)
    page = search(Query(text="feria"), AnonymousUser())
    assert page.parts == {"pagina-7": NUMBER - 1}
    chapters(stock, "Feria secreta", audience=frozenset({"mesa:1"}))
    page = search(Query(text="feria"), AnonymousUser())
    assert page.parts == {"pagina-7": NUMBER - 1}


@pytest.mark.parametrize("first", ["guide", "chapter"])
def test_the_guide_heads_its_chapters_when_it_is_best(client: Any, stock: Any, first: str) -> None:
    best, other = "Feria", "Un título mucho más largo que también dice feria"
    guide = write(stock, best if first == "guide" else other, label="Guía")
    (chapter,) = chapters(
        stock, other if first == "guide" else best, guide=f"pagina-{guide}", label="Capítulo"
    )
    html = client.get("/buscar/?q=feria").content.decode()
    in_order = re.findall(r'<(li|div) class="hit\b[^"]*" data-tipo="pagina" data-id="(\d+)"', html)
    if first == "guide":
        assert in_order == [("div", guide), ("li", chapter)]
        assert "De esta guía" not in html
    else:
        assert in_order == [("li", chapter), ("li", guide)]
        assert '<h3 class="family-title"><a href="/guias/mercado/">Guía del mercado</a></h3>' in html
    assert html.count("<h4") == (1 if first == "guide" else 2)


def test_what_is_put_first_takes_its_guide_along(stock: Any) -> None:
    write(stock, "Feria feria feria")
    pinned, *_rest = chapters(stock, "Feria del capítulo", "Otra feria larga de un capítulo cualquiera")
    put_first(pinned)
    assert shown("feria") == [
        ["Feria del capítulo", "Otra feria larga de un capítulo cualquiera"],
        ["Feria feria feria"],
    ]


def test_a_pin_that_was_not_found_counts_too(stock: Any) -> None:
    (pinned,) = chapters(stock, "Nada que ver")
    chapters(stock, *(f"Feria {n}" for n in range(NUMBER)))
    put_first(pinned)
    page = search(Query(text="feria"), AnonymousUser())
    assert page.parts == {"pagina-7": NUMBER + 1} and page.total == NUMBER + 1
    assert panels.entries(page)[0]["more"] == f"y {NUMBER + 1 - SHOWN} capítulos más en esta guía"


def test_one_more_chapter_is_said_in_the_singular(client: Any, stock: Any) -> None:
    chapters(stock, *(f"Feria {n}" for n in range(SHOWN + 1)))
    assert "y 1 capítulo más en esta guía" in client.get("/buscar/?q=feria").content.decode()


@pytest.mark.parametrize("value", ["../x", "a" * 300, "guia-1&q=", "%00", "mesa:1", "GUIA-1"])
def test_any_value_gives_a_page(client: Any, stock: Any, value: str) -> None:
    stock("Feria")
    assert client.get("/buscar/", {"q": "feria", "dentro": value}).status_code == 200
