"""The composition root: the one app that knows all the others."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    """Home, content pages, and the wiring between apps."""

    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Keep what a database starts with in place."""
        from portal import checks, choosers, purposes, receivers  # noqa: F401
        from portal.beside import fill_slots
        from portal.bootstrap import after_migrate
        from portal.messages import remember_answers

        remember_answers()
        choosers.install()
        fill_slots()
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="portal.bootstrap")
