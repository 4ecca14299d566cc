"""The tutor's desk: what waits, the oldest first, and the log of what was done, each act with its undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comunidad import policies
from comunidad.actions.moderation import undo as undo_act
from comunidad.enums import GroupState, Verb
from comunidad.models import Flag, Group, ModerationEntry, Reply, Resource, Theme
from comunidad.tables import author_line, person_sub, waits
from comunidad.views.gates import signed_in, touching
from nucleo.html import plain_text
from nucleo.pagination import paginate
from nucleo.policies import require

SHOWN = 20
"""Of each sort that a queue shows; what is beyond comes when these are done."""
EXCERPT = 240


def _excerpt(post: Any) -> str:
    return Truncator(plain_text(post.html)).chars(EXCERPT)


def _waiting(themes: QuerySet[Theme]) -> QuerySet[Resource]:
    return Resource.objects.filter(theme__in=themes).awaiting_tutor().with_people()


def _questions(waiting: QuerySet[Resource]) -> list[dict[str, Any]]:
    found = waiting.annotate(followers=Count("follows", distinct=True))[:SHOWN]
    return [
        {
            "post": question,
            "clock": waits(question),
            "who": author_line(question),
            # who asked follows her own question
            "followers": max(0, question.followers - 1),
            "text": _excerpt(question),
        }
        for question in found
    ]


def _held(user: Any, themes: QuerySet[Theme]) -> list[dict[str, Any]]:
    resources = Resource.objects.filter(theme__in=themes).held().with_people().order_by("created_at")
    replies = Reply.objects.filter(resource__theme__in=themes).held().in_order()
    replies = replies.select_related("author__city", "resource__theme", "resource__group")
    posts = sorted([*resources[:SHOWN], *replies[:SHOWN]], key=lambda post: post.created_at)
    for post in posts:
        post.open_flags = False  # what somebody flagged stands in its own list
    return [_box(user, post) for post in posts[:SHOWN]]


def _box(user: Any, post: Any) -> dict[str, Any]:
    """Return a message as the desk shows it, with the addresses of what may be decided about it."""
    at = policies.Standing(user=user, signed_in=True, moderates=True, in_group=True)
    found = policies.verbs(user, post, at)
    addresses = {
        f"{name}_url": post.address("act", verb) for name, verb in _DECISIONS.items() if verb in found
    }
    return addresses | {
        "post": post,
        "title": post.title if isinstance(post, Resource) else _("En «%(title)s»") % {"title": post.resource},
        "who": post.author_name,
        "sub": person_sub(post.author),
        "text": _excerpt(post),
    }


_DECISIONS = {
    "approve": Verb.APPROVE,
    "hide": Verb.HIDE,
    "dismiss": Verb.DISMISS,
    "restore": Verb.RESTORE,
    "keep": Verb.KEEP,
}
_PATHS = (
    "resource__theme",
    "resource__group",
    "resource__author__city",
    "reply__resource__theme",
    "reply__resource__group",
    "reply__author__city",
)


def _flagged(user: Any) -> list[dict[str, Any]]:
    """Return each message that somebody called a tutor for, once, with the reasons."""
    flags = Flag.objects.visible_to(user).open().select_related(*_PATHS)[: 3 * SHOWN]
    found: dict[Any, dict[str, Any]] = {}
    for flag in flags:
        post = flag.post
        post.open_flags = True
        key = (type(post), post.pk)
        if key not in found:
            found[key] = {**_box(user, post), "at": flag.at, "reasons": [], "notes": []}
        box = found[key]
        reason = str(flag.get_reason_display())
        if reason not in box["reasons"]:
            box["reasons"].append(reason)
        if flag.note:
            box["notes"].append(flag.note)
    return list(found.values())[:SHOWN]


def _reviews(user: Any) -> list[dict[str, Any]]:
    entries = ModerationEntry.objects.visible_to(user).with_reviews_asked().select_related(*_PATHS)
    found = []
    for entry in entries.order_by("review_asked_at")[:SHOWN]:
        entry.post.hiding = entry
        found.append({**_box(user, entry.post), "entry": entry})
    return found


@signed_in
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits in the themes that the person tutors; operators see all themes."""
    user: Any = request.user
    require(policies.can_see_queue(user), _("La cola es de quienes llevan la tutoría de un tema."))
    themes = Theme.objects.tutored_by(user)
    waiting = _waiting(themes)
    counted = Resource.objects.filter(theme__in=themes).aggregate(
        held=Count("pk", filter=Q(state="en-espera"))
    )
    held_replies = Reply.objects.filter(resource__theme__in=themes).held().count()
    flagged, reviews = _flagged(user), _reviews(user)
    asked = list(Group.objects.filter(state=GroupState.REQUESTED).select_related("requested_by")[:SHOWN])
    counts = {
        "waiting": waiting.count(),
        "held": counted["held"] + held_replies,
        "flagged": len(flagged) + len(reviews),
        "groups": len(asked),
    }
    done = ModerationEntry.objects.visible_to(user).in_force().filter(by=user).with_posts().with_later()[:3]
    context = {
        "themes": list(themes),
        "questions": _questions(waiting),
        "held": _held(user, themes),
        "flagged": flagged,
        "reviews": reviews,
        "asked": asked,
        "counts": counts,
        "total": sum(counts.values()),
        "done": [_line(entry) for entry in done],
        "useful": list(useful(themes)[:3]),
    }
    return render(request, "comunidad/queue.html", context)


def useful(themes: QuerySet[Theme]) -> QuerySet[Resource]:
    """Return answered questions that helped and are not among the frequent ones yet, the best first."""
    found = Resource.objects.filter(theme__in=themes, is_frequent=False, accepted__useful_count__gt=0)
    found = found.filter(accepted__isnull=False)  # the join says it too, but SQLite then asks the index
    return found.visible().with_people().order_by("-accepted__useful_count", "-pk")


def _line(entry: ModerationEntry) -> dict[str, Any]:
    """Return an act as the desk and the log show it; ``visible_to`` gave it, so who reads may moderate."""
    post = entry.post
    thread = entry.thread
    return {
        "entry": entry,
        "who": str(entry.by) if entry.by else "",
        "what": str(entry.get_verb_display()),
        "title": thread.title,
        "is_reply": isinstance(post, Reply),
        "author": post.author_name,
        "theme": thread.theme.name,
        "href": post.get_absolute_url(),
        "can_undo": policies.is_last(entry),
    }


@signed_in
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show what was done in the themes that the person moderates, the last first."""
    user: Any = request.user
    require(policies.can_see_queue(user), _("El registro es de quienes moderan."))
    entries = ModerationEntry.objects.visible_to(user).with_posts().with_later()
    page = paginate(entries, request.GET.get("pagina"))
    context = {"page": page, "lines": [_line(entry) for entry in page.object_list]}
    return render(request, "comunidad/log.html", context)


@require_POST
@touching
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an act of moderation back."""
    if not request.user.is_authenticated:
        return redirect_to_login("/comunidad/moderacion/")
    entries = ModerationEntry.objects.visible_to(request.user).select_related("resource", "reply__resource")
    entry = get_object_or_404(entries, pk=pk)
    if undo_act(entry=entry, by=request.user):
        messages.success(request, _("Quedó deshecho. El mensaje está como antes."))
    else:
        messages.info(request, _("Ya estaba deshecho."))
    return redirect("comunidad:queue" if request.POST.get("volver") == "tutoria" else "comunidad:log")
