"""Every kind of page of the portal, each with who opens it, found in whatever data is there.

The name of a page begins with the account that opens it, unless everyone may.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from bench import FILES, MISSING, SUGGESTIONS
from comunidad.enums import Kind
from comunidad.models import Group, Resource, Theme
from directorio.models import Demand, Institution, Offer, Supplier
from guias.actions.paper import give_codes
from guias.models import Course, Guide, Session
from portal.cuentas.models import User
from portal.demo.accounts import DOMAIN
from redip.models import Acta, BitacoraEdition, BitacoraSection, Commitment, Meeting, Mesa

MEMBER, TUTOR, SECRETARY, OPERATOR, EDITOR = "miembro", "tutora", "secretaria", "admin", "editora"
CITY = "cartagena"
BUSY_THREAD = 40
"""Replies of the thread that is measured: a full page and more."""

Pages = dict[str, tuple[str, str]]


def pages() -> Pages:
    """Return name → (account or nothing, address)."""
    found = _everyone() | _guides() | _directory() | _networks() | _community() | _search() | _accounts()
    return found | _machines() | _files()


def _by(who: str, addresses: dict[str, str]) -> Pages:
    return {f"{who}: {name}" if who else name: (who, path) for name, path in addresses.items()}


def _everyone() -> Pages:
    public = {
        "home": "/",
        "agenda": "/agenda/",
        "indicators": "/indicadores/",
        "help": "/ayuda/",
        MISSING: "/no-existe/",
    }
    members = {"home": "/", "notices": "/avisos/"}
    return (
        _by("", public)
        | _by(MEMBER, members)
        | _by(TUTOR, {"home": "/"})
        | _by(OPERATOR, {"home": "/", "dashboard": "/admin/", "pages": "/admin/pages/"})
    )


def _guides() -> Pages:
    guide = Guide.objects.filter(versions__number=2, versions__live=True).order_by("pk").last()
    assert guide is not None and guide.current is not None
    here = guide.get_absolute_url()
    chapter = f"{here}{guide.current.chapters[0].slug}/"
    old = guide.versions.exclude(pk=guide.current.pk).order_by("number").first()
    assert old is not None
    course, session, held = _course()
    paper = [give_codes(version=one)[one.chapters[0].slug].code for one in (guide.current, old)]
    public = {
        "paper in force": f"/q/{paper[0]}",
        "paper of an old version": f"/q/{paper[1]}",
        "guides": "/guias/",
        "guides of a route": "/guias/?ruta=emprendimiento",
        "guide": here,
        "chapter": chapter,
        "versions": f"{here}versiones/",
        "old version": f"{here}v1/",
        "what changed": f"{here}cambios/1..2/",
        "package": "/guias/paquete/",
        "glossary": "/guias/glosario/",
        "forms": "/guias/formatos/",
        "form to fill": "/guias/formatos/acta-de-compromiso/",
        "courses": "/guias/formacion/",
        "course": course.get_absolute_url(),
        "session of a course": session.get_absolute_url(),
    }
    use = "/admin/guias/uso/"
    today = timezone.localdate()
    half_a_year = f"{use}?desde={today - timedelta(days=150):%Y-%m}&hasta={today:%Y-%m}"
    draft = guide.versions.order_by("number").last()
    assert draft is not None
    editors = {
        "use of guides": use,
        "use of guides, half a year": half_a_year,
        "chapters to look at": "/admin/guias/vigencia/",
        "remarks on a version": f"/admin/guias/versiones/{draft.pk}/comentarios/",
    }
    teaching = {
        "session of a course": session.get_absolute_url(),
        "enrol others": session.address("enrol_others"),
        "who came": held.address("attendance"),
    }
    members = {"guides": "/guias/", "chapter": chapter, "course": course.get_absolute_url()}
    return _by("", public) | _by(MEMBER, members) | _by(TUTOR, teaching) | _by(EDITOR, editors)


def _course() -> tuple[Course, Session, Session]:
    """The course with the most sessions, one of them to come and one that was held."""
    course = Course.objects.annotate(n=Count("sessions")).order_by("-n", "pk").first()
    assert course is not None
    coming, held = course.sessions.upcoming().first(), course.sessions.past().first()
    assert coming is not None and held is not None
    return course, coming, held


def _directory() -> Pages:
    lists = {
        "directory": "/directorio/",
        "centres": "/directorio/centros/",
        "centre": f"/directorio/centros/{CITY}/",
        "institutions": "/directorio/instituciones/",
        "offers": "/directorio/oferta/",
        "suppliers": "/directorio/proveedores/",
        "suppliers of a city": f"/directorio/proveedores/?ciudad={CITY}",
        "suppliers by word": "/directorio/proveedores/?q=alimentos",
        "demands": "/directorio/demanda/",
    }
    entries = {
        model._meta.model_name or "": entry.get_absolute_url()
        for model in (Institution, Offer, Supplier, Demand)
        if (entry := model._default_manager.order_by("pk").last())
    }
    return _by("", lists | entries) | _by(MEMBER, {"suppliers": "/directorio/proveedores/"})


def _networks() -> Pages:
    member = User.objects.get(email=f"{MEMBER}@{DOMAIN}")
    mesa = Mesa.objects.filter(members__user=member).order_by("pk").last()
    assert mesa is not None
    acta = Acta.objects.filter(mesa=mesa).order_by("pk").last()
    meeting = Meeting.objects.filter(mesa=mesa).order_by("pk").last()
    commitment = Commitment.objects.filter(mesa=mesa).order_by("pk").last()
    edition = BitacoraEdition.objects.filter(bitacora__red__city__slug=CITY).order_by("number").last()
    section = BitacoraSection.objects.filter(bitacora__red__city__slug=CITY).exclude(text="").first()
    inside, bitacora = mesa.get_absolute_url(), f"/redip/{CITY}/bitacora/"
    public = {
        "board of networks": "/redip/",
        "network": f"/redip/{CITY}/",
        "mesa": inside,
        "bitácora": bitacora,
        "bitácora: actors": f"{bitacora}actores/",
    }
    if edition:
        public["bitácora: edition"] = f"{bitacora}ediciones/{edition.number}/"
    if edition and edition.number > 1:
        public["bitácora: compared"] = f"{bitacora}comparar/{edition.number - 1}..{edition.number}/"
    members = {
        "network": f"/redip/{CITY}/",
        "mesa": inside,
        "commitments": f"{inside}compromisos/",
        "new commitment": f"{inside}compromisos/nuevo/",
        "actas": f"{inside}actas/",
        "conversation": f"{inside}conversacion/",
        "members": f"{inside}miembros/",
        "files": f"{inside}archivos/",
    }
    entries = {"acta": acta, "meeting": meeting, "commitment": commitment}
    members |= {name: row.get_absolute_url() for name, row in entries.items() if row}
    writers = {"draft": f"{bitacora}borrador/"}
    if section:
        writers["draft of a section"] = f"{bitacora}{section.kind}/editar/"
    return _by("", public) | _by(MEMBER, members) | _by(SECRETARY, writers)


def _community() -> Pages:
    theme = Theme.objects.with_counts().order_by("-resource_count", "pk").first()
    busy = Resource.objects.filter(reply_count__gte=BUSY_THREAD).order_by("reply_count", "pk").first()
    thread = busy or Resource.objects.order_by("reply_count").last()
    longest = Resource.objects.order_by("reply_count").last()
    group = Group.objects.order_by("pk").first()
    assert thread is not None and theme is not None and longest is not None
    public = {
        "themes": "/comunidad/",
        "theme": theme.get_absolute_url(),
        "theme: questions": f"{theme.get_absolute_url()}?clase={Kind.QUESTION}",
        "thread": thread.get_absolute_url(),
        "longest thread": f"{longest.get_absolute_url()}?pagina=2",
        "groups": "/comunidad/grupos/",
    }
    for kind in Kind:
        if found := Resource.objects.filter(kind=kind, group=None).order_by("-reply_count", "pk").first():
            public[f"resource: {kind.value}"] = found.get_absolute_url()
    if group:
        public["group"] = group.get_absolute_url()
    members = {
        "themes": "/comunidad/",
        "theme": theme.get_absolute_url(),
        "thread": thread.get_absolute_url(),
        "ask": "/comunidad/preguntar/",
        "similar": "/comunidad/preguntar/parecidas/?titulo=plan+de+negocio+para+un+taller",
        "publish": "/comunidad/publicar/",
        "write an article": f"{theme.get_absolute_url()}publicar/{Kind.ARTICLE}/",
    }
    tutors = {
        "thread": thread.get_absolute_url(),
        "queue": "/comunidad/tutoria/",
        "moderation": "/comunidad/moderacion/",
    }
    operators = {"queue": "/comunidad/tutoria/", "moderation": "/comunidad/moderacion/"}
    return _by("", public) | _by(MEMBER, members) | _by(TUTOR, tutors) | _by(OPERATOR, operators)


def _search() -> Pages:
    suggestions = "/buscar/sugerencias/"
    public = {
        "search, nothing asked": "/buscar/",
        "search, one word": "/buscar/?q=empleo",
        "search, three words": "/buscar/?q=acta+de+compromiso",
        "search, a slip": "/buscar/?q=empelo",
        "search, filtered": f"/buscar/?q=empleo&tipo=recurso&ciudad={CITY}",
        "search, third page": "/buscar/?q=empleo&pagina=3",
        SUGGESTIONS: f"{suggestions}?q=orient",
        f"{SUGGESTIONS}, two letters": f"{suggestions}?q=em",
        f"{SUGGESTIONS}, an acronym": f"{suggestions}?q=sen",
        f"{SUGGESTIONS}, three words": f"{suggestions}?q=acta+de+comp",
        f"{SUGGESTIONS} of a kind": f"{suggestions}?q=orient&tipo=guia",
        f"{SUGGESTIONS} for a browser": f"{suggestions}navegador/?q=orient",
    }
    members = {"search": "/buscar/?q=empleo", SUGGESTIONS: f"{suggestions}?q=acta"}
    return _by("", public) | _by(MEMBER, members)


def _accounts() -> Pages:
    public = {"sign in": "/cuenta/entrar/", "sign up": "/cuenta/crear/", "lost password": "/cuenta/clave/"}
    own = {"profile": "/cuenta/", "own data": "/cuenta/datos/", "two steps": "/cuenta/dos-pasos/"}
    return _by("", public) | _by(MEMBER, own)


def _machines() -> Pages:
    feeds = {f"feed of {name}": f"/feeds/{name}.atom" for name in ("guias", "comunidad", "redip")}
    lists = ("guias", "temas", "redes", "agenda", "buscar?q=empleo", "directorio/proveedores")
    api = {f"API: {name}": f"/api/v1/{name}" for name in lists}
    return _by("", feeds | api | {"sitemap": "/sitemap.xml", "sitemap: a part": "/sitemap-comunidad-1.xml"})


def _files() -> Pages:
    names = ("proveedores.csv", "proveedores.xlsx", "proveedores.geojson", "centros.geojson")
    exports = {f"{FILES}{name}": f"/directorio/{name}" for name in names}
    return _by("", exports | {f"{FILES}agenda.ics": "/agenda.ics", f"{FILES}indicators": "/indicadores.csv"})
