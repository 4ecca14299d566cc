"""What the home page takes from the directory, at one query for both tags."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.html import strip_tags

from tests.factories.directorio import CenterFactory, CityFactory

pytestmark = pytest.mark.django_db


def render(text, **context):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return Template("{% load directorio %}" + text).render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("018000 910 270", ["018000910270"]),
        ("Con 38.000 personas en 2014, del 2014-03-17 al 2015-01-10: $ 1234567", []),
        ("https://sena.example/1234567", []),
        ("Línea (605) 664-0101 ext. 12, o +57 300 123 4567.", ["6056640101", "+573001234567"]),
        ("<b>3001234567</b>", ["3001234567"]),
        ("300.123.4567 / 664 0101", ["3001234567", "6640101"]),
        ("300 123 4567/605 664 0101", ["3001234567", "6056640101"]),
        ("2014-2015, 2014 2015, 17-03-2014, NIT 900123456-7, cc 1098765432, 1 200 000 pesos", []),
        ("https://red.example/?x=1&tel=+573001234567", []),
    ],
)
def test_a_number_among_words_is_dialled_when_it_is_one(words, numbers):
    html = render("{{ words|contacto }}", words=words)
    assert re.findall(r'href="tel:([^"]+)"', html) == numbers
    assert unescape(strip_tags(html)) == words


def test_map_and_cities_share_one_query(django_assert_num_queries):
    CenterFactory(city=CityFactory(name="Cartagena", slug="cartagena"))
    CenterFactory(opened_on=None, launched_on=None, launch_state="pendiente")
    with django_assert_num_queries(1):
        html = render("{% center_map %}{% centers_by_city %}")
    assert "map-por-abrir" in html
    assert 'href="/directorio/centros/cartagena/"' in html
    assert "Por abrir" in html
    assert html.count('data-tipo="centro"') == 2
