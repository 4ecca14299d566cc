"""Networks of cities, their mesas, what mesas meet about and promise, and each city's Bitácora."""

from redip.models.actas import Acta, Attendee
from redip.models.bitacoras import Bitacora, BitacoraEdition, BitacoraSection
from redip.models.commitments import Commitment, ProgressReport
from redip.models.files import MesaFile
from redip.models.meetings import AgendaItem, Attendance, Meeting
from redip.models.mesas import Mesa, MesaMember, MesaMessage
from redip.models.networks import Milestone, Product, Red, StageEvidence, WorkAxis

__all__ = [
    "Acta",
    "AgendaItem",
    "Attendance",
    "Attendee",
    "Bitacora",
    "BitacoraEdition",
    "BitacoraSection",
    "Commitment",
    "Meeting",
    "Mesa",
    "MesaFile",
    "MesaMember",
    "MesaMessage",
    "Milestone",
    "Product",
    "ProgressReport",
    "Red",
    "StageEvidence",
    "WorkAxis",
]
