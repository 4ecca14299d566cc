"""Django's registration of the app."""

from django.apps import AppConfig


class DirectorioConfig(AppConfig):
    """Directorio."""

    name = "directorio"
    verbose_name = "Directorio"
