"""Django's registration of the app."""

from django.apps import AppConfig


class GuiasConfig(AppConfig):
    """Guías."""

    name = "guias"
    verbose_name = "Guías"
