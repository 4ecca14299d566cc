"""Django's registration of the app."""

from django.apps import AppConfig


class ComunidadConfig(AppConfig):
    """Comunidad."""

    name = "comunidad"
    verbose_name = "Comunidad"
