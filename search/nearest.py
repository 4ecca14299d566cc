"""Which subject a search without any result is nearest to.

No document says its words, so it goes by how they begin: *emprenderismo* is nobody's word, but it begins as
*emprendimiento* does.
"""

from __future__ import annotations

from itertools import takewhile

from search.backends import analysis
from search.backends.plan import stopwords
from search.registry import Subject

SHARED = 4
"""Letters that two words must at least begin with alike."""
SHARE = 0.5
"""Part of the longer word that these letters must be."""
MOST = 3


def nearest(text: str, subjects: list[Subject]) -> list[Subject]:
    """Return the subjects whose words begin as those of ``text`` do, the likest first."""
    typed = {word for word in analysis.tokens(analysis.clean(text)) if word not in stopwords()}
    scored = [(_likeness(typed, _words(one)), one) for one in subjects]
    near = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])[:MOST]
    return [one for _, one in near]


def _words(subject: Subject) -> set[str]:
    return set(analysis.tokens(analysis.clean(f"{subject.name} {subject.words}")))


def _likeness(typed: set[str], words: set[str]) -> float:
    """Return for each typed word how much of it the likest of ``words`` shares, added up."""
    return sum(max((_shared(one, other) for other in words), default=0.0) for one in typed)


def _shared(one: str, other: str) -> float:
    begun = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    share = begun / max(len(one), len(other))
    return share if begun >= SHARED and share >= SHARE else 0.0
