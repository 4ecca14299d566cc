"""Work on guides that is done outside of any request. Each task may run twice without harm."""

from __future__ import annotations

import logging

from django_tasks import task

from guias import exports
from guias.actions.files import fail_file, store_file
from guias.enums import RenditionState
from guias.models import Rendition

logger = logging.getLogger(__name__)


@task()
def make_files(version_id: int) -> None:
    """Make the files of a version that are wanted and not there; raises the last failure, to be retried."""
    wanted = Rendition.objects.filter(version_id=version_id).exclude(state=RenditionState.READY)
    failure: Exception | None = None
    for rendition in wanted.select_related("version__guide"):
        try:
            store_file(rendition=rendition, content=exports.make(rendition.version, rendition.format))
        except Exception as error:
            logger.exception("The file %s could not be made", rendition)
            fail_file(rendition=rendition, reason=f"{type(error).__name__}: {error}")
            failure = error
    if failure is not None:
        raise failure
