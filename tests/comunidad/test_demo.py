"""The demonstration of the forum: facts about themes, words of demonstration accounts, twice the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from comunidad.enums import Kind
from comunidad.models import (
    Flag,
    Group,
    Membership,
    ModerationEntry,
    Reaction,
    Reply,
    Resource,
    Theme,
    Vote,
)
from portal.demo import accounts, comunidad
from portal.demo.comunidad import DATA, _rows

pytestmark = pytest.mark.django_db
MODELS = (Theme, Resource, Reply, Group, Membership, Flag, ModerationEntry, Reaction, Vote)


@pytest.fixture(scope="module")
def people(made_once: Any) -> Iterator[dict[str, Any]]:
    """Her people, with all of it loaded once for the tests that read it."""
    with made_once():
        users = accounts.load()
        comunidad.load(users)
        yield users


def test_the_eight_themes_and_who_tutors_them(people: dict[str, Any]) -> None:
    found = dict(Theme.objects.values_list("name", "tutor_name"))
    assert len(found) == 8
    assert found["Orientación"] == "Carol Barragán" and found["Formación del Ser"] == "Secretaría Técnica"
    assert set(Theme.objects.get(slug="empleabilidad").tutors.all()) == {people["tutora"]}
    assert Theme.objects.exclude(slug="empleabilidad").filter(tutors__isnull=False).count() == 0


def test_only_demonstration_accounts_say_anything(people: dict[str, Any]) -> None:
    tutors = set(Theme.objects.values_list("tutor_name", flat=True))
    for post in [*Resource.objects.all(), *Reply.objects.all()]:
        assert post.author.is_demo
        assert str(post.author) not in tutors
        assert not any(name in f"{getattr(post, 'title', '')} {post.source}" for name in tutors - {""})


def test_there_is_one_of_everything(people: dict[str, Any]) -> None:
    assert set(Resource.objects.public().values_list("kind", flat=True)) == set(Kind.values)
    assert Resource.objects.public().awaiting_tutor().count() >= 2
    accepted = Resource.objects.filter(accepted__isnull=False)
    assert accepted.exists() and accepted.filter(is_frequent=True).exists()
    assert Resource.objects.held().get().author == people["nueva"]
    assert Reply.objects.held().get().author == people["nueva"]
    hidden = Resource.objects.filter(state="retirado").get()
    assert hidden.hidden_reason and ModerationEntry.objects.filter(resource=hidden).exists()
    assert Flag.objects.open().count() == 1
    assert Group.objects.filter(is_private=True).exists() and Group.objects.filter(state="pedido").exists()


def test_whoever_is_not_new_writes_without_waiting(people: dict[str, Any]) -> None:
    from comunidad.policies import is_trusted

    trusted = {name for name, user in people.items() if is_trusted(user)}
    assert trusted == set(people) - {"nueva"}


def test_loading_twice_changes_nothing(people: dict[str, Any]) -> None:
    before = [list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in MODELS]
    changed = Resource.objects.first()
    Resource.objects.filter(pk=changed.pk).update(source="Lo cambió alguien.")
    comunidad.load(people)
    assert [list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in MODELS] == before
    changed.refresh_from_db()
    assert changed.source == "Lo cambió alguien."


def test_the_files_name_what_there_is() -> None:
    assert (DATA / "comunidad.yaml").exists()
    themes = {row["tema"] for row in _rows("comunidad.yaml")}
    groups = {row["nombre"] for row in _rows("comunidad_grupos.yaml")}
    keys = [row["clave"] for row in _rows("comunidad_mensajes.yaml")]
    assert len(keys) == len(set(keys))
    for row in _rows("comunidad_mensajes.yaml"):
        assert row["tema"] in themes
        assert row.get("grupo") is None or row["grupo"] in groups
