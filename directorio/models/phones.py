"""Telephones as people write them, and as a telephone dials them."""

from __future__ import annotations

import re

NUMBER = re.compile(r"(?i)(?<!\d)(?<!\bext)(?<!\bext[. ])(?<!\bext\. )\+?\(?\d(?:[ ().-]*\d){2,}")
"""A number where nothing else is written; an extension, which is none, or a second number ends it."""
NUMBER_IN_WORDS = re.compile(
    r"""(?<![\w$@.:=+-])(?<!\D/)(?<![$]\s)
    (?:(?:\+?57[ -]?)?\(?(?:3\d\d|60\d)\)?[ .-]?\d{3}[ .-]?\d{4}  # a mobile, or one with its area
    |01[ -]?8000(?:[ -]?\d){5,7}                                   # free of charge
    |[2-8]\d\d[ -]?\d{4})                                         # of one city, as before 2021
    (?![\w@-])""",
    re.VERBOSE,
)
"""A number among words, as Colombia writes them: no days, years, money, NIT or part of an address
(Resolución CRC 5826 of 2019: ten digits, 3 for mobiles, 60 for the rest)."""


def numbers(written: str) -> list[str]:
    """Return the numbers of ``written``, as they stand there."""
    return NUMBER.findall(written)


def dialled(written: str) -> str:
    """Return the first number of ``written`` as a telephone dials it; empty when it holds none."""
    return next(map(digits, numbers(written)), "")


def digits(number: str) -> str:
    """Return ``number`` without what only helps to read it."""
    return re.sub(r"[^\d+]", "", number)
