"""Models of the composition root: the pages that editors arrange."""

from portal.models.base import BasePage
from portal.models.worker import WorkerBeat

__all__ = ["BasePage", "WorkerBeat"]
