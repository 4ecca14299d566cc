"""What results can be narrowed by: every value of a facet, and any two days."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from search import panels
from search.query import Query
from search.results import ResultPage
from search.service import search
from tests.search import ON_EACH_ENGINE
from tests.search.test_views import total

pytestmark = [pytest.mark.django_db, ON_EACH_ENGINE]


def test_every_value_of_a_facet_can_be_chosen(client: Any, stock: Any) -> None:
    """However many there are: the first ones at once, the others in a list to open."""
    cities = [f"ciudad-{number:02}" for number in range(panels.SHOWN + 3)]
    for city in cities:
        stock(f"Acta de {city}", city=city)
    html = client.get("/buscar/?q=acta").content.decode()
    assert [city for city in cities if f'href="?q=acta&amp;ciudad={city}"' not in html] == []
    first, _opens, others = html.partition('<details class="facet-more">')
    assert "ciudad-11" in first and "Ver 3 más" in others
    last = client.get(f"/buscar/?q=acta&ciudad={cities[-1]}").content.decode()
    shown, _opens, others = last.partition('<details class="facet-more">')
    assert 'aria-current="true">' in shown and "Ver 2 más" in others, "a chosen one is in sight"


CHOSEN = {"tipo": "kinds", "ciudad": "cities", "tema": "themes", "ruta": "routes"}


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("permiso", lambda page: not page.near),
        ("permiso de mascotas", lambda page: page.loose),
        ("mobiliario", lambda page: page.related),
        ("permizo de mascotas", lambda page: page.did_you_mean == "permiso de mascotas"),
        ("mascotaz", lambda page: page.did_you_mean),
        ("meta", lambda page: page.near),
        ("masco", lambda page: page.whole),
    ],
)
def test_choosing_a_value_finds_as_many_as_stand_beside_it(stock: Any, text: str, understood: Any) -> None:
    """However what was typed was understood: a filter that leaves little makes no other search of it."""
    stock("Permisos de trabajo", "Un permiso", "Muebles de madera", "Una meta", city="cali", theme="mercado")
    stock("El permiso de una mascota", "La mesa", "Otras mascotas", city="pasto", theme="mercado")
    stock("Permiso sin ciudad", "Los muebles", "Las mesas", route="redip")
    page = search(Query(text=text), AnonymousUser())
    assert understood(page) and page.total
    beside = [(facet.name, value) for facet in page.facets for value in facet.values]
    assert beside
    for name, value in beside:
        narrowed = search(Query(text=text, **{CHOSEN[name]: (value.value,)}), AnonymousUser())  # type: ignore[arg-type]
        assert narrowed.total == value.count, (name, value)
        assert _understanding(narrowed) == _understanding(page)


def _understanding(page: ResultPage) -> tuple[Any, ...]:
    return page.did_you_mean, page.near, page.related, page.loose


def test_results_are_narrowed_to_the_days_between_two(client: Any, stock: Any) -> None:
    for day in (1, 15, 28):
        stock(f"Acta del {day}", updated=datetime(2025, 11, day, 12, tzinfo=UTC), city="cali")
    page = client.get("/buscar/?q=acta&ciudad=cali")
    form = page.content.decode().partition('<form class="facet-dates"')[2].partition("</form>")[0]
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert kept == {"q": "acta", "ciudad": "cali"}
    for since, until, found in (
        ("2025-11-10", "2025-11-20", 1),
        ("", "2025-11-15", 2),
        ("2025-11-15", "", 2),
        ("2025-11-20", "2025-11-10", 1),
        ("10/11/2025", "20-11-2025", 1),
    ):
        page = client.get("/buscar/", {**kept, "desde": since, "hasta": until})
        assert total(page) == found, (since, until)
    assert "facet-dates" not in client.get('/buscar/?q="acta+del+15"').content.decode(), (
        "one is narrow enough"
    )
    html = client.get("/buscar/?q=acta&desde=2025-11-10&hasta=2025-11-20").content.decode()
    assert 'name="desde" placeholder="31/12/2026" value="2025-11-10"' in html
    assert 'href="?q=acta&amp;hasta=2025-11-20"' in html, "each day can be let go by itself"


@pytest.mark.parametrize("written", ["ayer", "31/02/2026", "2026-13-45", "<b>"])
def test_what_is_no_date_is_said(client: Any, stock: Any, written: str) -> None:
    stock("Acta")
    page = client.get("/buscar/", {"q": "acta", "desde": written, "hasta": "2099-01-01"})
    assert total(page) == 1
    said = f"«<bdi>{written.replace('<b>', '&lt;b&gt;')}</bdi>» no es una fecha"
    assert said in page.content.decode()
    assert "no es una fecha" not in client.get("/buscar/?q=acta&desde=&hasta=").content.decode()


def test_filters_that_leave_nothing_do_not_count_it(client: Any, stock: Any) -> None:
    stock("Acta", city="cali")
    html = client.get("/buscar/?q=acta&ciudad=neiva").content.decode()
    assert "Cambiar los filtros" in html and "0 resultados" not in html
    assert html.count('data-total="0"') == 1
