"""What the forms of the admin share whose thing has an address and belongs to a route."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminModelForm

from guias.models.ownership import own_routes


class OfRouteForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Its address is fixed once it has one; who edits some routes alone is offered those."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "slug" in self.fields:
            self.fields["slug"].disabled = True
        routes = own_routes(self.for_user)
        if routes and "route" in self.fields:
            offered = [choice for choice in self.fields["route"].choices if choice[0] in routes]
            self.fields["route"].choices = offered
