import pytest
from django.template.response import TemplateResponse
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from portal.views.components import components
from tests.factories.directorio import CityFactory

pytestmark = pytest.mark.django_db


def test_the_page_of_components_exists_only_while_developing(client, settings):
    assert not settings.DEBUG
    with pytest.raises(NoReverseMatch):
        reverse("components")
    assert client.get("/componentes/").status_code == 404


def test_it_shows_each_state(client):
    from django.contrib.auth.models import AnonymousUser

    CityFactory(name="Tunja", divipola="15001")
    request = RequestFactory().get("/componentes/")
    request.user, request._messages = AnonymousUser(), []
    response = components(request)
    assert not isinstance(response, TemplateResponse)
    page = response.content.decode()
    assert response.status_code == 200
    for part in (
        "btn-main", "btn-danger", "aria-busy", "pill-danger", "notice-warn", "field-wrong", "step-now",
        'role="alert"', "stage-now", "<progress", "clock-late", "post-held", "post-accepted", "post-removed",
        "sheet-band", "15001", "tabs-count", "facet-link", "day-range", "file-row", "map-cemprende",
    ):  # fmt: skip
        assert part in page, part
