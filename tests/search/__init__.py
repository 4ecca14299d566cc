"""Tests of search: what its pages, commands and answers do, and in ``contract/`` what an engine does."""

import pytest

ON_EACH_ENGINE = pytest.mark.parametrize(
    "search_index", ["embedded", pytest.param("elastic", marks=pytest.mark.server_engine)], indirect=True
)
"""For what search promises on both engines: the same test behind the embedded one and a real server."""
