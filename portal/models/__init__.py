"""Models of the composition root: pages, agenda and indicators, signed links, letters."""

from portal.models.agenda import AgendaEvent, EventKind
from portal.models.base import BasePage
from portal.models.gathered import GatheredLetter, GatheredLine
from portal.models.indicators import Indicator, IndicatorRow
from portal.models.links import SignedLink
from portal.models.pages import ContentPage, HomePage
from portal.models.worker import WorkerBeat

__all__ = [
    "AgendaEvent",
    "BasePage",
    "ContentPage",
    "EventKind",
    "GatheredLetter",
    "GatheredLine",
    "HomePage",
    "Indicator",
    "IndicatorRow",
    "SignedLink",
    "WorkerBeat",
]
