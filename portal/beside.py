"""What a page of one app shows of another: questions of a chapter or of no guide, guides of a theme, errors.

Neither app knows the other: each opens a slot (``nucleo.slots``), and here is what goes in.
"""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from comunidad.models import Resource
from comunidad.tables import about_address
from guias.models import Guide, Session
from guias.models.glossary import Glossary
from nucleo import dates, slots
from portal.models import AgendaEvent
from search import registry
from search.models import MissingGuide

SHORT = 80
"""Letters of a name in the title of a question, which has room for little more."""
GUIDES = 3
"""Guides of its route that a theme shows."""
QUESTIONS = 8
"""Questions without a guide beside the use of guides; the rest are in their file."""


DATES = 12
"""Days of a course that are announced at most."""


def chapter_questions(
    *, guide_slug: str, chapter_slug: str, guide_title: str, chapter_title: str, route: str
) -> str:
    """Show what was asked about a chapter and answered, and the way to ask."""
    return _questions(reverse("guias:chapter", args=[guide_slug, chapter_slug]), chapter_title, route=route)


def guide_questions(*, guide_slug: str, guide_title: str, route: str) -> str:
    """Show the same of a whole guide: who came for the file has no chapter open to ask from."""
    return _questions(reverse("guias:guide", args=[guide_slug]), guide_title, route=route, whole=True)


def _questions(address: str, title: str, *, route: str, whole: bool = False) -> str:
    asked = {"sobre": address, "sobre_que": title}
    found = about_address(address, route=route)
    if found.theme_slug:
        asked["tema"] = found.theme_slug
    href = f"{reverse('comunidad:ask')}?{urlencode(asked)}"
    context = {"found": found, "href": href, "whole": whole}
    return render_to_string("portal/_chapter_questions.html", context)


def without_guide(routes: Collection[str] = ()) -> QuerySet[Resource]:
    """Return public questions that are about no guide, in themes of ``routes``; the most joined first."""
    found = Resource.objects.public().questions().exclude(about_url__startswith=reverse("guias:index"))
    if routes:
        found = found.filter(theme__route__in=routes)
    weight = F("useful_count") + F("reply_count")
    found = found.select_related("theme").defer("source", "html", "theme__description")
    return found.order_by(weight.desc(), "-created_at", "-pk")


def missing_guides(*, routes: Collection[str]) -> str:
    """Show what people ask and search that no guide answers, each with the way to begin one."""
    found = without_guide(routes)
    rows = [(question, registry.write_address(question.title)) for question in found[:QUESTIONS]]
    context = {
        "rows": rows,
        "total": found.count() if len(rows) == QUESTIONS else len(rows),
        "missing": [(one.text, registry.write_address(one.text)) for one in MissingGuide.objects.all()],
        "routes": sorted(routes),
    }
    return render_to_string("portal/admin/_missing_guides.html", context)


def theme_guides(*, theme_slug: str, theme_name: str, route: str) -> str:
    """Show the guides of the route that a theme is about."""
    if not route:
        return ""
    shelf = Guide.objects.visible_to(AnonymousUser()).on_shelf().filter(route=route)
    guides = list(shelf.with_current().order_by("order", "title")[:GUIDES])
    return render_to_string("portal/_theme_guides.html", {"guides": guides}) if guides else ""


def entry_error(*, address: str, title: str) -> str:
    """Show the way to say what is wrong in an entry: a question about it, which a tutor answers or mends."""
    question = _("Hay un error en la ficha de %(name)s") % {"name": Truncator(title).chars(SHORT)}
    asked = {"sobre": address, "sobre_que": title, "titulo": question}
    href = f"{reverse('comunidad:ask')}?{urlencode(asked)}"
    return render_to_string("portal/_entry_error.html", {"href": href})


def word_asked_for(*, text: str) -> str:
    """Say what a word of the glossary means above the results of who searched for it."""
    term = Glossary.load().answer(text) if text else None
    return render_to_string("portal/_word_asked_for.html", {"term": term}) if term else ""


def announced_dates(*, course: int, call: str) -> str:
    """Show the days of a course that the agenda announces and of which no session was called yet.

    One row a city, with the way to call its session for who teaches (``call``): day and city are filled in.
    """
    events = AgendaEvent.objects.without_session().filter(course=course).upcoming().listed()[:DATES]
    if not events:
        return ""
    sessions = Session.objects.held().upcoming().filter(course=course).values_list("city__slug", "starts_at")
    called = {(city or "", dates.as_day(starts_at)) for city, starts_at in sessions}
    rows = [
        (
            event,
            f"{call}?{urlencode({'dia': event.starts_on.isoformat(), 'ciudad': city})}" if call else "",
            where,
        )
        for event in events
        for city, where in [(one.slug, one.name) for one in event.cities.all()] or [("", event.where)]
        if not any(place in ("", city) and event.starts_on <= day <= event.ends_on for place, day in called)
    ]
    return render_to_string("portal/_announced_dates.html", {"rows": rows}) if rows else ""


def fill_slots() -> None:
    """Put each in its place; called once, when Django is ready."""
    slots.register("chapter_aside", chapter_questions)
    slots.register("guide_aside", guide_questions)
    slots.register("guide_use_aside", missing_guides)
    slots.register("theme_aside", theme_guides)
    slots.register("course_dates", announced_dates)
    slots.register("entry_mending", entry_error)
    slots.register("search_answer", word_asked_for)
