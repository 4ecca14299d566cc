"""Django's registration of the app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


def _freeze(sender: Any, using: str, plan: Any = (), **kwargs: Any) -> None:
    from django.db import connections

    from redip.models import freeze

    freeze.install(connections[using])


def _unfreeze(sender: Any, using: str, plan: Any = (), **kwargs: Any) -> None:
    from django.db import connections

    from redip.models import freeze

    connection = connections[using]
    if plan and connection.vendor == "sqlite":
        freeze.remove(connection)


class RedipConfig(AppConfig):
    """RedIP."""

    name = "redip"
    verbose_name = "RedIP"

    def ready(self) -> None:
        """Keep the guards of what is closed in place."""
        pre_migrate.connect(_unfreeze, sender=self)
        post_migrate.connect(_freeze, sender=self)
