"""Django's registration of the app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


def _freeze(sender: Any, using: str, plan: Any = (), **kwargs: Any) -> None:
    from django.db import connections

    from guias.models import Version, freeze

    connection = connections[using]
    if Version._meta.db_table in connection.introspection.table_names():
        freeze.install(connection)


def _release(sender: Any, using: str, plan: Any = (), **kwargs: Any) -> None:
    from django.db import connections

    from guias.models import freeze

    if plan:
        freeze.release(connections[using])


class GuiasConfig(AppConfig):
    """Guías."""

    name = "guias"
    verbose_name = "Guías"

    def ready(self) -> None:
        """Connect what Wagtail announces, and keep the guard of published versions in place."""
        from guias import receivers, search_documents  # noqa: F401

        pre_migrate.connect(_release, sender=self)
        post_migrate.connect(_freeze, sender=self)
