from __future__ import annotations

from typing import Any

from search import registry
from search.checks import check_sources


def source(**values: Any) -> registry.Source:
    values = {"name": "prueba", "kind": "guia", **values}
    return registry.Source(queryset=None, documents=None, authorised=None, **values)  # type: ignore[arg-type]


def test_unknown_kinds_and_bad_names_are_said(monkeypatch: Any) -> None:
    monkeypatch.setattr(registry, "_sources", {})
    registry.register(source())
    assert check_sources() == []
    registry.register(source(name="otra", kind="gia"))
    registry.register(source(name="con:dos-puntos"))
    registry.register(source(name="x" * 41))
    assert [error.id for error in check_sources()] == ["search.E001", "search.E002", "search.E002"]


def test_a_name_is_registered_once(monkeypatch: Any) -> None:
    monkeypatch.setattr(registry, "_sources", {})
    registry.register(source())
    try:
        registry.register(source())
    except ValueError as error:
        assert "twice" in str(error)
    else:
        raise AssertionError
