"""Who found nothing may ask to be told; whoever answers her next is not the person who searched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from portal.avisos.models import Notice
from portal.management.commands import tick
from search import alerts, backends, registry
from search.backends import analysis
from search.models import Pin, SearchAlert, SynonymGroup
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db
LIST = "/buscar/avisos/"


def wait_for(client: Client, text: str) -> str:
    return client.post(LIST, {"q": text}, follow=True).content.decode()


def told(user: Any) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("text", "detail"))


def test_who_found_nothing_hears_once_when_there_is_something(
    client: Client, stock: Callable[..., Any]
) -> None:
    user = UserFactory()
    stock("Permisos")
    assert "?next=/buscar/%3Fq%3Dmascotas" in client.get("/buscar/?q=mascotas").content.decode()
    client.force_login(user)
    page = client.get("/buscar/?q=mascotas").content.decode()
    assert "Avíseme cuando haya algo" in page
    assert "«mascotas»" in wait_for(client, "  mascotas ")
    wait_for(client, "Mascota")
    assert SearchAlert.objects.count() == 1, "the same thing is waited for once"
    assert "Le avisaremos" in client.get("/buscar/?q=mascotas").content.decode()
    assert alerts.answer() == 0 and told(user) == []
    (row,) = stock("Permiso para mascotas", updated=timezone.now() + timedelta(seconds=1))
    for chore in tick.CHORES:
        if chore.every == tick.DAY:  # what the day brings is none of this
            cache.add(f"tick:{chore.name}", 1, 60)
    call_command("tick")
    assert told(user) == [("Ya hay algo sobre «mascotas»", "Permiso para mascotas")]
    assert Notice.objects.get().url == f"/pagina/{row.pk}/"
    assert not SearchAlert.objects.exists() and alerts.answer() == 0


def test_what_was_there_before_is_no_news(stock: Callable[..., Any]) -> None:
    user = UserFactory()
    stock("Permiso de obra", updated=timezone.now() - timedelta(days=1))
    alerts.ask(user=user, text="permiso de mascotas")
    assert alerts.answer() == 0


def test_a_synonym_that_makes_it_found_is_news(
    stock: Callable[..., Any], django_capture_on_commit_callbacks: Any
) -> None:
    """Nothing was written since: an editor saw the search that found nothing, and said what it means."""
    user = UserFactory()
    long_ago = timezone.now() - timedelta(days=9)
    stock("Registro de marca", "Michis y perros: permiso", updated=long_ago)
    alerts.ask(user=user, text="permiso de mascotas")
    assert alerts.answer() == 0
    with django_capture_on_commit_callbacks(execute=True):
        SynonymGroup.objects.create(words="otra, cosa")
    assert alerts.answer() == 0
    with django_capture_on_commit_callbacks(execute=True):
        SynonymGroup.objects.create(words="mascotas, perros")
    assert alerts.answer() == 1
    assert told(user) == [("Ya hay algo sobre «permiso de mascotas»", "Michis y perros: permiso")]


def test_a_result_put_first_is_news(stock: Callable[..., Any]) -> None:
    user = UserFactory()
    (row,) = stock("De otra cosa", updated=timezone.now() - timedelta(days=9))
    alerts.ask(user=user, text="mascotas")
    Pin.objects.create(
        text="mascota", key=analysis.key("mascota"), kind="pagina", document=str(row.pk), title="x"
    )
    assert alerts.answer() == 1
    assert told(user) == [("Ya hay algo sobre «mascotas»", "De otra cosa")]


def test_what_one_may_not_read_is_not_told(
    stock: Callable[..., Any], shelf: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, stranger, closed = UserFactory(), UserFactory(), UserFactory(is_active=False)
    monkeypatch.setattr(
        registry, "_audiences", [lambda user: ["mesa:1"] if user.pk in (member.pk, closed.pk) else []]
    )
    for user in (member, stranger, closed):
        alerts.ask(user=user, text="crédito")
    soon = timezone.now() + timedelta(seconds=1)
    (row,) = stock("Acta de crédito", updated=soon, audience=frozenset({"mesa:1"}))
    shelf.refused.add(str(row.pk))
    assert alerts.answer() == 0, "the database has the last word"
    shelf.refused.clear()
    assert alerts.answer() == 1
    assert told(member) and not told(stranger) and not told(closed)


def test_a_long_search_is_known_again(client: Client, stock: Callable[..., Any]) -> None:
    stock("Permisos")
    client.force_login(UserFactory())
    long = "trámites de mascotas en conjuntos residenciales " * 4
    for _click in range(2):
        wait_for(client, long)
    assert SearchAlert.objects.count() == 1
    assert "Ver lo que espero" in client.get("/buscar/", {"q": long}).content.decode()


def test_each_sees_and_lets_go_of_her_own(client: Client) -> None:
    mine, other = UserFactory(), UserFactory()
    theirs = alerts.ask(user=other, text="ajena")
    assert theirs is not None
    client.force_login(mine)
    wait_for(client, "propia")
    page = client.get(LIST).content.decode()
    assert "propia" in page and "ajena" not in page
    for forged in (str(theirs.pk), "x", "9" * 30, "-1"):
        client.post(LIST, {"quitar": forged})
    assert SearchAlert.objects.count() == 2
    client.post(LIST, {"quitar": str(alerts.of(mine).get().pk)})
    assert list(SearchAlert.objects.all()) == [theirs]
    assert "No espera ninguna" in client.get(LIST).content.decode()


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.post(LIST, {"q": "acta"})["Location"].startswith("/cuenta/entrar/")
    assert not SearchAlert.objects.exists()


@pytest.mark.parametrize("text", ["", "  ", "\0\x01", "—…", "(" * 300])
def test_nothing_is_nothing_to_wait_for(client: Client, text: str) -> None:
    client.force_login(UserFactory())
    assert client.post(LIST, {"q": text}, follow=True).status_code == 200
    assert not SearchAlert.objects.exists()


def test_so_many_and_no_more_and_not_for_ever(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    for number in range(alerts.MOST):
        alerts.ask(user=user, text=f"palabra{number}")
    assert "Quite una" in wait_for(client, "otra")
    SearchAlert.objects.update(asked_at=timezone.now() - alerts.KEPT - timedelta(days=1))
    assert alerts.answer() == 0
    assert not SearchAlert.objects.exists()


def test_nobody_is_told_while_the_engine_rests(stock: Callable[..., Any], settings: Any) -> None:
    alerts.ask(user=UserFactory(), text="mascotas")
    stock("Mascotas", updated=timezone.now() + timedelta(seconds=1))
    for path in Path(settings.SEARCH_PLACE).glob("*/meta.json"):
        path.write_text("{")
    backends._made.cache_clear()
    assert alerts.answer() == 0
    assert SearchAlert.objects.count() == 1


def test_an_erased_account_waits_for_nothing(client: Client) -> None:
    from portal.cuentas.actions import erase, export

    user = UserFactory()
    alerts.ask(user=user, text="mascotas")
    assert "mascotas" in str(export(user=user)["datos"])
    erase(user=user)
    assert not SearchAlert.objects.exists()
