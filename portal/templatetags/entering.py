"""Why one is asked to sign in: who pressed "Preguntar" and meets two fields thinks that she went wrong.
And where one goes afterwards, whichever door is taken.

Other doors say it where they are pressed ("Entre para que le avisemos"), and need no more words here.
"""

from __future__ import annotations

from django import template
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _

register = template.Library()

SHOWN = 80
"""Letters of what was typed that are said back."""


@register.simple_tag
def why_sign_in(after: str | None) -> str:
    """Say why ``after`` (the address that follows) wants an account, when that is to ask; else nothing."""
    address, _mark, query = (after or "").partition("?")
    if address != reverse("comunidad:ask"):
        return ""
    given = QueryDict(query)
    if typed := given.get("titulo", "").strip():
        words = _("Para preguntar se usa una cuenta: así le llega la respuesta. Su pregunta le espera: «%s».")
        return words % Truncator(typed).chars(SHOWN)
    if about := given.get("sobre_que", "").strip():
        words = _("Para preguntar sobre «%s» se usa una cuenta: así le llega la respuesta.")
        return words % Truncator(about).chars(SHOWN)
    return _("Para preguntar se usa una cuenta: así le llega la respuesta.")


@register.simple_tag
def headed_for(after: str | None) -> str:
    """Give a link to another door the address that follows; the door looks whether it is one of ours."""
    return f"?{urlencode({REDIRECT_FIELD_NAME: after})}" if after else ""
