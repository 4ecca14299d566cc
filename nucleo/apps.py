"""Django's registration of the app."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created


def _teach(sender: Any, connection: Any, **kwargs: Any) -> None:
    from nucleo.folding import install

    install(connection)


class NucleoConfig(AppConfig):
    """Núcleo."""

    name = "nucleo"
    verbose_name = "Núcleo"

    def ready(self) -> None:
        """Teach every database connection to compare text without accents."""
        connection_created.connect(_teach, dispatch_uid="nucleo.folding")
