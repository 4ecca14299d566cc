"""The composition root: the one app that knows all the others."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Home, content pages, and the wiring between apps."""

    name = "portal"
    verbose_name = "Portal"
