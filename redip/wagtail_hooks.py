"""Networks and mesas in the admin: what is public of them. What happens inside a mesa is not shown here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_filters import ModelChoiceFilter
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from nucleo.together import SnippetViewSet
from redip.forms.admin import MesaForm, RedForm
from redip.models import BitacoraSection, Mesa, Red
from search import outbox


def _several(field: str) -> FieldPanel:
    """Show a relation to many as boxes to tick: nobody has to know about holding Ctrl."""
    return FieldPanel(field, widget=forms.CheckboxSelectMultiple)


class RedViewSet(SnippetViewSet):
    """Redes."""

    model = Red
    icon = "site"
    menu_label = _("Redes")
    list_display = [
        "__str__",
        "city",
        Column("get_stage_display", label=_("Etapa"), sort_key="stage"),
        Column("as_of", label=_("Datos al"), sort_key="as_of"),
    ]
    list_filter = ["stage"]
    search_fields = ["name", "city__name"]
    ordering = ["-stage", "order"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            MultiFieldPanel([FieldPanel("city"), FieldPanel("name")], heading=_("Cuál es")),
            MultiFieldPanel(
                [
                    FieldPanel("stage"),
                    FieldPanel("pending"),
                    InlinePanel("evidence", heading=_("En qué se apoya la etapa"), label=_("Sustento")),
                    FieldRowPanel([FieldPanel("as_of"), FieldPanel("order")]),
                ],
                heading=_("En qué etapa va"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("act_kind"),
                    FieldRowPanel([FieldPanel("act_number"), FieldPanel("act_date")]),
                    FieldPanel("act_note"),
                ],
                heading=_("Acto que la respalda"),
            ),
            MultiFieldPanel([FieldPanel("secretary_emails")], heading=_("Quién la acompaña")),
            InlinePanel("milestones", heading=_("Hitos y lo que sigue"), label=_("Hito")),
            InlinePanel("products", heading=_("Productos"), label=_("Producto")),
            InlinePanel("axes", heading=_("Ejes de trabajo"), label=_("Eje")),
            MultiFieldPanel(
                [FieldPanel("scope"), FieldPanel("actors"), FieldPanel("space")], heading=_("En palabras")
            ),
            MultiFieldPanel([_several("leaders")], heading=_("Entidades que lideran")),
            MultiFieldPanel([_several("secretariat")], heading=_("Entidades de la secretaría técnica")),
            MultiFieldPanel([_several("institutions")], heading=_("Otras entidades miembro")),
            MultiFieldPanel([_several("contacted")], heading=_("Actores contactados")),
        ],
        base_form_class=RedForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the cities along."""
        return Red.objects.select_related("city")


class MesaFilters(WagtailFilterSet):  # type: ignore[misc]
    """Narrows the list of mesas; the names of the networks are those of their cities."""

    red = ModelChoiceFilter(label=_("Red"), queryset=Red.objects.select_related("city"))

    class Meta:
        model = Mesa
        fields = ["link", "red"]


class MesaViewSet(SnippetViewSet):
    """Mesas."""

    model = Mesa
    icon = "group"
    menu_label = _("Mesas")
    list_display = [
        "name",
        Column("red.city", label=_("Ciudad"), sort_key="red__city__name"),
        Column("get_link_display", label=_("Eslabón"), sort_key="link"),
    ]
    filterset_class = MesaFilters
    search_fields = ["name", "red__city__name"]
    ordering = ["red__city__name", "order"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("red"), TitleFieldPanel("name", targets=["slug"]), FieldPanel("slug")],
                heading=_("Cuál es"),
            ),
            FieldRowPanel([FieldPanel("link"), FieldPanel("order")]),
            MultiFieldPanel([_several("leaders")], heading=_("Entidades que lideran")),
        ],
        base_form_class=MesaForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the networks along."""
        return Mesa.objects.select_related("red__city")


class NetworksGroup(SnippetViewSetGroup):  # type: ignore[misc]
    """The menu "Redes"."""

    items = (RedViewSet, MesaViewSet)
    menu_icon = "site"
    menu_label = _("Redes y mesas")
    menu_name = "redip"
    menu_order = 180
    add_to_admin_menu = True


register_snippet(NetworksGroup)


def _is_lived_in(row: Any) -> bool:
    """Whether something hangs on a network or a mesa that would go with it."""
    if isinstance(row, Red):
        written = BitacoraSection.objects.filter(bitacora__red=row).exclude(text="")
        return bool(row.mesas.exists() or written.exists())
    kept = (row.members, row.meetings, row.commitments, row.files, row.messages)
    return any(rows.exists() for rows in kept)


@hooks.register("before_delete_snippet")  # type: ignore[untyped-decorator]
def keep_what_is_lived_in(request: HttpRequest, instances: Iterable[Any]) -> HttpResponse | None:
    """Delete neither a mesa that has had a life nor a network with mesas or a written Bitácora."""
    for row in instances:
        if isinstance(row, (Red, Mesa)) and _is_lived_in(row):
            messages.warning(
                request,
                _now("«%(row)s» no se borra: perdería lo que sus miembros escribieron.") % {"row": row},
            )
            return redirect(reverse(f"wagtailsnippets_redip_{row._meta.model_name}:list"))
    gone = [(str(row._meta.model_name), row.pk) for row in instances if isinstance(row, (Red, Mesa))]
    request._redip_gone = gone  # type: ignore[attr-defined]
    return None


@hooks.register("after_delete_snippet")  # type: ignore[untyped-decorator]
def forget(request: HttpRequest, instances: Sequence[Any]) -> None:
    """Have the documents of what is gone removed."""
    for source, pk in getattr(request, "_redip_gone", []):
        outbox.queue(source, pk)
