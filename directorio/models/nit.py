"""The Colombian tax number (NIT) and its check digit.

Rule: each of the up to fifteen figures, from the right, is multiplied by a prime (DIAN, Orden
Administrativa 4 de 1989); the sum modulo 11 is the digit when it is 0 or 1, else 11 minus it.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)
SHAPE = re.compile(r"^(\d{5,15})-(\d)$")


def check_digit(number: str) -> int:
    """Return the check digit of ``number``, figures only."""
    rest = sum(int(figure) * weight for figure, weight in zip(reversed(number), WEIGHTS, strict=False)) % 11
    return rest if rest < 2 else 11 - rest


def normalise(text: str) -> str:
    """Write a NIT as it is stored: no dots or spaces, hyphen before the check digit if it was given."""
    return re.sub(r"[.\s]", "", text).replace("–", "-")


def validate_nit(value: str) -> None:
    """Raise ValidationError unless ``value`` is figures, hyphen and the right check digit."""
    match = SHAPE.match(value)
    if match is None:
        raise ValidationError(
            _("El NIT se escribe con su dígito de verificación, sin puntos. Por ejemplo: 899999003-1."),
            code="nit_shape",
        )
    if check_digit(match[1]) != int(match[2]):
        raise ValidationError(
            _("El dígito de verificación no corresponde al NIT %(number)s. Revise las cifras."),
            code="nit_digit",
            params={"number": match[1]},
        )
