"""People in the administration: Wagtail's own list and forms, with our two names instead of its two."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import EditView, IndexView, UserViewSet

from nucleo.together import RowEditView
from portal.cuentas.models import User


class _Names(forms.BaseForm):
    """Fills ``first_name`` and ``last_name`` of Wagtail's forms from and into our plural ones."""

    instance: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].label, self.fields["last_name"].label = _("Nombres"), _("Apellidos")
        self.fields["first_name"].max_length = self.fields["last_name"].max_length = 80  # type: ignore[attr-defined]
        self.initial = {
            **self.initial,
            "first_name": self.instance.first_names,
            "last_name": self.instance.last_names,
        }

    def save(self, commit: bool = True) -> User:
        """Keep the names; who may enter the administration follows from groups, not from a box."""
        self.instance.first_names = self.cleaned_data["first_name"]
        self.instance.last_names = self.cleaned_data["last_name"]
        if not self.instance.password:
            self.instance.set_unusable_password()  # she enters with a code until she sets one
        saved: User = super().save(commit)  # type: ignore[misc]
        return saved


class PersonCreationForm(_Names, UserCreationForm):  # type: ignore[misc]
    """A new person, made by an operator."""


class PersonEditForm(_Names, UserEditForm):  # type: ignore[misc]
    """An existing one."""


class PersonIndexView(IndexView):  # type: ignore[misc]
    """The list, found by name or address."""

    search_fields: ClassVar[list[str]] = ["first_names", "last_names", "email"]
    page_title = _("Personas")
    add_item_label = _("Agregar una persona")


class PersonEditView(RowEditView, EditView):  # type: ignore[misc]
    """The form of a person, which tells what another operator saved meanwhile."""


class PersonViewSet(UserViewSet):  # type: ignore[misc]
    """What ``wagtail.users`` shows."""

    index_view_class = PersonIndexView
    edit_view_class = PersonEditView
    menu_label = _("Personas")

    def get_form_class(self, for_update: bool = False) -> type[forms.BaseForm]:
        """Return our forms."""
        return PersonEditForm if for_update else PersonCreationForm
