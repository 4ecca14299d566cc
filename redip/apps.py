"""Django's registration of the app."""

from django.apps import AppConfig


class RedipConfig(AppConfig):
    """RedIP."""

    name = "redip"
    verbose_name = "RedIP"
