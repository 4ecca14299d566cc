"""Sub-app of the portal: avisos."""

from django.apps import AppConfig


class AvisosConfig(AppConfig):
    """Avisos of the portal."""

    name = "portal.avisos"
    label = "avisos"
    verbose_name = "Avisos"
