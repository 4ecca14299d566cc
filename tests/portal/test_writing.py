"""The text of a form as it will be read, before it is sent."""

import pytest
from django.urls import reverse

from nucleo.html import MAX_SOURCE
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    client.force_login(UserFactory())
    return client


def test_it_is_what_would_be_published(member):
    page = member.post(reverse("preview"), {"campo": "texto", "texto": "**Así**<script>x</script>"})
    html = page.content.decode()
    assert "<h1>" in html and "<strong>Así</strong>" in html and "<script>x" not in html


def test_a_script_gets_the_text_alone(member):
    page = member.post(
        reverse("preview"), {"campo": "topics", "topics": "uno"}, headers={"HX-Request": "true"}
    )
    assert "<p>uno</p>" in page.content.decode() and "<html" not in page.content.decode()


@pytest.mark.parametrize("sent", [{}, {"campo": "texto"}, {"campo": "x", "texto": "uno"}])
def test_no_text_is_said(member, sent):
    assert "Todavía no ha escrito nada" in member.post(reverse("preview"), sent).content.decode()


def test_too_long_a_text_is_refused_with_a_sentence(member):
    page = member.post(reverse("preview"), {"campo": "texto", "texto": "a" * (MAX_SOURCE + 1)})
    assert page.status_code == 422 and str(MAX_SOURCE) in page.content.decode()


def test_it_is_asked_by_post_and_nobody_looks_without_an_account(client, member):
    assert member.get(reverse("preview")).status_code == 405
    client.logout()
    assert client.post(reverse("preview"), {"campo": "texto", "texto": "uno"}).status_code == 302


def test_who_asks_without_end_is_asked_to_wait(member):
    answers = [member.post(reverse("preview"), {"campo": "a"}).status_code for _ in range(61)]
    assert answers[-2:] == [200, 429]
