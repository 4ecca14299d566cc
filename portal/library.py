"""Pictures and documents of the editors' library: whole and harmless before they are kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from guias.models.held import HeldFile, holder_of
from nucleo import uploads
from nucleo.picture_look import is_whole

OFFICE = frozenset({"docx", "xlsx", "odt"})


class WholeImageField(WagtailImageField):  # type: ignore[misc]
    """A picture that really opens: Wagtail's field answers half a picture with an error of ours, not hers."""

    def to_python(self, data: Any) -> Any:
        """Refuse what was cut short or is broken inside."""
        try:
            found = super().to_python(data)
        except (OSError, SyntaxError):
            found = False
        if found is False or (found and not is_whole(found)):
            raise ValidationError(
                _("Esta imagen está dañada o llegó incompleta. Guárdela otra vez en su equipo y súbala.")
            )
        return found


def refuse_held(file: Any) -> None:
    """Raise ValidationError for what a published version of a guide shows: it would change with it."""
    version = holder_of(file)
    if version is not None:
        raise ValidationError(
            _(
                "Lo muestra una guía publicada (%(version)s), que no puede cambiar. "
                "Súbalo como archivo nuevo y póngalo en la próxima versión."
            )
            % {"version": version}
        )


class ImageForm(BaseImageForm):  # type: ignore[misc]
    """The library's form of a picture."""

    file = WholeImageField(label=gettext_lazy("Archivo"), widget=BaseImageForm.Meta.widgets["file"])

    def clean_file(self) -> Any:
        """Refuse another file in the place of one that a published guide shows."""
        if "file" in self.changed_data:
            refuse_held(self.instance)
        return self.cleaned_data["file"]


class DocumentForm(BaseDocumentForm):  # type: ignore[misc]
    """A document that is what its name says."""

    def clean_title(self) -> Any:
        """Refuse another title for one that a published guide shows: it may stand there by its title."""
        if "title" in self.changed_data:
            refuse_held(self.instance)
        return self.cleaned_data["title"]

    def clean_file(self) -> Any:
        """Refuse what a published guide shows, and what is something else inside or floods the disk."""
        file = self.cleaned_data["file"]
        if "file" in self.changed_data:
            refuse_held(self.instance)
        suffix = PurePath(str(file.name)).suffix.lower().lstrip(".")
        if "file" in self.changed_data and suffix in OFFICE | {"pdf"} and uploads.kind_of(file) != suffix:
            raise ValidationError(
                _("El nombre dice .%(suffix)s, pero por dentro es otra cosa o está dañado. Guárdelo bien.")
                % {"suffix": suffix}
            )
        return file


def still_shown(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Say to who deletes what a published version shows, alone or with others, that it stays, and why."""

    def answer(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    answer.process_exception = _said_as_held  # type: ignore[attr-defined]
    return answer


def _said_as_held(request: HttpRequest, error: Exception) -> HttpResponse | None:
    found = error.protected_objects if isinstance(error, ProtectedError) else ()
    held = next((one for one in found if isinstance(one, HeldFile)), None)
    if held is None:
        return None
    file: Any = held.image or held.document
    said = _("«%(file)s» no se borró: lo muestra una guía publicada (%(version)s), que no puede cambiar.")
    messages.error(request, said % {"file": file, "version": held.version})
    return redirect(f"{file._meta.app_label}:edit", file.pk)
