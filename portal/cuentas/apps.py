"""Sub-app of the portal: cuentas."""

from django.apps import AppConfig


class CuentasConfig(AppConfig):
    """Cuentas of the portal."""

    name = "portal.cuentas"
    label = "cuentas"
    verbose_name = "Cuentas"
