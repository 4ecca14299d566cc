"""What the app announces to whoever composes the portal."""

from django.dispatch import Signal

version_published = Signal()
"""After commit. ``version``: the one now in force; ``previous``: the one it replaced, or None."""

draft_remarked = Signal()
"""After commit. ``remark``: what somebody said of a draft to who works on it."""

errata_changed = Signal()
"""After commit. ``version``: what is noted as wrong in it changed; its files are to say so."""

enrolled = Signal()
"""After commit. ``enrolment``: new, with a chair or in the line; ``by``: who enrolled her."""

place_given = Signal()
"""After commit. ``enrolment``: waited in the line, and now has a chair."""

session_moved = Signal()
"""After commit. ``session``: held at another time or place than was said."""

session_cancelled = Signal()
"""After commit. ``session``: will not be held; it says why."""

session_near = Signal()
"""``session``: begins within a day and a half. Said again each day."""

chapters_due = Signal()
"""Inside the transaction that writes it down, so that what follows is written with it or not at all.
``reviews``: chapters of one guide to be looked at; ``people``: who is asked; ``stage``: asked, reminded or
escalated."""

chapters_settled = Signal()
"""Inside the transaction. ``reviews``: chapters that nobody need be asked about any more."""

certificate_withdrawn = Signal()
"""After commit. ``certificate``: no longer counts; it says why."""
