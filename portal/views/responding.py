"""What a signed link opens: a GET shows, only a POST acts, and nobody is signed in by it (ADR 0019).

Whoever is signed in on this phone has nothing to do with it: the page is made as for a stranger. No cookie,
no script, no way to the account; nothing of the address is logged, kept or told to another site.
"""

from __future__ import annotations

from string import ascii_letters, digits
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from nucleo.http import client_key
from nucleo.ratelimit import too_many
from portal.models import SignedLink
from portal.models.links import LinkState
from portal.responding import PURPOSES, another, answer, asks
from portal.tasks import send_links, send_open_links

HOUR, DAY = 3_600, 86_400
POSTS_AN_HOUR = 120
"""From one place: a whole centre answers from one address."""
LETTERS = f"{ascii_letters}{digits}-_"
"""What a secret is made of."""
LETTERS_A_DAY = 3
"""That one link, or one address, asks for."""


@csrf_exempt  # The address is the proof that it is she: there is no session that another site could abuse.
@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is asked, take the answer, or say why not and how to get another link."""
    request.user = AnonymousUser()
    if request.method == "POST" and _too_many(request):
        return _wait(request, HOUR)
    link = SignedLink.objects.with_token(_clean(token)).select_related("person").first()
    if link is None:
        return _send_hers(request) if request.method == "POST" else _page(request, "unknown", {}, 404)
    if "pedir" in request.POST:
        return _send_another(request, link)
    about = asks(link)
    if link.state is not LinkState.USABLE or about is None:
        return _ended(request, link, about)
    purpose = PURPOSES[link.purpose]
    if request.method != "POST":
        return _ask(request, link, about, purpose.form(about))
    form = purpose.form(about, request.POST)
    if not form.is_valid():
        return _ask(request, link, about, form, 422)
    said = answer(link, form)
    if said is None:
        link.refresh_from_db()
        return _ended(request, link, asks(link))
    return _page(request, "done", {"said": said})


def _clean(token: str) -> str:
    """Return the secret without what a mail program took for a part of it: a full stop, a bracket."""
    return token[: len(token) - len(token.lstrip(LETTERS))]


@csrf_exempt  # As above: nothing but an address is typed here, and whoever has it reads what is sent.
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """Send the links again that wait for who lost them; the help leads here."""
    request.user = AnonymousUser()
    if request.method != "POST":
        return _page(request, "unknown", {"lost": True})
    return _wait(request, HOUR) if _too_many(request) else _send_hers(request)


def _too_many(request: HttpRequest) -> bool:
    return too_many(f"responder:{client_key(request)}", limit=POSTS_AN_HOUR, seconds=HOUR)


def _ask(
    request: HttpRequest, link: SignedLink, about: Any, form: forms.Form, status: int = 200
) -> HttpResponse:
    template = PURPOSES[link.purpose].template
    return _finish(render(request, template, {"about": about, "form": form, "link": link}, status=status))


def _ended(request: HttpRequest, link: SignedLink, about: Any) -> HttpResponse:
    """Say why; what she wrote meanwhile is given back to her, unless an answer of hers is kept."""
    purpose = PURPOSES.get(link.purpose)
    newer = SignedLink.objects.usable().about(link.purpose, link.object_id).filter(person=link.person)
    state = link.state.value if link.person.is_active else LinkState.WITHDRAWN.value
    if state == LinkState.WITHDRAWN.value and newer.exists():
        state = "replaced"
    why = typed = ""
    if purpose is not None and state != LinkState.USED.value:
        typed = request.POST.get(purpose.words, "").strip() if purpose.words else ""
        why = purpose.why_not(link.person, link.object_id) if about is None and link.person.is_active else ""
    return _page(request, "ended", {"link": link, "state": state, "why": why, "typed": typed}, 410)


def _send_another(request: HttpRequest, link: SignedLink) -> HttpResponse:
    """Send a new link to its person's own mail; say the same whether or not there was anything to send."""
    if too_many(f"responder:pedir:{link.pk}", limit=LETTERS_A_DAY, seconds=DAY):
        return _wait(request, DAY)
    new = another(link)
    if new is not None:
        send_links.enqueue(links=[new.pk])
    return _page(request, "sent", {})


def _send_hers(request: HttpRequest) -> HttpResponse:
    """Send the links that wait for the address that was typed; say the same of one that nobody has."""
    typed = request.POST.get("correo", "").strip().lower()
    try:
        forms.EmailField().clean(typed)
    except forms.ValidationError:
        return _page(request, "unknown", {"typed": typed[:254], "wrong": "correo" in request.POST}, 422)
    if too_many(f"responder:correo:{typed}", limit=LETTERS_A_DAY, seconds=DAY):
        return _wait(request, DAY)
    send_open_links.enqueue(email=typed)
    return _page(request, "sent", {})


def _wait(request: HttpRequest, seconds: int) -> HttpResponse:
    response = _page(request, "wait", {"is_day": seconds == DAY}, 429)
    response["Retry-After"] = str(seconds)
    return response


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return _finish(render(request, f"portal/responding/{name}.html", context, status=status))


def _finish(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the address of a refusal
    return response
