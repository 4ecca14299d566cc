"""Who edits which routes. An editor edits all of them, unless some are named for her: then those alone."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guias.enums import Route


class RouteEditor(models.Model):
    """One route that one editor answers for."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("persona"), on_delete=models.CASCADE, related_name="+"
    )
    route = models.CharField(_("ruta"), max_length=20, choices=Route.choices)

    objects: ClassVar[models.Manager[RouteEditor]] = models.Manager()

    class Meta:
        verbose_name = _("ruta a cargo")
        verbose_name_plural = _("rutas a cargo")
        ordering = ["user", "route"]
        constraints = [
            models.UniqueConstraint(fields=["user", "route"], name="guias_route_editor_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_route_display()}"


def own_routes(user: Any) -> frozenset[str]:
    """Return the routes named for ``user``, none when she edits all; read once for each account object.

    ``None`` is the system, which edits all.
    """
    if user is None:
        return frozenset()
    kept: frozenset[str] | None = getattr(user, "_own_routes", None)
    if kept is None:
        kept = frozenset()
        if not user.is_superuser:
            kept = frozenset(RouteEditor.objects.filter(user=user).values_list("route", flat=True))
        user._own_routes = kept
    return kept


def edits_route(user: Any, route: str) -> bool:
    """Whether ``user``, who edits guides, edits those of ``route``."""
    routes = own_routes(user)
    return not routes or route in routes


def people_who_edit() -> QuerySet[Any]:
    """Return the accounts that were given the writing of guides, by a group or by themselves."""
    writing = Permission.objects.filter(codename="change_version", content_type__app_label="guias")
    people = get_user_model()._default_manager.filter(is_active=True)
    given = Q(groups__permissions__in=writing) | Q(user_permissions__in=writing)
    return people.filter(given).distinct()


def editors_of(route: str) -> list[Any]:
    """Return who edits the guides of ``route``; who runs the portal where nobody does: it is never nobody."""
    named = RouteEditor.objects.filter(user=OuterRef("pk"))
    editors = people_who_edit().filter(~Exists(named) | Exists(named.filter(route=route)))
    operators = get_user_model()._default_manager.filter(is_superuser=True, is_active=True)
    return list(editors.order_by("pk")) or list(operators.order_by("pk"))
