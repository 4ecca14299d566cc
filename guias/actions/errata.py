"""Note a mistake of a published version where its readers see it, or take the note back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guias import policies, signals
from guias.models import Erratum, Version
from nucleo.policies import require


class NotThere(ValueError):
    """The chapter does not say what is to be corrected."""


@transaction.atomic
def note_erratum(*, version: Version, chapter: str, said: str, meant: str, by: Any) -> Erratum:
    """Note that ``chapter`` says ``said`` where it should say ``meant``; the files are made again with it.

    The same words noted again replace what they should be. Raises Forbidden for who may not, NotThere when
    the chapter has no such words: a note about nothing would only confuse.
    """
    require(policies.can_correct(by, version), _("Solo quien edita las guías anota una errata."))
    found = version.chapter(chapter)
    if found is None or said not in " ".join(found.text.split()):
        raise NotThere(said)
    erratum, _new = Erratum.objects.update_or_create(
        version=version,
        chapter=chapter,
        said=said,
        defaults={"meant": meant, "noted_by": by, "noted_at": timezone.now()},
    )
    _announce(version)
    return erratum


@transaction.atomic
def withdraw_erratum(*, erratum: Erratum, by: Any) -> None:
    """Take a note back that was itself wrong. Raises Forbidden for who may not."""
    require(policies.can_correct(by, erratum.version), _("Solo quien edita las guías quita una errata."))
    erratum.delete()
    _announce(erratum.version)


def _announce(version: Version) -> None:
    transaction.on_commit(partial(signals.errata_changed.send, sender=Version, version=version))
