"""What the home page takes from the directory, at one query for both tags."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory

from tests.factories.directorio import CenterFactory, CityFactory

pytestmark = pytest.mark.django_db


def render(text, **context):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return Template("{% load directorio %}" + text).render(Context({"request": request, **context}))


def test_map_and_cities_share_one_query(django_assert_num_queries):
    CenterFactory(city=CityFactory(name="Cartagena", slug="cartagena"))
    CenterFactory(opened_on=None, launched_on=None, launch_state="pendiente")
    with django_assert_num_queries(1):
        html = render("{% center_map %}{% centers_by_city %}")
    assert "map-por-abrir" in html
    assert 'href="/directorio/centros/cartagena/"' in html
    assert "Por abrir" in html
    assert html.count('data-tipo="centro"') == 2
