"""What accounts announce to whoever composes the portal."""

from django.dispatch import Signal

account_erased = Signal()
"""Inside the transaction. ``user``: her data go now; each app takes away what names her in its own."""
