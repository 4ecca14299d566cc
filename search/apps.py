"""Django's registration of the app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SearchConfig(AppConfig):
    """Búsqueda."""

    name = "search"
    verbose_name = "Búsqueda"

    def ready(self) -> None:
        autodiscover_modules("search_documents")
        from search import checks, labels, registry  # noqa: F401  the checks register themselves

        registry.register_labels("ruta", labels.routes)
