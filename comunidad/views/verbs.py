"""What each verb does over HTTP: the form it asks, the action it calls, the words that follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comunidad import policies
from comunidad.actions import answers, engagement, moderation
from comunidad.actions.conflicts import Conflict
from comunidad.actions.posts import edit, edit_refusal
from comunidad.enums import FlagReason, Verb
from comunidad.forms import EditForm, FlagForm, ReasonForm, ReviewForm
from comunidad.models import Resource
from nucleo.policies import require

Text = str | Promise


@dataclass(frozen=True, slots=True)
class FormVerb:
    """A verb that asks something first."""

    form: type[forms.Form]
    heading: Text
    button: Text
    done: Text
    refusal: Text
    act: Callable[[Any, Any, dict[str, Any]], bool]
    shows_post: bool = True
    """Whether the message stands above the form."""


FORMS: dict[Verb, FormVerb] = {
    Verb.EDIT: FormVerb(
        form=EditForm,
        heading=gettext_lazy("Corregir el mensaje"),
        button=gettext_lazy("Guardar la corrección"),
        done=gettext_lazy("Quedó corregido. Los demás ven cuándo se corrigió."),
        refusal=gettext_lazy("Este mensaje ya no se puede corregir."),
        act=lambda post, by, data: bool(
            edit(
                post=post,
                by=by,
                revision=data["revision"],
                source=data["texto"],
                title=data.get("titulo"),
            )
        ),
        shows_post=False,
    ),
    Verb.FLAG: FormVerb(
        form=FlagForm,
        heading=gettext_lazy("Avisar a la tutoría"),
        button=gettext_lazy("Enviar el aviso"),
        done=gettext_lazy("Gracias. La tutoría lo va a revisar; nadie más sabe que usted avisó."),
        refusal=gettext_lazy("Este mensaje no necesita un aviso suyo."),
        act=lambda post, by, data: moderation.flag(
            post=post, by=by, reason=FlagReason(data["razon"]), note=data["nota"]
        ),
    ),
    Verb.HIDE: FormVerb(
        form=ReasonForm,
        heading=gettext_lazy("Retirar el mensaje"),
        button=gettext_lazy("Retirar el mensaje"),
        done=gettext_lazy("Quedó retirado. Su autor recibe el motivo. Se puede deshacer."),
        refusal=gettext_lazy("Retira mensajes quien modera el tema."),
        act=lambda post, by, data: moderation.hide(post=post, by=by, reason=data["motivo"]),
    ),
    Verb.KEEP: FormVerb(
        form=ReasonForm,
        heading=gettext_lazy("Mantener el retiro"),
        button=gettext_lazy("Mantener el retiro"),
        done=gettext_lazy("Sigue retirado. Su autor recibe el motivo."),
        refusal=gettext_lazy("Nadie ha pedido que se revise este mensaje."),
        act=lambda post, by, data: moderation.keep_hidden(post=post, by=by, reason=data["motivo"]),
    ),
    Verb.ASK_REVIEW: FormVerb(
        form=ReviewForm,
        heading=gettext_lazy("Pedir que se revise"),
        button=gettext_lazy("Pedir la revisión"),
        done=gettext_lazy("La tutoría lo va a mirar otra vez. Le avisamos."),
        refusal=gettext_lazy("Puede pedirlo una vez quien escribió el mensaje, mientras esté retirado."),
        act=lambda post, by, data: moderation.ask_review(post=post, by=by, text=data["texto"]),
    ),
}


def by_form(request: HttpRequest, post: Any, verb: Verb) -> HttpResponse:
    """Show the form of a verb, or do what it says; wrong input comes back as typed."""
    spec = FORMS[verb]
    extra = {"post": post} if verb == Verb.EDIT else {}
    if request.method != "POST":
        refusal = edit_refusal() if verb == Verb.EDIT else str(spec.refusal)
        require(policies.can(request.user, verb, post), refusal)
        return _form_page(request, post, verb, spec.form(**extra))
    form = spec.form(request.POST, **extra)
    if not form.is_valid():
        return _form_page(request, post, verb, form)
    try:
        changed = spec.act(post, request.user, form.cleaned_data)
    except Conflict as conflict:
        return _conflict_page(request, conflict.current, form)
    if changed:
        messages.success(request, str(spec.done))
    else:
        messages.info(request, _("Ya estaba así."))
    post.refresh_from_db(fields=["slug"] if isinstance(post, Resource) else ["state"])
    return redirect(_back(request, post))


def _form_page(request: HttpRequest, post: Any, verb: Verb, form: forms.Form, **extra: Any) -> HttpResponse:
    spec = FORMS[verb]
    context = {
        "post": post,
        "resource": post.resource,
        "theme": post.resource.theme,
        "form": form,
        "heading": spec.heading,
        "button": spec.button,
        "shows_post": spec.shows_post,
        "danger": verb == Verb.HIDE,
        "back": _back(request, post),
        "from_queue": _from_queue(request),
        **extra,
    }
    return render(request, "comunidad/act.html", context, status=422 if form.is_bound else 200)


def _conflict_page(request: HttpRequest, current: Any, form: forms.Form) -> HttpResponse:
    """Show both texts; sending again what was typed now replaces the newer one knowingly."""
    data = {**form.data.dict(), "revision": str(current.revision)}  # type: ignore[attr-defined]
    again = EditForm(data, post=current)
    return _form_page(request, current, Verb.EDIT, again, saved=[("", current.source)])


def _react(post: Any, by: Any, value: str) -> tuple[bool, str]:
    return engagement.react(post=post, by=by, useful=value != "0"), ""


def _accept(post: Any, by: Any, value: str) -> tuple[bool, str]:
    require(not isinstance(post, Resource), _("Se acepta una respuesta, no la pregunta."))
    return answers.accept_answer(reply=post, by=by), _(
        "Quedó como la respuesta. Le avisamos a quien la escribió."
    )


def _unaccept(post: Any, by: Any, value: str) -> tuple[bool, str]:
    require(not isinstance(post, Resource), _("Se acepta una respuesta, no la pregunta."))
    return answers.unaccept_answer(reply=post, by=by), _("La pregunta ya no tiene una respuesta aceptada.")


def _approve(post: Any, by: Any, value: str) -> tuple[bool, str]:
    return moderation.approve(post=post, by=by), _("Ya lo ven los demás. Se puede deshacer.")


def _restore(post: Any, by: Any, value: str) -> tuple[bool, str]:
    return moderation.restore(post=post, by=by), _("El mensaje volvió a como estaba.")


def _dismiss(post: Any, by: Any, value: str) -> tuple[bool, str]:
    return moderation.dismiss(post=post, by=by), _("El aviso quedó cerrado. Se puede deshacer.")


def _frequent(post: Any, by: Any, value: str) -> tuple[bool, str]:
    require(isinstance(post, Resource), _("Una pregunta frecuente es una pregunta."))
    done = _("Ya está entre las preguntas frecuentes del tema.")
    return answers.set_frequent(resource=post, by=by, frequent=True), done


def _unfrequent(post: Any, by: Any, value: str) -> tuple[bool, str]:
    require(isinstance(post, Resource), _("Una pregunta frecuente es una pregunta."))
    done = _("Ya no está entre las preguntas frecuentes.")
    return answers.set_frequent(resource=post, by=by, frequent=False), done


AT_ONCE: dict[Verb, Callable[[Any, Any, str], tuple[bool, str]]] = {
    Verb.REACT: _react,
    Verb.ACCEPT: _accept,
    Verb.UNACCEPT: _unaccept,
    Verb.APPROVE: _approve,
    Verb.RESTORE: _restore,
    Verb.DISMISS: _dismiss,
    Verb.FREQUENT: _frequent,
    Verb.UNFREQUENT: _unfrequent,
}


def at_once(request: HttpRequest, post: Any, verb: Verb) -> HttpResponse:
    """Do a verb that asks nothing; done twice it is done once."""
    changed, done = AT_ONCE[verb](post, request.user, request.POST.get(verb.value, "1"))
    if changed and done:
        messages.success(request, done)
    return redirect(_back(request, post))


def _from_queue(request: HttpRequest) -> bool:
    return "tutoria" in (request.POST.get("volver"), request.GET.get("volver"))


def _back(request: HttpRequest, post: Any) -> str:
    """Return to the queue who came from it, else to the message."""
    return reverse("comunidad:queue") if _from_queue(request) else str(post.get_absolute_url())
