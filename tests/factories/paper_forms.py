"""Forms on paper for tests, with a real Word file."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.core.files.base import ContentFile

from guias.actions.paper_forms import proposed_field
from guias.models import PaperForm
from nucleo.word_form import inspected
from tests.factories import papers

TEXT = ("Yo, {{ nombre completo }}, de {{ ciudad }}.", "Me comprometo a: {{ compromiso }}")


def paper_form(*paragraphs: str, table: tuple[str, ...] = (), **fields: Any) -> PaperForm:
    """A published form with one field for each name in its text, as the first upload proposes them."""
    read = inspected(papers.docx_of(*(paragraphs or TEXT), table=table))
    values = {
        "title": "Acta de prueba",
        "slug": "acta-de-prueba",
        "lead": "Se firma al cerrar.",
        "route": "orientacion",
        "is_public": True,
        "template_on": dt.date(2026, 11, 3),
        **fields,
    }
    form = PaperForm(sha256=hashlib.sha256(read.content).hexdigest(), names=read.names, **values)
    form.file.save("formato.docx", ContentFile(read.content), save=False)
    form.save()
    for n, (name, written) in enumerate(read.written.items()):
        field = proposed_field(name, written, n)
        field.form = form
        field.save()
    return form


def text_of(response: Any) -> str:
    """The words of a file that was answered."""
    streaming = response.streaming
    return papers.text_of(b"".join(response.streaming_content) if streaming else response.content)
