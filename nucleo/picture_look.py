"""Whether an uploaded picture opens to its end.

In a process of its own (:mod:`nucleo.apart`), and not only for safety: WeasyPrint tells Pillow to take half
a picture for a whole one, in every thread of the process where a PDF was ever made.
"""

from __future__ import annotations

import json
import sys
from typing import IO

from nucleo import apart

SECONDS = 20


def is_whole(file: IO[bytes]) -> bool:
    """Return whether all of ``file`` can be drawn. Leaves it at its beginning."""
    file.seek(0)
    try:
        apart.run("nucleo.picture_look", file=file, seconds=SECONDS)
    except apart.ApartError:
        return False
    finally:
        file.seek(0)
    return True


def main() -> None:
    """Draw what is on standard input."""
    from PIL import Image

    apart.limit(SECONDS)
    with Image.open(sys.stdin.buffer) as picture:
        picture.load()
    sys.stdout.write(json.dumps(True))


if __name__ == "__main__":
    main()
