"""Synthetic resources and replies in the themes there are: most questions get few answers, a few get many."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet

from comunidad.enums import Kind
from comunidad.models import PollOption, Reaction, Reply, Resource, Theme, Vote
from portal.demo.volume.parts import parts, update, write
from portal.demo.volume.people import everyone
from portal.demo.volume.prose import Prose, html, markdown

START = "sintetico-"
KINDS = [Kind.QUESTION] * 12 + [Kind.DEBATE] * 3 + [Kind.NOTE] * 3 + [Kind.ARTICLE, Kind.POLL]
"""In what proportion; files are left out, since nothing would be in them."""
FEW = 3
CROWDING = 1.8
"""How unevenly replies fall: of forty thousand in five thousand resources, some 350 to the busiest."""


@transaction.atomic
def load(resources: int, replies: int) -> int:
    """Add what is missing, with reactions and votes, and count anew; nothing without themes and people."""
    themes = list(Theme.objects.order_by("pk"))
    people = list(everyone().values_list("pk", flat=True))
    if not themes or not people:
        return 0
    have = _ours().count()
    added = 0
    for numbers in parts(have, resources):
        new = Resource.objects.bulk_create([_resource(number, themes, people) for number in numbers])
        added += len(new) + _polls(new, people)
    added += _replies(replies, people)
    if added:
        added += _reactions(people)
        _count()
        _accept()
    return added


def _ours() -> QuerySet[Resource]:
    return Resource.objects.filter(slug__startswith=START).order_by("pk")


def _resource(number: int, themes: list[Theme], people: list[int]) -> Resource:
    prose = Prose("resource", number)
    text = prose.paragraphs(prose.random.randint(1, 4))
    title, kind, moment = prose.title(number), prose.random.choice(KINDS), prose.moment()
    return Resource(
        theme=themes[prose.early(len(themes))],
        kind=kind,
        title=title,
        slug=Resource.slug_of(title, kind),
        author_id=prose.random.choice(people),
        source=markdown(text),
        html=html(text),
        created_at=moment,
        approved_at=moment,
        updated_at=moment,
        last_activity=moment,
    )


def _polls(resources: list[Resource], people: list[int]) -> int:
    polls = [resource for resource in resources if resource.kind == Kind.POLL]
    options = [
        PollOption(resource=poll, order=n, text=Prose("option", poll.pk * 10 + n).words(1, 4))
        for poll in polls
        for n in range(1, 4)
    ]
    PollOption.objects.bulk_create(options, batch_size=500)
    votes = []
    for at, poll in enumerate(polls):
        random = Prose("votes", poll.pk).random
        votes += [
            Vote(resource=poll, option=random.choice(options[3 * at : 3 * at + 3]), user_id=user)
            for user in random.sample(people, min(40, len(people)))
        ]
    Vote.objects.bulk_create(votes, batch_size=500)
    return len(options) + len(votes)


def _replies(wanted: int, people: list[int]) -> int:
    have = Reply.objects.filter(resource__in=_ours()).count()
    begun = list(_ours().values_list("pk", "created_at"))
    numbers = range(have + 1, wanted + 1) if begun else ()
    return write(Reply, (_reply(number, begun, people) for number in numbers))


def _reply(number: int, begun: list[tuple[int, datetime]], people: list[int]) -> Reply:
    prose = Prose("reply", number)
    resource, created = begun[prose.early(len(begun), CROWDING)]
    moment = created + timedelta(minutes=prose.random.randint(5, 30_000))
    text = prose.paragraphs(prose.random.randint(1, 2))
    return Reply(
        resource_id=resource,
        author_id=prose.random.choice(people),
        source=markdown(text),
        html=html(text),
        created_at=moment,
        approved_at=moment,
        updated_at=moment,
    )


def _reactions(people: list[int]) -> int:
    """Let a few people find useful each resource, and each second reply, that nobody found so yet."""
    resources = _ours().filter(useful_count=0).values_list("pk", flat=True)
    replies = Reply.objects.filter(resource__in=_ours(), useful_count=0).order_by("pk")
    rows = chain(
        (row for pk in list(resources) for row in _useful_to(people, "resource", pk)),
        (row for pk in list(replies.values_list("pk", flat=True)) for row in _useful_to(people, "reply", pk)),
    )
    return write(Reaction, rows, ignore_conflicts=True)


def _useful_to(people: list[int], kind: str, pk: int) -> list[Reaction]:
    if kind == "resource":
        random = Prose("useful", pk).random
        count = random.randint(0, 2 * FEW)
    else:
        random = Prose("useful-reply", pk).random
        count = random.choice([0, 0, 1, 2])
    some = random.sample(people, min(count, len(people)))
    return [Reaction(**{f"{kind}_id": pk, "user_id": user}) for user in some]


def _count() -> None:
    """Count as ``comunidad.actions.counts`` does, for all synthetic rows at once."""
    by_others = ~Q(replies__author=F("author")) | Q(replies__author__isnull=True)
    counted = _ours().annotate(
        count=Count("replies"),
        last=Max("replies__approved_at"),
        first=Min("replies__approved_at", filter=by_others),
    )
    useful = dict(_useful("resource"))
    names = ["reply_count", "first_answer_at", "last_activity", "useful_count"]
    rows = list(counted.values_list("pk", "kind", "approved_at", "count", "last", "first"))
    update(Resource, (_counted(useful.get(row[0], 0), *row) for row in rows), names)
    replies = list(_useful("reply"))
    update(Reply, (Reply(pk=pk, useful_count=count) for pk, count in replies), ["useful_count"])


def _counted(
    useful: int,
    pk: int,
    kind: str,
    approved: datetime | None,
    count: int,
    last: datetime | None,
    first: datetime | None,
) -> Resource:
    return Resource(
        pk=pk,
        reply_count=count,
        first_answer_at=first if kind == Kind.QUESTION else None,
        last_activity=max(filter(None, (approved, last))),
        useful_count=useful,
    )


def _useful(field: str) -> QuerySet[Reaction, tuple[int, int]]:
    path = "resource" if field == "resource" else "reply__resource"
    found = Reaction.objects.filter(**{f"{path}__in": _ours()}).order_by()
    return found.values_list(field).annotate(count=Count("pk"))


def _accept() -> None:
    """Let half of the questions that somebody else answered have an accepted answer: the first of those."""
    answered = _ours().filter(first_answer_at__isnull=False, accepted__isnull=True)
    first: dict[int, int] = {}
    by_others = Reply.objects.filter(resource__in=answered).exclude(author=F("resource__author"))
    for pk, resource in by_others.order_by("-created_at", "-pk").values_list("pk", "resource").iterator():
        first[resource] = pk
    questions = [
        Resource(pk=pk, accepted_id=first[pk], accepted_at=at, accepted_by_id=author)
        for pk, at, author in answered.values_list("pk", "first_answer_at", "author")
        if pk % 2 == 0
    ]
    update(Resource, questions, ["accepted", "accepted_at", "accepted_by"])
