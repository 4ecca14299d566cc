"""Words of the demonstration's own texts: most of them seldom and few of them often, by a seed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.utils import timezone

DATA = Path(__file__).parents[1] / "data"
WORD = re.compile(r"[a-záéíóúüñ]{2,}")
MARK = "Sintético"
SEED = "red-cemprende"
COMMON = 10
"""How much more often a word of the texts stands than one derived from it."""
ENDINGS = ("it", "ill", "ísim", "ot", "az")


@lru_cache(maxsize=1)
def vocabulary() -> tuple[list[str], list[int]]:
    """Return the words, the most frequent first, and the running sum of how often each stands there."""
    counts: Counter[str] = Counter()
    for file in sorted(DATA.rglob("*.yaml")):
        for text in _texts(yaml.safe_load(file.read_text(encoding="utf-8"))):
            counts.update(WORD.findall(text.lower()))
    weights = Counter({word: COMMON * count for word, count in counts.items()})
    weights.update(derived for word in counts for derived in _derived(word) if derived not in counts)
    words = sorted(weights, key=lambda word: (-weights[word], word))
    return words, list(accumulate(weights[word] for word in words))


def _derived(word: str) -> Iterator[str]:
    """Give the small and the great forms of a noun or adjective: the long tail of seldom words."""
    if len(word) >= 5 and word[-1] in "oa" and word.isascii():
        for ending in ENDINGS:
            yield f"{word[:-1]}{ending}{word[-1]}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


class Prose:
    """The words of one row: always the same for the same kind and number."""

    def __init__(self, kind: str, number: int) -> None:
        self.random = Random(f"{SEED}:{kind}:{number}")  # noqa: S311  text, not secrets

    def words(self, least: int, most: int) -> str:
        """Return from ``least`` to ``most`` words."""
        found, weights = vocabulary()
        return " ".join(self.random.choices(found, cum_weights=weights, k=self.random.randint(least, most)))

    def sentence(self, least: int = 6, most: int = 16) -> str:
        """Return a sentence; it means nothing."""
        return f"{self.words(least, most).capitalize()}."

    def paragraphs(self, count: int) -> list[str]:
        """Return ``count`` paragraphs of two to four sentences."""
        return [" ".join(self.sentence() for _ in range(self.random.randint(2, 4))) for _ in range(count)]

    def title(self, number: int, most: int = 9) -> str:
        """Return a title that says what it is."""
        return f"{MARK} {number}: {self.words(3, most)}"[:150]

    def moment(self, days: int = 365) -> datetime:
        """Return a time within the last ``days``: what is due must be near whenever one loads."""
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return today - timedelta(seconds=self.random.randint(1, days * 86_400))

    def early(self, top: int, power: float = 3) -> int:
        """Return a number below ``top``, low ones far more often: few things get most of the attention."""
        return min(int(top * self.random.random() ** power), top - 1)


def markdown(paragraphs: list[str]) -> str:
    """Return the paragraphs as their author would have typed them."""
    return "\n\n".join(paragraphs)


def html(paragraphs: list[str]) -> str:
    """Return what ``nucleo.html.render_markdown`` makes of them, thousands of times faster."""
    return "".join(f"<p>{text}</p>\n" for text in paragraphs)
