"""The administration as an editor meets it: what she needs in the menu, in the site's name, in Spanish."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.models import AgendaEvent, Indicator

NOT_FOR_EDITORS = {"settings", "reports", "help", "snippets"}
"""Names of the parts of the menu that are for who operates the portal."""


class AgendaEventViewSet(SnippetViewSet):  # type: ignore[misc]
    """Agenda."""

    model = AgendaEvent
    icon = "calendar"
    menu_label = _("Agenda")
    list_display = [
        "title",
        Column("get_kind_display", label=_("Clase"), sort_key="kind"),
        Column("starts_on", label=_("Desde el"), sort_key="starts_on"),
        Column("where", label=_("Dónde")),
    ]
    list_filter = ["kind", "starts_on"]
    search_fields = ["title", "place"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("kind"),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
            MultiFieldPanel([FieldPanel("cities"), FieldPanel("place")], heading=_("Dónde")),
            FieldPanel("details"),
            FieldPanel("source"),
        ]
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the cities along."""
        return AgendaEvent.objects.with_cities()


class IndicatorViewSet(SnippetViewSet):  # type: ignore[misc]
    """Indicadores."""

    model = Indicator
    icon = "table"
    menu_label = _("Indicadores")
    list_display = ["title", "board", "area", "cut_off"]
    list_filter = ["board", "area"]
    search_fields = ["title"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldRowPanel([FieldPanel("number"), FieldPanel("area")]),
            FieldRowPanel([FieldPanel("board"), FieldPanel("board_order")]),
            MultiFieldPanel([FieldPanel("cut_off"), FieldPanel("source")], heading=_("De dónde sale")),
            InlinePanel("rows", heading=_("Filas"), label=_("Fila"), min_num=1),
            FieldPanel("note"),
        ]
    )


class PortalGroup(SnippetViewSetGroup):  # type: ignore[misc]
    """The menu of both."""

    items = (AgendaEventViewSet, IndicatorViewSet)
    menu_label = _("Agenda e indicadores")
    menu_icon = "calendar"
    menu_order = 250
    add_to_admin_menu = True


register_snippet(PortalGroup)


@hooks.register("construct_main_menu")  # type: ignore[untyped-decorator]
def what_she_needs(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave out of an editor's menu what only operators use."""
    if not request.user.has_perm("cuentas.change_user"):
        menu_items[:] = [item for item in menu_items if item.name not in NOT_FOR_EDITORS]


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]
def our_colours() -> SafeString:
    """Give the administration the site's colours."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("insert_global_admin_js")  # type: ignore[untyped-decorator]
def without_inline_scripts() -> SafeString:
    """Load what starts date choosers and inline panels under a policy that runs no inline script."""
    return format_html('<script src="{}"></script>', static("js/admin.js"))
