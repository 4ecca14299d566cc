"""The socket: who may listen, that only ids pass, and that a right that is gone ends it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser

from comunidad.actions import groups, moderation, posts
from comunidad.models import Theme
from comunidad.realtime import announce as announcing
from comunidad.realtime.consumers import MAX_TOPICS, LiveConsumer
from comunidad.realtime.topics import QueueTopic, ThreadTopic, parse
from tests.factories.comunidad import (
    GroupFactory,
    MembershipFactory,
    ResourceFactory,
    ThemeFactory,
    held,
    trusted,
    tutor,
)
from tests.factories.sockets import Socket

db = pytest.mark.django_db(transaction=True)
make = database_sync_to_async


def in_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Run an asynchronous test; the database is the one of the test's own thread."""

    @wraps(test)
    def run() -> None:
        async_to_sync(test)()

    return run


async def page(user: Any = None, **scope: Any) -> Socket:
    """An open page of ``user``."""
    socket = Socket(LiveConsumer.as_asgi(), user=user or AnonymousUser(), **scope)
    assert await socket.open()
    return socket


async def listen(socket: Socket, name: str) -> Any:
    await socket.say({"seguir": name})
    return await socket.hear()


@pytest.mark.parametrize(
    "name",
    ["", "hilo", "hilo:", "hilo:x", "hilo:-1", "hilo:²", "cola:1:2", "otra:1", "hilo:" + "9" * 30,
     "hilo:9999999999999999999", None, 5, ["hilo:1"], {"hilo": 1}],
)  # fmt: skip
def test_what_is_no_topic(name: Any) -> None:
    assert parse(name) is None


def test_topics_are_named_both_ways() -> None:
    for topic in (ThreadTopic(12), QueueTopic(3)):
        assert parse(topic.name) == topic
        assert topic.group_name == f"comunidad.{topic.name.replace(':', '.')}"


@db
@in_loop
async def test_a_reply_is_announced_by_its_id_alone() -> None:
    by = await make(trusted)()
    question = await make(ResourceFactory)()
    socket = await page()
    assert await listen(socket, f"hilo:{question.pk}") == {"siguiendo": f"hilo:{question.pk}"}
    reply = await make(posts.reply)(resource=question, by=by, source="Un secreto a voces.")
    assert await socket.hear() == {"tema": f"hilo:{question.pk}", "id": reply.pk}
    assert await socket.receive_nothing()
    await socket.close()


@db
@in_loop
async def test_nobody_listens_to_what_she_may_not_read() -> None:
    theme, group = await make(ThemeFactory)(), await make(GroupFactory)()
    waits = await make(held)(theme)
    inside = await make(ResourceFactory)(theme=theme, group=group)
    teacher, stranger = await make(tutor)(theme), await make(trusted)()
    member = (await make(MembershipFactory)(group=group)).user
    expected = {
        (None, f"hilo:{waits.pk}"): "negado",
        (stranger, f"hilo:{waits.pk}"): "negado",
        (waits.author, f"hilo:{waits.pk}"): "siguiendo",
        (teacher, f"hilo:{waits.pk}"): "siguiendo",
        (stranger, f"hilo:{inside.pk}"): "negado",
        (member, f"hilo:{inside.pk}"): "siguiendo",
        (stranger, f"cola:{theme.pk}"): "negado",
        (teacher, f"cola:{theme.pk}"): "siguiendo",
        (teacher, "cola:999999"): "negado",
        (None, "hilo:999999"): "negado",
    }
    for (user, name), answer in expected.items():
        socket = await page(user)
        assert await listen(socket, name) == {answer: name}, (user, name)
        await socket.close()


@db
@in_loop
async def test_who_is_taken_out_of_a_group_hears_nothing_more() -> None:
    group = await make(GroupFactory)()
    membership = await make(MembershipFactory)(group=group)
    other = (await make(MembershipFactory)(group=group)).user
    thread = await make(ResourceFactory)(group=group)
    socket = await page(membership.user)
    name = f"hilo:{thread.pk}"
    await listen(socket, name)
    await make(groups.leave)(group=group, by=membership.user)
    assert await socket.hear() == {"negado": name}
    await make(posts.reply)(resource=thread, by=other, source="Solo para el grupo.")
    assert await socket.receive_nothing()
    assert await listen(socket, name) == {"negado": name}
    await socket.close()


@db
@in_loop
async def test_a_right_that_went_without_a_word_is_seen_at_the_next_one() -> None:
    theme = await make(ThemeFactory)()
    teacher = await make(tutor)(theme)
    socket = await page(teacher)
    await listen(socket, f"cola:{theme.pk}")
    await make(Theme.tutors.through.objects.all().delete)()
    await make(held)(theme)
    assert await socket.hear() == {"negado": f"cola:{theme.pk}"}
    assert await socket.receive_nothing()
    await socket.close()


@db
@in_loop
async def test_what_is_hidden_leaves_the_pages_of_its_readers() -> None:
    theme = await make(ThemeFactory)()
    thread, teacher = await make(ResourceFactory)(theme=theme), await make(tutor)(theme)
    reader, desk = await page(), await page(teacher)
    name = f"hilo:{thread.pk}"
    await listen(reader, name)
    await listen(desk, name)
    await make(moderation.hide)(post=thread, by=teacher, reason="Motivo que no se envía.")
    assert await reader.hear() == {"negado": name}
    assert await desk.hear() == {"tema": name, "id": thread.pk}
    for socket in (reader, desk):
        await socket.close()


@db
@in_loop
async def test_signing_out_or_being_closed_out_ends_it() -> None:
    waits = await make(held)(await make(ThemeFactory)())
    name = f"hilo:{waits.pk}"

    class Session:
        session_key = "x"
        there = True

        def exists(self, key: str) -> bool:
            return self.there

    session = Session()
    socket = await page(waits.author, session=session)
    assert await listen(socket, name) == {"siguiendo": name}
    session.there = False
    await make(announcing.recheck)(waits.author.pk)
    assert await socket.hear() == {"negado": name}
    session.there = True
    assert await listen(socket, name) == {"siguiendo": name}

    def close() -> None:
        waits.author.is_active = False
        waits.author.save()

    await make(close)()
    await make(announcing.announce)(ThreadTopic(waits.pk), waits.pk)
    assert await socket.hear() == {"negado": name}
    await socket.close()


@db
@in_loop
async def test_one_stops_listening_and_nonsense_is_ignored() -> None:
    thread = await make(ResourceFactory)()
    socket = await page()
    for text in ("no soy json", "[]", "5", "null", '{"seguir": 5}', '{"seguir": "hilo:x"}', "[" * 3000):
        await socket.say(text)
    await socket.say(b"\x00\xff")
    name = f"hilo:{thread.pk}"
    assert await listen(socket, name) == {"siguiendo": name}
    await socket.say({"dejar": name})
    await sync_to_async(announcing.announce)(ThreadTopic(thread.pk), 1)
    assert await socket.receive_nothing()
    await socket.close()


@db
@in_loop
async def test_a_page_listens_to_a_few_things() -> None:
    threads = [await make(ResourceFactory)() for _ in range(MAX_TOPICS + 1)]
    socket = await page()
    answers = [await listen(socket, f"hilo:{thread.pk}") for thread in threads]
    assert [next(iter(answer)) for answer in answers] == ["siguiendo"] * MAX_TOPICS + ["negado"]
    await socket.close()


@pytest.mark.django_db
def test_a_layer_that_is_down_stops_no_writer(monkeypatch: Any, caplog: Any) -> None:
    class Down:
        async def group_send(self, group: str, message: Any) -> None:
            raise ConnectionError("apagado")

    monkeypatch.setattr(announcing, "get_channel_layer", lambda: Down())
    announcing.announce(ThreadTopic(1), 1)
    assert "comunidad.hilo.1" in caplog.text
