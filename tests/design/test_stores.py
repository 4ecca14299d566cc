"""What the browser keeps has one name in all scripts that write, read or throw it away.

Each script is sent by itself and knows no other (a service worker cannot, ofrecer.js is there to spare them),
so the names stand in several. One that differs would keep what nobody throws away.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "js"

KEPT = {
    "guardadas-1": {"guardadas.js", "ofrecer.js", "sw_fin.js"},
    "portada-": {"guardadas.js", "sw.js", "sw_fin.js"},
    "listas": {"listas.js", "sitio.js"},
    "listas-": {"listas.js", "listas_sw.js", "listas_fin.js"},
}
"""What a store is called, or begins with, and the scripts that must know it."""
WRITERS = ("guardadas.js", "listas.js", "sw.js", "listas_sw.js")
OPENED = re.compile(
    r"""(?:caches\.(?:has|open|delete|match)|localStorage\.\w+Item|indexedDB\.open|startsWith|name\s*===)
        \(?\s*["'`](?P<name>[\w-]+)""",
    re.VERBOSE,
)


def text(name: str) -> str:
    return (SCRIPTS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", KEPT)
def test_all_scripts_call_a_store_alike(name: str) -> None:
    quoted = re.compile(rf"""["'`/^]{re.escape(name)}(?:["'`/]|\$)""")
    assert {script.name for script in SCRIPTS.glob("*.js") if quoted.search(script.read_text())} == KEPT[name]


def test_no_script_opens_a_store_of_another_name() -> None:
    """Of those that are named where they are opened; the others are named once, in ``STORE``."""
    said = {found["name"] for script in SCRIPTS.glob("*.js") for found in OPENED.finditer(script.read_text())}
    stores = {name for name in said if name.startswith(("guardad", "portad", "lista"))}
    assert stores <= KEPT.keys(), stores - KEPT.keys()
    named = re.findall(r"STORE = [\"'`]([\w-]+)", "".join(map(text, WRITERS)))
    assert sorted(named) == sorted(KEPT)


def test_the_way_out_throws_away_all_that_was_kept() -> None:
    """``OFFLINE_READING=0`` sends these in place of the service workers."""
    assert "guardadas-1" in text("sw_fin.js") and "portada-" in text("sw_fin.js")
    assert 'startsWith("listas-")' in text("listas_fin.js")
