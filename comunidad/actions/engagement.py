"""Taking part with one touch: it was useful, tell me, my choice. Saying the same twice changes nothing."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from comunidad import policies, signals
from comunidad.actions.counts import locked, recount_reactions
from comunidad.enums import Verb
from comunidad.models import Follow, PollOption, Reaction, Reply, Resource, Theme, Vote
from comunidad.models.posts import about
from nucleo.policies import require
from search import outbox
from search.documents import helpfulness


@transaction.atomic
def react(*, post: Any, by: Any, useful: bool) -> bool:
    """Keep that ``post`` was useful to ``by``, or no longer; true if that is new."""
    found = locked(post)
    require(
        policies.can(by, Verb.REACT, found), _("«Me sirvió» es para los mensajes publicados de los demás.")
    )
    if useful:
        _row, changed = Reaction.objects.get_or_create(user=by, **about(found))
    else:
        changed = bool(Reaction.objects.filter(user=by, **about(found)).delete()[0])
    if changed:
        recount_reactions(found)
        _weigh_anew(found, 1 if useful else -1)
        transaction.on_commit(partial(signals.reaction_changed.send, sender=type(found), post=found))
    return changed


def _weigh_anew(post: Any, gained: int) -> None:
    """Have the thread indexed anew when it has come to another step of helpfulness: not with every touch."""
    thread = post.resource if isinstance(post, Reply) else post
    replies = Reply.objects.visible().filter(resource=thread).aggregate(served=Sum("useful_count"))
    served = thread.useful_count + (replies["served"] or 0)
    if helpfulness(served) != helpfulness(served - gained):
        outbox.queue("recurso", thread.pk)


@transaction.atomic
def follow(*, thing: Theme | Resource, by: Any, wanted: bool) -> bool:
    """Tell ``by`` of what happens in a theme or a resource, or stop; true if that is new."""
    field = {"resource": thing} if isinstance(thing, Resource) else {"theme": thing}
    if not wanted:
        return bool(Follow.objects.filter(user=by, **field).delete()[0])
    require(policies.can_follow(by, thing), _("Solo se sigue lo que está publicado."))
    _row, new = Follow.objects.get_or_create(user=by, **field)
    return new


@transaction.atomic
def vote(*, option: PollOption, by: Any) -> bool:
    """Choose ``option``, in place of another one if she had; true if that is new."""
    poll: Resource = locked(option.resource)
    require(policies.can_vote(by, poll), _("En esta encuesta ya no se vota, o solo votan los miembros."))
    kept = Vote.objects.filter(resource=poll, user=by).first()
    if kept is not None and kept.option_id == option.pk:
        return False
    Vote.objects.update_or_create(resource=poll, user=by, defaults={"option": option, "at": timezone.now()})
    transaction.on_commit(partial(signals.vote_cast.send, sender=Resource, resource=poll))
    return True
