"""What people fill in: each form says in plain words what it lacks, and keeps what was typed."""

from redip.forms.actas import ActaForm, ChangeForm
from redip.forms.bitacoras import EditionForm, SectionForm
from redip.forms.commitments import CommitmentForm, ProgressForm
from redip.forms.meetings import AnswerForm, MeetingForm
from redip.forms.mesas import FileForm, MemberForm, MessageForm

__all__ = [
    "ActaForm",
    "AnswerForm",
    "ChangeForm",
    "CommitmentForm",
    "EditionForm",
    "FileForm",
    "MeetingForm",
    "MemberForm",
    "MessageForm",
    "ProgressForm",
    "SectionForm",
]
