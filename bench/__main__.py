"""``python -m bench``: server time of the pages people open most, on the medium demonstration.

Each figure is the median of several rounds, told in milliseconds and as a ratio to a fixed piece of work
done on the same machine at the same moment, so that figures of different machines and days can be
compared. ``--save`` writes the ratios to ``bench/baseline.json``; without it they are compared with it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "var" / "bench"
BASELINE = ROOT / "bench" / "baseline.json"
PAGES = {
    "home": "/",
    "guides": "/guias/",
    "chapter": "/guias/proceso-de-orientacion/cerrar-y-dejar-constancia/",
    "centres": "/directorio/centros/",
    "suppliers": "/directorio/proveedores/",
    "board of networks": "/redip/",
    "city": "/redip/cartagena/",
    "themes": "/comunidad/",
    "theme": "/comunidad/empleabilidad/",
    "search, one word": "/buscar/?q=empleo",
    "search, three words": "/buscar/?q=acta+de+compromiso",
    "suggestions": "/buscar/sugerencias/?q=orient",
}


def median_ms(action: Callable[[], object], *, rounds: int, warm_up: int = 3) -> float:
    """Return the median milliseconds of ``rounds`` calls after ``warm_up`` uncounted ones."""
    for _ in range(warm_up):
        action()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def yardstick() -> int:
    """Do a fixed piece of work of the kind a page does: strings, dictionaries, joins."""
    words = {f"palabra{n % 997}": n for n in range(20_000)}
    return len("".join(sorted(words)).encode().split(b"9"))


def prepare(size: str) -> None:
    """Fill ``var/bench/site-<size>`` once: database, styles, demonstration, index."""
    folder = OUT / f"site-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"VAR_DIR": str(folder), "PORTAL_DEMO": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    ready = folder / "ready"
    if ready.exists():
        return
    print(f"Preparing the {size} demonstration in {folder.relative_to(ROOT)} …", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", **({} if size == "none" else {"size": size}))
    call_command("rebuild_index", verbosity=0)
    ready.touch()


def main() -> None:
    """Prepare the data once, time every page, print a table, compare."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", default="medium", choices=["none", "small", "medium", "large"])
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--save", action="store_true", help="make today's ratios the baseline")
    options = parser.parse_args()
    prepare(options.size)
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    unit = median_ms(yardstick, rounds=15)
    baseline = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    rows = {}
    print(f"{'page':<22}{'ms':>9}{'ratio':>9}{'baseline':>10}{'change':>9}")
    for name, path in PAGES.items():
        status = client.get(path).status_code
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        ms = median_ms(lambda path=path: client.get(path), rounds=options.rounds)
        ratio = ms / unit
        rows[name] = round(ratio, 3)
        before = baseline.get(name)
        change = f"{ratio / before:8.2f}x" if before else "        -"
        print(f"{name:<22}{ms:9.1f}{ratio:9.2f}{before or 0:10.2f}{change:>9}")
    (OUT / "pages.json").write_text(json.dumps({"yardstick_ms": unit, "ratios": rows}, indent=2))
    if options.save:
        BASELINE.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
