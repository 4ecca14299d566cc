"""``python -m bench.paper_forms``: an acta as it is filled, while the person waits for it.

Each figure is the middle of nine; ``first`` is the first PDF of a process, which cuts the font.
"""

from __future__ import annotations

import io
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.__main__ import OUT, milliseconds, prepare, yardstick

ROUNDS = 9


def middle(work: Callable[[], Any]) -> float:
    """Return the middle of several runs in milliseconds by the clock: much happens in another process."""
    took = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        work()
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took)


def main() -> None:
    """Read, fill and draw the acta de compromiso of the demonstration."""
    prepare("small")
    from guias.exports import paper_forms as papers
    from guias.models import PaperForm
    from nucleo import word_form

    form = PaperForm.objects.get(slug="acta-de-compromiso")
    values = dict.fromkeys(form.names, "Palabras de prueba")
    content = papers.template(form)
    filled = papers.filled_docx(form, values)
    unit = min(milliseconds(yardstick) for _round in range(9))
    started = time.perf_counter()
    pages = papers.as_pdf(form, filled).pages
    found = {
        "first": (time.perf_counter() - started) * 1000,
        "checked": middle(lambda: word_form.read(io.BytesIO(content))),
        "word": middle(lambda: papers.filled_docx(form, values)),
        "pdf": middle(lambda: papers.as_pdf(form, filled)),
    }
    said = {name: {"milliseconds": round(ms), "ratio": round(ms / unit, 1)} for name, ms in found.items()}
    print(json.dumps({"pages": pages, **said}, indent=2))
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "paper_forms.json").write_text(json.dumps({"pages": pages, **said}, indent=2) + "\n")


if __name__ == "__main__":
    main()
