"""What the system ends is begun again; what ends by itself, or is told to, is not. With real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.keeping import TIMES

ROOT = Path(__file__).resolve().parents[2]
PARENT = """
import os, signal, sys, time
from pathlib import Path
import django
django.setup()
from portal.keeping import keep
from django.core.management import CommandError
folder = Path(sys.argv[1])

def work():
    with (folder / "children").open("a") as told:
        told.write(f"{os.getpid()}\\n")
    WORK

try:
    keep(work, lambda text: print(text, flush=True))
except CommandError as error:
    sys.exit(str(error))
print("fin", flush=True)
"""
FALLS = "os.kill(os.getpid(), signal.{})"
WAITS = "time.sleep(60)"


class Kept:
    """A parent that keeps ``work`` going, and the numbers of the children it made."""

    def __init__(self, folder: Path, work: str) -> None:
        self._told = folder / "children"
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        script = PARENT.replace("WORK", work)
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, str(folder)],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    @property
    def children(self) -> list[int]:
        return [int(line) for line in self._told.read_text().split()] if self._told.exists() else []

    def child(self, number: int = 1) -> int:
        """Return the last child, once there have been so many."""
        until = time.monotonic() + 60
        while len(self.children) < number and time.monotonic() < until:
            time.sleep(0.05)
        return self.children[-1]

    def end(self) -> tuple[int, str, str]:
        said, wrong = self.process.communicate(timeout=60)
        return self.process.returncode, said, wrong


def is_there(pid: int) -> bool:
    """Whether a process of this number runs; a zombie counts."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("name", ["SIGBUS", "SIGSEGV", "SIGKILL"])
def test_what_falls_is_begun_again(tmp_path: Path, name: str) -> None:
    once = f"(folder / 'fell').exists() or ((folder / 'fell').touch(), {FALLS.format(name)})"
    kept = Kept(tmp_path, once)
    code, said, _ = kept.end()
    assert (code, len(kept.children)) == (0, 2)
    assert said == f"El sistema cerró el proceso ({name}). Se enciende de nuevo.\nfin\n"


def test_what_falls_again_and_again_is_given_up_with_a_sentence(tmp_path: Path) -> None:
    kept = Kept(tmp_path, FALLS.format("SIGBUS"))
    code, said, wrong = kept.end()
    assert (code, len(kept.children)) == (1, TIMES)
    assert said.count("Se enciende de nuevo") == TIMES - 1 and "fin" not in said
    assert wrong.startswith(f"El sistema cerró el proceso {TIMES} veces") and "Traceback" not in wrong


@pytest.mark.parametrize(("work", "code"), [("sys.exit(3)", 3), ("pass", 0)])
def test_what_ends_by_itself_is_not_begun_again(tmp_path: Path, work: str, code: int) -> None:
    kept = Kept(tmp_path, work)
    assert kept.end()[0] == code and len(kept.children) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_both_end(tmp_path: Path, number: signal.Signals) -> None:
    kept = Kept(tmp_path, WAITS)
    child = kept.child()
    kept.process.send_signal(number)
    assert kept.end()[:2] == (0, "fin\n")
    assert not is_there(child) and kept.children == [child]


@pytest.mark.skipif(sys.platform != "linux", reason="the child of another system outlives it")
def test_killed_it_takes_its_child_along(tmp_path: Path) -> None:
    kept = Kept(tmp_path, WAITS)
    child = kept.child()
    kept.process.kill()
    kept.end()
    until = time.monotonic() + 10
    while is_there(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_there(child)


def test_a_fall_leaves_no_zombie(tmp_path: Path) -> None:
    kept = Kept(tmp_path, WAITS)
    first = kept.child()
    os.kill(first, signal.SIGKILL)
    second = kept.child(2)
    assert second != first and not is_there(first)
    kept.process.terminate()
    kept.end()
