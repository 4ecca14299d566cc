"""Whether a text names a person: a common given name beside a common surname.

So that what editors see of searches does not say whose they are. It knows the usual names of the country
(``data/names_es.txt``) and no others; a given name alone, such as that of a city's saint, is nobody yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

_FILE = Path(__file__).resolve().parent / "data" / "names_es.txt"


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    """Return given names and surnames, without accents; ñ as n."""
    lines = [line for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    given, surnames = "\n".join(lines).replace("[nombres]", "").split("[apellidos]")
    return frozenset(given.split()), frozenset(surnames.split())


def are_in(words: Sequence[str]) -> bool:
    """Whether two neighbours of ``words`` (folded) are a given name and a surname, in either order."""
    given, surnames = _known()
    plain = [word.replace("ñ", "n") for word in words]
    return any(
        (one in given and other in surnames) or (one in surnames and other in given)
        for one, other in pairwise(plain)
    )
