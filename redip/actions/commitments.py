"""Write down a commitment and tell how it goes."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directorio.models import Institution
from nucleo.policies import require
from nucleo.twice import just_made
from nucleo.uploads import Upload
from redip import policies, signals
from redip.enums import CommitmentState
from redip.models import Acta, Commitment, Mesa, MesaMember, ProgressReport
from redip.models.commitments import OPEN
from search import outbox


@transaction.atomic
def add_commitment(
    *,
    mesa: Mesa,
    by: Any,
    what: str,
    until: dt.date,
    member: MesaMember | None = None,
    institution: Institution | None = None,
    acta: Acta | None = None,
) -> Commitment:
    """Return a new commitment of ``member`` and/or ``institution``; announces ``commitment_assigned``.

    It hangs on ``acta`` only while that is a draft: what was approved lists what it listed. A double
    click writes one down.
    """
    Mesa.objects.select_for_update().get(pk=mesa.pk)
    require(policies.can_take_part(by, mesa), _("Solo quienes participan en la mesa agregan compromisos."))
    if acta is not None:
        require(acta.is_draft, _("El acta ya no es un borrador: el compromiso se agrega al plan de acción."))
    said = {
        "what": what, "until": until, "member": member, "institution": institution, "acta": acta,
        "created_by": by,
    }  # fmt: skip
    twin = just_made(mesa.commitments.all(), "created_at", **said)
    if twin is not None:
        return twin
    commitment = Commitment.objects.create(mesa=mesa, **said)
    _found_anew(commitment)
    transaction.on_commit(
        partial(signals.commitment_assigned.send, sender=Commitment, commitment=commitment, by=by)
    )
    return commitment


@transaction.atomic
def report_progress(
    *,
    commitment: Commitment,
    by: Any,
    text: str,
    percent: int,
    state: CommitmentState | None = None,
    evidence: Upload | None = None,
) -> ProgressReport:
    """Keep a report and bring the commitment up to it.

    ``percent`` 100 means done; done means 100; anything above 0 means on its way. ``state`` may say
    that it will not be done. A double click tells it once.
    """
    locked = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
    locked.mesa = commitment.mesa
    twin = just_made(locked.reports.all(), "at", by=by, text=text)
    if twin is not None:
        return twin
    require(
        policies.can_report(by, locked),
        _("Cuenta cómo va quien se comprometió, o quien coordina la mesa, mientras está abierto."),
    )
    if state == CommitmentState.DONE or (percent == 100 and state != CommitmentState.DROPPED):
        state, percent = CommitmentState.DONE, 100
    elif state != CommitmentState.DROPPED:
        state = CommitmentState.ON_ITS_WAY if percent else CommitmentState.PENDING
    locked.state, locked.progress = state, percent
    locked.closed_on = None if state in OPEN else timezone.localdate()
    locked.save(update_fields=["state", "progress", "closed_on", "updated_at"])
    report = ProgressReport(commitment=locked, text=text, percent=percent, state=state, by=by)
    if evidence is not None:
        report.evidence_name = evidence.name
        report.evidence.save(evidence.safe_name, evidence.file, save=False)
    report.save()
    _found_anew(locked)
    return report


def _found_anew(commitment: Commitment) -> None:
    outbox.queue("mesa", commitment.mesa_id)
    if commitment.acta_id:
        outbox.queue("acta", commitment.acta_id)
