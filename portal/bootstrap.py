"""What every database of the portal starts with: the tree of pages, and the two groups of people who run it.

Called after each ``migrate`` (and after a test empties the tables). It only adds what is missing: what
editors changed stays as they left it. A data migration could not do this, since permissions of all
apps exist only once every migration has run.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from django.utils.translation import gettext as _
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Site,
    Task,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)
from wagtail.snippets.models import create_extra_permissions

from guias.models import SecondReading, Version
from portal.content import load_pages
from portal.models import BasePage, HomePage

EDITORS = "Editores"
OPERATORS = "Operadores"
REVIEW = "Revisión de guías"
WELCOME = "Welcome to your new Wagtail site!"
LEAD = (
    "Guías, personas y acuerdos de los Centros de Empleo y Emprendimiento y de las Redes de Inclusión "
    "Productiva de veinte ciudades."
)

EDITED = {
    "guias": ["guide", "version", "officialfile", "paperform", "course", "term"],
    "directorio": ["center", "institution", "offer", "supplier", "demand", "city"],
    "comunidad": ["theme"],
    "redip": ["red", "mesa"],
    "portal": ["agendaevent", "indicator"],
    "search": ["synonymgroup"],
}
"""What editors add, change, delete and publish, by app."""
RUN = {
    "guias": ["routeeditor"],
    "cuentas": ["user"],
    "auth": ["group"],
    "wagtailredirects": ["redirect"],
    "wagtailcore": ["site", "collection"],
}
"""What operators look after besides."""


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Bring the database to its starting state; nothing while migrations are only half there."""
    tables = set(connections[using].introspection.table_names())
    needed = {
        HomePage._meta.db_table,
        "wagtailcore_grouppagepermission",
        "auth_group",
        "search_pendingchange",
        SecondReading._meta.db_table,
        WorkflowContentType._meta.db_table,
    }
    if needed <= tables:
        # After a flush this process still remembers content types by the numbers of rows that are gone.
        ContentType.objects.clear_cache()
        with transaction.atomic(using=using):
            ensure_site()
            ensure_groups()
            ensure_review()


def ensure_site() -> HomePage:
    """Return the home page, made together with root, site and content pages if there is none."""
    home: HomePage | None = HomePage.objects.first()
    if home is not None:
        if not Site.objects.exists():
            _site(home)
        return home
    locale, _created = Locale.objects.get_or_create(language_code="es-co")
    root = BasePage.objects.filter(depth=1).first() or BasePage.add_root(
        title="Raíz", slug="root", locale=locale
    )
    root.get_children().filter(title=WELCOME).delete()
    root = BasePage.objects.get(pk=root.pk)
    home = HomePage(title=_("Inicio"), slug="inicio", lead=LEAD, locale=locale)
    root.add_child(instance=home)
    _site(home)
    load_pages(home)
    return home


def _site(home: HomePage) -> None:
    origin = urlsplit(settings.ORIGIN)
    port = origin.port or (443 if origin.scheme == "https" else 80)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": origin.hostname or "localhost",
            "port": port,
            "site_name": settings.WAGTAIL_SITE_NAME,
            "root_page": BasePage.objects.get(pk=home.pk),
        },
    )


def ensure_groups() -> None:
    """Create the groups with their permissions; take away what Wagtail made and nobody uses."""
    for label in [*EDITED, *RUN, "wagtailadmin", "wagtailimages", "wagtaildocs"]:
        create_permissions(apps.get_app_config(label), verbosity=0)
    # Those to publish: Wagtail makes them after us, and the first migration would leave editors without.
    create_extra_permissions(apps.get_app_config("wagtailsnippets"), verbosity=0)
    Workflow.objects.filter(name="Moderators approval").delete()
    Task.objects.filter(name="Moderators approval").delete()
    Group.objects.filter(name__in=["Moderators", "Editors"], user=None).delete()
    editors, _fresh = Group.objects.get_or_create(name=EDITORS)
    operators, _fresh = Group.objects.get_or_create(name=OPERATORS)
    editors.permissions.add(*_access(), *_of(EDITED))
    operators.permissions.add(*_access(), *_of(EDITED), *_of(RUN))
    root = BasePage.objects.get(depth=1)
    home = HomePage.objects.first() or root
    for group, page in ((editors, home), (operators, root)):
        for action in ("add", "change", "publish", "lock", "unlock"):
            GroupPagePermission.objects.get_or_create(
                group=group, page_id=page.pk, permission=_page_permission(action)
            )
        _collections(group)


def ensure_review() -> None:
    """Give versions of guides their review by a second person; what operators arranged since stays."""
    versions = ContentType.objects.get_for_model(Version)
    if WorkflowContentType.objects.filter(content_type=versions).exists():
        return
    workflow, new = Workflow.objects.get_or_create(name=REVIEW)
    if new:
        task = SecondReading.objects.create(name=_("Segunda lectura"))
        task.groups.set(Group.objects.filter(name__in=[EDITORS, OPERATORS]))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowContentType.objects.create(content_type=versions, workflow=workflow)


def _access() -> list[Permission]:
    return list(Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin"))


def _of(models: dict[str, list[str]]) -> list[Permission]:
    found: list[Permission] = []
    for label, names in models.items():
        found += Permission.objects.filter(
            content_type__app_label=label, content_type__model__in=names
        ).exclude(codename__startswith="view_")
    return found


def _page_permission(action: str) -> Permission:
    name = BasePage._meta.model_name
    return Permission.objects.get(content_type__app_label="portal", codename=f"{action}_{name}")


def _collections(group: Group) -> None:
    """Let ``group`` add, change and choose images and documents anywhere."""
    root = Collection.get_first_root_node() or Collection.add_root(name="Raíz")
    codes = [f"{action}_{model}" for action in ("add", "change", "choose") for model in ("image", "document")]
    wanted = Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__in=codes
    )
    for permission in wanted:
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)
