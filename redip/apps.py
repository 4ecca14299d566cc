"""Django's registration of the app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _freeze(sender: Any, using: str, plan: Any = (), **kwargs: Any) -> None:
    from django.db import connections

    from redip.models import BitacoraEdition, freeze

    connection = connections[using]
    if BitacoraEdition._meta.db_table in connection.introspection.table_names():
        freeze.install(connection)


class RedipConfig(AppConfig):
    """RedIP."""

    name = "redip"
    verbose_name = "RedIP"

    def ready(self) -> None:
        """Keep the guards of what is closed in place."""
        post_migrate.connect(_freeze, sender=self)
