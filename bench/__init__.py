"""The project's benchmarks: figures to compare, never tests with a clock."""

import sys
from collections.abc import Iterable

FILES = "file: "
"""How the names of answers begin that are files of many rows and no pages; the limit does not bind them."""
MISSING = "not found"
"""The page that says that there is nothing at an address."""
SUGGESTIONS = "suggestions"
"""In the name of what is offered while one types."""


def end(over: Iterable[str]) -> None:
    """Say what is over its limit, and exit with 1 when anything is: what calls a benchmark must notice."""
    said = list(over)
    for one in said:
        print(f"over the limit: {one}")
    if said:
        sys.exit(1)
