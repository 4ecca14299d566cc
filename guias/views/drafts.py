"""A draft in Wagtail's editor, where several people may write it, read it and publish it at once.

The second to save is told as in every form of the administration (``nucleo.together``). When the version was
published under her, what she wrote is kept as the draft of the next one.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import TaskState
from wagtail.snippets.views.snippets import WorkflowActionView

from guias import policies
from guias.actions.versions import start_version
from guias.models import Rendition, Version
from guias.models.versions import Frozen, says_the_same
from guias.views.desk import DeskIndexView
from nucleo.together import SnippetEditView


class VersionIndexView(DeskIndexView):
    """The list of versions: what is published is shown, and neither changed nor deleted."""

    def get_edit_url(self, instance: Version) -> str | None:
        """Return none for what stays as it is: its name then leads to what it says."""
        return None if instance.live else super().get_edit_url(instance)

    def get_delete_url(self, instance: Version) -> str | None:
        """Return none for what stays."""
        return None if instance.live else super().get_delete_url(instance)


def what_came_of_it(pk: int, action: str) -> str:
    """Return the sentence for who read version ``pk`` and decided ``action`` (``approve`` or ``reject``)."""
    read = Version.objects.get(pk=pk)
    if read.live:
        return _("«%s» ya está publicada: es la que leen todos.") % read
    if action == "reject":
        return _("«%s» vuelve a quien la envió, con lo que usted dijo que hay que cambiar.") % read
    return _("«%s» quedó aprobada y se publica sola en su fecha.") % read


class VersionWorkflowActionView(WorkflowActionView):  # type: ignore[misc]
    """The second reading decided in Wagtail's window, outside of the form; Wagtail's says nothing of it."""

    def get_redirect_url(self) -> str:
        """Lead to what was approved as it is now: its form would only say that it is not changed any more."""
        asked: str | None = get_valid_next_url_from_request(self.request)
        if asked or self.action_name != "approve":
            return asked or str(super().get_redirect_url())
        return reverse("wagtailsnippets_guias_version:inspect", args=[self.object.pk])

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide, and say what came of it."""
        answer: HttpResponse = super().post(request, *args, **kwargs)
        if TaskState.objects.get(pk=self.task_state.pk).status != TaskState.STATUS_IN_PROGRESS:
            messages.success(request, what_came_of_it(self.object.pk, self.action_name))
        return answer


class VersionEditView(SnippetEditView):
    """The form of a draft."""

    object: Version

    def run_before_hook(self) -> HttpResponse | None:
        """Keep what was written of a version that was published meanwhile."""
        if self.request.method == "POST" and self.object.live:
            kept = self._keep_for_the_next()
            if kept is not None:
                return kept
        answer: HttpResponse | None = super().run_before_hook()
        return answer

    def get_success_message(self, instance: Any = None) -> str:
        """Say what came of the second reading; Wagtail speaks of the draft that it saved on the way."""
        if self.action != "workflow-action":
            return str(super().get_success_message(instance))
        return what_came_of_it(self.object.pk, self.workflow_action)

    @transaction.atomic
    def workflow_action_action(self) -> None:
        """Approve and publish, or neither."""
        super().workflow_action_action()

    def run_action_method(self) -> HttpResponse | None:
        """Do what was asked of the saved draft; what is refused says why."""
        try:
            answer: HttpResponse | None = super().run_action_method()
            return answer
        except PermissionDenied:
            messages.error(
                self.request,
                _(
                    "En este borrador hay palabras suyas, así que lo publica quien no haya escrito en él. "
                    "Sus cambios quedaron guardados. Envíelo a revisión."
                ),
            )
            return redirect(self.get_edit_url())
        except Frozen:
            self.object.refresh_from_db()
            return frozen(self.request, self.object)

    def _keep_for_the_next(self) -> HttpResponse | None:
        """Save the form as the draft of the next version; nothing when it says what was published."""
        published, user = Version.objects.get(pk=self.object.pk), self.request.user
        if not policies.can_write(user, published.guide) or not self._says_more_than(published):
            return None
        with transaction.atomic():
            draft = start_version(guide=published.guide, by=user)
            form = self._posted(draft)
            if not form.is_valid():
                transaction.set_rollback(True)
                return None
            form.save().save_revision(user=user, log_action=True)
        messages.warning(
            self.request,
            _(
                "La versión %(number)s se publicó mientras usted escribía. Lo que escribió no se perdió: es "
                "ahora el borrador de la versión %(next)s."
            )
            % {"number": published.number, "next": draft.number},
        )
        return redirect(reverse("wagtailsnippets_guias_version:edit", args=[draft.pk]))

    def _says_more_than(self, published: Version) -> bool:
        form = self._posted(Version.objects.get(pk=published.pk))
        if not form.is_valid():
            return False
        return not says_the_same(form.instance.serializable_data(), published.serializable_data())

    def _posted(self, version: Version) -> Any:
        """Return what was sent, as a form of ``version`` that need not be complete."""
        form = self.get_form_class()(self.request.POST, instance=version, for_user=self.request.user)
        form.defer_required_fields()
        return form


def frozen(request: Any, version: Version) -> HttpResponse:
    """Show a published version instead of its form, and say what one does about it."""
    messages.warning(
        request,
        _(
            "La versión %(number)s está publicada y ya no se cambia. Prepare la siguiente desde la lista de "
            "guías; un error de digitación se anota en su fe de erratas."
        )
        % {"number": version.number},
    )
    for file in Rendition.objects.filter(version=version).exclude(failure=""):
        file.version = version
        messages.error(request, file.trouble)
    return redirect(reverse("wagtailsnippets_guias_version:inspect", args=[version.pk]))
