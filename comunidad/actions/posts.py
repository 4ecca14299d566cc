"""Publishing, answering and correcting. A form that was sent twice gives the same message once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comunidad import policies, signals
from comunidad.actions.conflicts import Conflict
from comunidad.actions.counts import locked, recount_replies, touch
from comunidad.enums import Kind, PostState, Verb
from comunidad.models import Follow, Group, PollOption, Reply, Resource, ResourceFile, Revision, Theme
from comunidad.models.polls import MAX_OPTIONS, MIN_OPTIONS
from comunidad.models.posts import about
from nucleo.html import render_markdown
from nucleo.policies import require
from nucleo.uploads import Upload
from search import outbox

P = TypeVar("P", Resource, Reply)


def _state(by: Any) -> dict[str, Any]:
    """Return whether what ``by`` writes now is seen at once."""
    if policies.needs_approval(by):
        return {"state": PostState.HELD}
    return {"state": PostState.VISIBLE, "approved_at": timezone.now()}


def _once(model: type[P], by: Any, token: UUID | None, make: Callable[[], P]) -> tuple[P, bool]:
    """Return what ``make`` gives and that it is new; or what this form gave when it was sent before.

    Two requests at the same time: the constraint lets one through, the other finds it.
    """
    sent = model._default_manager.filter(author=by, form_token=token)
    if token is not None and (found := sent.first()):
        return found, False
    try:
        with transaction.atomic():
            return make(), True
    except IntegrityError:
        if token is None or (found := sent.first()) is None:
            raise
        return found, False


@transaction.atomic
def post_resource(
    *,
    theme: Theme,
    by: Any,
    kind: Kind,
    title: str,
    source: str = "",
    group: Group | None = None,
    about_url: str = "",
    about_label: str = "",
    options: Sequence[str] = (),
    upload: Upload | None = None,
    token: UUID | None = None,
) -> Resource:
    """Return a new resource; announces ``post_published``, or ``post_held`` for a new member.

    ``token`` is that of the form: sent twice it gives the first resource again. Raises ValueError over the
    length that Markdown is rendered at, or for a poll without options or a file without a file.
    """
    require(policies.can_post(by, theme, group), _("En un grupo escriben sus miembros."))
    chosen = [text.strip() for text in options if text.strip()] if kind == Kind.POLL else []
    if kind == Kind.POLL and not MIN_OPTIONS <= len(chosen) <= MAX_OPTIONS:
        raise ValueError(f"A poll has {MIN_OPTIONS} to {MAX_OPTIONS} options, not {len(chosen)}")
    if (kind == Kind.FILE) is not (upload is not None):
        raise ValueError("A file, and only a file, brings a file")

    def make() -> Resource:
        made = Resource.objects.create(
            theme=theme,
            author=by,
            kind=kind,
            title=title,
            slug=Resource.slug_of(title, kind),
            source=source,
            html=render_markdown(source),
            group=group,
            about_url=about_url,
            about_label=about_label if about_url else "",
            form_token=token,
            **_state(by),
        )
        PollOption.objects.bulk_create(
            PollOption(resource=made, order=n, text=text) for n, text in enumerate(chosen, start=1)
        )
        if upload is not None:
            _attach(made, upload)
        Follow.objects.create(user=by, resource=made)
        return made

    resource, new = _once(Resource, by, token, make)
    if new:
        announce(resource, by=by)
    return resource


def _attach(resource: Resource, upload: Upload) -> None:
    kept = ResourceFile(
        resource=resource, name=upload.name, kind=upload.kind, size=upload.size, sha256=upload.sha256
    )
    kept.file.save(upload.safe_name, upload.file, save=False)
    kept.save()


@transaction.atomic
def reply(
    *, resource: Resource, by: Any, source: str, answers: Reply | None = None, token: UUID | None = None
) -> Reply:
    """Return a new reply, to another reply of the same resource if ``answers`` says so.

    Announces ``reply_posted``, or ``post_held`` for a new member. Who replies follows the resource.
    """
    thread: Resource = locked(resource)
    require(
        policies.can(by, Verb.REPLY, thread),
        _("Aquí ya no se puede responder, o solo lo hacen los miembros del grupo."),
    )
    if answers is not None and not (answers.resource_id == thread.pk and answers.is_visible):
        answers = None

    def make() -> Reply:
        return Reply.objects.create(
            resource=thread,
            author=by,
            source=source,
            html=render_markdown(source),
            answers=answers,
            form_token=token,
            **_state(by),
        )

    made, new = _once(Reply, by, token, make)
    if new:
        Follow.objects.get_or_create(user=by, resource=thread)
        recount_replies(thread)
        announce(made, by=by)
    made.resource = thread
    return made


def announce(post: Any, *, by: Any) -> None:
    """Queue for the index and say after commit that readers see ``post``, or that a tutor should."""
    outbox.queue("recurso", post.resource.pk)
    if post.is_held:
        transaction.on_commit(partial(signals.post_held.send, sender=type(post), post=post))
    elif isinstance(post, Reply):
        transaction.on_commit(partial(signals.reply_posted.send, sender=Reply, reply=post, by=by))
    else:
        transaction.on_commit(partial(signals.post_published.send, sender=Resource, resource=post, by=by))


@transaction.atomic
def edit(*, post: P, by: Any, revision: int, source: str, title: str | None = None) -> P:
    """Save the text that ``by`` opened at ``revision`` and keep what it replaces; announces ``post_edited``.

    The same text again changes nothing. Raises Conflict when someone saved after that; what is held stays so.
    """
    kept: P = locked(post)
    require(policies.can(by, Verb.EDIT, kept), edit_refusal())
    if kept.revision != revision:
        raise Conflict(kept)
    is_resource = isinstance(kept, Resource)
    new_title = title if is_resource and title is not None else getattr(kept, "title", "")
    if kept.source == source and getattr(kept, "title", "") == new_title:
        return kept
    before = kept.edited_by if isinstance(kept, Resource) and kept.edited_by_id else kept.author
    Revision.objects.create(
        **about(kept),
        number=kept.revision,
        title=getattr(kept, "title", ""),
        source=kept.source,
        written_by=before,
        written_at=kept.edited_at or kept.created_at,
    )
    kept.source, kept.html = source, render_markdown(source)
    kept.revision += 1
    kept.edited_at = kept.updated_at = timezone.now()
    if isinstance(kept, Resource):
        kept.title, kept.edited_by = new_title, by
        kept.slug = Resource.slug_of(new_title, kept.kind)
    kept.save()
    touch(kept.resource)
    outbox.queue("recurso", kept.resource.pk)
    transaction.on_commit(partial(signals.post_edited.send, sender=type(kept), post=kept))
    return kept


def edit_refusal() -> str:
    """Return why a text cannot be changed any more."""
    return _(
        "Lo que usted escribió se corrige el primer día, o mientras nadie haya respondido. "
        "Después, escriba una respuesta con la corrección."
    )
