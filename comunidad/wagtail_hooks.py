"""Themes in the administration: what they are called, what they are about, who tutors and moderates them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet

from comunidad.models import Resource, Theme
from nucleo.routes import ROUTES
from nucleo.together import SnippetViewSet
from search import outbox


class ThemeForm(WagtailAdminModelForm):  # type: ignore[misc]
    """A theme; its address is fixed once it has one."""

    route = forms.ChoiceField(
        label=gettext_lazy("Ruta"),
        required=False,
        choices=[("", gettext_lazy("De ninguna en especial")), *((one.slug, one.name) for one in ROUTES)],
        help_text=gettext_lazy("Las guías de esa ruta preguntan aquí."),
    )

    moderators = forms.CharField(
        label=gettext_lazy("Cuentas que moderan"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "El correo de cada una, uno por línea. Responden, aprueban los primeros mensajes y retiran lo "
            "que no debe estar. Sin ninguna, lo hacen quienes operan el portal."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            if "slug" in self.fields:
                self.fields["slug"].disabled = True
            self.initial["moderators"] = "\n".join(user.email for user in self.instance.tutors.all())

    def clean_moderators(self) -> list[Any]:
        """Return the accounts; say which address has none."""
        addresses = {line.strip().lower() for line in self.cleaned_data["moderators"].split() if line.strip()}
        users = get_user_model()._default_manager.filter(is_active=True, email__in=addresses)
        found = {user.email: user for user in users}
        if missing := sorted(addresses - set(found)):
            raise ValidationError(
                gettext("No hay una cuenta con este correo: %(emails)s"),
                params={"emails": ", ".join(missing)},
            )
        return list(found.values())

    @transaction.atomic
    def save(self, commit: bool = True) -> Theme:
        """Save, and let the search know of it and of what is in it, in the same transaction."""
        theme: Theme = super().save(commit)
        if theme.pk:
            theme.tutors.set(self.cleaned_data["moderators"])
            outbox.queue("tema", theme.pk)
            outbox.queue("recurso", *Resource.objects.filter(theme=theme).values_list("pk", flat=True))
        return theme


class ThemeViewSet(SnippetViewSet):
    """The themes of the forum."""

    model = Theme
    icon = "comment"
    menu_label = gettext_lazy("Temas")
    menu_name = "temas"
    menu_order = 180
    add_to_admin_menu = True
    list_display = [
        "name",
        Column("tutor_name", label=gettext_lazy("Tutoría"), sort_key="tutor_name"),
        Column("order", label=gettext_lazy("Orden"), sort_key="order"),
    ]
    search_fields = ["name", "description", "tutor_name"]
    ordering = ["order", "name"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("slug"),
            FieldPanel("description"),
            FieldRowPanel([FieldPanel("route"), FieldPanel("icon"), FieldPanel("order")]),
            MultiFieldPanel(
                [FieldPanel("tutor_name"), FieldPanel("moderators")],
                heading=gettext_lazy("Quién lleva la tutoría"),
            ),
        ],
        base_form_class=ThemeForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """All of them."""
        return Theme.objects.all()


register_snippet(ThemeViewSet)
