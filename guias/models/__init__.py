"""Guides, their versions, the files made of them, and what readers did with them."""

from guias.models.attendance import AttendanceMark
from guias.models.certificates import Certificate, CheckResult
from guias.models.chapters import Chapter, ChecklistItem
from guias.models.courses import Course
from guias.models.downloads import Checksum, Download, OfficialFile, Rendition
from guias.models.errata import Erratum
from guias.models.following import Following
from guias.models.glossary import Term
from guias.models.guides import Guide
from guias.models.held import HeldFile
from guias.models.opinions import Opinion
from guias.models.ownership import RouteEditor
from guias.models.paper import PaperCode
from guias.models.paper_forms import PaperField, PaperForm
from guias.models.reading import Reading, Tick
from guias.models.remarks import Remark
from guias.models.review import SecondReading
from guias.models.reviews import ChapterReview
from guias.models.sessions import Enrolment, Session
from guias.models.use import GuideUse, PlaceUse
from guias.models.versions import Version

__all__ = [
    "AttendanceMark",
    "Certificate",
    "Chapter",
    "ChapterReview",
    "CheckResult",
    "ChecklistItem",
    "Checksum",
    "Course",
    "Download",
    "Enrolment",
    "Erratum",
    "Following",
    "Guide",
    "GuideUse",
    "HeldFile",
    "OfficialFile",
    "Opinion",
    "PaperCode",
    "PaperField",
    "PaperForm",
    "PlaceUse",
    "Reading",
    "Remark",
    "Rendition",
    "RouteEditor",
    "SecondReading",
    "Session",
    "Term",
    "Tick",
    "Version",
]
