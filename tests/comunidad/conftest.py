"""What the tests of the forum share."""

from __future__ import annotations

from typing import Any

import pytest

from comunidad import signals
from tests.factories.comunidad import trusted

NAMES = [name for name, value in vars(signals).items() if isinstance(value, signals.Signal)]


@pytest.fixture
def heard(django_capture_on_commit_callbacks: Any) -> Any:
    """Call it with an action: what was announced after commit, as (signal, arguments)."""
    found: list[tuple[str, dict[str, Any]]] = []
    listeners = []
    for name in NAMES:

        def listen(sender: Any, _name: str = name, **kwargs: Any) -> None:
            kwargs.pop("signal")
            found.append((_name, kwargs))

        getattr(signals, name).connect(listen)
        listeners.append((getattr(signals, name), listen))

    def during(action: Any, **arguments: Any) -> list[tuple[str, dict[str, Any]]]:
        found.clear()
        with django_capture_on_commit_callbacks(execute=True):
            during.result = action(**arguments)
            assert found == [], "nothing is announced before commit"
        return list(found)

    yield during
    for signal, listen in listeners:
        signal.disconnect(listen)


@pytest.fixture
def member(client: Any) -> Any:
    """Signed in, with a message published before."""
    user = trusted()
    client.force_login(user)
    return user
