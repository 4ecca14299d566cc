"""Whether a text names a person: a common given name beside a common surname, or given names alone.

So that what editors see of searches does not say whose they are. It knows the usual names of the country
(``data/names_es.txt``) and no others; a given name among other words, such as that of a city's saint, is
nobody yet, nor is one that is a thing as well (*rosa*, *luz*).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

_FILE = Path(__file__).resolve().parent / "data" / "names_es.txt"


_TITLES = frozenset(
    ("don", "dona", "senor", "senora", "sr", "sra", "dr", "dra", "el", "la", "de", "a", "para")
)
"""What may stand before the given name of somebody."""


@cache
def _known() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return given names, surnames, and those of the given names that are things too; no accents, ñ as n."""
    lines = [line for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    given, _mark, rest = "\n".join(lines).replace("[nombres]", "").partition("[apellidos]")
    surnames, _mark, things = rest.partition("[también cosas]")
    return frozenset(given.split()), frozenset(surnames.split()), frozenset(things.split())


def are_in(words: Sequence[str]) -> bool:
    """Whether ``words`` (folded) name somebody.

    Two neighbours that are a given name and a surname, in either order, or nothing but given names.
    """
    given, surnames, things = _known()
    plain = [word.replace("ñ", "n") for word in words]
    alone = [word for word in plain if word not in _TITLES]
    if alone and set(alone) <= given and not set(alone) <= things:
        return True
    return any(
        (one in given and other in surnames) or (one in surnames and other in given)
        for one, other in pairwise(plain)
    )
