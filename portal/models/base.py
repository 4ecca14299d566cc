"""The base of every page of the site, set as ``WAGTAIL_PAGE_MODEL`` before the first migration.

Wagtail can only be given another base page while the database is empty. Ours carries the one
sentence that lists, search results and previews show, so that no page type forgets it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractPage
from wagtail.models.pages import AbstractPageMeta


class BasePage(AbstractPage):  # type: ignore[misc]
    """A page with a lead: one sentence that says what the reader gets from it."""

    lead = models.CharField(
        _("en una frase"),
        max_length=240,
        blank=True,
        help_text=_("Lo que la persona encuentra aquí. Se muestra en listas y en la búsqueda."),
    )

    promote_panels = [*AbstractPage.promote_panels, "lead"]

    class Meta(AbstractPageMeta):  # type: ignore[misc]
        verbose_name = _("página")
        verbose_name_plural = _("páginas")
