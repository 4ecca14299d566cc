"""Courses in the admin: what an editor arranges. Their sessions are called on the site, by who teaches."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column

from guias.forms.courses import CourseForm
from guias.models import Course
from nucleo.together import SnippetViewSet


class CourseViewSet(SnippetViewSet):
    """Courses built of chapters."""

    model = Course
    icon = "group"
    menu_label = gettext_lazy("Cursos")
    list_display = [
        "title",
        Column("get_route_display", label=gettext_lazy("Ruta"), sort_key="route"),
        Column("get_access_display", label=gettext_lazy("Quién se inscribe"), sort_key="access"),
        Column("hours", label=gettext_lazy("Horas"), sort_key="hours"),
    ]
    list_filter = ["route", "access"]
    search_fields = ["title", "lead"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("slug"),
            FieldPanel("lead"),
            FieldPanel("goals"),
            FieldRowPanel([FieldPanel("route"), FieldPanel("access")]),
            FieldPanel("lessons"),
            FieldRowPanel([FieldPanel("hours"), FieldPanel("min_sessions"), FieldPanel("pass_mark")]),
            FieldPanel("questions"),
            FieldPanel("trainer_emails"),
            FieldPanel("is_demo"),
        ],
        base_form_class=CourseForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Bring the last drafts along, whose state the list shows."""
        return Course.objects.select_related("latest_revision").order_by("title")
