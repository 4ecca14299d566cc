"""The directory in the admin: one menu with its six kinds of thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TitleFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from directorio.actions import affected, queue
from directorio.actions.index import Affected
from directorio.forms import EntryForm, SupplierForm
from directorio.models import Center, City, Demand, Institution, Offer, Supplier
from nucleo.together import SnippetViewSet

_TRUTH = MultiFieldPanel([FieldPanel("confirmed_at")], heading=_("Vigencia de los datos"))


def _several(field: str) -> FieldPanel:
    """Show a relation to many as boxes to tick: nobody has to know about holding Ctrl."""
    return FieldPanel(field, widget=forms.CheckboxSelectMultiple)


def _named(*fields: str) -> MultiFieldPanel:
    """Group the name with the address, which follows it while it is typed."""
    first, *others = fields
    panels = [TitleFieldPanel(first, targets=["slug"]), *map(FieldPanel, others), FieldPanel("slug")]
    return MultiFieldPanel(panels, heading=_("Nombre y dirección en el portal"))


class CityViewSet(SnippetViewSet):
    """Ciudades."""

    model = City
    icon = "globe"
    menu_label = _("Ciudades")
    list_display = ["name", "department", "divipola"]
    search_fields = ["name", "department", "divipola"]
    ordering = ["name"]
    edit_handler = ObjectList(
        [
            _named("name"),
            FieldRowPanel([FieldPanel("department"), FieldPanel("divipola")]),
            FieldRowPanel([FieldPanel("lat"), FieldPanel("lon")]),
        ],
        base_form_class=EntryForm,
    )


class CenterViewSet(SnippetViewSet):
    """Centros."""

    model = Center
    icon = "home"
    menu_label = _("Centros")
    list_display = ["name", "city", "modality", "opened_on", "launch_state"]
    list_filter = ["modality", "launch_state"]
    search_fields = ["name"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("city"), FieldPanel("name"), FieldPanel("slug"), FieldPanel("modality")],
                heading=_("Cuál es"),
            ),
            MultiFieldPanel(
                [FieldPanel("opened_on"), FieldPanel("launch_state"), FieldPanel("launched_on")],
                heading=_("Apertura y lanzamiento"),
            ),
            MultiFieldPanel([_several("partners"), _several("candidate_partners")], heading=_("Socios")),
            MultiFieldPanel(
                [FieldPanel("address"), FieldPanel("hours"), FieldPanel("phone"), FieldPanel("email")],
                heading=_("Cómo llegar y escribir"),
            ),
            _TRUTH,
        ],
        base_form_class=EntryForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the cities along."""
        return Center.objects.select_related("city")


class InstitutionViewSet(SnippetViewSet):
    """Instituciones."""

    model = Institution
    icon = "group"
    menu_label = _("Instituciones")
    list_display = ["name", "acronym", "sector", "is_implementer"]
    list_filter = ["sector", "is_implementer"]
    search_fields = ["name", "acronym", "other_names"]
    edit_handler = ObjectList(
        [
            _named("name", "acronym", "other_names"),
            MultiFieldPanel(
                [FieldPanel("sector"), FieldPanel("is_implementer"), _several("cities")],
                heading=_("Qué es y dónde está"),
            ),
            MultiFieldPanel([FieldPanel("description"), FieldPanel("website")], heading=_("Qué hace")),
            _TRUTH,
        ],
        base_form_class=EntryForm,
    )


class OfferViewSet(SnippetViewSet):
    """Oferta programática."""

    model = Offer
    icon = "tag"
    menu_label = _("Oferta programática")
    list_display = ["title", "institution", "chain_link", "until"]
    list_filter = ["chain_link"]
    search_fields = ["title", "description"]
    edit_handler = ObjectList(
        [
            _named("title"),
            MultiFieldPanel(
                [FieldPanel("institution"), FieldPanel("with_institution")], heading=_("Quién la da")
            ),
            MultiFieldPanel(
                [FieldPanel("description"), FieldPanel("audience"), FieldPanel("chain_link")],
                heading=_("Qué ofrece y para quién"),
            ),
            MultiFieldPanel(
                [
                    _several("cities"),
                    FieldPanel("until"),
                    FieldPanel("how_to_get_in"),
                    FieldPanel("contact"),
                ],
                heading=_("Dónde, hasta cuándo y cómo"),
            ),
            _TRUTH,
        ],
        base_form_class=EntryForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the institutions along."""
        return Offer.objects.select_related("institution")


class SupplierViewSet(SnippetViewSet):
    """Proveedores."""

    model = Supplier
    icon = "user"
    menu_label = _("Proveedores")
    list_display = ["name", "city", "trade", "consent", "confirmed_at"]
    list_filter = ["trade", "consent", "is_demo"]
    search_fields = ["name", "products", "nit"]
    edit_handler = ObjectList(
        [
            _named("name"),
            MultiFieldPanel(
                [FieldPanel("city"), FieldPanel("trade"), FieldPanel("products"), FieldPanel("description")],
                heading=_("Qué vende y dónde"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("contact_name"),
                    FieldPanel("email"),
                    FieldPanel("whatsapp"),
                    FieldPanel("nit"),
                    FieldPanel("consent"),
                ],
                heading=_("Contacto y autorización"),
            ),
            _TRUTH,
        ],
        base_form_class=SupplierForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the cities along."""
        return Supplier.objects.select_related("city")


class DemandViewSet(SnippetViewSet):
    """Demanda."""

    model = Demand
    icon = "clipboard-list"
    menu_label = _("Demanda")
    list_display = ["title", "company", "trade", "city", "until"]
    list_filter = ["trade", "is_demo"]
    search_fields = ["title", "company", "description"]
    edit_handler = ObjectList(
        [
            _named("title"),
            MultiFieldPanel(
                [
                    FieldPanel("company"),
                    FieldPanel("trade"),
                    FieldPanel("description"),
                    FieldPanel("quantity"),
                ],
                heading=_("Qué busca y quién"),
            ),
            MultiFieldPanel(
                [FieldPanel("city"), FieldPanel("published_on"), FieldPanel("until")],
                heading=_("Dónde y hasta cuándo"),
            ),
            MultiFieldPanel([FieldPanel("contact_name"), FieldPanel("email")], heading=_("Contacto")),
            _TRUTH,
        ],
        base_form_class=EntryForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the cities along."""
        return Demand.objects.select_related("city")


class DirectoryGroup(SnippetViewSetGroup):  # type: ignore[misc]
    """The menu."""

    items = (
        CenterViewSet,
        InstitutionViewSet,
        OfferViewSet,
        SupplierViewSet,
        DemandViewSet,
        CityViewSet,
    )
    menu_label = _("Directorio")
    menu_icon = "globe"
    menu_order = 210
    add_to_admin_menu = True


register_snippet(DirectoryGroup)


@hooks.register("before_delete_snippet")  # type: ignore[untyped-decorator]
def remember(request: HttpRequest, entries: Sequence[Model]) -> None:
    """Note, while they still exist, whose search documents will change."""
    kept: list[Affected] = [affected(entry) for entry in entries if entry._meta.app_label == "directorio"]
    request._directorio_gone = kept  # type: ignore[attr-defined]


@hooks.register("after_delete_snippet")  # type: ignore[untyped-decorator]
def forget(request: HttpRequest, entries: Sequence[Any]) -> None:
    """Have the documents of what is gone removed."""
    for keys in getattr(request, "_directorio_gone", []):
        queue(keys)
