import pytest

from portal.models import IndicatorRow
from tests.factories.portal import IndicatorFactory

pytestmark = pytest.mark.django_db


def test_figures_as_published(client):
    indicator = IndicatorFactory(title="Vacantes")
    IndicatorRow.objects.create(indicator=indicator, label="Sin meta", result=4_201)
    IndicatorRow.objects.create(indicator=indicator, label="Valor", unit="pesos", result=4_338_512_062)
    page = client.get("/indicadores/").content.decode()
    assert "4.201" in page and "sin meta" in page
    assert "4.338.512.062" in page
    assert "31\u00a0de\u00a0marzo\u00a0de\u00a02015" in page


def test_the_file_has_every_row(client):
    indicator = IndicatorFactory(title="=HYPERLINK(1)")
    IndicatorRow.objects.create(indicator=indicator, label="Otra", result=5)
    text = b"".join(client.get("/indicadores.csv")).decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 3
    assert "'=HYPERLINK(1)" in text and "2015-03-31" in text


def test_empty_says_what_will_be_here(client):
    assert "Aquí estarán los indicadores" in client.get("/indicadores/").content.decode()


def test_costs_the_same_with_more(assert_same_queries):
    IndicatorFactory()
    assert_same_queries("/indicadores/", lambda: [IndicatorFactory() for _ in range(2)])


def test_an_area_begins_with_its_goals_and_says_how_many_were_reached(client):
    for number, achieved in [(1, 118), (2, 46)]:
        indicator = IndicatorFactory(title=f"Indicador {number}", number=number, area="Orientación")
        indicator.rows.all().delete()
        IndicatorRow.objects.create(
            indicator=indicator, label="Total", target=100, result=achieved, achieved=achieved
        )
    (board,) = client.get("/indicadores/").context["boards"]
    (area,) = board["areas"]
    assert (area["goals"], area["reached"], area["total"]) == (2, 1, 2)
    assert [(one["label"], one["bar"]) for one in area["first"]] == [
        ("Indicador 1", 100),
        ("Indicador 2", 46),
    ]


def test_without_goals_bars_compare_the_rows_of_a_group(client):
    indicator = IndicatorFactory(title="Población")
    indicator.rows.all().delete()
    for label, result in [("Mujeres", 200), ("Hombres", 50), ("Sin dato", None)]:
        IndicatorRow.objects.create(indicator=indicator, label=label, result=result)
    page = client.get("/indicadores/")
    figures = page.context["boards"][0]["areas"][0]["groups"][0]["figures"]
    assert [(one["label"], one["bar"]) for one in figures] == [
        ("Mujeres", 100),
        ("Hombres", 25),
        ("Sin dato", None),
    ]
    assert "style=" not in page.content.decode()
