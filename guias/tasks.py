"""Work on guides that is done outside of any request."""

from __future__ import annotations

from django_tasks import task


@task()
def make_files(version_id: int) -> None:
    """Make the files of a version that do not exist yet."""
