"""Wagtail's app of users, told to use our views for people."""

from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(WagtailUsersAppConfig):  # type: ignore[misc]
    """Stands in INSTALLED_APPS instead of ``wagtail.users``."""

    user_viewset = "portal.cuentas.people.PersonViewSet"
