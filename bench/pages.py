"""The pages that people open most, each with who opens it, found in whatever data is there."""

from __future__ import annotations

from comunidad.models import Resource, Theme
from directorio.models import Demand, Institution, Offer, Supplier
from guias.models import Guide
from portal.cuentas.models import User
from portal.demo.accounts import DOMAIN
from redip.models import Acta, Mesa

MEMBER, TUTOR, OPERATOR = "miembro", "tutora", "admin"
CITY = "cartagena"
BUSY_THREAD = 40
"""Replies of the thread that is measured: a full page and more."""


def pages() -> dict[str, tuple[str, str]]:
    """Return name → (account or nothing, address)."""
    guide = Guide.objects.filter(versions__number=2, versions__live=True).order_by("pk").last()
    assert guide is not None and guide.current is not None
    chapter = guide.current.chapters[0]
    member = User.objects.get(email=f"{MEMBER}@{DOMAIN}")
    mesa = Mesa.objects.filter(members__user=member).order_by("pk").last()
    assert mesa is not None
    acta = Acta.objects.filter(mesa=mesa).order_by("pk").last()
    thread = Resource.objects.filter(reply_count__gte=BUSY_THREAD).order_by("reply_count", "pk").first()
    thread = thread or Resource.objects.order_by("reply_count").last()
    theme = Theme.objects.with_counts().order_by("-resource_count", "pk").first()
    assert acta is not None and thread is not None and theme is not None
    inside = mesa.get_absolute_url()
    public = {
        "home": "/",
        "guides": "/guias/",
        "guide": guide.get_absolute_url(),
        "chapter": f"{guide.get_absolute_url()}{chapter.slug}/",
        "what changed": f"{guide.get_absolute_url()}cambios/1..2/",
        "package": "/guias/paquete/",
        "directory": "/directorio/",
        "centres": "/directorio/centros/",
        "centre": f"/directorio/centros/{CITY}/",
        "institutions": "/directorio/instituciones/",
        "offers": "/directorio/oferta/",
        "suppliers": "/directorio/proveedores/",
        "suppliers of a city": f"/directorio/proveedores/?ciudad={CITY}",
        "demands": "/directorio/demanda/",
        **{
            model._meta.model_name or "": entry.get_absolute_url()
            for model in (Institution, Offer, Supplier, Demand)
            if (entry := model._default_manager.order_by("pk").last())
        },
        "board of networks": "/redip/",
        "city": f"/redip/{CITY}/",
        "Bitácora": f"/redip/{CITY}/bitacora/",
        "themes": "/comunidad/",
        "theme": theme.get_absolute_url(),
        "thread": thread.get_absolute_url(),
        "groups": "/comunidad/grupos/",
        "search, one word": "/buscar/?q=empleo",
        "search, three words": "/buscar/?q=acta+de+compromiso",
        "search, a slip": "/buscar/?q=empelo",
        "suggestions": "/buscar/sugerencias/?q=orient",
        "agenda": "/agenda/",
        "indicators": "/indicadores/",
        "help": "/ayuda/",
        "sign in": "/cuenta/entrar/",
        "sign up": "/cuenta/crear/",
    }
    signed_in = {
        "home": (MEMBER, "/"),
        "mesa": (MEMBER, inside),
        "commitments": (MEMBER, f"{inside}compromisos/"),
        "acta": (MEMBER, acta.get_absolute_url()),
        "city": (MEMBER, f"/redip/{CITY}/"),
        "themes": (MEMBER, "/comunidad/"),
        "theme": (MEMBER, theme.get_absolute_url()),
        "thread": (MEMBER, thread.get_absolute_url()),
        "ask": (MEMBER, "/comunidad/preguntar/"),
        "notices": (MEMBER, "/avisos/"),
        "profile": (MEMBER, "/cuenta/"),
        "search": (MEMBER, "/buscar/?q=empleo"),
        "chapter": (MEMBER, f"{guide.get_absolute_url()}{chapter.slug}/"),
        "tutor's queue": (TUTOR, "/comunidad/tutoria/"),
        "moderation": (TUTOR, "/comunidad/moderacion/"),
        "operator's queue": (OPERATOR, "/comunidad/tutoria/"),
    }
    found = {name: ("", path) for name, path in public.items()}
    return found | {f"{who}: {name}": (who, path) for name, (who, path) in signed_in.items()}
