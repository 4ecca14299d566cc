"""Telephones as people write them, and as a telephone dials them."""

from __future__ import annotations

import re

NUMBER = re.compile(r"\+?\(?\d(?:[ ().-]*\d){2,}")
"""A number where nothing else is written; an extension or a second number ends it."""
NUMBER_IN_WORDS = re.compile(
    r"(?<![\w$/@.:=-])(?<![$]\s)(?!\d{4}-\d\d-\d\d)\+?\(?\d(?:[ ()-]{0,2}\d){6,12}(?![\w/@-])"
)
"""A number among words: of seven digits or more, neither a day nor money nor a part of an address."""


def dialled(written: str) -> str:
    """Return the first number of ``written`` as a telephone dials it; empty when it holds none."""
    return next((digits(one) for one in NUMBER.findall(written)), "")


def digits(number: str) -> str:
    """Return ``number`` without what only helps to read it."""
    return re.sub(r"[^\d+]", "", number)
