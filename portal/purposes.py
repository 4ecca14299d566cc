"""What signed links are for: one class a purpose, with its words, over an action of the app it is about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comunidad import policies as community
from comunidad.actions.posts import reply
from comunidad.enums import NotAsked
from comunidad.forms import NO_PERSONAL_DATA, ReplyForm
from comunidad.models import Resource
from comunidad.tables import waits
from guias.actions.reviews import ask_for_change, confirm_chapter
from guias.forms.reviews import ReviewForm
from guias.models import ChapterReview
from guias.models.reviews import asked_of
from nucleo import dates
from portal.cuentas.actions import stop_mail
from portal.responding import Purpose, issue, register
from redip.actions.commitments import report_progress
from redip.enums import CommitmentState
from redip.forms import ProgressForm
from redip.models import Commitment


@register
class Unsubscribing(Purpose):
    """No more notices by mail. The object is the person herself."""

    name = "correos"
    days = 365
    template = "portal/responding/unsubscribe.html"

    def find(self, person: Any, object_id: int) -> Any | None:
        """She herself, while she gets any."""
        return person if person.pk == object_id and person.mail_notices else None

    def form(self, about: Any, data: Any = None) -> forms.Form:
        """Nothing to fill: the button says it all, and so does the one click of a mail program (RFC 8058)."""
        return forms.Form(data)

    def act(self, *, person: Any, about: Any, form: Any) -> str:
        """Stop the mails."""
        stop_mail(user=person)
        return _("Ya no le enviamos avisos por correo. En el portal los sigue encontrando cuando entre.")

    def letter(self, person: Any, links: list[tuple[Any, str]]) -> tuple[str, str]:
        """The link, when she asked for it again."""
        return _("Dejar de recibir avisos por correo"), _(
            "Abra este enlace y toque el botón, y no le enviamos más avisos por correo:\n\n%(link)s"
        ) % {"link": links[0][1]}


@register
class ReviewingChapter(Purpose):
    """Whether a chapter of a guide still holds. The object is its ``ChapterReview``."""

    name = "vigencia"
    days = 60
    template = "portal/responding/review.html"
    words = "cambio"

    def find(self, person: Any, object_id: int) -> Any | None:
        """The chapter, as long as its guide is read and it is she who is asked about it."""
        review = ChapterReview.objects.living().with_people().filter(pk=object_id).first()
        return review if review is not None and person in asked_of(review) else None

    def form(self, about: Any, data: Any = None) -> forms.Form:
        """It holds, or what must change."""
        return ReviewForm(data)

    def act(self, *, person: Any, about: Any, form: Any) -> str:
        """Date it anew, or put it before who mends the guides."""
        if form.holds:
            confirm_chapter(review=about, by=person)
            about.refresh_from_db()
            return _("«%(title)s» sigue vigente. Se vuelve a revisar el %(day)s.") % {
                "title": about.title,
                "day": dates.loose(dates.long_date(about.due_on)),
            }
        ask_for_change(review=about, words=form.cleaned_data["cambio"], by=person)
        return _("Quienes editan la guía ya ven qué hay que cambiar en «%(title)s».") % {"title": about.title}

    def letter(self, person: Any, links: list[tuple[Any, str]]) -> tuple[str, str]:
        """One letter for all her chapters that are due: twenty mails would be read by nobody."""
        subject = ngettext(
            "¿Sigue vigente «%(title)s»?", "¿Siguen vigentes %(n)s capítulos? «%(title)s»", len(links)
        ) % {"n": len(links), "title": links[0][0].title if len(links) == 1 else links[0][0].guide.title}
        return subject, render_to_string("portal/responding/review.txt", {"links": links})


@register
class Reporting(Purpose):
    """How a commitment goes, told by who answers for it. The object is the ``Commitment``."""

    name = "compromiso"
    days = 30
    template = "portal/responding/commitment.html"
    words = "text"
    is_notice = True

    def find(self, person: Any, object_id: int) -> Any | None:
        """The commitment, while it is open and she answers for it at a mesa that she has not left."""
        commitment = Commitment.objects.open().with_people().filter(pk=object_id).first()
        return commitment if commitment is not None and person in commitment.answerable() else None

    def form(self, about: Any, data: Any = None) -> forms.Form:
        """What the page of the commitment asks, without a file: that is for who has time to look for one."""
        form = ProgressForm(data, initial={"percent": about.progress})
        del form.fields["evidence"]
        return form

    def act(self, *, person: Any, about: Any, form: Any) -> str:
        """Keep her report."""
        report = report_progress(
            commitment=about,
            by=person,
            text=form.cleaned_data["text"],
            percent=form.cleaned_data["percent"],
            state=form.state,
        )
        if report.state == CommitmentState.DONE:
            return _("Quedó cumplido: «%(what)s». Su mesa ya lo ve.") % {"what": about.what}
        return _("Su mesa ya ve cómo va «%(what)s».") % {"what": about.what}

    def letter(self, person: Any, links: list[tuple[Any, str]]) -> tuple[str, str]:
        """What she owes and until when, with the link to tell how it goes."""
        late = any(about.until < timezone.localdate() for about, _address in links)
        subject = _("Pasó el plazo de un compromiso") if late else _("Se acerca el plazo de un compromiso")
        return subject, render_to_string("portal/responding/commitment.txt", {"links": links})


@register
class Answering(Purpose):
    """A new question of a theme, answered by who tutors it. The object is the ``Resource``."""

    name = "pregunta"
    days = 30
    template = "portal/responding/question.html"
    is_notice = True
    words = "texto"

    def find(self, person: Any, object_id: int) -> Any | None:
        """The question, while it asks her as the tutor of its theme."""
        question = _question(object_id)
        asks = question is not None and community.why_not_asked(person, question) is None
        return question if asks else None

    def why_not(self, person: Any, object_id: int) -> str:
        """A sentence for each reason. None says a word of the question."""
        question = _question(object_id)
        reason = NotAsked.OUT_OF_SIGHT if question is None else community.why_not_asked(person, question)
        return _sentences()[reason] if reason else ""

    def is_news(self, about: Any) -> bool:
        """Until somebody answered."""
        return bool(about.is_waiting)

    def form(self, about: Any, data: Any = None) -> forms.Form:
        """What the page of the question asks. Without its scripts a plain field is more than the bar."""
        form = ReplyForm(data, resource=about)
        del form.fields["a"], form.fields["ficha"]
        form.fields["texto"].widget = forms.Textarea(attrs={"rows": 6, "required": True})
        form.fields["texto"].help_text = NO_PERSONAL_DATA
        return form

    def act(self, *, person: Any, about: Any, form: Any) -> str:
        """Publish it as hers, by the action and under the rules of the site."""
        made = reply(resource=about, by=person, source=form.cleaned_data["texto"])
        if made.is_held:
            return _("Quedó guardada. La revisa quien modera y después se publica.")
        return _("Su respuesta ya está publicada, y a quien preguntó le avisamos.")

    def letter(self, person: Any, links: list[tuple[Any, str]]) -> tuple[str, str]:
        """One letter for all of them, the oldest first; what is for members only is named by its group."""
        ordered = sorted(links, key=lambda pair: (pair[0].created_at, pair[0].pk))
        subject = ngettext(
            "Una pregunta espera su respuesta", "%(n)s preguntas esperan su respuesta", len(ordered)
        ) % {"n": len(ordered)}
        lines = [(question, _waits(question), address) for question, address in ordered]
        context = {"lines": lines, "desk": settings.ORIGIN + reverse("comunidad:queue")}
        return subject, render_to_string("portal/responding/question.txt", context)


def _question(pk: int) -> Resource | None:
    return Resource.objects.with_people().filter(pk=pk).first()


def _waits(question: Resource) -> str:
    """``3 horas``: how long it waits, as the desk of tutors says it."""
    clock = waits(question)
    return f"{clock['number']} {clock['unit']}"


def _sentences() -> dict[NotAsked, str]:
    return {
        NotAsked.NOT_TUTOR: _(
            "Usted ya no lleva la tutoría de este tema. Si es un error, dígaselo a quien opera el portal."
        ),
        NotAsked.OUT_OF_SIGHT: _("La pregunta ya no está publicada. No tiene que hacer nada."),
        NotAsked.NOT_IN_GROUP: _(
            "En este grupo responden sus miembros. Si quiere responder, entre con su cuenta y pida entrar."
        ),
        NotAsked.SETTLED: _(
            "La pregunta ya tiene una respuesta aceptada. Si quiere agregar algo, hágalo con su cuenta."
        ),
        NotAsked.ANSWERED: _(
            "Usted ya respondió esta pregunta. Para corregir o agregar algo, entre a su cuenta."
        ),
    }


def way_out(person: Any) -> tuple[str, dict[str, str]]:
    """Return the address that stops the notices of ``person``, and the headers with which mail programs do.

    Their one click (RFC 8058) is for https alone.
    """
    address = issue(Unsubscribing, person=person, object_id=person.pk).address
    headers = {"List-Unsubscribe": f"<{address}>"}
    if settings.HTTPS:
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return address, headers
