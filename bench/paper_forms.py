"""``python -m bench.paper_forms``: an acta as it is filled, while the person waits for it.

Each figure is the middle of nine; ``first`` is the first PDF of a process, which cuts the font.
"""

from __future__ import annotations

import io
import json
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.__main__ import OUT, milliseconds, prepare, yardstick

ROUNDS = 9


def cost(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the middle of several runs in milliseconds: by the clock, and of processor."""
    clock, processor = [], []
    for _round in range(rounds):
        started, before = time.perf_counter(), _processor()
        work()
        clock.append((time.perf_counter() - started) * 1000)
        processor.append((_processor() - before) * 1000)
    return statistics.median(clock), statistics.median(processor)


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


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
    found = {
        "first": cost(lambda: papers.as_pdf(form, filled), rounds=1),
        "checked": cost(lambda: word_form.read(io.BytesIO(content))),
        "word": cost(lambda: papers.filled_docx(form, values)),
        "pdf": cost(lambda: papers.as_pdf(form, filled)),
    }
    said = {
        name: {
            "milliseconds": round(clock),
            "processor_milliseconds": round(processor),
            "ratio": round(processor / unit, 1),
        }
        for name, (clock, processor) in found.items()
    }
    print(json.dumps(said, indent=2))
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "paper_forms.json").write_text(json.dumps(said, indent=2) + "\n")


if __name__ == "__main__":
    main()
