"""``python -m bench.package``: the ZIP of 1 GB of files, and of what changed in one chapter of one guide.

Says when the first byte comes (with the checksums of the files known, and for the first time ever), how much
more memory the process takes while all of it is read, the share of a second download on the medium
demonstration (as a ZIP of the files that changed, and as what a browser makes the new ZIP of), and what of
that guide travels to a phone that keeps it (compressed, as browsers ask for it). ``--each`` changes one guide
after the other instead, and says the least, the median and the most that a browser brings, with a script and
without one.
``--megabytes`` is how much lies in the files; they go to ``var/bench`` and are kept. Exits with 1 over a
limit: FIRST_BYTE seconds, MORE_MEGABYTES of memory, for the medium volume SECOND as a share of the first.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import time
from collections import Counter
from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any

from bench import end
from bench.__main__ import OUT, peak, prepare

FIRST_BYTE = 1.0
MORE_MEGABYTES = 60
SECOND = 0.05
EACH = 20
"""Megabytes of a file of the large package."""


def take(client: Any, address: str) -> tuple[float, float, int]:
    """Return the seconds until the first byte and until the last, and the bytes."""
    started = time.perf_counter()
    pieces = iter(client.get(address).streaming_content)
    total, first = len(next(pieces)), time.perf_counter() - started
    total += sum(len(piece) for piece in pieces)
    return first, time.perf_counter() - started, total


def enlarge(megabytes: int) -> None:
    """Give the guides official files of ``megabytes`` altogether, of bytes that no disk can leave out."""
    from django.core.files.base import ContentFile

    from guias.models import OfficialFile, Version

    for version in Version.objects.in_force().order_by("pk")[: megabytes // EACH]:
        if OfficialFile.objects.filter(version=version).exists():
            continue
        content = b"%PDF-1.7\n" + os.urandom(EACH * 1024 * 1024)
        official = OfficialFile(
            version=version, sha256=hashlib.sha256(content).hexdigest(), size=len(content)
        )
        official.file.save("x.pdf", ContentFile(content))


def make_all() -> int:
    """Make the files of every guide in force that would be others now; return how many guides there are."""
    from guias import exports
    from guias.actions.files import store_file
    from guias.exports.package import FORMS
    from guias.models import Rendition, Version

    found = Version.objects.in_force().filter(guide__is_public=True)
    for version in found.select_related("guide"):
        source = exports.recipe(version)
        for form in FORMS:
            rendition, _created = Rendition.objects.get_or_create(version=version, format=form)
            if not rendition.is_ready or rendition.source != source:
                store_file(rendition=rendition, content=exports.make(version, form), source=source)
    return found.count()


def travels(client: Any, slug: str, kept: Container[str]) -> tuple[int, set[str]]:
    """Return the bytes that bring a guide to who has the pieces ``kept``, and the names of all its pieces."""
    (page,) = client.get(f"/guias/{slug}/sin-conexion.json").json()["objetos"]
    names = [piece["sha256"] for piece in page["trozos"]]
    places = ",".join(str(place) for place, name in enumerate(names) if name not in kept)
    sent = client.get(f"{page['por_trozos']}?trozos={places}", headers={"accept-encoding": "br"})
    return len(sent.content), set(names)


@contextmanager
def changed(slug: str) -> Iterator[None]:
    """Publish a version of a guide with another chapter in its middle, and its files; undone at the end."""
    from django.db import transaction

    from guias import exports
    from guias.actions.files import store_file
    from guias.actions.versions import publish_version, start_version
    from guias.exports.package import FORMS
    from guias.models import Guide, Rendition

    with transaction.atomic():
        version = start_version(guide=Guide.objects.get(slug=slug), by=None)
        body = version.body.get_prep_value()
        body[len(body) // 2]["value"]["title"] += " (cambió)"
        version.body = version._meta.get_field("body").to_python(json.dumps(body))
        version.save()
        version.save_revision()
        publish_version(version=version)
        for form in FORMS:
            rendition = Rendition.objects.get(version=version, format=form)
            store_file(rendition=rendition, content=exports.make(version, form))
        yield
        transaction.set_rollback(True)


def without_script(client: Any, manifest: bytes) -> int:
    """Return the bytes of the ZIP of changes that a browser without scripts gets for ``manifest``."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile("manifest.json", manifest)
    return take(client, client.post("/guias/paquete/", {"manifest": upload})["Location"])[2]


def brought(client: Any, manifest: bytes) -> int:
    """Return the bytes that a browser brings to make today's ZIP of the package of ``manifest``."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile("manifest.json", manifest)
    answer = client.post(
        "/guias/paquete/al-dia/", {"manifest": upload}, headers={"accept-encoding": "gzip, deflate, br"}
    )
    return sum(len(piece) for piece in answer.streaming_content)


def weights() -> list[tuple[int, str]]:
    """Return how much the files of each guide weigh together, the lightest first."""
    from guias.exports.package import Selection, collect

    sizes: Counter[str] = Counter()
    for entry in collect(Selection()).entries:
        sizes[entry.guide] += entry.size
    return sorted((size, slug) for slug, size in sizes.items())


def share(client: Any) -> tuple[list[int], list[int]]:
    """Change one chapter of the median guide.

    Return the bytes of all, of the files that changed, of what a browser brings, and of the files of that
    guide; and those that bring the guide to a phone that has nothing, another guide, or its version before.
    """
    from guias.exports.package import Selection, collect

    manifest = collect(Selection()).manifest
    _first, _last, whole = take(client, "/guias/paquete/descargar/")
    sizes = weights()
    size, slug = sizes[len(sizes) // 2]
    all_of_it, before = travels(client, slug, ())
    beside, _names = travels(client, slug, travels(client, next(o for _s, o in sizes if o != slug), ())[1])
    with changed(slug):
        delta = without_script(client, manifest)
        pieces = brought(client, manifest)
        renewed, _names = travels(client, slug, before)
    return [whole, delta, pieces, size], [all_of_it, beside, renewed]


def each(client: Any) -> None:
    """Change each guide in its turn; print what comes with a script and without: least, median, most."""
    from guias.exports.package import Selection, collect

    manifest = collect(Selection()).manifest
    _first, _last, whole = take(client, "/guias/paquete/descargar/")
    found, plain = [], []
    for size, slug in weights():
        with changed(slug):
            bytes_ = brought(client, manifest)
            plain.append(without_script(client, manifest))
        found.append(bytes_)
        print(f"  {slug}: files {size:,} B, brings {bytes_:,} B = {bytes_ / whole:.2%}", end="")
        print(f", without a script {plain[-1]:,} B = {plain[-1] / whole:.2%}", flush=True)
    for how, those in (("with a script", found), ("without one", plain)):
        shares = [bytes_ / whole for bytes_ in (min(those), statistics.median(those), max(those))]
        print(
            f"{how}: of {whole:,} B at least {shares[0]:.2%}, median {shares[1]:.2%}, at most {shares[2]:.2%}"
        )


def main() -> None:
    """Prepare, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.package", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--each", action="store_true", help="change each guide in its turn, and only that")
    parser.add_argument("--volume", default="medium", help="of the demonstration: small, medium")
    options = parser.parse_args()
    prepare(options.volume)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from django.test import Client

    from guias.exports import zipped
    from guias.models import Checksum, OfficialFile

    client = Client(headers={"host": "127.0.0.1"})
    OfficialFile.objects.filter(size__gt=EACH * 1024 * 1024).delete()
    print(f"· Files of {make_all()} guides…", flush=True)
    if options.each:
        each(client)
        return
    (whole, delta, pieces, files), phone = share(client)
    print(f"whole {whole:,} B; after a change in one chapter {delta:,} B = {delta / whole:.2%}")
    print(f"to a browser that makes the new ZIP: {pieces:,} B = {pieces / whole:.2%}")
    print(f"of which files of that guide: {files:,} B")
    words = "to a phone: {:,} B, beside another guide {:,} B, after that change {:,} B"
    print(words.format(*phone), f"= {phone[2] / phone[0]:.2%}")
    enlarge(options.megabytes)
    Checksum.objects.all().delete()
    started = time.perf_counter()
    zipped.prepare()
    summed = time.perf_counter() - started
    before = peak()
    warm, last, total = take(client, "/guias/paquete/descargar/")
    print(f"checksums of all, by the worker: {summed:.1f} s")
    print(f"{total / 1e6:,.0f} MB: first byte {warm:.2f} s, all {last:.1f} s")
    more = peak() - before
    print(f"memory: {before} MB before, {more} MB more at most while it was sent")
    print(f"kept in {OUT}")
    end(
        f"{what}: {value:.2f}, the limit is {most}"
        for what, value, most in (
            ("seconds to the first byte", warm, FIRST_BYTE),
            ("megabytes of memory more", more, MORE_MEGABYTES),
            ("share of a second download", delta / whole if options.volume == "medium" else 0, SECOND),
        )
        if value > most
    )


if __name__ == "__main__":
    main()
