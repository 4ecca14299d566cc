"""What the portal leaves to the worker: mail. A task that fails is tried again (``portal.worker``)."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django_tasks import task


@task()
def send_mail(subject: str, body: str, to: list[str], headers: dict[str, str] | None = None) -> int:
    """Send one plain-text mail; return how many were sent."""
    return EmailMessage(subject=subject, body=body, to=to, headers=headers or {}).send()
