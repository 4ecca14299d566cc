"""Two people in one form of the administration: the second to save is told before anything is saved.

Wagtail saves over what another saved meanwhile; only a script that asks every ten seconds says so. Here the
form carries what it was made from: the revision, or for what keeps none a mark of its values. When that is no
longer what is saved, nothing is: she reads who saved what and when, her words stay in the form, and saving
again from there is her decision. Knows no model of ours.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import registry as log
from wagtail.snippets.views.snippets import EditView
from wagtail.snippets.views.snippets import SnippetViewSet as WagtailSnippetViewSet

from nucleo import dates
from nucleo.differing import differences, mark

SEEN = "visto"
"""The field of a form that says what it was made from, for what keeps no revisions."""
NO_REVISION = "0"
"""What a form carries that was made before there was any revision; Wagtail's would carry nothing."""


@dataclass(frozen=True)
class Meanwhile:
    """What somebody saved while a form was open."""

    person: str
    own: bool
    when: datetime | None
    differences: list[tuple[str, str]]
    kept: bool
    """Whether it stays in the history when the other one is saved over it."""
    see: str = ""
    """Where it is shown as readers would see it, if anywhere."""
    again: bool = False
    """Whether she chose a file, which no browser sends a second time by itself."""

    @property
    def sentence(self) -> str:
        """Who saved, and when."""
        words = {"person": self.person, "when": dates.moment(self.when) if self.when else ""}
        if self.own:
            return _("Usted guardó otros cambios desde otra ventana, %(when)s.") % words
        if self.when is None:
            return _("Mientras usted escribía, otra persona guardó otros cambios.")
        words["person"] = self.person or _("otra persona")
        return _("Mientras usted escribía, %(person)s guardó otros cambios, %(when)s.") % words


class TellsOfOthers(ABC):
    """Mixin of Wagtail's forms."""

    request: Any
    is_out_of_date: bool
    meanwhile: Meanwhile | None = None

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, unless somebody did since; nobody saves between the look and ours."""
        with transaction.atomic():
            told = self.meanwhile = self.saved_meanwhile(form, lock=True)
            if told is None:
                answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
                return answer
        return self.refused(form, told)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Tell it with the mistakes too: the next form would pass for one made from what is saved now."""
        self.meanwhile = self.meanwhile or self.saved_meanwhile(form)
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if self.meanwhile is not None and answer.status_code == 200:
            answer.status_code = 409
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the template what was saved meanwhile, and the button that was pressed."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        pressed = (name for name in self.request.POST if name.startswith("action-"))
        return context | {"meanwhile": self.meanwhile, "pressed": next(pressed, "")}

    def of_revision(self, form: Any, stored: Any, revision: Any, comparisons: Any) -> Meanwhile | None:
        """Tell of a revision that is newer than the form; nothing when it says what the form says."""
        found = differences(form, stored, comparisons)
        user = self.request.user
        if not found:
            return None
        return Meanwhile(
            person=str(revision.user or ""),
            own=revision.user_id == user.pk,
            when=revision.created_at,
            differences=found,
            kept=True,
            see=self.see(revision),
        )

    def look_again(self, revision: Any) -> bool:
        """Forget which revision was the last when the request came; return whether the form is older."""
        for name in ("is_out_of_date", "latest_revision_created_at"):  # Wagtail keeps them
            self.__dict__.pop(name, None)
        self.latest_revision = revision
        return bool(self.is_out_of_date)

    @abstractmethod
    def saved_meanwhile(self, form: Any, *, lock: bool = False) -> Meanwhile | None:
        """Return what was saved since the form was made."""

    @abstractmethod
    def refused(self, form: Any, told: Meanwhile) -> HttpResponse:
        """Show the form as it was typed."""

    def see(self, revision: Any) -> str:
        """Return where a revision is shown."""
        return ""


class RowEditView(TellsOfOthers):
    """Mixin of the form of what keeps no revisions: it carries a mark of the values that it was made from."""

    def refused(self, form: Any, told: Meanwhile) -> HttpResponse:
        """Show the form as it was typed, and no error: there is none in it."""
        self.produced_error_code = "invalid_revision"
        self.produced_error_message = told.sentence if self.expects_json_response else None  # type: ignore[attr-defined]
        return self.form_invalid(form)

    def saved_meanwhile(self, form: Any, *, lock: bool = False) -> Meanwhile | None:
        """Compare with the row."""
        row = self.row(lock=lock)
        made_from, opened = _read(self.request.POST.get(SEEN, ""))
        if row is None or made_from is None:
            return None
        stored = self.form_of(row)
        return None if made_from == mark(stored) else self._of_row(form, stored, opened)

    def _of_row(self, form: Any, stored: Any, opened: float) -> Meanwhile | None:
        found = differences(form, stored, self.comparisons())
        entry = log.get_logs_for_instance(stored.instance).select_related("user").first()
        if entry is not None and entry.timestamp.timestamp() < opened:
            entry = None  # what changed it was not the administration
        if not found:
            return None
        user = entry and entry.user
        return Meanwhile(
            person=str(user or ""),
            own=user == self.request.user,
            when=entry.timestamp if entry else None,
            differences=found,
            kept=False,
            again=bool(self.request.FILES),
        )

    def row(self, *, lock: bool = False) -> Any:
        """Return what is saved now; None when it is gone."""
        rows = self.model._default_manager.all()  # type: ignore[attr-defined]
        rows = rows.select_for_update(of=("self",)) if lock else rows
        return rows.filter(pk=self.object.pk).first()  # type: ignore[attr-defined]

    def form_of(self, instance: Any) -> Any:
        """Return the form of what is saved, with nothing typed."""
        asked = self.get_form_kwargs()  # type: ignore[attr-defined]
        kept = {name: value for name, value in asked.items() if name not in ("data", "files")}
        return self.get_form_class()(**{**kept, "instance": instance})  # type: ignore[attr-defined]

    def comparisons(self) -> list[Callable[..., Any]]:
        """Return what tells two values apart in words; without it, what is saved is shown."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form what it is made from."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        if form.is_bound:  # it has taken what was typed
            form = self.form_of(self.row())
        return context | {"seen": f"{mark(form)}-{int(timezone.now().timestamp())}"}


class SnippetEditView(RowEditView, EditView):  # type: ignore[misc]
    """The form of a snippet, with revisions or without."""

    def saved_meanwhile(self, form: Any, *, lock: bool = False) -> Meanwhile | None:
        """Compare with the last revision, or with the row itself."""
        if not self.revision_enabled:
            return super().saved_meanwhile(form, lock=lock)
        row = self.row(lock=lock)
        if row is None or not self.look_again(row.latest_revision):
            return None
        self.object.latest_revision = row.latest_revision
        stored = self.form_of(row.get_latest_revision_as_object())
        return self.of_revision(form, stored, row.latest_revision, self.comparisons())

    def see(self, revision: Any) -> str:
        """Return the preview of a draft."""
        if not self.preview_enabled:
            return ""
        name = self.edit_url_name.replace(":edit", ":revisions_view")
        return reverse(name, args=[self.object.pk, revision.pk])

    def comparisons(self) -> list[Callable[..., Any]]:
        """Return those of the panels."""
        bound = self.panel.get_bound_panel(instance=self.object, request=self.request, form=None)
        found: list[Callable[..., Any]] = bound.get_comparison()
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form what it is made from, or that there was no revision."""
        context = super().get_context_data(**kwargs)
        if self.revision_enabled:
            return context | {"seen": "", "without_revision": NO_REVISION}
        return context


def _read(seen: str) -> tuple[str | None, float]:
    """Return the mark in ``seen`` and when its form was opened."""
    made_from, _dash, opened = seen.partition("-")
    return made_from or None, float(opened) if opened.isdecimal() else 0.0


class SnippetViewSet(WagtailSnippetViewSet):  # type: ignore[misc]
    """Wagtail's, whose forms tell of what others saved; every snippet of ours is one."""

    edit_view_class = SnippetEditView
