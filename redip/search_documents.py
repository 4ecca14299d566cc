"""How networks are found: what is public by everyone, what lies inside a mesa by its insiders alone.

A private document carries the token of its mesa and that of operators; every hit is authorised again in
the database. Of a Bitácora only the last edition is found, section by section; drafts are not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import CharField, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from nucleo.html import plain_text
from nucleo.uploads import LABELS
from redip.enums import Stage
from redip.models import Acta, Bitacora, Commitment, Mesa, MesaFile, Red
from redip.models.mesas import inside, is_operator
from search import reading, registry
from search.documents import PUBLIC, SearchDocument, joined

OPERATOR = "operador"
"""Token of who runs the portal and sees inside every mesa."""
CLOSED_WEIGHT = 0.6
"""Weight of a commitment that nobody owes any more."""


def tokens(user: Any) -> Iterable[str]:
    """Return the tokens of the mesas whose inside ``user`` may see: one query, none for an operator."""
    if is_operator(user):
        return [OPERATOR]
    return [f"mesa:{pk}" for pk in Mesa.objects.inside_of(user).order_by().values_list("pk", flat=True)]


def _insiders(mesa_id: int) -> frozenset[str]:
    return frozenset({f"mesa:{mesa_id}", OPERATOR})


# --- Networks -----------------------------------------------------------------------------------
def networks() -> QuerySet[Red]:
    """All networks, with what their documents name."""
    return Red.objects.select_related("city").prefetch_related(
        "leaders", "secretariat", "institutions", "contacted", "milestones", "products", "axes", "mesas"
    )


def network(red: Red) -> Iterator[SearchDocument]:
    """A network by its city, its stage and everything that is public of it."""
    bodies = [*red.leaders.all(), *red.secretariat.all(), *red.institutions.all(), *red.contacted.all()]
    stage = str(Stage(red.stage).label)
    yield SearchDocument(
        kind="red",
        id=str(red.pk),
        title=red.title,
        url=red.get_absolute_url(),
        audience=frozenset({PUBLIC}),
        updated=red.updated_at,
        summary=_("%(city)s, %(department)s. Etapa de %(stage)s.")
        % {"city": red.city.name, "department": red.city.department, "stage": stage.lower()},
        body=" ".join(
            part
            for part in [
                red.scope,
                red.actors,
                red.space,
                red.pending,
                red.act,
                *(row.what for row in red.milestones.all()),
                *(row.name for row in red.products.all()),
                *(row.name for row in red.axes.all()),
                *(row.name for row in red.mesas.all()),
                *(f"{body.name} {body.acronym}" for body in bodies),
            ]
            if part
        ),
        city=red.city.slug,
        route="redip",
        status=stage,
        keywords=("RedIP", _("Red de Inclusión Productiva"), red.city.name),
    )


def networks_authorised(ids: Collection[str], user: Any) -> set[str]:
    """Return those of ``ids`` that are networks: they are public."""
    return registry.existing(Red.objects.visible_to(user), ids)


# --- Mesas and their commitments ----------------------------------------------------------------
def mesas() -> QuerySet[Mesa]:
    """All mesas, with what their documents name."""
    commitments = Commitment.objects.select_related("member__user", "institution").order_by("pk")
    return Mesa.objects.select_related("red__city").prefetch_related(
        "leaders", Prefetch("commitments", commitments)
    )


def mesa(row: Mesa) -> Iterator[SearchDocument]:
    """What everyone may know of a mesa; then each commitment, for its insiders."""
    yield SearchDocument(
        kind="mesa",
        id=str(row.pk),
        title=row.title,
        url=row.get_absolute_url(),
        audience=frozenset({PUBLIC}),
        updated=max(row.updated_at, row.red.updated_at),
        summary=_("Mesa de la red de %(city)s. Eslabón: %(link)s.")
        % {"city": row.red.city.name, "link": row.get_link_display()},
        body=" ".join(f"{body.name} {body.acronym}" for body in row.leaders.all()),
        parent=row.red.title,
        city=row.red.city.slug,
        route="redip",
        keywords=(str(row.get_link_display()), row.red.city.name, _("mesa temática")),
    )
    for commitment in row.commitments.all():
        commitment.mesa = row
        yield _commitment(row, commitment)


def _commitment(mesa: Mesa, row: Commitment) -> SearchDocument:
    return SearchDocument(
        kind="mesa",
        id=f"{mesa.pk}-{row.pk}",
        title=row.what,
        url=row.get_absolute_url(),
        audience=_insiders(mesa.pk),
        updated=row.updated_at,
        summary=_("Compromiso de %(who)s.") % {"who": row.who},
        label=_("Compromiso"),
        parent=mesa.title,
        city=mesa.red.city.slug,
        route="redip",
        status=str(row.get_state_display()),
        weight=1.0 if row.is_open else CLOSED_WEIGHT,
    )


def mesas_authorised(ids: Collection[str], user: Any) -> set[str]:
    """Return the mesas of ``ids`` (public), and the commitments that ``user`` may see now: one query."""
    public = {int(one) for one in ids if one.isdecimal()}
    wanted = {int(one.partition("-")[2]) for one in ids if one.partition("-")[2].isdecimal()}
    mesas = Mesa.objects.visible_to(user).filter(pk__in=public).order_by().values_list("pk", Value(0))
    promised = Commitment.objects.filter(inside(user, "mesa"), pk__in=wanted).order_by()
    found = mesas.union(promised.values_list("mesa", "pk"))
    return {f"{mesa}-{commitment}" if commitment else str(mesa) for mesa, commitment in found}


# --- Actas --------------------------------------------------------------------------------------
def actas() -> QuerySet[Acta]:
    """All actas, with what their documents name."""
    return Acta.objects.select_related("meeting", "mesa__red__city").prefetch_related("attendees")


def acta(row: Acta) -> Iterator[SearchDocument]:
    """An acta by what was dealt with and decided, and by who was there; for the mesa's insiders."""
    yield SearchDocument(
        kind="acta",
        id=str(row.pk),
        title=_("%(acta)s. %(mesa)s") % {"acta": row.title, "mesa": row.mesa.title},
        url=row.get_absolute_url(),
        audience=_insiders(row.mesa_id),
        updated=row.updated_at,
        summary=plain_text(row.topics_html),
        body=" ".join([plain_text(row.decisions_html), *(person.name for person in row.attendees.all())]),
        parent=row.mesa.red.title,
        city=row.mesa.red.city.slug,
        route="redip",
        status=str(row.get_state_display()),
        keywords=(row.mesa.red.city.name, str(row.mesa.get_link_display())),
    )


def actas_authorised(ids: Collection[str], user: Any) -> set[str]:
    """Return those of ``ids`` whose mesa ``user`` may see inside now."""
    return registry.existing(Acta.objects.visible_to(user), ids)


# --- Files --------------------------------------------------------------------------------------
def mesa_files() -> QuerySet[MesaFile]:
    """All files of mesas."""
    return MesaFile.objects.select_related("mesa__red__city", "uploaded_by")


def mesa_file(row: MesaFile) -> Iterator[SearchDocument]:
    """A file by its name and, once it has been read, by its words, for the mesa's insiders."""
    words = reading.words_of(
        f"archivo:{row.pk}", sha256=row.sha256, kind=row.kind, storage="private", name=str(row.file.name)
    )
    url = row.get_absolute_url()
    body, parts = joined(reading.as_parts(words.pages, url=url, kind=row.kind))
    yield SearchDocument(
        kind="archivo",
        id=str(row.pk),
        title=row.name,
        url=url,
        audience=_insiders(row.mesa_id),
        updated=row.uploaded_at,
        touched=words.read_at,
        body=body,
        parts=parts,
        label=_("Archivo %(kind)s") % {"kind": LABELS.get(row.kind, row.kind)},
        parent=row.mesa.title,
        city=row.mesa.red.city.slug,
        route="redip",
        keywords=(row.mesa.red.city.name,),
    )


def mesa_files_authorised(ids: Collection[str], user: Any) -> set[str]:
    """Return those of ``ids`` that lie in mesas whose inside ``user`` may see now."""
    return registry.existing(MesaFile.objects.visible_to(user), ids)


# --- Bitácoras ----------------------------------------------------------------------------------
def bitacoras() -> QuerySet[Bitacora]:
    """Those that have an edition."""
    rows = Bitacora.objects.filter(editions__isnull=False).distinct()
    return rows.select_related("red__city")


def bitacora(row: Bitacora) -> Iterator[SearchDocument]:
    """The Bitácora, then each written section of its last edition."""
    edition = row.editions.first()
    if edition is None:
        return
    updated: dt.datetime = max(edition.published_at, row.red.updated_at)
    common: dict[str, Any] = {
        "kind": "bitacora",
        "audience": frozenset({PUBLIC}),
        "updated": updated,
        "city": row.red.city.slug,
        "route": "redip",
        "status": _("Edición %(number)s") % {"number": edition.number},
    }
    yield SearchDocument(
        id=str(row.pk),
        title=str(row),
        url=row.get_absolute_url(),
        summary=edition.note,
        body=" ".join(section["title"] for section in edition.sections),
        parent=row.red.title,
        keywords=(row.red.city.name,),
        **common,
    )
    for section in edition.sections:
        if section["text"].strip():
            yield SearchDocument(
                id=f"{row.pk}-{section['kind']}",
                title=section["title"],
                url=f"{row.get_absolute_url()}{section['kind']}/",
                body=plain_text(section["html"]),
                label=_("Sección de Bitácora"),
                parent=str(row),
                keywords=(row.red.city.name,),
                **common,
            )


def bitacoras_authorised(ids: Collection[str], user: Any) -> set[str]:
    """Return those of ``ids`` that stand in Bitácoras with an edition: editions are public."""
    keys = {found: found.partition("-")[0] for found in ids}
    published = Bitacora.objects.visible_to(user).filter(Q(editions__isnull=False)).distinct()
    allowed = registry.existing(published, keys.values())
    return {found for found, key in keys.items() if key in allowed}


def files_in_use(hashes: Collection[str]) -> Iterable[str]:
    """Return those of ``hashes`` that are files of a mesa."""
    return MesaFile.objects.filter(sha256__in=hashes).order_by().values_list("sha256", flat=True)


registry.register_audience(tokens)
registry.register_files(files_in_use)
registry.register(
    registry.Source(
        name="red",
        kind="red",
        queryset=networks,
        documents=network,
        authorised=networks_authorised,
        titled_by=("name", Value("Red de Inclusión Productiva RedIP"), "city__name"),
    )
)
registry.register(
    registry.Source(
        name="mesa",
        kind="mesa",
        queryset=mesas,
        documents=mesa,
        authorised=mesas_authorised,
        titled_by=(Value("Mesa"), "name"),
        has_parts=True,
    )
)
registry.register(
    registry.Source(
        name="acta",
        kind="acta",
        queryset=actas,
        documents=acta,
        authorised=actas_authorised,
        titled_by=(Value("Acta"), Cast("number", CharField()), Value("Mesa"), "mesa__name"),
    )
)
registry.register(
    registry.Source(
        name="archivo",
        kind="archivo",
        queryset=mesa_files,
        documents=mesa_file,
        authorised=mesa_files_authorised,
    )
)
registry.register(
    registry.Source(
        name="bitacora",
        kind="bitacora",
        queryset=bitacoras,
        documents=bitacora,
        authorised=bitacoras_authorised,
        titled_by=(Value("Bitácora"), "red__city__name"),
    )
)
