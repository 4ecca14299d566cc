"""``/api/v1/guias``: the shelf and what each guide holds, as JSON, to the same readers as the pages."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router, Schema

from guias.enums import Format
from guias.filters import PaperFormShelf, Shelf
from guias.models import ChapterReview, Course, Guide, PaperForm, Session, Term, Version
from guias.models.courses import lessons_of
from guias.tables.courses import place_of
from nucleo.api import Paged, Problem, absolute, paged

router = Router(tags=["guías"])


class VersionOut(Schema):
    """A published version; ``cambios`` is what changed, a line each."""

    numero: int
    fecha: dt.date | None
    vigente: bool
    cambios: list[str]
    direccion: str


class GuideOut(Schema):
    """A guide on the shelf; ``version`` is the one in force, null while it is being written."""

    id: str
    titulo: str
    frase: str
    ruta: str
    serie: str
    estado: str
    demostracion: bool
    direccion: str
    version: VersionOut | None


class ChapterOut(Schema):
    """A chapter: its summary is a sentence each, its text without form.

    ``sin_revisar_desde``: when it should have been reviewed, if that is long ago; otherwise null.
    """

    numero: int
    id: str
    titulo: str
    resumen: list[str]
    minutos: int
    texto: str
    sin_revisar_desde: dt.date | None
    direccion: str


class WholeGuideOut(GuideOut):
    """A guide with its chapters, its files and all its versions."""

    resumen: list[str]
    capitulos: list[ChapterOut]
    archivos: dict[str, str]
    versiones: list[VersionOut]


class WordOut(Schema):
    """A word of the glossary; ``enlace`` is where to read more, and may be empty."""

    id: str
    palabra: str
    tambien: list[str]
    significado: str
    enlace: str
    direccion: str


@router.get("/glosario", response=Paged[WordOut], summary="Las palabras del campo, en orden alfabético")
def glossary(request: HttpRequest) -> dict[str, object]:
    """The same words as ``/guias/glosario/``."""
    return paged(request, Term.objects.all(), _word)


def _word(term: Term) -> WordOut:
    return WordOut(
        id=term.slug,
        palabra=term.word,
        tambien=term.forms[1:],
        significado=term.meaning,
        enlace=absolute(term.link) if term.link.startswith("/") else term.link,
        direccion=absolute(term.get_absolute_url()),
    )


class PaperFieldOut(Schema):
    """A field of a form; ``nombre`` is what stands in the Word file."""

    nombre: str
    pregunta: str
    clase: str
    obligatorio: bool
    opciones: list[str]


class PaperFormOut(Schema):
    """A form on paper. It is filled on the portal: what is written in it is kept nowhere."""

    id: str
    titulo: str
    frase: str
    ruta: str
    fecha: dt.date
    demostracion: bool
    direccion: str
    en_blanco: dict[str, str]
    campos: list[PaperFieldOut]


@router.get("/formatos", response=Paged[PaperFormOut], summary="Los formatos para llenar, por ruta")
def paper_forms(request: HttpRequest, q: str = "", ruta: str = "") -> dict[str, object]:
    """The same filters and order as ``/guias/formatos/``."""
    shelf = PaperFormShelf(PaperForm.objects.visible_to(request.user), request.GET)
    return paged(request, shelf.found.prefetch_related("fields"), _paper_form)


def _paper_form(form: PaperForm) -> PaperFormOut:
    return PaperFormOut(
        id=form.slug,
        titulo=form.title,
        frase=form.lead,
        ruta=form.route,
        fecha=form.template_on,
        demostracion=form.is_demo,
        direccion=absolute(form.get_absolute_url()),
        en_blanco={
            kind.value: absolute(reverse("guias:blank_paper_form", args=[form.slug, kind.value]))
            for kind in (Format.DOCX, Format.PDF)
        },
        campos=[
            PaperFieldOut(
                nombre=field.name,
                pregunta=field.label,
                clase=field.kind,
                obligatorio=field.required,
                opciones=field.options,
            )
            for field in form.fields.all()
        ],
    )


@router.get("/guias", response=Paged[GuideOut], summary="Las guías, por ruta de atención")
def guides(
    request: HttpRequest, q: str = "", ruta: str = "", serie: str = "", estado: str = ""
) -> dict[str, object]:
    """The same filters and order as ``/guias/``."""
    shelf = Shelf(Guide.objects.visible_to(request.user), request.GET)
    return paged(request, shelf.found, _guide)


@router.get(
    "/guias/{slug}", response={200: WholeGuideOut, 404: Problem}, summary="Una guía con sus capítulos"
)
def guide(request: HttpRequest, slug: str) -> WholeGuideOut:
    """One guide, by the name in its address."""
    found = get_object_or_404(Guide.objects.visible_to(request.user), slug=slug)
    version = found.current
    versions = list(found.versions.published().defer("body", "summary"))
    return WholeGuideOut(
        **_guide(found).model_dump(),
        resumen=version.summary_lines if version else found.outlook_lines,
        capitulos=_chapters(found, version),
        archivos={
            form.value: absolute(reverse("guias:download", args=[found.slug, form.value])) for form in Format
        }
        if version
        else {},
        versiones=[_version(found, one) for one in versions],
    )


def _guide(guide: Guide) -> GuideOut:
    return GuideOut(
        id=guide.slug,
        titulo=guide.title,
        frase=guide.lead,
        ruta=guide.route,
        serie=guide.series,
        estado=guide.state,
        demostracion=guide.is_demo,
        direccion=absolute(guide.get_absolute_url()),
        version=_version(guide, guide.current) if guide.current else None,
    )


def _version(guide: Guide, version: Version) -> VersionOut:
    return VersionOut(
        numero=version.number,
        fecha=version.published_on,
        vigente=version == guide.current,
        cambios=version.change_lines,
        direccion=absolute(reverse("guias:version", args=[guide.slug, version.number])),
    )


def _chapters(guide: Guide, version: Version | None) -> list[ChapterOut]:
    told = ChapterReview.objects.told().filter(guide=guide) if version else ChapterReview.objects.none()
    unseen = dict(told.values_list("chapter", "due_on"))
    return [
        ChapterOut(
            numero=chapter.number,
            id=chapter.slug,
            titulo=chapter.title,
            resumen=list(chapter.summary),
            minutos=chapter.minutes,
            texto=chapter.text,
            sin_revisar_desde=unseen.get(chapter.slug),
            direccion=absolute(reverse("guias:chapter", args=[guide.slug, chapter.slug])),
        )
        for chapter in (version.chapters if version else [])
    ]


class SessionOut(Schema):
    """A session of a course; ``libres`` is null where there is no limit. The link is for who has a chair."""

    id: int
    empieza: dt.datetime
    termina: dt.datetime
    ciudad: str | None
    donde: str
    cupos: int | None
    libres: int | None
    cancelada: bool
    direccion: str


class CourseOut(Schema):
    """A course; ``inscripcion`` says who may enrol: ``abierto`` or ``centros``."""

    id: str
    titulo: str
    frase: str
    ruta: str
    inscripcion: str
    horas: int
    demostracion: bool
    direccion: str


class LessonOut(Schema):
    """A chapter of a course, in the version in force."""

    titulo: str
    guia: str
    direccion: str


class WholeCourseOut(CourseOut):
    """A course with what is learnt and read in it, and its sessions."""

    aprende: list[str]
    capitulos: list[LessonOut]
    sesiones: list[SessionOut]


@router.get("/formacion", response=Paged[CourseOut], summary="Los cursos, por nombre")
def courses(request: HttpRequest) -> dict[str, object]:
    """The published courses."""
    return paged(request, Course.objects.visible_to(request.user).order_by("title", "pk"), _course)


@router.get(
    "/formacion/{slug}", response={200: WholeCourseOut, 404: Problem}, summary="Un curso con sus sesiones"
)
def course(request: HttpRequest, slug: str) -> WholeCourseOut:
    """One course, by the name in its address."""
    found = get_object_or_404(Course.objects.visible_to(request.user), slug=slug)
    lessons = [
        LessonOut(titulo=one.chapter.title, guia=one.guide.slug, direccion=absolute(one.address))
        for one in lessons_of(found)
        if one.chapter and one.guide
    ]
    sessions = found.sessions.with_counts().select_related("city", "course")
    return WholeCourseOut(
        **_course(found).model_dump(),
        aprende=found.goal_lines,
        capitulos=lessons,
        sesiones=[_session(session) for session in sessions],
    )


def _course(course: Course) -> CourseOut:
    return CourseOut(
        id=course.slug,
        titulo=course.title,
        frase=course.lead,
        ruta=course.route,
        inscripcion=course.access,
        horas=course.hours,
        demostracion=course.is_demo,
        direccion=absolute(course.get_absolute_url()),
    )


def _session(session: Session) -> SessionOut:
    taken: int = session.taken  # type: ignore[attr-defined]
    return SessionOut(
        id=session.pk,
        empieza=session.starts_at,
        termina=session.ends_at,
        ciudad=session.city.slug if session.city else None,
        donde=place_of(session),
        cupos=session.capacity,
        libres=None if session.capacity is None else max(0, session.capacity - taken),
        cancelada=session.is_cancelled,
        direccion=absolute(session.get_absolute_url()),
    )
