"""The forms of pictures and documents, in the place of Wagtail's: they tell what another saved meanwhile."""

from __future__ import annotations

from wagtail.documents.views.documents import EditView as DocumentEditView
from wagtail.images.views.images import EditView as ImageEditView

from nucleo.together import RowEditView


class OurImageEditView(RowEditView, ImageEditView):  # type: ignore[misc]
    """The form of a picture."""


class OurDocumentEditView(RowEditView, DocumentEditView):  # type: ignore[misc]
    """The form of a document."""
