"""Forms on paper in the admin: a Word file with names in it, how each is asked for, and how it comes out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import CreateView

from guias import policies
from guias.enums import Format
from guias.exports import paper_forms as papers
from guias.forms.paper_forms import NOT_IN_PDF, PaperFormForm
from guias.models import PaperForm
from guias.views.paper_forms import as_download
from nucleo.policies import require
from nucleo.together import SnippetViewSet


def _is_public(form: PaperForm) -> str:
    return _("Sí") if form.is_public else _("No")


class PaperFormPanel(Panel):  # type: ignore[misc]
    """What an editor looks at before she publishes: the form, both files, and what the PDF leaves out."""

    class BoundPanel(Panel.BoundPanel):  # type: ignore[misc]
        """For one form."""

        template_name = "guias/admin/paper_form_panel.html"

        def is_shown(self) -> bool:
            """Whether there is a form to look at."""
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Bring the sentences of what the PDF shows otherwise."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            lost = [NOT_IN_PDF[word] for word in self.instance.not_in_pdf if word in NOT_IN_PDF]
            return {**context, "paper": self.instance, "lost": lost}


class PaperFormCreateView(CreateView):  # type: ignore[misc]
    """After a new one: its fields, as they were made from the file."""

    def get_success_url(self) -> str:
        """Go on to what was made."""
        return reverse("wagtailsnippets_guias_paperform:edit", args=[self.object.pk])


class PaperFormViewSet(SnippetViewSet):
    """Forms on paper: a Word file with names in it, and how each is asked for."""

    model = PaperForm
    icon = "form"
    menu_label = gettext_lazy("Formatos")
    list_display = [
        "title",
        Column("get_route_display", label=gettext_lazy("Ruta"), sort_key="route"),
        Column("is_public", label=gettext_lazy("Al público"), accessor=_is_public),
        Column("template_on", label=gettext_lazy("Fecha del Word"), sort_key="template_on"),
    ]
    list_filter = ["route", "is_public"]
    search_fields = ["title", "lead"]
    ordering = ["title"]
    copy_view_enabled = False
    add_view_class = PaperFormCreateView
    edit_handler = ObjectList(
        [
            TitleFieldPanel("title"),
            FieldPanel("slug"),
            FieldPanel("lead"),
            FieldRowPanel([FieldPanel("route"), FieldPanel("guide")]),
            FieldPanel("chapter_addresses"),
            MultiFieldPanel(
                [
                    HelpPanel(
                        gettext_lazy(
                            "En el Word, escriba {{ nombre completo }} donde va lo que se llena. Guárdelo "
                            "como .docx y súbalo: los campos salen solos."
                        )
                    ),
                    FieldPanel("file"),
                    FieldPanel("create_fields"),
                    FieldPanel("drop_fields"),
                ],
                heading=gettext_lazy("El Word"),
            ),
            PaperFormPanel(heading=gettext_lazy("Cómo sale")),
            InlinePanel(
                "fields",
                heading=gettext_lazy("Lo que se pregunta"),
                label=gettext_lazy("Campo"),
                panels=[
                    FieldRowPanel([FieldPanel("name"), FieldPanel("kind")]),
                    FieldPanel("label"),
                    FieldPanel("help"),
                    FieldRowPanel([FieldPanel("required"), FieldPanel("max_length"), FieldPanel("prefill")]),
                    FieldPanel("choices"),
                ],
            ),
            MultiFieldPanel(
                [FieldPanel("is_public"), FieldPanel("is_demo")], heading=gettext_lazy("Cómo se muestra")
            ),
        ],
        base_form_class=PaperFormForm,
    )


@require_safe
def paper_form_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an editor the Word file with its names in it, as it was uploaded and cleaned."""
    paper: Any = get_object_or_404(PaperForm, pk=pk)
    allowed = policies.can_write_paper_form(request.user, paper)
    require(allowed, _("El Word con los campos es para quien edita los formatos de esa ruta."))
    return as_download(papers.template(paper), f"{paper.slug}-{_('campos')}", Format.DOCX)
