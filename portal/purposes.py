"""What signed links are for: one class a purpose, with its words, over an action of the app it is about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from portal.cuentas.actions import stop_mail
from portal.responding import Purpose, issue, register


@register
class Unsubscribing(Purpose):
    """No more notices by mail. The object is the person herself."""

    name = "correos"
    days = 365
    template = "portal/responding/unsubscribe.html"

    def find(self, person: Any, object_id: int) -> Any | None:
        """She herself, while she gets any."""
        return person if person.pk == object_id and person.mail_notices else None

    def form(self, about: Any, data: Any = None) -> forms.Form:
        """Nothing to fill: the button says it all, and so does the one click of a mail program (RFC 8058)."""
        return forms.Form(data)

    def act(self, *, person: Any, about: Any, form: Any) -> str:
        """Stop the mails."""
        stop_mail(user=person)
        return _("Ya no le enviamos avisos por correo. En el portal los sigue encontrando cuando entre.")

    def letter(self, person: Any, links: list[tuple[Any, str]]) -> tuple[str, str]:
        """The link, when she asked for it again."""
        return _("Dejar de recibir avisos por correo"), _(
            "Abra este enlace y toque el botón, y no le enviamos más avisos por correo:\n\n%(link)s"
        ) % {"link": links[0][1]}


def way_out(person: Any) -> tuple[str, dict[str, str]]:
    """Return the address that stops the notices of ``person``, and the headers with which mail programs do.

    Their one click (RFC 8058) is for https alone.
    """
    address = issue(Unsubscribing, person=person, object_id=person.pk).address
    headers = {"List-Unsubscribe": f"<{address}>"}
    if settings.HTTPS:
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return address, headers
