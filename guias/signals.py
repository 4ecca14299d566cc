"""What the app announces to whoever composes the portal."""

from django.dispatch import Signal

version_published = Signal()
"""After commit. ``version``: the one now in force; ``previous``: the one it replaced, or None."""

errata_changed = Signal()
"""After commit. ``version``: what is noted as wrong in it changed; its files are to say so."""
