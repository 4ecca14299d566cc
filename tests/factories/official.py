"""Official files for tests: issued without the form, and taken as readers take them."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import docx
from django.core.files.base import ContentFile
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Mm

from guias.actions.paper import give_codes
from guias.models import OfficialFile, Version


def issue(version: Version, content: bytes, form: str = "pdf") -> OfficialFile:
    digest = hashlib.sha256(content).hexdigest()
    official = OfficialFile(version=version, format=form, sha256=digest, size=len(content))
    official.file.save("x", ContentFile(content))
    return official


def taken(client: Any, form: str = "pdf") -> bytes:
    response = client.get(f"/guias/orientacion/descargar/{form}/")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def code_of(version: Version) -> Any:
    return give_codes(version=version)[""]


def word(*, even: bool = False, first: bool = False, margin: float = 25.4, written: bool = True) -> bytes:
    document, out = docx.Document(), io.BytesIO()
    document.settings.odd_and_even_pages_header_footer = even
    for n in range(3):
        section = document.sections[0] if n == 0 else document.add_section(WD_SECTION.NEW_PAGE)
        section.different_first_page_header_footer = first
        section.right_margin = section.bottom_margin = Mm(margin)
        if n == 2:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = section.page_height, section.page_width
        if written and n < 2:
            section.footer.is_linked_to_previous = False
            section.footer.paragraphs[0].text = f"Pie de la parte {n}"
            section.footer.add_table(1, 2, Mm(100)).cell(0, 0).text = "Tabla"
        document.add_paragraph(f"Parte {n}")
    document.save(out)
    return out.getvalue()
