"""Fixtures for the guides and their files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from portal.avisos.models import Notice


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """Return a folder of the test's own for what is stored."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT  # type: ignore[no-any-return]


@pytest.fixture
def told(django_capture_on_commit_callbacks: Any) -> Any:
    """Call it with an action: who was told by it; ``told.words`` are the notices as text."""

    def during(action: Any, **arguments: Any) -> set[Any]:
        before = set(Notice.objects.values_list("pk", flat=True))
        with django_capture_on_commit_callbacks(execute=True):
            during.result = action(**arguments)  # type: ignore[attr-defined]
        fresh = list(Notice.objects.exclude(pk__in=before).select_related("recipient"))
        during.words = " ".join(f"{notice.text}: {notice.detail}" for notice in fresh)  # type: ignore[attr-defined]
        return {notice.recipient for notice in fresh}

    return during
