"""What search announces; ``portal/receivers`` is where others hear of it."""

from django.dispatch import Signal

alert_answered = Signal()
"""There is now what somebody asked to be told of: ``alert`` (SearchAlert), ``hit`` (search.results.Hit)."""
