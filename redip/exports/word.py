"""An edition of a Bitácora as a Word file, with real headings and lists, to be quoted and worked with."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from docx import Document

from nucleo import dates, word
from redip.models import BitacoraEdition


def edition(edition: BitacoraEdition) -> bytes:
    """Return the file; the same edition gives the same bytes."""
    address = settings.ORIGIN + edition.get_absolute_url()
    title, day = str(edition.bitacora), edition.published_on
    document = Document()
    word.dress(
        document,
        title=title,
        day=day,
        version=edition.number,
        comments=address,
        footer=_("%(title)s, edición %(number)s. %(address)s")
        % {"title": title, "number": edition.number, "address": address},
    )
    document.add_heading(title, 0)
    facts = _("Edición %(number)s, cerrada el %(day)s") % {
        "number": edition.number,
        "day": dates.long_date(day),
    }
    document.add_paragraph(facts)
    if edition.note:
        document.add_paragraph(edition.note, style="Intense Quote")
    for section in edition.sections:
        document.add_heading(section["title"], 1)
        if section["html"].strip():
            word.add_html(document, section["html"])
        else:
            document.add_paragraph(_("Esta sección no tiene texto en esta edición."))
    return word.content(document)
