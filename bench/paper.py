"""``python -m bench.paper``: the files of a guide of eighty pages, as the worker makes them.

Says how long each takes, what it weighs and the most memory that the process took; the time also as a ratio
to the yardstick of ``python -m bench``, for other machines. ``--chapters`` changes how long the guide is.
Exits with 1 when the PDF takes more processor time than PDF_SECONDS, or comparing more than COMPARED_MS.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from functools import partial
from typing import Any

from bench import end
from bench.__main__ import OUT, milliseconds, peak, prepare, yardstick

PDF_SECONDS = 15
COMPARED_MS = 300
WORDS = "La persona que atiende escucha, anota lo acordado y explica qué sigue en la ruta de su ciudad. "


def body(chapters: int) -> list[tuple[str, dict[str, Any]]]:
    """Return chapters of some four pages: prose, steps, a checklist, a table and a process sheet each."""
    table = "\n".join(
        ["Documento | Sigla | Para qué", *(f"Documento {n} | D{n} | {WORDS}" for n in range(9))]
    )
    return [
        (
            "chapter",
            {
                "title": f"Capítulo {n} de prueba",
                "slug": f"capitulo-{n}",
                "summary": ["Primero esto.", "Luego aquello."],
                "blocks": [
                    ("heading", f"Parte {n}.1"),
                    *[("text", f"<p>{n} {WORDS * 7}</p><ul><li>{WORDS}</li><li>{WORDS}</li></ul>")] * 5,
                    ("steps", {"title": "En orden", "items": [{"title": WORDS[:90], "text": WORDS}] * 8}),
                    ("checklist", {"title": "Revise", "items": [WORDS] * 9, "note": ""}),
                    ("table", {"caption": "Documentos", "text": table}),
                    ("heading", f"Parte {n}.2"),
                    *[("text", f"<p>{WORDS * 8}</p>")] * 4,
                ],
            },
        )
        for n in range(1, chapters + 1)
    ]


def long_version(chapters: int) -> Any:
    """Return a published version of that many chapters, made once in the data of the benchmark."""
    from guias.actions.versions import publish_version
    from guias.models import Guide, Version

    guide, new = Guide.objects.get_or_create(
        slug=f"larga-{chapters}",
        defaults={"title": "Guía larga", "route": "orientacion", "lead": "De prueba.", "is_public": False},
    )
    if new:
        version = Version(guide=guide, number=1, live=False, body=body(chapters))
        version.save()
        version.save_revision()
        publish_version(version=version)
    return Version.objects.select_related("guide").get(guide=guide, number=1)


def rewritten(version: Any) -> Any:
    """Return the same guide with something changed in every sentence of it: the most there is to compare."""
    from guias.models import Version

    raw = json.dumps(version.body.get_prep_value())
    return Version(body=raw.replace("escucha", "oye con calma").replace("acordado", "dicho hoy"))


def main() -> None:
    """Make each file twice and tell of the second time; compare with a text that changed everywhere."""
    parser = argparse.ArgumentParser(prog="python -m bench.paper", description=__doc__)
    parser.add_argument("--chapters", type=int, default=16)
    options = parser.parse_args()
    prepare("small")
    import pypdfium2

    from guias import exports
    from guias.enums import Format
    from guias.models.changes import compare

    version, found = long_version(options.chapters), {}
    unit = min(milliseconds(yardstick) for _round in range(9))
    for form in Format:
        exports.make(version, form)
        started, cpu = time.perf_counter(), time.process_time()
        content = exports.make(version, form)
        cpu, clock = time.process_time() - cpu, time.perf_counter() - started
        pages = len(pypdfium2.PdfDocument(io.BytesIO(content))) if form == Format.PDF else 0
        found[str(form)] = {
            "seconds": round(clock, 2),
            "processor_seconds": round(cpu, 2),
            "ratio": round(cpu * 1000 / unit),
            "kilobytes": round(len(content) / 1024),
            "pages": pages,
            "megabytes_peak": peak(),
        }
        print(form.value, found[str(form)], flush=True)
    other = rewritten(version)
    for name, count in (("one chapter compared", 1), ("all compared", options.chapters)):
        compare(version.chapters[:count], other.chapters[:count])
        took = milliseconds(partial(compare, version.chapters[:count], other.chapters[:count]))
        found[name] = {"milliseconds": round(took), "ratio": round(took / unit)}
        print(name, found[name], flush=True)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "paper.json").write_text(json.dumps(found, indent=2) + "\n")
    pdf, compared = found[str(Format.PDF)]["processor_seconds"], found["all compared"]["milliseconds"]
    end(
        f"{what} took {took} {unit_of}, the limit is {most}"
        for what, took, unit_of, most in (
            ("the PDF", pdf, "s", PDF_SECONDS),
            ("comparing", compared, "ms", COMPARED_MS),
        )
        if took > most
    )


if __name__ == "__main__":
    main()
