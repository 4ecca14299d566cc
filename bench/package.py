"""``python -m bench.package``: the ZIP of 1 GB of files, and of what changed in one chapter of one guide.

Says when the first byte comes (with the checksums of the files known, and for the first time ever), how much
more memory the process takes while all of it is read, the share of a second download on the medium
demonstration, and what of that guide travels to a phone that keeps it (compressed, as browsers ask for it).
``--megabytes`` is how much lies in the files; they go to ``var/bench`` and are kept.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Container
from typing import Any

from bench.__main__ import OUT, peak, prepare

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
    """Make the files of every guide in force; return how many there are."""
    from guias import exports
    from guias.actions.files import store_file
    from guias.exports.package import FORMS
    from guias.models import Rendition, Version

    found = Version.objects.in_force().filter(guide__is_public=True)
    for version in found.select_related("guide"):
        for form in FORMS:
            rendition, _created = Rendition.objects.get_or_create(version=version, format=form)
            if not rendition.is_ready:
                store_file(rendition=rendition, content=exports.make(version, form))
    return found.count()


def travels(client: Any, slug: str, kept: Container[str]) -> tuple[int, set[str]]:
    """Return the bytes that bring a guide to who has the pieces ``kept``, and the names of all its pieces."""
    (page,) = client.get(f"/guias/{slug}/sin-conexion.json").json()["objetos"]
    names = [piece["sha256"] for piece in page["trozos"]]
    places = ",".join(str(place) for place, name in enumerate(names) if name not in kept)
    sent = client.get(f"{page['por_trozos']}?trozos={places}", headers={"accept-encoding": "br"})
    return len(sent.content), set(names)


def share(client: Any) -> tuple[int, int, int, list[int]]:
    """Change one chapter of the median guide.

    Return the bytes of all, of what changed, of its files; and those that bring the guide to a phone that has
    nothing, another guide, or its version before.
    """
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import transaction

    from guias import exports
    from guias.actions.files import store_file
    from guias.actions.versions import publish_version, start_version
    from guias.exports.package import FORMS, Selection, collect
    from guias.models import Guide, Rendition

    found = collect(Selection())
    _first, _last, whole = take(client, "/guias/paquete/descargar/")
    sizes: Counter[str] = Counter()
    for entry in found.entries:
        sizes[entry.guide] += entry.size
    slug = sorted(sizes, key=lambda one: sizes[one])[len(sizes) // 2]
    all_of_it, before = travels(client, slug, ())
    beside, _names = travels(client, slug, travels(client, next(one for one in sizes if one != slug), ())[1])
    with transaction.atomic():
        guide = Guide.objects.get(slug=slug)
        version = start_version(guide=guide, by=None)
        body = version.body.get_prep_value()
        body[0]["value"]["title"] += " (cambió)"
        version.body = version._meta.get_field("body").to_python(json.dumps(body))
        version.save()
        version.save_revision()
        publish_version(version=version)
        for form in FORMS:
            rendition = Rendition.objects.get(version=version, format=form)
            store_file(rendition=rendition, content=exports.make(version, form))
        upload = SimpleUploadedFile("manifest.json", found.manifest)
        answer = client.post("/guias/paquete/", {"manifest": upload})
        _first, _last, delta = take(client, answer["Location"])
        renewed, _names = travels(client, slug, before)
        transaction.set_rollback(True)
    return whole, delta, sizes[slug], [all_of_it, beside, renewed]


def main() -> None:
    """Prepare, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.package", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--volume", default="medium", help="of the demonstration: small, medium")
    options = parser.parse_args()
    prepare(options.volume)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from django.test import Client

    from guias.models import Checksum, OfficialFile

    client = Client(headers={"host": "127.0.0.1"})
    OfficialFile.objects.filter(size__gt=EACH * 1024 * 1024).delete()
    print(f"· Files of {make_all()} guides…", flush=True)
    whole, delta, files, phone = share(client)
    print(f"whole {whole:,} B; after a change in one chapter {delta:,} B = {delta / whole:.2%}")
    print(f"of which files of that guide: {files:,} B")
    words = "to a phone: {:,} B, beside another guide {:,} B, after that change {:,} B"
    print(words.format(*phone), f"= {phone[2] / phone[0]:.2%}")
    enlarge(options.megabytes)
    Checksum.objects.all().delete()
    cold, _last, _total = take(client, "/guias/paquete/descargar/")
    before = peak()
    warm, last, total = take(client, "/guias/paquete/descargar/")
    print(f"{total / 1e6:,.0f} MB: first byte {warm:.2f} s (first time ever {cold:.2f} s), all {last:.1f} s")
    print(f"memory: {before} MB before, {peak() - before} MB more at most while it was sent")
    print(f"kept in {OUT}")


if __name__ == "__main__":
    main()
