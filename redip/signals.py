"""What the app announces to whoever composes the portal; all of it after commit."""

from django.dispatch import Signal

meeting_called = Signal()
"""``meeting``: just called; ``by``: who called it."""

commitment_assigned = Signal()
"""``commitment``: new, with a member or an institution; ``by``: who wrote it down."""

acta_sent = Signal()
"""``acta``: now waits for the approval of those present; ``by``: who sent it."""

acta_approved = Signal()
"""``acta``: approved by all who were present, and frozen."""

acta_returned = Signal()
"""``acta``: a draft again, since someone who was present wants a change; ``by``: who asked."""

member_joined = Signal()
"""``member``: a new seat at a mesa; ``by``: who gave it."""

commitment_due = Signal()
"""``commitment``: open, and within three days of its date or past it (``late``). Said again each day."""

meeting_near = Signal()
"""``meeting``: begins within a day and a half. Said again each day."""
