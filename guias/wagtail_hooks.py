"""Guides in the admin: one menu, labels in Spanish, and no way to change what is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.forms import Select
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, SnippetViewSetGroup

from guias import policies
from guias.enums import Unmarked
from guias.exports.stamped import look
from guias.forms import GuideForm, OfficialFileForm, RouteEditorForm, VersionForm
from guias.models import Course, Guide, OfficialFile, PaperForm, RouteEditor, Term, Version
from guias.pictures import ColoursOperation
from guias.policies.courses import can_arrange
from guias.views.arranging import CourseViewSet
from guias.views.desk import DeskIndexView
from guias.views.drafts import VersionEditView, VersionIndexView, VersionWorkflowActionView, frozen
from guias.views.editing import errata, start_next_version, write
from guias.views.mending import mending, mending_csv
from guias.views.paper_form_desk import PaperFormViewSet, paper_form_template
from guias.views.remarks import RemarksPanel, remarks
from guias.views.use import use, use_csv
from guias.views.validity import validity, validity_csv
from nucleo.pdf_stamp import LeftAsItIsError
from nucleo.policies import require
from nucleo.together import SnippetViewSet


class VersionPermissionPolicy(ModelPermissionPolicy):  # type: ignore[misc]
    """Wagtail's permissions, and over them our rule that what is published stays."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """Ask the app's own policies about one version."""
        rules = {
            "change": policies.can_edit_version,
            "publish": policies.can_publish_version,
            "delete": policies.can_delete_version,
        }
        if action in rules and isinstance(instance, Version):
            return rules[action](user, instance)
        return bool(super().user_has_permission_for_instance(user, action, instance))


register_permission_policy(Version, VersionPermissionPolicy(Version))


def _current_number(guide: Guide) -> str:
    return str(guide.current.number) if guide.current else _("ninguna")


def _state(version: Version) -> str:
    """Return how far it is; of a draft that came back, what is expected of who sent it."""
    returned = getattr(version, "returned", False) and not version.is_published
    return _("Devuelta: hay que cambiar algo") if returned else version.get_state_display()


class GuideCreateView(CreateView):  # type: ignore[misc]
    """``?titulo=`` in the address, from what people search and nobody has written, is the first title."""

    def get_initial_form_instance(self) -> Guide:
        """Return a new guide that begins with what was searched."""
        return Guide(title=" ".join(self.request.GET.get("titulo", "").split())[:160])


class GuideViewSet(SnippetViewSet):
    """Titles, addresses and shelves."""

    model = Guide
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("Guías")
    list_display = [
        "title",
        Column("get_route_display", label=gettext_lazy("Ruta"), sort_key="route"),
        Column("get_state_display", label=gettext_lazy("Estado"), sort_key="state"),
        Column("number", label=gettext_lazy("Versión"), accessor=_current_number),
    ]
    list_filter = ["route", "series", "state", "is_public"]
    search_fields = ["title", "lead"]
    ordering = ["route", "order"]
    copy_view_enabled = False
    index_view_class = DeskIndexView
    add_view_class = GuideCreateView
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("slug"),
            FieldPanel("lead"),
            FieldRowPanel([FieldPanel("series"), FieldPanel("route"), FieldPanel("order")]),
            FieldPanel("state"),
            FieldPanel("outlook"),
            MultiFieldPanel(
                [FieldPanel("reviewer"), FieldPanel("review_months")],
                heading=gettext_lazy("Que siga vigente"),
            ),
            MultiFieldPanel(
                [FieldPanel("is_public"), FieldPanel("is_demo")], heading=gettext_lazy("Cómo se muestra")
            ),
        ],
        base_form_class=GuideForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the versions in force along."""
        return Guide.objects.with_current()


class VersionViewSet(SnippetViewSet):
    """What guides say, by version."""

    model = Version
    icon = "doc-full"
    menu_label = gettext_lazy("Versiones")
    list_display = [
        "__str__",
        Column("state", label=gettext_lazy("Estado"), sort_key="state", accessor=_state),
        "published_on",
    ]
    list_filter = ["state", "guide"]
    index_view_class = VersionIndexView
    edit_view_class = VersionEditView
    workflow_action_view_class = VersionWorkflowActionView
    search_fields = ["guide__title"]
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["guide", "number", "state", "published_on", "changes", "summary"]
    edit_handler = ObjectList(
        [
            RemarksPanel(heading=gettext_lazy("Comentarios")),
            FieldPanel("guide", widget=Select),
            FieldPanel("changes"),
            FieldPanel("summary"),
            FieldPanel("body"),
            FieldPanel("go_live_at", heading=gettext_lazy("Publicar sola en esta fecha")),
        ],
        base_form_class=VersionForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the guides along, and the last drafts, whose state the list shows."""
        found = Version.objects.noting_returned().select_related("guide", "latest_revision")
        return found.order_by("guide__title", "-number")


class OfficialFileViewSet(SnippetViewSet):
    """PDFs that the network issued, in place of those the portal makes."""

    model = OfficialFile
    icon = "upload"
    menu_label = gettext_lazy("Archivos oficiales")
    list_display = [
        "__str__",
        "version",
        Column("marks", label=gettext_lazy("Código en las páginas")),
        "uploaded_at",
    ]
    index_view_class = DeskIndexView
    copy_view_enabled = False
    edit_handler = ObjectList(
        [FieldPanel("version", widget=Select), FieldPanel("file")], base_form_class=OfficialFileForm
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring versions and guides along, and what became of the codes."""
        return OfficialFile.objects.noting_marks().select_related("version__guide")


class RouteEditorViewSet(SnippetViewSet):
    """Which routes an editor answers for; for who runs the portal."""

    model = RouteEditor
    icon = "user"
    menu_label = gettext_lazy("Quién edita qué ruta")
    list_display = ["user", Column("get_route_display", label=gettext_lazy("Ruta"), sort_key="route")]
    list_filter = ["route"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            HelpPanel(
                gettext_lazy("Una persona sin rutas a cargo edita todas. Con una o más, edita solo esas.")
            ),
            FieldPanel("user"),
            FieldPanel("route"),
        ],
        base_form_class=RouteEditorForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the people along."""
        return RouteEditor.objects.select_related("user")


class TermViewSet(SnippetViewSet):
    """The words that chapters explain where they stand."""

    model = Term
    icon = "openquote"
    menu_label = gettext_lazy("Glosario")
    list_display = ["word", "meaning"]
    search_fields = ["word", "others", "meaning"]
    copy_view_enabled = False
    edit_handler = ObjectList([FieldPanel(name) for name in ("word", "others", "meaning", "link")])


class OwnPage(MenuItem):  # type: ignore[misc]
    """A page of ours below the lists, for whom ``may`` lets."""

    def __init__(self, label: Any, view: str, *, icon: str, may: Callable[[Any], bool], order: int) -> None:
        self.may = may
        name = view.replace("_", "-")
        super().__init__(label, reverse(view), name=name, icon_name=icon, order=order)

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether she may."""
        return self.may(request.user)


class GuidesGroup(SnippetViewSetGroup):  # type: ignore[misc]
    """The menu "Guías"."""

    items = (
        GuideViewSet,
        VersionViewSet,
        PaperFormViewSet,
        OfficialFileViewSet,
        CourseViewSet,
        TermViewSet,
        RouteEditorViewSet,
    )
    menu_icon = "folder-open-inverse"
    menu_label = gettext_lazy("Guías")
    menu_name = "guias"
    menu_order = 150

    def get_submenu_items(self) -> list[Any]:
        """Put what readers say, until when chapters hold, and how much is used, below the lists."""
        items = list(super().get_submenu_items())
        mends, sees = policies.can_attend_to_opinions, policies.can_see_use
        pages = (
            (gettext_lazy("Capítulos por mejorar"), "guias_mending", "edit", mends),
            (gettext_lazy("Vigencia de los capítulos"), "guias_validity", "date", mends),
            (gettext_lazy("Cuánto se usan"), "guias_use", "view", sees),
        )
        return [
            *items,
            *(
                OwnPage(label, view, icon=icon, may=may, order=len(items) + number)
                for number, (label, view, icon, may) in enumerate(pages, start=1)
            ),
        ]


register_snippet(GuidesGroup)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def admin_urls() -> list[URLPattern]:
    """Give what Wagtail does not have an address in the admin."""
    return [
        path("guias/escribir/", write, name="guias_write"),
        path("guias/<int:pk>/version-siguiente/", start_next_version, name="guias_start_next_version"),
        path("guias/versiones/<int:pk>/errata/", errata, name="guias_errata"),
        path("guias/versiones/<int:pk>/comentarios/", remarks, name="guias_remarks"),
        path("guias/formatos/<int:pk>/word/", paper_form_template, name="guias_paper_form_template"),
        path("guias/por-mejorar/", mending, name="guias_mending"),
        path("guias/por-mejorar.csv", mending_csv, name="guias_mending_csv"),
        path("guias/vigencia/", validity, name="guias_validity"),
        path("guias/vigencia.csv", validity_csv, name="guias_validity_csv"),
        path("guias/uso/", use, name="guias_use"),
        path("guias/uso/<slug:table>.csv", use_csv, name="guias_use_csv"),
    ]


@hooks.register("register_image_operations")  # type: ignore[untyped-decorator]
def image_operations() -> list[tuple[str, type]]:
    """Let a picture be drawn with few colours."""
    return [("colours", ColoursOperation)]


@hooks.register("register_permissions")  # type: ignore[untyped-decorator]
def permissions() -> QuerySet[Permission]:
    """Let operators give a group (a network's technical secretariat, say) the use of guides and no more."""
    return Permission.objects.filter(content_type__app_label="guias", codename="view_guideuse")


@hooks.register("register_snippet_listing_buttons")  # type: ignore[untyped-decorator]
def listing_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterable[Any]:
    """Offer the next version beside each guide, and the errata beside what is published."""
    if isinstance(snippet, Guide) and policies.can_write(user, snippet):
        yield Button(
            _("Preparar la versión siguiente"),
            reverse("guias_start_next_version", args=[snippet.pk]),
            icon_name="draft",
            priority=15,
        )
    if isinstance(snippet, Version) and policies.can_read_remarks(user):
        yield Button(
            _("Comentarios"), reverse("guias_remarks", args=[snippet.pk]), icon_name="comment", priority=16
        )
    if isinstance(snippet, Version) and policies.can_correct(user, snippet):
        yield Button(
            _("Fe de erratas"), reverse("guias_errata", args=[snippet.pk]), icon_name="edit", priority=15
        )


@hooks.register("construct_snippet_action_menu")  # type: ignore[untyped-decorator]
def offer_publishing_to_who_may(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Take "Publicar" away where a second person has to read first: Wagtail asks only about the model."""
    if context["model"] is Version:
        version = context.get("instance")
        may = policies.can_publish_version(request.user, version) if version else not settings.SECOND_READER
        if not may:
            items[:] = [item for item in items if item.name != "action-publish"]


def _guide_of(instance: Any) -> Guide | None:
    """Return the guide that ``instance`` is or belongs to; nothing of what is no guide's."""
    if isinstance(instance, Guide):
        return instance
    if isinstance(instance, Version):
        return instance.guide
    return instance.version.guide if isinstance(instance, OfficialFile) else None


@hooks.register("before_edit_snippet", order=-10)  # type: ignore[untyped-decorator]
def refuse_another_route(request: HttpRequest, instance: Any) -> None:
    """Keep her to the routes that are hers: Wagtail's own view asks about the model alone."""
    if isinstance(instance, Course):
        require(can_arrange(request.user, instance), _("Ese curso es de otra ruta."))
    if isinstance(instance, PaperForm):
        require(policies.can_write_paper_form(request.user, instance), _("Ese formato es de otra ruta."))
    guide = _guide_of(instance)
    if guide is not None:
        require(policies.can_write(request.user, guide), _("Esa guía es de otra ruta."))


@hooks.register("before_delete_snippet", order=-10)  # type: ignore[untyped-decorator]
def refuse_to_delete_of_another_route(request: HttpRequest, instances: Iterable[Any]) -> None:
    """The same, one by one and in bulk."""
    for instance in instances:
        refuse_another_route(request, instance)


@hooks.register("before_edit_snippet")  # type: ignore[untyped-decorator]
def refuse_to_edit_published(request: HttpRequest, instance: Any) -> HttpResponse | None:
    """Show a published version instead of its form."""
    if isinstance(instance, Version) and instance.live:
        return frozen(request, instance)
    return None


@hooks.register("after_create_snippet")  # type: ignore[untyped-decorator]
@hooks.register("after_edit_snippet")  # type: ignore[untyped-decorator]
def say_what_gets_no_code(request: HttpRequest, instance: Any) -> None:
    """Tell at once who issues a file that must stay as it is; the worker would only write it in the list."""
    if isinstance(instance, OfficialFile):
        with instance.file.open("rb") as file:
            try:
                look(file, instance.format)
            except LeftAsItIsError as error:
                messages.warning(request, f"{_('Código en las páginas')}. {Unmarked(error.reason).label}")


@hooks.register("before_unpublish")  # type: ignore[untyped-decorator]
def refuse_to_unpublish(request: HttpRequest, instance: Any) -> HttpResponse | None:
    """Keep what is published at its address."""
    return frozen(request, instance) if isinstance(instance, Version) else None


@hooks.register("before_delete_snippet")  # type: ignore[untyped-decorator]
def refuse_to_delete_published(request: HttpRequest, instances: Iterable[Any]) -> HttpResponse | None:
    """Keep what is published, one by one and in bulk."""
    for instance in instances:
        if isinstance(instance, Version) and instance.live:
            return frozen(request, instance)
    return None
