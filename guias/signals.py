"""What the app announces to whoever composes the portal."""

from django.dispatch import Signal

version_published = Signal()
"""After commit. ``version``: the one now in force; ``previous``: the one it replaced, or None."""
