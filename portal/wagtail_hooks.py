"""The administration as an editor meets it: what she needs in the menu, in the site's name, in Spanish."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from guias.policies import can_see_use
from nucleo.policies import require
from nucleo.tables import csv_response
from nucleo.together import SnippetViewSet
from portal.beside import without_guide
from portal.models import AgendaEvent, Indicator
from portal.views.library import OurDocumentEditView, OurImageEditView
from portal.views.pages import OurPageViewSet

NOT_FOR_EDITORS = {"settings", "reports", "help", "snippets"}
"""Names of the parts of the menu that are for who operates the portal."""


class AgendaEventViewSet(SnippetViewSet):
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
            FieldPanel("course"),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
            MultiFieldPanel([FieldPanel("cities"), FieldPanel("place")], heading=_("Dónde")),
            FieldPanel("details"),
            FieldPanel("source"),
        ]
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the cities along."""
        return AgendaEvent.objects.with_cities()


class IndicatorViewSet(SnippetViewSet):
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


DOORS = (
    (
        "guias.change_version",
        "guias_write",
        "draft",
        _("Nueva guía o nueva versión"),
        _("Empezar una guía, preparar la versión siguiente de una o seguir un borrador."),
    ),
    (
        "guias.change_guide",
        "wagtailsnippets_guias_guide:list",
        "doc-full",
        _("Guías"),
        _("Ver todas, cambiar cómo se muestran o retirar una."),
    ),
    (
        "directorio.change_supplier",
        "wagtailsnippets_directorio_supplier:list",
        "globe",
        _("Proveedores del directorio"),
        _("Corregir sus datos. En el mismo menú están los centros, la oferta y la demanda."),
    ),
    (
        "redip.change_red",
        "wagtailsnippets_redip_red:list",
        "site",
        _("Redes de las ciudades"),
        _("Contar en qué etapa va una ciudad y en qué se apoya."),
    ),
    (
        "portal.change_agendaevent",
        "wagtailsnippets_portal_agendaevent:list",
        "calendar",
        _("Agenda"),
        _("Anunciar una capacitación, una visita o un encuentro."),
    ),
    (
        "comunidad.change_theme",
        "wagtailsnippets_comunidad_theme:list",
        "comment",
        _("Temas de la comunidad"),
        _("Decir quién lleva la tutoría de cada tema."),
    ),
    (
        "search.add_synonymgroup",
        "search_tally",
        "search",
        _("Qué buscaron"),
        _("Ver lo que la gente busca y no encuentra, y enseñarle al buscador otra palabra."),
    ),
)
"""Permission, address, icon, words: what editors do most."""


class Doors(Component):  # type: ignore[misc]
    """The first thing on the home of the administration: what this person can do here."""

    name = "doors"
    template_name = "wagtailadmin/panels/doors.html"
    order = 50

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the doors she may open."""
        user = parent_context["request"].user
        return {
            "doors": [
                {"href": reverse(address), "icon": icon, "label": label, "about": about}
                for permission, address, icon, label, about in DOORS
                if user.has_perm(permission)
            ]
        }


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]
def pages() -> OurPageViewSet:
    """Put our forms of pages in the place of Wagtail's."""
    return OurPageViewSet()


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def where_to_begin(request: HttpRequest, panels: list[Component]) -> None:
    """Put the doors first."""
    panels.insert(0, Doors())


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


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def admin_urls() -> list[URLPattern]:
    """Give the file of questions without a guide an address; it needs both apps."""
    return [path("guias/uso-preguntas.csv", missing_guides_file, name="portal_missing_guides")]


@hooks.register("register_admin_urls", order=-1)  # type: ignore[untyped-decorator]
def library_urls() -> list[URLPattern]:
    """Put our forms of the library before Wagtail's, which has no place to name others."""
    return [
        path("images/<int:image_id>/", OurImageEditView.as_view()),
        path("documents/edit/<int:document_id>/", OurDocumentEditView.as_view()),
    ]


@require_safe
def missing_guides_file(request: HttpRequest) -> HttpResponse:
    """Send all public questions that are about no guide, of the themes of ``ruta`` (all without it)."""
    require(can_see_use(request.user), gettext("Solo quien edita las guías puede ver esto."))
    header = [_("pregunta"), _("tema"), _("fecha"), _("respuestas"), _("les sirvió"), _("espera respuesta")]
    rows = (
        [one.title, one.theme.name, one.created_at.date(), one.reply_count, one.useful_count, one.is_waiting]
        for one in without_guide(request.GET.getlist("ruta")).iterator()
    )
    return csv_response(request, header, rows, filename="preguntas-sin-guia.csv")
