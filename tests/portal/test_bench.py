"""What the benchmark counts when the machine is too busy to be timed."""

import json

from bench.__main__ import calls, keep, yardstick


def test_calls_are_the_same_twice_and_more_for_more():
    once = calls(yardstick)
    assert once == calls(yardstick) > 0
    assert calls(lambda: (yardstick(), yardstick())) >= 2 * once


def test_some_pages_are_kept_beside_the_others(tmp_path):
    file = tmp_path / "calls.json"
    keep(file, {"home": 1, "agenda": 2}, some=False)
    keep(file, {"home": 3}, some=True)
    assert json.loads(file.read_text()) == {"home": 3, "agenda": 2}
    keep(file, {"home": 4}, some=False)
    assert json.loads(file.read_text()) == {"home": 4}
