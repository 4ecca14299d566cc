"""Pictures and documents of the editors' library: whole and harmless before they are kept."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

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


class ImageForm(BaseImageForm):  # type: ignore[misc]
    """The library's form of a picture."""

    file = WholeImageField(label=gettext_lazy("Archivo"), widget=BaseImageForm.Meta.widgets["file"])


class DocumentForm(BaseDocumentForm):  # type: ignore[misc]
    """A document that is what its name says."""

    def clean_file(self) -> Any:
        """Refuse office files and PDFs that are something else inside, or that flood the disk."""
        file = self.cleaned_data["file"]
        suffix = PurePath(str(file.name)).suffix.lower().lstrip(".")
        if "file" in self.changed_data and suffix in OFFICE | {"pdf"} and uploads.kind_of(file) != suffix:
            raise ValidationError(
                _("El nombre dice .%(suffix)s, pero por dentro es otra cosa o está dañado. Guárdelo bien.")
                % {"suffix": suffix}
            )
        return file
