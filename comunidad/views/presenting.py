"""A thread as one reader sees it: its posts in order, each with the buttons that apply to her. No HTTP.

The text of a message leaves here only if the reader may read it; a template cannot show what it is not given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Count
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from comunidad import policies
from comunidad.enums import Kind, ModerationVerb, PostState, Verb
from comunidad.models import (
    Flag,
    Follow,
    ModerationEntry,
    Reaction,
    Reply,
    Resource,
    ResourceFile,
    Revision,
    Vote,
)
from comunidad.tables import person_sub, state_pill
from nucleo.pagination import paginate
from nucleo.uploads import LABELS
from search import service
from search.query import Query

SIMILAR_KEPT = 600
"""Seconds that the ids of similar resources stay in the cache; who may read them is asked each time."""
SIMILAR = 3
REPLIES_A_PAGE = 20

LINKS = frozenset({Verb.REPLY, Verb.EDIT, Verb.FLAG, Verb.HIDE, Verb.ASK_REVIEW, Verb.KEEP})
"""Verbs that open a form of their own; the others are one button."""
ICONS = {
    Verb.REACT: "thumbs-up",
    Verb.REPLY: "",
    Verb.ACCEPT: "circle-check",
    Verb.UNACCEPT: "history",
    Verb.EDIT: "pencil",
    Verb.FLAG: "flag",
    Verb.APPROVE: "check",
    Verb.DISMISS: "check",
    Verb.HIDE: "lock",
    Verb.RESTORE: "history",
    Verb.KEEP: "lock",
    Verb.FREQUENT: "bookmark",
    Verb.UNFREQUENT: "bookmark",
    Verb.ASK_REVIEW: "message-circle-question",
}


@dataclass(frozen=True, slots=True)
class Action:
    """A button or a link under a message."""

    verb: str
    label: str
    icon: str
    href: str = ""
    """A link to a form."""
    action: str = ""
    """The address of a POST."""
    value: str = ""
    pressed: bool | None = None
    count: int = 0
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as one reader sees it. Without ``html`` she may not read it."""

    post: Any
    name: str
    sub: str
    role: str
    state: str
    html: str = ""
    pill: str = ""
    sentence: str = ""
    reason: str = ""
    answers: str = ""
    answers_href: str = ""
    actions: list[Action] = field(default_factory=list)
    history: str = ""

    @property
    def anchor(self) -> str:
        """Its place in the page, after ``r-``; a reply's is its number."""
        return str(self.post.pk) if isinstance(self.post, Reply) else f"p{self.post.pk}"


class Thread:
    """A resource with a page of its replies for one reader: a fixed number of queries, however many replies.

    ``page`` is the number of the page (text of the address); ``reply`` asks for the one that holds a reply.
    The accepted answer stands first on the first page.
    """

    def __init__(
        self, resource: Resource, user: Any, *, page: str | None = None, reply: str | None = None
    ) -> None:
        self.resource = resource
        self.user = user
        self.at = policies.standing(user, resource.theme, resource.group)
        rows = resource.replies.shown_to(user, moderates=self.at.moderates).in_order()
        rows = rows.select_related("author__city", "answers__author")
        others = rows.exclude(pk=resource.accepted_id) if resource.accepted_id else rows
        number = _page_of(reply, others) if reply else None
        self.page = paginate(others, number or page, per_page=REPLIES_A_PAGE)
        replies = list(self.page.object_list)
        if resource.accepted_id and self.page.number == 1:
            replies = [*rows.filter(pk=resource.accepted_id), *replies]
        for row in replies:
            row.resource = resource
        self._bring_along([resource, *replies])
        self.replies = [found for row in replies if (found := self._reply(row))]
        self.first = self._show(resource)
        self.reply_count = resource.reply_count

    @cached_property
    def here(self) -> str:
        """The address of the thread; each message leads to its form."""
        return self.resource.get_absolute_url()

    def _bring_along(self, posts: list[Any]) -> None:
        """Take in one query each what the buttons of all posts depend on."""
        thread, user = self.resource, self.user
        self.tutors = set(thread.theme.tutors.values_list("pk", flat=True))
        self.useful: set[tuple[str, int]] = set()
        self.follows = False
        if self.at.signed_in:
            mine = Reaction.objects.filter(user=user)
            own = mine.filter(resource=thread) | mine.filter(reply__resource=thread)
            self.useful = {_key(row) for row in own}
            self.follows = Follow.objects.filter(user=user, resource=thread).exists()
        if any(post.is_hidden for post in posts):
            self._bring_hidings(posts)
        if self.at.moderates:
            flags = Flag.objects.open()
            flags = flags.filter(resource=thread) | flags.filter(reply__resource=thread)
            flagged = {_key(flag) for flag in flags}
            for post in posts:
                post.open_flags = _key_of(post) in flagged

    def _bring_hidings(self, posts: list[Any]) -> None:
        entries = ModerationEntry.objects.in_force().filter(verb=ModerationVerb.HIDE)
        entries = entries.filter(resource=self.resource) | entries.filter(reply__resource=self.resource)
        found = {_key(entry): entry for entry in entries.order_by("at", "pk")}
        for post in posts:
            post.hiding = found.get(_key_of(post))

    def _reply(self, reply: Reply) -> Shown | None:
        """Show a reply, or the notice in its place; nothing of one that others still wait for."""
        if policies.can_see(self.user, reply, self.at):
            return self._show(reply)
        if reply.is_hidden:
            return Shown(post=reply, name="", sub="", role="", state="removed", reason=_reason(reply))
        return None

    def _show(self, post: Any) -> Shown:
        state, pill, sentence = self._state(post)
        answered = post.answers if isinstance(post, Reply) and post.answers_id else None
        show_answered = answered is not None and answered.state == PostState.VISIBLE
        edited = post.revision > 1 and policies.can_see_history(self.user, post, self.at)
        return Shown(
            post=post,
            name=_("Usted") if self.at.wrote(post) else post.author_name,
            sub=person_sub(post.author),
            role=_("Tutoría del tema") if post.author_id in self.tutors else "",
            state=state,
            html=post.html,
            pill=pill,
            sentence=sentence,
            reason=post.hidden_reason,
            answers=answered.author_name if answered and show_answered else "",
            answers_href=self._address_of(answered) if answered and show_answered else "",
            actions=self._actions(post),
            history=self._history(post) if edited else "",
        )

    def _address_of(self, reply: Reply) -> str:
        reply.resource = self.resource
        return reply.get_absolute_url()

    @staticmethod
    def _history(post: Any) -> str:
        return str(post.address("history"))

    def _state(self, post: Any) -> tuple[str, str, str]:
        """Return the state of ``components/post.html``, its pill and its sentence."""
        if post.is_held:
            if self.at.wrote(post):
                sentence = _("Es su primer mensaje. La tutoría lo revisa y aparece cuando lo apruebe.")
                return "held", _("Solo usted lo ve por ahora"), sentence
            return (
                "held",
                _("Primer mensaje: espera aprobación"),
                _("Lo ven su autor y quien modera el tema."),
            )
        if post.is_hidden:
            sentence = _("Lo ven su autor y quien modera el tema. Motivo: %(reason)s") % {
                "reason": post.hidden_reason
            }
            return "held", _("Retirado"), sentence
        if isinstance(post, Reply) and self.resource.accepted_id == post.pk:
            by_asker = self.resource.accepted_by_id == self.resource.author_id
            sentence = (
                _("Respuesta aceptada por quien preguntó")
                if by_asker
                else _("Respuesta aceptada por la tutoría")
            )
            return "accepted", "", sentence
        return "", "", ""

    def _actions(self, post: Any) -> list[Action]:
        found = policies.verbs(self.user, post, self.at)
        name = post.author_name if found else ""
        suffix = _("el mensaje de %(name)s") % {"name": name}
        return [self._action(verb, post, name, suffix) for verb in found]

    def _action(self, verb: Verb, post: Any, name: str, suffix: str) -> Action:
        label, icon = str(verb.label), ICONS[verb]
        if verb == Verb.REPLY:
            at = f"?a={post.pk}" if isinstance(post, Reply) else ""
            return Action(
                verb, label, icon, href=f"{self.here}{at}#responder", suffix=_("a %(name)s") % {"name": name}
            )
        if verb in LINKS:
            return Action(verb, label, icon, href=post.address("act", verb), suffix=suffix)
        if verb == Verb.REACT:
            pressed = _key_of(post) in self.useful
            return Action(
                verb,
                label,
                icon,
                action=post.address("act", verb),
                value="0" if pressed else "1",
                pressed=pressed,
                count=post.useful_count,
                suffix=suffix,
            )
        return Action(verb, label, icon, action=post.address("act", verb), value="1", suffix=suffix)

    # --- What a kind shows besides ---------------------------------------------------------------

    @cached_property
    def attachment(self) -> dict[str, Any] | None:
        """The file of a resource, as ``components/file_row.html`` takes it."""
        if self.resource.kind != Kind.FILE:
            return None
        file = ResourceFile.objects.filter(resource=self.resource).first()
        if file is None:
            return None
        return {
            "id": f"recurso-{self.resource.pk}",
            "title": file.name,
            "href": self.resource.address("file"),
            "kind": LABELS.get(file.kind, ""),
            "size": file.size,
        }

    @cached_property
    def poll(self) -> Poll | None:
        """The options of a poll, with what was chosen."""
        return Poll(self.resource, self.at) if self.resource.kind == Kind.POLL else None

    @cached_property
    def wrote(self) -> list[Any]:
        """Who wrote an article, the first one first; nobody twice."""
        if self.resource.kind != Kind.ARTICLE:
            return []
        earlier = Revision.objects.of(self.resource).select_related("written_by")
        people = [self.resource.author, *(r.written_by for r in reversed(earlier)), self.resource.edited_by]
        return list(dict.fromkeys(str(person) for person in people if person is not None))

    @cached_property
    def similar(self) -> list[dict[str, Any]]:
        """What else may help: title, address and state."""
        return [
            {"id": one.pk, "title": one.title, "href": one.get_absolute_url(), "pill": state_pill(one)}
            for one in similar_to(self.resource, self.user)
        ]

    @property
    def can_reply(self) -> bool:
        """Whether the form of a reply is shown."""
        return policies.can(self.user, Verb.REPLY, self.resource, self.at)

    @property
    def replies_url(self) -> str:
        """Where a browser fetches this page of the replies anew, with the mark of what it has."""
        return f"{self.resource.address('replies')}?pagina={self.page.number}&marca={self.mark}"

    @property
    def vote_url(self) -> str:
        """Where a choice in a poll goes."""
        return self.resource.address("vote")

    @property
    def frequent_url(self) -> str:
        """Where the frequent questions of the theme stand."""
        return f"{self.resource.theme.get_absolute_url()}#frecuentes"

    @property
    def mark(self) -> str:
        """Changes whenever what this reader sees of the replies may have changed."""
        useful = sum(shown.post.useful_count for shown in self.replies)
        pressed = len(self.useful)
        changed = int(self.resource.updated_at.timestamp() * 1000)
        return f"{changed}-{len(self.replies)}-{useful}-{pressed}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a poll: how many chose it, which part of all that is (per cent), whether she did."""

    pk: int
    text: str
    count: int
    share: int
    is_mine: bool


class Poll:
    """A poll as one person sees it."""

    def __init__(self, resource: Resource, at: policies.Standing) -> None:
        counted = list(resource.options.annotate(count=Count("votes")).order_by("order"))
        vote = Vote.objects.filter(resource=resource, user=at.user).first() if at.signed_in else None
        self.chosen = vote.option_id if vote else None
        self.total = sum(option.count for option in counted)
        self.can_vote = policies.can_vote(at.user, resource, at)
        self.options = [
            Choice(
                pk=option.pk,
                text=option.text,
                count=option.count,
                share=round(100 * option.count / self.total) if self.total else 0,
                is_mine=option.pk == self.chosen,
            )
            for option in counted
        ]


def similar_to(resource: Resource, user: Any) -> list[Resource]:
    """Return a few resources that ``user`` may read: of near words first, then the last of the same theme."""
    key = f"comunidad:similar:{resource.pk}:{resource.revision}"
    ids: list[int] = cache.get_or_set(key, lambda: _near(resource), SIMILAR_KEPT) or []
    seen = Resource.objects.visible_to(user).visible().exclude(pk=resource.pk).select_related("theme")
    found = {row.pk: row for row in seen.filter(pk__in=ids)}
    near = [found[pk] for pk in ids if pk in found][:SIMILAR]
    if len(near) < SIMILAR:
        rest = seen.filter(theme=resource.theme).exclude(pk__in=found).newest_first()
        near += rest[: SIMILAR - len(near)]
    return near


def _near(resource: Resource) -> list[int]:
    query = Query(text=resource.title, kinds=("recurso",), per_page=SIMILAR + 1)
    page = service.search(query, AnonymousUser())
    return [int(hit.id) for hit in page.hits if hit.id.isdigit()]


def _page_of(reply: str, rows: Any) -> str | None:
    """Return the number of the page of ``rows`` that holds the reply, or None for one that is not there."""
    pk = int(reply) if reply.isascii() and reply.isdigit() and len(reply) < 19 else 0
    found = rows.filter(pk=pk).first() if pk else None
    return str((rows.up_to(found).count() - 1) // REPLIES_A_PAGE + 1) if found else None


def _reason(post: Any) -> str:
    return _("Motivo: %(reason)s Su autor puede pedir que se revise.") % {
        "reason": post.hidden_reason.rstrip(".") + "."
    }


def _key(row: Any) -> tuple[str, int]:
    return ("reply", row.reply_id) if row.reply_id else ("resource", row.resource_id)


def _key_of(post: Any) -> tuple[str, int]:
    return ("reply", post.pk) if isinstance(post, Reply) else ("resource", post.pk)
