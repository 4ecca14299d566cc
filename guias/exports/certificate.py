"""A certificate as a PDF of one page: what anyone sees by its code, and the code itself for a camera.

Drawn when it is asked for: 0.04 s of processor, and WeasyPrint besides the first time in a process. Same
certificate, same bytes.
"""

from __future__ import annotations

from pathlib import Path

from django.template.loader import render_to_string

from guias.models import Certificate
from nucleo import paper, qr
from nucleo.paper import as_data

STYLE = Path(__file__).with_name("certificate.css")


def html(certificate: Certificate) -> str:
    """Return the page as HTML, with all that it needs inside."""
    context = {
        "certificate": certificate,
        "picture": as_data(qr.drawn(certificate.address), "image/png"),
        "style": STYLE.read_text(encoding="utf-8"),
        "fonts": paper.static_fonts(),
    }
    return paper.without_gaps(render_to_string("guias/exports/certificate.html", context))


def make(certificate: Certificate) -> bytes:
    """Return the file."""
    return paper.pdf(html(certificate))
