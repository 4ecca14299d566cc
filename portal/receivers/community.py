"""The forum: who is told of questions, answers and moderation. Nobody is told of what she may not read.

Notices carry the title of a question and never the text of a message; their address is the short one, without
words. When a message is taken out of sight the notices about it fall silent (``avisos.actions.withdraw``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _

from comunidad import policies, signals
from comunidad.models import Flag, Follow, Group, Membership, ModerationEntry, Reply, Resource, Theme
from portal.avisos.actions import tell, withdraw
from portal.avisos.models import NoticeKind
from portal.gathering import gather
from portal.purposes import Answering
from portal.responding import withdraw as withdraw_links
from portal.tasks import send_gathered


def _operators() -> list[Any]:
    return list(get_user_model()._default_manager.filter(is_superuser=True, is_active=True))


def _tutors(theme: Theme, *, but: Any = None) -> list[Any]:
    """Return who moderates ``theme``; operators where no account does, so that nothing waits for nobody."""
    people = list(theme.tutors.filter(is_active=True)) or _operators()
    return [person for person in people if but is None or person.pk != but.pk]


def _readers(people: Iterable[Any], post: Any) -> list[Any]:
    """Return those of ``people`` who may read ``post``, without its author; in groups each is asked for."""
    others = [person for person in people if person.pk != post.author_id]
    if post.resource.group_id is None and post.is_visible:
        return others
    return [person for person in others if policies.can_see(person, post)]


def _place(post: Any) -> str:
    """Return the address of a message without any of its words."""
    short = str(post.resource.address("short"))
    return f"{short}?r={post.pk}#r-{post.pk}" if isinstance(post, Reply) else short


@receiver(signals.post_published)
@transaction.atomic
def tell_of_resource(sender: Any, resource: Resource, by: Any, **kwargs: Any) -> None:
    """Tell the tutors of a question, and who follows the theme of whatever is new in it."""
    tutors = _readers(_tutors(resource.theme, but=by), resource) if resource.is_question else []
    tell(
        people=tutors,
        kind=NoticeKind.QUEUE,
        text=_("Hay una pregunta en su tema"),
        detail=f"{resource.title} ({resource.theme.name})",
        url=_place(resource),
        key=f"recurso:{resource.pk}",
        mail=False,
    )
    _write_to(tutors, resource)
    follows = Follow.objects.filter(theme=resource.theme).select_related("user")
    tell(
        people=_readers((follow.user for follow in follows), resource),
        kind=NoticeKind.FOLLOWED,
        text=_("Hay algo nuevo en un tema que usted sigue"),
        detail=f"{resource.title} ({resource.theme.name})",
        url=_place(resource),
        key=f"recurso:{resource.pk}",
    )


def _write_to(tutors: Iterable[Any], question: Resource) -> None:
    """Let the next letter of each speak of ``question``, if she can answer it (ADR 0025)."""
    asked = [person for person in tutors if policies.why_not_asked(person, question) is None]
    for person in gather(Answering, people=asked, object_id=question.pk):
        send_gathered.enqueue(person=person.pk, purpose=Answering.name)


@receiver(signals.post_held)
def tell_of_held_post(sender: Any, post: Any, **kwargs: Any) -> None:
    """Ask the tutors to look at the first message of somebody."""
    tell(
        people=_tutors(post.resource.theme, but=post.author),
        kind=NoticeKind.QUEUE,
        text=_("Un primer mensaje espera su aprobación"),
        detail=_("En el tema %(theme)s") % {"theme": post.resource.theme.name},
        url=_place(post),
        key=f"espera:{_key(post)}",
    )


@receiver(signals.reply_posted)
def tell_of_reply(sender: Any, reply: Reply, by: Any, **kwargs: Any) -> None:
    """Tell who asked, whom it answers and who follows; each once, in the words that fit her."""
    thread = reply.resource
    follows = Follow.objects.filter(resource=thread).select_related("user")
    told: dict[str, Any] = {"detail": thread.title, "url": _place(reply), "key": f"respuesta:{reply.pk}"}
    if thread.author is not None:
        text = _("Respondieron su pregunta") if thread.is_question else _("Respondieron a lo que publicó")
        tell(people=_readers([thread.author], reply), kind=NoticeKind.ANSWER, text=text, **told)
    answered = reply.answers.author if reply.answers is not None else None
    if answered is not None:
        text = _("Respondieron a su mensaje")
        tell(people=_readers([answered], reply), kind=NoticeKind.ANSWER, text=text, **told)
    tell(
        people=_readers((follow.user for follow in follows), reply),
        kind=NoticeKind.FOLLOWED,
        text=_("Hay una respuesta en algo que usted sigue"),
        **told,
    )


@receiver(signals.answer_accepted)
def tell_of_answer(sender: Any, resource: Resource, reply: Reply, by: Any, **kwargs: Any) -> None:
    """Thank who wrote the answer; tell who asked when a tutor settled it; ask the tutors no more."""
    withdraw_links(Answering, resource.pk)
    told: dict[str, Any] = {"detail": resource.title, "url": _place(reply)}
    if reply.author is not None and reply.author_id != by.pk:
        tell(
            people=[reply.author],
            kind=NoticeKind.ANSWER,
            text=_("Su respuesta quedó como la aceptada"),
            key=f"aceptada:{reply.pk}",
            **told,
        )
    if resource.author is not None and resource.author_id not in (by.pk, reply.author_id):
        tell(
            people=[resource.author],
            kind=NoticeKind.ANSWER,
            text=_("Su pregunta ya tiene respuesta"),
            key=f"resuelta:{reply.pk}",
            **told,
        )


@receiver(signals.post_approved)
def tell_of_approval(sender: Any, post: Any, by: Any, **kwargs: Any) -> None:
    """Tell the author that her message is seen now."""
    tell(
        people=_author(post, but=by),
        kind=NoticeKind.MODERATION,
        text=_("Ya se publicó su mensaje"),
        detail=post.resource.title,
        url=_place(post),
    )


@receiver(signals.post_hidden)
def tell_of_hiding(sender: Any, post: Any, by: Any, reason: str, **kwargs: Any) -> None:
    """Tell the author why, and that it can be looked at again; silence what others were told of it."""
    withdraw(url=_place(post), but=post.author)
    tell(
        people=_author(post, but=by),
        kind=NoticeKind.MODERATION,
        text=_("Retiraron un mensaje suyo"),
        detail=_("Motivo: %(reason)s Puede pedir que se revise.") % {"reason": _sentence(reason)},
        url=_place(post),
    )


@receiver(signals.post_restored)
def tell_of_restoring(sender: Any, post: Any, by: Any, **kwargs: Any) -> None:
    """Tell the author that it is back; a question that waits may have been left out of a letter meanwhile."""
    if isinstance(post, Resource) and post.is_visible and post.is_waiting:
        _write_to(_readers(_tutors(post.theme, but=by), post), post)
    tell(
        people=_author(post, but=by),
        kind=NoticeKind.MODERATION,
        text=_("Su mensaje está otra vez como antes"),
        detail=post.resource.title,
        url=_place(post),
    )


@receiver(signals.post_flagged)
def tell_of_flag(sender: Any, flag: Flag, **kwargs: Any) -> None:
    """Tell the tutors; never who flagged."""
    tell(
        people=_tutors(flag.thread.theme),
        kind=NoticeKind.QUEUE,
        text=_("Avisaron de un mensaje en su tema"),
        detail=f"{flag.get_reason_display()} ({flag.thread.theme.name})",
        url=_place(flag.post),
        key=f"aviso:{flag.pk}",
    )


@receiver(signals.review_asked)
def tell_of_review(sender: Any, entry: ModerationEntry, **kwargs: Any) -> None:
    """Tell the tutors."""
    tell(
        people=_tutors(entry.thread.theme),
        kind=NoticeKind.QUEUE,
        text=_("Piden que se revise un retiro"),
        detail=_("En el tema %(theme)s") % {"theme": entry.thread.theme.name},
        url=_place(entry.post),
        key=f"revision:{entry.pk}",
    )


@receiver(signals.review_refused)
def tell_of_refused_review(sender: Any, entry: ModerationEntry, reason: str, **kwargs: Any) -> None:
    """Tell the author why it stays hidden."""
    tell(
        people=_author(entry.post),
        kind=NoticeKind.MODERATION,
        text=_("Su mensaje sigue retirado"),
        detail=_("Motivo: %(reason)s") % {"reason": _sentence(reason)},
        url=_place(entry.post),
    )


@receiver(signals.group_requested)
def tell_of_wanted_group(sender: Any, group: Group, **kwargs: Any) -> None:
    """Tell the operators; tutors find it in their queue."""
    tell(
        people=_operators(),
        kind=NoticeKind.QUEUE,
        text=_("Piden abrir un grupo"),
        detail=group.name,
        url=group.get_absolute_url(),
        key=f"grupo:{group.pk}",
    )


@receiver(signals.group_decided)
def tell_of_decided_group(sender: Any, group: Group, **kwargs: Any) -> None:
    """Tell who asked."""
    detail = group.name if group.is_open else f"{group.name}. {_sentence(group.refusal)}"
    tell(
        people=[group.requested_by],
        kind=NoticeKind.GROUP,
        text=_("Abrieron el grupo que pidió") if group.is_open else _("No se abrió el grupo que pidió"),
        detail=detail,
        url=group.get_absolute_url(),
        key=f"grupo:{group.pk}:decidido",
    )


@receiver(signals.joining_asked)
def tell_of_asking(sender: Any, membership: Membership, **kwargs: Any) -> None:
    """Tell who coordinates the group."""
    rows = membership.group.memberships.filter(coordinates=True).select_related("user")
    tell(
        people=[row.user for row in rows],
        kind=NoticeKind.GROUP,
        text=_("Piden entrar a su grupo"),
        detail=f"{membership.user}: {membership.group.name}",
        url=membership.group.get_absolute_url(),
        key=f"entrada:{membership.pk}",
    )


@receiver(signals.joining_decided)
def tell_of_entrance(sender: Any, membership: Membership, **kwargs: Any) -> None:
    """Tell who was let in."""
    tell(
        people=[membership.user],
        kind=NoticeKind.GROUP,
        text=_("Ya está en el grupo"),
        detail=membership.group.name,
        url=membership.group.get_absolute_url(),
        key=f"entrada:{membership.pk}:si",
    )


def _author(post: Any, *, but: Any = None) -> list[Any]:
    """Return who wrote ``post``, unless she did herself what she would be told of."""
    own = but is not None and post.author_id == but.pk
    return [] if own or post.author is None else [post.author]


def _key(post: Any) -> str:
    return f"r{post.pk}" if isinstance(post, Reply) else str(post.pk)


def _sentence(text: str) -> str:
    return text.rstrip(".") + "."
