"""What a page of one app shows of another: questions of a chapter, guides of a theme, errors of an entry.

Neither app knows the other: each opens a slot (``nucleo.slots``), and here is what goes in.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from comunidad.tables import about_address
from guias.models import Guide
from guias.models.glossary import Glossary
from nucleo import slots

SHORT = 80
"""Letters of a name in the title of a question, which has room for little more."""
GUIDES = 3
"""Guides of its route that a theme shows."""


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


def fill_slots() -> None:
    """Put each in its place; called once, when Django is ready."""
    slots.register("chapter_aside", chapter_questions)
    slots.register("guide_aside", guide_questions)
    slots.register("theme_aside", theme_guides)
    slots.register("entry_mending", entry_error)
    slots.register("search_answer", word_asked_for)
