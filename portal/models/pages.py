"""The pages that editors arrange: home, and texts such as help and privacy. They know no other app's models.

What home shows of guides, centres, questions and networks comes through those apps' template tags.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel

from nucleo.streamfield import StreamField
from portal.blocks import PageContentBlock
from portal.models.base import BasePage


class HomePage(BasePage):
    """The first screen: one sentence, one search, four ways in. Who is signed in sees what awaits her."""

    headline = models.CharField(
        _("título de la portada"), max_length=80, default="Lo que sabe la red, cuando se necesita"
    )
    examples = models.TextField(
        _("búsquedas de ejemplo"),
        blank=True,
        default="capital semilla\nacta de compromiso\nhoja de vida",
        help_text=_("Una por línea. Se muestran debajo de la casilla de buscar; tres bastan."),
    )

    content_panels = [
        MultiFieldPanel(
            [FieldPanel("headline"), FieldPanel("lead"), FieldPanel("examples")],
            heading=_("Lo primero que se ve"),
        ),
        FieldPanel("title", help_text=_("Nombre interno de la portada; también va en la pestaña.")),
    ]
    promote_panels = [FieldPanel("slug")]
    parent_page_types: ClassVar[list[str]] = ["portal.BasePage"]
    subpage_types: ClassVar[list[str]] = ["portal.ContentPage"]
    max_count = 1
    page_description = _("La portada del portal. Solo hay una.")

    class Meta:
        verbose_name = _("portada")
        verbose_name_plural = _("portadas")

    @property
    def searches(self) -> list[str]:
        """The example searches, one a line."""
        return [line.strip() for line in self.examples.splitlines() if line.strip()]

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """Return the public home, or the member's for who is signed in (never in an editor's preview)."""
        preview = getattr(request, "is_preview", False)
        return (
            "portal/home_member.html" if request.user.is_authenticated and not preview else "portal/home.html"
        )


class ContentPage(BasePage):
    """A text that editors write: help, accessibility, personal data, open data, what the network is."""

    body = StreamField(PageContentBlock(), verbose_name=_("contenido"), blank=True)

    content_panels = [
        TitleFieldPanel("title", help_text=_("Como lo ve la gente, y como dice el enlace.")),
        FieldPanel(
            "lead", help_text=_("La respuesta corta: va debajo del título, en listas y en la búsqueda.")
        ),
        FieldPanel("body"),
    ]
    promote_panels = [FieldPanel("slug")]
    parent_page_types: ClassVar[list[str]] = ["portal.HomePage", "portal.ContentPage"]
    subpage_types: ClassVar[list[str]] = ["portal.ContentPage"]
    template = "portal/content_page.html"
    page_description = _("Un texto con su propia dirección: ayuda, datos personales, accesibilidad.")

    class Meta:
        verbose_name = _("página de texto")
        verbose_name_plural = _("páginas de texto")

    @property
    def parts(self) -> list[tuple[str, Any]]:
        """Pairs of (anchor, block): headings can be linked to, as in a chapter of a guide."""
        return anchored(self.body)

    @property
    def headings(self) -> list[tuple[str, str]]:
        """Pairs of (anchor, words): what a long page shows as its contents."""
        return [(anchor, str(block.value)) for anchor, block in self.parts if anchor]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Give the template the way back and the pages below this one."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        parents = self.get_ancestors().filter(depth__gt=2)
        context["crumbs"] = [(page.title, page.get_url(request)) for page in parents]
        context["children"] = self.get_children().live()
        return context


def anchored(body: Any) -> list[tuple[str, Any]]:
    """Return (anchor, block) for each block of ``body``; only headings have an anchor, none twice."""
    from django.utils.text import slugify

    seen: dict[str, int] = {}
    found = []
    for block in body:
        anchor = ""
        if block.block_type == "heading":
            stem = slugify(block.value) or "seccion"
            seen[stem] = seen.get(stem, 0) + 1
            anchor = stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"
        found.append((anchor, block))
    return found
