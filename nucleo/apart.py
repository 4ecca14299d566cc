"""Native code that reads strangers' files runs in a process of its own, with little memory and little time.

A hostile or broken file then costs nothing but itself. The module that is run reads standard input and
writes JSON; it knows no Django, so that it starts in a tenth of a second.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

MEMORY = 1024 * 1024 * 1024
ROOT = Path(__file__).resolve().parents[1]


class ApartError(Exception):
    """The other process gave no answer; ``str()`` says why, for who runs the portal."""


def run(module: str, *arguments: str, file: IO[bytes], seconds: float) -> Any:
    """Return what ``python -m module`` says of ``file``; raises ApartError."""
    command = [sys.executable, "-m", module, *arguments]
    with ExitStack() as opened:
        given: dict[str, Any]
        try:
            # A large file does not pass through this process. Opened anew: a place of its own in the file.
            given = {"stdin": opened.enter_context(Path(f"/dev/fd/{file.fileno()}").open("rb"))}
        except (OSError, AttributeError):
            given = {"input": file.read()}
        try:
            done = subprocess.run(command, **given, capture_output=True, timeout=seconds, cwd=ROOT)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise ApartError(f"not read within {seconds} seconds") from error
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise ApartError(last[0][:300] if last else f"the reader ended with {done.returncode}")
    return json.loads(done.stdout)


def limit(seconds: int) -> None:
    """Bind this process, before it reads anything."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
