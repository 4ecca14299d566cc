"""What falls due is done, whatever else fails."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import override_settings

from guias import exports, pictures, tasks
from guias.exports import stamped
from portal.management.commands import tick

pytestmark = pytest.mark.django_db


MEMORY = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tick"}}
"""Redis forgets by its own clock, which no test moves."""


@override_settings(CACHES=MEMORY)
def test_what_fails_holds_up_nothing_else_and_is_tried_again_after_an_hour(
    monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    done: list[str] = []

    def fail() -> None:
        done.append("falla")
        raise ValueError("no se pudo")

    chores = (
        tick.Chore("falla", tick.DAY, fail),
        tick.Chore("cada", 0, lambda: done.append("cada")),
        tick.Chore("diaria", tick.DAY, lambda: done.append("diaria")),
    )
    monkeypatch.setattr(tick, "CHORES", chores)
    with time_machine.travel("2026-03-01 08:00", tick=False) as clock:
        with pytest.raises(CommandError, match="falla"):
            call_command("tick")
        assert done == ["falla", "cada", "diaria"]
        assert "no se pudo" in caplog.text
        call_command("tick")
        assert done[3:] == ["cada"]
        clock.move_to("2026-03-01 09:01")
        with pytest.raises(CommandError):
            call_command("tick")
        assert done[4:] == ["falla", "cada"]
        clock.move_to("2026-03-02 08:01")
        with pytest.raises(CommandError):
            call_command("tick")
        assert done[6:] == ["falla", "cada", "diaria"]


def test_every_chore_is_there_once(queued: Any) -> None:
    names = [chore.name for chore in tick.CHORES]
    assert len(names) == len(set(names)) >= 12
    cache.clear()
    call_command("tick")
    assert queued("guias.tasks.renew_files").count() == queued("guias.tasks.sweep_files").count() == 1
    call_command("tick")
    assert queued("guias.tasks.renew_files").count() == 1


def test_files_are_renewed_soon_after_a_start_with_other_makers(settings: Any, monkeypatch: Any) -> None:
    """A portal that keeps its cache elsewhere would else make them up to a day later."""
    (name,) = [chore.name for chore in tick.CHORES if chore.name.startswith("files:")]
    assert name == f"files:{tasks.makers()}"
    for owner, what in ((exports, "EDITION"), (stamped, "EDITION"), (pictures, "SPECS")):
        with monkeypatch.context() as other:
            other.setattr(owner, what, getattr(owner, what) * 2)
            assert name != f"files:{tasks.makers()}"
    settings.ORIGIN = "https://otra.example"
    assert name != f"files:{tasks.makers()}"
