"""Models of the composition root: the pages that editors arrange, agenda and indicators, signed links."""

from portal.models.agenda import AgendaEvent, EventKind
from portal.models.base import BasePage
from portal.models.indicators import Indicator, IndicatorRow
from portal.models.links import SignedLink
from portal.models.pages import ContentPage, HomePage
from portal.models.worker import WorkerBeat

__all__ = [
    "AgendaEvent",
    "BasePage",
    "ContentPage",
    "EventKind",
    "HomePage",
    "Indicator",
    "IndicatorRow",
    "SignedLink",
    "WorkerBeat",
]
