"""Pages in Wagtail's editor: who saves second is told of what the first saved (``nucleo.together``)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.viewsets.pages import PageViewSet

from nucleo.together import NO_REVISION, Meanwhile, TellsOfOthers
from portal.models import BasePage


class PageEditView(TellsOfOthers, EditView):  # type: ignore[misc]
    """The form of a page."""

    def refused(self, form: Any, told: Meanwhile) -> HttpResponse:
        """Show the form as it was typed, and no error: there is none in it."""
        if self.expects_json_response:
            said: HttpResponse = self.json_error_response("invalid_revision", told.sentence)
            return said
        form.restore_required_fields()
        self.has_unsaved_changes = True
        shown: HttpResponse = self.render_to_response(self.get_context_data(), status=409)
        return shown

    def saved_meanwhile(self, form: Any, *, lock: bool = False) -> Meanwhile | None:
        """Compare with the last revision."""
        rows = BasePage.objects.select_for_update() if lock else BasePage.objects
        row = rows.get(pk=self.page.pk)
        if not self.look_again(row.latest_revision):
            return None
        self.page.latest_revision = row.latest_revision
        theirs = row.get_latest_revision_as_object()
        stored = self.form_class(
            instance=theirs,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=self.request.user,
        )
        bound = self.edit_handler.get_bound_panel(instance=self.page, request=self.request, form=None)
        return self.of_revision(form, stored, row.latest_revision, bound.get_comparison())

    def see(self, revision: Any) -> str:
        """Return the page as it would look with ``revision``."""
        return reverse("wagtailadmin_pages:revisions_view", args=[self.page.pk, revision.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form what it is made from, also before there is any revision."""
        return super().get_context_data(**kwargs) | {"without_revision": NO_REVISION}


class PageRevertView(PageEditView, RevisionsRevertView):  # type: ignore[misc]
    """The form that goes back to an earlier revision."""


class OurPageViewSet(PageViewSet):  # type: ignore[misc]
    """All types of page."""

    model = BasePage
    edit_view_class = PageEditView
    revisions_revert_view_class = PageRevertView
