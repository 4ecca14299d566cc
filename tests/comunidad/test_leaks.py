"""One secret, every way out: page, fragment, file, history, lists, feed, sitemap, search, API, notices, mail.

What waits for approval, what was hidden and what is for members only is looked for at every address that
could say it, as everybody who must not read it.
"""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail

from comunidad.actions import engagement, moderation, posts
from comunidad.enums import Kind
from comunidad.models import Reply, Resource
from portal.avisos.models import Notice
from search import outbox, service, suggesting
from search.query import Query
from tests.factories.comunidad import (
    GroupFactory,
    MembershipFactory,
    ResourceFactory,
    ThemeFactory,
    filed,
    poll,
    trusted,
    tutor,
)
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db

SECRET = "Xilofonista"
"""A word that nothing else says."""


def addresses(post: Any) -> list[str]:
    thread = post.resource
    theme = thread.theme
    found = [
        "/",
        "/comunidad/",
        "/comunidad/?estado=sin-respuesta",
        "/comunidad/?estado=respondidas",
        "/comunidad/grupos/",
        theme.get_absolute_url(),
        f"{theme.get_absolute_url()}?clase={thread.kind}",
        f"/comunidad/{theme.slug}/{thread.pk}-x/",
        thread.address("short"),
        thread.address("replies"),
        thread.address("history"),
        thread.address("file"),
        thread.address("act", "avisar"),
        thread.address("act", "editar"),
        thread.address("act", "retirar"),
        f"{thread.get_absolute_url()}?a=1",
        f"/comunidad/preguntar/parecidas/?titulo={SECRET}",
        f"/buscar/?q={SECRET}",
        f"/buscar/sugerencias/?q={SECRET[:4]}",
        "/feeds/comunidad.atom",
        "/sitemap-comunidad-1.xml",
        f"/api/v1/buscar?q={SECRET}",
        "/api/v1/recursos",
        f"/api/v1/recursos/{thread.pk}",
        "/api/v1/temas",
        "/avisos/",
    ]
    if isinstance(post, Reply):
        found += [post.address("act", "avisar"), post.address("act", "editar"), post.address("history")]
    if thread.group:
        found.append(thread.group.get_absolute_url())
    return found


def said_at(client: Any, post: Any) -> list[str]:
    """Where the secret comes out for who ``client`` is; the echo of what she asked for does not count."""
    found = []
    for address in addresses(post):
        response = client.get(address, follow=True)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        text = content.decode("utf-8", "replace")
        asked = (f"<bdi>{SECRET}</bdi>", f"&#x2068;{SECRET}&#x2069;", f"«{SECRET}»", f'value="{SECRET}"')
        for echo in (*asked, f"={SECRET}", escape(address), quote(address)):
            text = text.replace(echo, "")
        if SECRET.lower() in text.lower():
            found.append(address)
    return found


def nobody_hears(client: Any, post: Any, strangers: list[Any], search_index: Any) -> None:
    outbox.queue("recurso", post.resource.pk)
    search_index()
    for user in strangers:
        client.logout()
        if user is not None:
            client.force_login(user)
        assert said_at(client, post) == [], user
        viewer = user or AnonymousUser()
        page = service.search(Query(text=SECRET), viewer)
        assert (page.total, page.hits, page.did_you_mean) == (0, (), "")
        assert all(value.count == 0 for facet in page.facets for value in facet.values)
        assert suggesting.suggest(SECRET[:5], viewer) == []
    told = Notice.objects.filter(recipient__in=[u for u in strangers if u is not None])
    assert not [n for n in told if SECRET.lower() in f"{n.text} {n.detail} {n.url}".lower()]


@pytest.fixture
def here(django_capture_on_commit_callbacks: Any) -> Any:
    """A theme with a tutor and followers, and the way to do things with all that follows from them."""
    theme = ThemeFactory()
    follower, stranger = UserFactory(), trusted()
    engagement.follow(thing=theme, by=follower, wanted=True)
    thread = ResourceFactory(theme=theme, title="¿Una pregunta abierta?")
    for user in (follower, stranger):
        engagement.follow(thing=thread, by=user, wanted=True)

    class Here:
        tutor_ = tutor(theme)
        outsiders = [None, follower, stranger, tutor(ThemeFactory())]

        def do(self, action: Any, **arguments: Any) -> Any:
            with django_capture_on_commit_callbacks(execute=True):
                return action(**arguments)

    made = Here()
    made.theme, made.thread, made.follower = theme, thread, follower
    return made


def test_a_first_question_that_waits(client: Any, here: Any, search_index: Any) -> None:
    new = UserFactory()
    post = here.do(
        posts.post_resource,
        theme=here.theme,
        by=new,
        kind=Kind.QUESTION,
        title=f"¿{SECRET}?",
        source=f"{SECRET}.",
    )
    nobody_hears(client, post, here.outsiders, search_index)
    assert SECRET not in "".join(f"{m.subject}{m.body}" for m in mail.outbox)
    client.force_login(new)
    assert post.get_absolute_url() + "?a=1" in said_at(client, post), "she reads her own"
    client.force_login(here.tutor_)
    assert here.theme.get_absolute_url() in said_at(client, post), "so the search for it works"
    here.do(moderation.approve, post=post, by=here.tutor_)
    search_index()
    client.logout()
    found = said_at(client, post)
    for address in ("/comunidad/", "/feeds/comunidad.atom", f"/buscar/?q={SECRET}", "/api/v1/recursos"):
        assert address in found, "what is published is found, or this test proves nothing"


def test_a_first_reply_that_waits(client: Any, here: Any, search_index: Any) -> None:
    new = UserFactory()
    reply = here.do(posts.reply, resource=here.thread, by=new, source=f"{SECRET}.")
    nobody_hears(client, reply, here.outsiders, search_index)
    assert SECRET not in "".join(m.body for m in mail.outbox)
    client.force_login(new)
    assert here.thread.address("replies") in said_at(client, reply)


@pytest.mark.parametrize("with_file", [False, True])
def test_a_resource_that_was_hidden(client: Any, here: Any, search_index: Any, with_file: bool) -> None:
    by = trusted()
    if with_file:
        post = here.do(filed, theme=here.theme, by=by)
        Resource.objects.filter(pk=post.pk).update(title=SECRET, slug=SECRET.lower())
        post.refresh_from_db()
    else:
        post = here.do(
            posts.post_resource,
            theme=here.theme,
            by=by,
            kind=Kind.QUESTION,
            title=f"¿{SECRET}?",
            source="Texto.",
        )
    outbox.queue("recurso", post.pk)
    search_index()
    client.get(here.thread.get_absolute_url())  # what is similar is kept for a while
    assert service.search(Query(text=SECRET), AnonymousUser()).total == 1
    here.do(moderation.hide, post=post, by=here.tutor_, reason="Un motivo.")
    # The index may be late: the database has the last word before the outbox is drained, too.
    assert service.search(Query(text=SECRET), AnonymousUser()).total == 0
    assert SECRET not in client.get(here.thread.get_absolute_url()).content.decode()
    nobody_hears(client, post, here.outsiders, search_index)


def test_a_reply_that_was_hidden(client: Any, here: Any, search_index: Any) -> None:
    reply = here.do(posts.reply, resource=here.thread, by=trusted(), source=f"{SECRET}.")
    search_index()
    assert service.search(Query(text=SECRET), AnonymousUser()).total == 1
    here.do(moderation.hide, post=reply, by=here.tutor_, reason="Un motivo.")
    nobody_hears(client, reply, here.outsiders, search_index)
    here.do(moderation.restore, post=reply, by=here.tutor_)
    search_index()
    assert service.search(Query(text=SECRET), AnonymousUser()).total == 1


def test_what_a_correction_took_out(client: Any, here: Any, search_index: Any) -> None:
    by = trusted()
    post = here.do(
        posts.post_resource,
        theme=here.theme,
        by=by,
        kind=Kind.QUESTION,
        title="¿Limpia?",
        source=f"{SECRET}.",
    )
    here.do(posts.edit, post=post, by=by, revision=1, source="Limpio.")
    nobody_hears(client, post, here.outsiders, search_index)
    client.force_login(by)
    assert post.address("history") in said_at(client, post)


def test_what_is_for_members_only(client: Any, here: Any, search_index: Any) -> None:
    group = GroupFactory()
    writer, member = (MembershipFactory(group=group).user for _ in range(2))
    left = MembershipFactory(group=group)
    ResourceFactory(author=writer, kind=Kind.NOTE)
    for user in (member, left.user):
        engagement.follow(thing=here.theme, by=user, wanted=True)
    asking = MembershipFactory(group=group, state="pidio-entrar").user
    left.delete()
    post = here.do(
        posts.post_resource,
        theme=here.theme,
        by=writer,
        kind=Kind.NOTE,
        title=SECRET,
        source=f"{SECRET}.",
        group=group,
    )
    nobody_hears(client, post, [*here.outsiders, left.user, asking], search_index)
    client.force_login(member)
    found = said_at(client, post)
    for address in (here.theme.get_absolute_url(), f"/buscar/?q={SECRET}", "/api/v1/recursos"):
        assert address in found
    assert "/feeds/comunidad.atom" not in found and "/sitemap-comunidad-1.xml" not in found
    assert Notice.objects.filter(recipient=member, detail__contains=SECRET).exists()


def test_voting_is_secret(client: Any, here: Any) -> None:
    voter = trusted(first_names=SECRET)
    asked = poll(here.theme)
    engagement.vote(option=asked.options.first(), by=voter)
    for user in here.outsiders:
        client.logout()
        if user is not None:
            client.force_login(user)
        assert SECRET not in client.get(asked.get_absolute_url()).content.decode()
