"""``--engine`` of the commands that look after an index, and what they say of one that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from search.backends import ENGINES, NoServerError


def add_engine(parser: CommandParser) -> None:
    """Take the engine: that of SEARCH_URL when nothing is said."""
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default="",
        help=f"Otro motor que el de SEARCH_URL: embedded está en {settings.SEARCH_FOLDER}.",
    )


@contextmanager
def named() -> Iterator[None]:
    """Say what is missing when a server is asked for that SEARCH_URL does not name."""
    try:
        yield
    except NoServerError as error:
        raise CommandError(
            "SEARCH_URL no nombra un servidor. Póngale la dirección http(s) de un Elasticsearch u "
            "OpenSearch, o use --engine embedded."
        ) from error
