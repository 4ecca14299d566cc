"""What the portal leaves to the worker: mail. A task that fails is tried again (``portal.worker``)."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django_tasks import task

SOMEBODY_WAITS = 50
"""Of -100 to 100; what is drawn or read for later has 0, and there can be a hundred files of it."""


@task(priority=SOMEBODY_WAITS)
def send_mail(subject: str, body: str, to: list[str], headers: dict[str, str] | None = None) -> int:
    """Send one plain-text mail; return how many were sent."""
    return EmailMessage(subject=subject, body=body, to=to, headers=headers or {}).send()
