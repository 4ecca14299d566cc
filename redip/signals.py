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
