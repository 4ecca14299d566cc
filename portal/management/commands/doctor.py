"""``manage.py doctor``: what is misconfigured, in plain words, and how to mend it."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.doctor import examine


class Command(BaseCommand):
    """Looks at settings and services; ends with 1 when something keeps the portal from working."""

    help = "Dice qué está mal configurado y cómo arreglarlo."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line a finding."""
        findings = examine()
        for finding in findings:
            if not finding.mend:
                self.stdout.write(f"  bien     {finding.what}")
            else:
                word = "MAL     " if finding.is_error else "revise  "
                self.stdout.write(f"  {word} {finding.what}\n           → {finding.mend}")
        errors = sum(finding.is_error for finding in findings)
        warnings = sum(bool(finding.mend) and not finding.is_error for finding in findings)
        self.stdout.write(
            "Todo está bien." if not errors + warnings else f"{errors} por arreglar, {warnings} por revisar."
        )
        if errors:
            sys.exit(1)
