"""Django's registration of the app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Búsqueda."""

    name = "search"
    verbose_name = "Búsqueda"
