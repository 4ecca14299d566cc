import pytest
from django.test import Client, RequestFactory

from nucleo.policies import Forbidden
from nucleo.ratelimit import refuse
from portal.views import errors

pytestmark = pytest.mark.django_db


def test_not_found_offers_search_and_a_way_in(client):
    response = client.get("/no-existe/?a=b")
    page = response.content.decode()
    assert response.status_code == 404
    assert "Aquí se soltó un hilo" in page and 'action="/buscar/"' in page
    assert "/cuenta/entrar/?next=/no-existe/" in page


def test_forbidden_says_the_sentence_escaped(rf, django_user_model):
    request = rf.get("/redip/")
    request.user = django_user_model.objects.create_user("a@demo.example")
    response = errors.forbidden(request, Forbidden("Solo <b>la</b> mesa."))
    assert response.status_code == 403
    assert "Solo &lt;b&gt;la&lt;/b&gt; mesa." in response.content.decode()


def test_an_expired_form_says_what_to_do():
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/cuenta/entrar/", {"login": "a@correo.example"})
    assert response.status_code == 403
    assert "estuvo abierta mucho tiempo" in response.content.decode()


def test_an_address_that_only_takes_forms_gives_a_way_on(client):
    response = client.get("/tema/")
    page = response.content.decode()
    assert response.status_code == 405 and response["Allow"] == "POST"
    assert "Esto se hace con un botón" in page and 'href="/ayuda/"' in page


def test_the_500_page_asks_no_database(django_assert_num_queries):
    request = RequestFactory().get("/", headers={"Cookie": "sessionid=x; tema=dark"})
    with django_assert_num_queries(0):
        response = errors.server_error(request)
    page = response.content.decode()
    assert response.status_code == 500 and "de nuestro lado" in page and 'data-theme="dark"' in page


def test_too_many_requests_says_when(rf):
    request = rf.post("/")
    request.user = None
    response = errors.too_many_requests(request)
    assert response.status_code == 429 and response["Retry-After"] == "300"
    assert "dentro de 5 minutos" in response.content.decode()


@pytest.mark.parametrize(
    ("seconds", "words"), [(60, "un minuto."), (3600, "una hora."), (601, "11 minutos.")]
)
def test_a_limit_says_its_own_time(seconds, words, rf):
    request = rf.post("/")
    request.user = None
    response = refuse(request, seconds=seconds)
    assert response["Retry-After"] == str(seconds) and words in response.content.decode()
