"""A filled form as PDF, drawn in a process of its own: a bound on time and memory, and nothing left behind.

What people typed goes there and back through pipes: no file, no queue and no log ever holds it. An answer
that fails therefore says nothing of what it was given. ``python -m nucleo.word_pdf`` reads JSON (``docx``,
``title``, ``fonts``) and writes JSON (``pdf``, ``pages``, ``lost``).
"""

from __future__ import annotations

import base64
import io
import json
import logging
import sys
import threading
from dataclasses import dataclass
from typing import Any

from nucleo import apart
from nucleo.ooxml import RefusedError

SECONDS = 15
AT_ONCE = 2
"""Drawings that one process of the site lets run together: each takes a core for about a second."""
PATIENCE = 10
"""Seconds that one waits for its turn."""
_turns = threading.BoundedSemaphore(AT_ONCE)


class NotDrawnError(Exception):
    """No PDF: too many at once, or too long, or broken. Never says of what."""

    def __init__(self, *, busy: bool = False) -> None:
        super().__init__("busy" if busy else "not drawn")
        self.busy = busy


@dataclass(frozen=True, slots=True)
class Drawn:
    """A PDF, how many pages it has, and what it does not show as Word does (``nucleo.word_paper``)."""

    content: bytes
    pages: int
    lost: tuple[str, ...]


def draw(docx: bytes, *, title: str, fonts: tuple[tuple[str, str], ...], seconds: float = 0) -> Drawn:
    """Return ``docx`` as a tagged PDF; raises NotDrawnError. About a second; 0: ``SECONDS`` at most."""
    asked = {"docx": base64.b64encode(docx).decode("ascii"), "title": title, "fonts": fonts}
    if not _turns.acquire(timeout=PATIENCE):
        raise NotDrawnError(busy=True)
    try:
        said = apart.run(
            "nucleo.word_pdf", file=io.BytesIO(json.dumps(asked).encode()), seconds=seconds or SECONDS
        )
    except apart.ApartError:
        # Without its cause: the last words of the other process may be hers.
        raise NotDrawnError from None
    finally:
        _turns.release()
    return Drawn(base64.b64decode(said["pdf"]), said["pages"], tuple(said["lost"]))


def _drawn(asked: dict[str, Any]) -> dict[str, Any]:
    from weasyprint import HTML

    from nucleo import word_paper
    from nucleo.paper import fetcher, without_gaps

    html, lost = word_paper.html(base64.b64decode(asked["docx"]), title=asked["title"], fonts=asked["fonts"])
    page = HTML(string=without_gaps(html), url_fetcher=fetcher())
    document = page.render(pdf_variant="pdf/ua-1")
    content = document.write_pdf(pdf_variant="pdf/ua-1")
    return {"pdf": base64.b64encode(content).decode("ascii"), "pages": len(document.pages), "lost": lost}


def main() -> None:
    """Read standard input within the limits and write the PDF."""
    apart.limit(SECONDS)
    logging.getLogger("weasyprint").disabled = True
    try:
        said = _drawn(json.load(sys.stdin.buffer))
    except RefusedError as error:
        sys.exit(f"refused: {error.reason}")
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
