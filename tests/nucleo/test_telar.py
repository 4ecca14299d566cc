import datetime as dt

import pytest
import time_machine
from django.template import Context, Template

from nucleo.map import Place


def render(text, **context):
    return Template("{% load telar %}" + text).render(Context(context))


def plain(text):
    return text.replace("\xa0", " ")


def test_an_icon_is_hidden_unless_it_has_a_name():
    assert 'aria-hidden="true"' in render('{% icon "bell" %}')
    assert "#bell" in render('{% icon "bell" "" "icon-big" %}')
    assert 'class="icon icon-big"' in render('{% icon "bell" "" "icon-big" %}')
    named = render('{% icon "bell" label %}', label='<"aviso">')
    assert 'role="img"' in named and "<&quot;" not in named and "&lt;&quot;aviso&quot;&gt;" in named
    assert render("{% icon nada %}") == ""


@pytest.mark.parametrize("code", ["08001", 8001, "8001"])
def test_a_motif_takes_the_code_as_text_or_number(code):
    assert render("{% motif code %}", code=code) == render('{% motif "08001" %}')


@pytest.mark.parametrize("code", ["", None, "abc", '"><script>'])
def test_what_is_no_code_still_draws_something_harmless(code):
    html = render("{% motif code %}{% city_band code %}", code=code)
    assert html.count("<svg") == 2 and "script" not in html


def test_two_bands_on_a_page_do_not_share_their_pattern():
    html = render('{% city_band "20001" %}{% city_band "20001" "hoja" %}')
    assert 'id="tejido-20001"' in html and 'id="hoja-20001"' in html


def test_a_cover_has_the_colour_and_the_icon_of_its_route():
    html = render('{% cover "empleabilidad" 2 "grande" %}')
    assert 'class="cover route-emple grande"' in html and "#briefcase" in html
    assert render('{% cover "empleabilidad" 1 %}') != render('{% cover "empleabilidad" 2 %}')


def test_nothing_that_is_drawn_has_a_style_of_its_own():
    html = render(
        '{% icon "bell" %}{% motif "20001" %}{% city_band "20001" %}'
        '{% cover "redip" 1 %}{% city_map places %}',
        places=[Place("Tunja", "15001", 5.5, -73.4, "por-abrir")],
    )
    assert "style=" not in html and "<style" not in html
    assert 'class="map-por-abrir"' in html and ">Tunja</text>" in html


@time_machine.travel(dt.datetime(2026, 11, 3, 20, 0, tzinfo=dt.UTC))
def test_a_moment_says_both_how_long_ago_and_when():
    html = plain(render("{% momento at %}", at=dt.datetime(2026, 11, 3, 14, 0, tzinfo=dt.UTC)))
    assert 'datetime="2026-11-03T09:00-05:00"' in html
    assert 'title="3 de noviembre de 2026, 9:00 a. m."' in html and ">hoy, 9:00 a. m.</time>" in html
    assert render("{% momento nada %}", nada=None) == ""


def test_filters_say_nothing_of_nothing():
    for name in (
        "fecha",
        "dia_y_mes",
        "dia_semana",
        "mes_corto",
        "hora",
        "fecha_y_hora",
        "hace",
        "miles",
        "pesos",
    ):
        assert render("{{ nada|" + name + " }}", nada=None) == "", name
    assert render("{{ cero|miles }}", cero=0) == "0"


def test_filters_write_as_the_country_does():
    day = dt.date(2026, 3, 18)
    assert plain(
        render("{{ d|fecha }}, {{ d|dia_y_mes }}, {{ d|dia_semana }}, {{ d|mes_corto }}", d=day)
    ) == ("18 de marzo de 2026, 18 de marzo, miércoles, mar")
    assert plain(render("{{ n|miles }} {{ n|pesos }}", n=1234567)) == "1.234.567 $ 1.234.567"
    assert render('{{ "empleabilidad"|route_name }}') == "Empleabilidad"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana María Pérez", "AM"), ("Cámara de Comercio", "CC"), ("Usted", "US"), ("", ""),
        ("Miembro 2 (demostración)", "MI"), ("de la Cruz", "CR"),
    ],
)  # fmt: skip
def test_initials(name, letters):
    assert render("{{ name|iniciales }}", name=name) == letters
