"""A resource with its replies: reading, answering, and everything one does with one message."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comunidad import policies
from comunidad.actions import engagement, posts
from comunidad.enums import Kind, Verb
from comunidad.forms import ReplyForm
from comunidad.models import PollOption, Reply, Resource, ResourceFile, Revision, Theme
from comunidad.tables import changes
from comunidad.views import verbs
from comunidad.views.gates import posting, touching
from comunidad.views.lookup import find_post, find_resource
from comunidad.views.presenting import Thread
from nucleo import files
from nucleo.policies import require
from nucleo.uploads import TYPES

NEXT = 80
"""Letters of the next question's title in the sentence that leads to it."""


@require_safe
def resource(request: HttpRequest, theme: str, pk: int, slug: str) -> HttpResponse:
    """Show a resource; another theme or title in the address leads to the right one."""
    found = Resource.objects.visible_to(request.user).with_people().filter(pk=pk).first()
    if found is None:
        return _withdrawn(request, theme, pk)
    if (found.theme.slug, found.slug) != (theme, slug):
        return redirect(_whole(request, found))
    return _page(request, found)


@require_safe
def short(request: HttpRequest, theme: str, pk: int) -> HttpResponse:
    """Lead from the number alone to the whole address."""
    return redirect(_whole(request, find_resource(request, theme, pk)))


def _whole(request: HttpRequest, resource: Resource) -> str:
    """Return the address of a resource with the query that was asked for."""
    query = request.GET.urlencode()
    return f"{resource.get_absolute_url()}{'?' if query else ''}{query}"


def _page(request: HttpRequest, resource: Resource, form: ReplyForm | None = None) -> HttpResponse:
    asked = request.GET.get("r") or request.GET.get("a") or request.POST.get("a")
    thread = Thread(resource, request.user, page=request.GET.get("pagina"), reply=asked)
    status = 200 if form is None else 422
    if form is None:
        form = ReplyForm(resource=resource, initial={"a": request.GET.get("a")})
    context = {
        "thread": thread,
        "resource": resource,
        "theme": resource.theme,
        "form": form,
        "answered": _answered(thread, form),
        "kind_label": Kind(resource.kind).label,
    }
    response = render(request, "comunidad/resource.html", context, status=status)
    if not resource.is_visible or resource.group_id:
        response["X-Robots-Tag"] = "noindex"
    return response


def _answered(thread: Thread, form: ReplyForm) -> str:
    """Return whose reply is being answered, when ``?a=`` or the form says one that the reader sees."""
    asked = str(form["a"].value() or "")
    names = {str(one.post.pk): one.name for one in thread.replies if one.html and one.post.is_visible}
    return names.get(asked, "")


def _withdrawn(request: HttpRequest, theme: str, pk: int) -> HttpResponse:
    """Say that a message was taken out and why, and nothing of what it said; 404 for what is not there."""
    hidden = Resource.objects.withdrawn_before(request.user).select_related("theme")
    found = get_object_or_404(hidden, pk=pk, theme__slug=theme)
    context = {"theme": found.theme, "reason": found.hidden_reason}
    return render(request, "comunidad/withdrawn.html", context, status=404)


@require_safe
def replies(request: HttpRequest, theme: str, pk: int) -> HttpResponse:
    """Give the replies as a piece of the page; nothing (204) when ``?marca=`` says they are on screen."""
    resource = find_resource(request, theme, pk)
    thread = Thread(resource, request.user, page=request.GET.get("pagina"))
    if request.GET.get("marca") == thread.mark:
        response = HttpResponse(status=204)
    else:
        response = render(request, "comunidad/_replies.html", {"thread": thread, "resource": thread.resource})
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@posting
def reply(request: HttpRequest, theme: str, pk: int) -> HttpResponse:
    """Answer a resource; the form is on its page."""
    found = find_resource(request, theme, pk)
    if request.method == "GET" or not request.user.is_authenticated:
        there = f"{found.get_absolute_url()}#responder"
        return redirect(there) if request.user.is_authenticated else redirect_to_login(there)
    require(
        policies.can(request.user, Verb.REPLY, found),
        _("Aquí ya no se puede responder, o solo lo hacen los miembros del grupo."),
    )
    form = ReplyForm(request.POST, resource=found)
    if not form.is_valid():
        return _page(request, found, form)
    made = posts.reply(
        resource=found,
        by=request.user,
        source=form.cleaned_data["texto"],
        answers=form.cleaned_data["a"],
        token=form.token,
    )
    if made.is_held:
        messages.info(request, _("Quedó guardada. Es su primer mensaje: la tutoría lo revisa y le avisamos."))
    else:
        messages.success(request, _published(request.user, found))
    return redirect(made)


def _published(user: Any, answered: Resource) -> SafeString:
    """Return what is said of a reply that stands; to who tutors the theme also which question waits now."""
    said = _("Su respuesta ya está publicada.")
    themes = Theme.objects.tutored_by(user)
    if not (answered.is_question and themes.filter(pk=answered.theme_id).exists()):
        return conditional_escape(said)
    waiting = Resource.objects.filter(theme__in=themes).awaiting_tutor().exclude(pk=answered.pk)
    following = waiting.select_related("theme").first()
    if following is None:
        return format_html("{} {}", said, _("No queda ninguna pregunta por responder."))
    label = _("Siguiente pregunta: %(title)s") % {"title": Truncator(following.title).chars(NEXT)}
    href = f"{following.get_absolute_url()}#responder"
    return format_html('{} <a href="{}">{}</a>', said, href, label)


@require_POST
@touching
def follow(request: HttpRequest, theme: str, pk: int) -> HttpResponse:
    """Tell the person of replies, or stop."""
    found = find_resource(request, theme, pk)
    if not request.user.is_authenticated:
        return redirect_to_login(found.get_absolute_url())
    engagement.follow(thing=found, by=request.user, wanted=request.POST.get("quiere") == "1")
    return redirect(found)


@require_POST
@touching
def vote(request: HttpRequest, theme: str, pk: int) -> HttpResponse:
    """Choose in a poll."""
    found = find_resource(request, theme, pk)
    if not request.user.is_authenticated:
        return redirect_to_login(found.get_absolute_url())
    chosen = request.POST.get("opcion", "")
    option = PollOption.objects.filter(resource=found, pk=chosen if chosen.isdigit() else 0).first()
    if option is None:
        context = {"sentence": _("Escoja una de las opciones."), "back": found.get_absolute_url()}
        return render(request, "422.html", context, status=422)
    option.resource = found
    engagement.vote(option=option, by=request.user)
    messages.success(request, _("Contamos su voto. Lo puede cambiar."))
    return redirect(found)


@require_safe
def file(request: HttpRequest, theme: str, pk: int) -> HttpResponseBase:
    """Send the file of a resource to who may read it."""
    found = find_resource(request, theme, pk)
    kept = get_object_or_404(ResourceFile.objects.visible_to(request.user), resource=found)
    stored = kept.file
    response = files.send(
        request,
        files.opener(stored),
        size=kept.size,
        etag=kept.sha256,
        name=kept.name,
        content_type=TYPES.get(kept.kind, "application/octet-stream"),
        inline=files.reads_at_page(request, kept.kind),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def history(request: HttpRequest, theme: str, pk: int, reply: int | None = None) -> HttpResponse:
    """Show what a message said before, the last correction first."""
    post = find_post(request, theme, pk, reply)
    if not policies.can_see_history(request.user, post):
        raise Http404
    earlier = list(Revision.objects.of(post).select_related("written_by"))
    context = {
        "post": post,
        "resource": post.resource,
        "theme": post.resource.theme,
        "changes": changes(post, earlier),
    }
    return render(request, "comunidad/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@touching
def act(request: HttpRequest, theme: str, pk: int, verb: Verb, reply: int | None = None) -> HttpResponseBase:
    """Do one of the verbs with a message: by a form of its own, or at once."""
    post = find_post(request, theme, pk, reply)
    if verb == Verb.REPLY:
        at = f"?a={post.pk}" if isinstance(post, Reply) else ""
        return redirect(f"{post.resource.get_absolute_url()}{at}#responder")
    if not request.user.is_authenticated:
        return redirect_to_login(request.path if verb in verbs.FORMS else post.get_absolute_url())
    if verb in verbs.FORMS:
        return verbs.by_form(request, post, verb)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return verbs.at_once(request, post, verb)
