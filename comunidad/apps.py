"""Django's registration of the app."""

from django.apps import AppConfig


class ComunidadConfig(AppConfig):
    """Comunidad."""

    name = "comunidad"
    verbose_name = "Comunidad"

    def ready(self) -> None:
        """Have open pages told of what the actions announce."""
        from comunidad import receivers  # noqa: F401
