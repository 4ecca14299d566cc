"""Django's registration of the app."""

from django.apps import AppConfig


class NucleoConfig(AppConfig):
    """Núcleo."""

    name = "nucleo"
    verbose_name = "Núcleo"
