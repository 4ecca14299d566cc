"""Forms on paper as files: filled with what somebody typed, or with lines to write on. Nothing is kept of it.

The one thing that is kept is the empty PDF, which holds no answers.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from guias.actions.paper_forms import keep_blank
from guias.enums import FieldKind
from guias.models import PaperField, PaperForm
from nucleo import paper, word_form, word_pdf

EDITION = 1
"""Raised when the empty forms that exist should be drawn anew."""
LINE = "_" * 26
SHORT_LINE = "_" * 14
LONG_LINE = "_" * 70


def template(form: PaperForm) -> bytes:
    """Return the Word file with its names in it."""
    with form.file.open("rb") as file:
        content: bytes = file.read()
    return content


def filled_docx(form: PaperForm, values: Mapping[str, str]) -> bytes:
    """Return the form with ``values`` (name → text) as Word."""
    return word_form.filled(template(form), values, title=form.title, foot=form.foot)


def as_pdf(form: PaperForm, docx: bytes) -> word_pdf.Drawn:
    """Draw ``docx``, which is ``form`` filled; about a second. Raises NotDrawnError."""
    return word_pdf.draw(docx, title=form.title, fonts=paper.static_fonts())


def blank_values(fields: list[PaperField]) -> dict[str, str]:
    """Return a line to write on for each field, or the choices with a box before each."""
    return {field.name: _blank(field) for field in fields}


def _blank(field: PaperField) -> str:
    if field.kind == FieldKind.YES_NO:
        return _("☐ Sí   ☐ No")
    if field.kind == FieldKind.CHOICE:
        return "   ".join(f"☐ {option}" for option in field.options)
    if field.kind == FieldKind.LONG:
        return "\n".join([LONG_LINE] * 3)
    return SHORT_LINE if field.kind in (FieldKind.NUMBER, FieldKind.MONEY) else LINE


def blank_pdf(form: PaperForm, fields: list[PaperField]) -> bytes:
    """Return ``form`` to fill by hand, drawn now if it was not yet; raises NotDrawnError."""
    source = form.source(fields, EDITION)
    if form.blank and form.blank_source == source:
        with form.blank.open("rb") as file:
            content: bytes = file.read()
        return content
    content = as_pdf(form, filled_docx(form, blank_values(fields))).content
    keep_blank(form=form, content=content, source=source)
    return content
