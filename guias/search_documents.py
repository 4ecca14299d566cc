"""Guides as search finds them: one document a guide, and one a chapter so that the answer comes first.

Courses are found by what is learnt in them; what they read is found in the guides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from guias.enums import GuideState, VersionState
from guias.models import Chapter, Course, Guide, OfficialFile, PaperForm, Version
from search import reading, registry
from search.documents import PUBLIC, SearchDocument, helpfulness, joined, name_of

RETIRED_WEIGHT = 0.4
COURSE_WEIGHT = 0.5
"""The chapter answers at once, the course another day: it comes after what it is built of."""


def queryset() -> QuerySet[Guide]:
    """All public guides."""
    return Guide.objects.filter(is_public=True)


def documents(guide: Guide) -> Iterator[SearchDocument]:
    """Give the guide and each chapter of its version in force; nothing for a guide in reserve."""
    if not guide.is_public:
        return
    version = guide.versions.filter(state=VersionState.IN_FORCE).first()
    yield _guide(guide, version)
    if version is not None:
        version.guide = guide
        served = version.opinions.served()
        for chapter in version.chapters:
            yield _chapter(guide, version, chapter, served.get(chapter.slug, 0))


def _common(guide: Guide, version: Version | None) -> dict[str, Any]:
    published = version.first_published_at if version else None
    return {
        "kind": "guia",
        "audience": frozenset({PUBLIC}),
        "updated": max(filter(None, (guide.updated_at, published))),
        "route": guide.route,
        "status": str(guide.get_state_display()),
        "weight": RETIRED_WEIGHT if guide.state == GuideState.RETIRED else 1.0,
    }


def _guide(guide: Guide, version: Version | None) -> SearchDocument:
    files = _official_files(guide, version)
    body, parts = joined(_pieces(guide, version, files))
    return SearchDocument(
        id=str(guide.pk),
        title=guide.title,
        url=guide.get_absolute_url(),
        summary=guide.lead,
        body=body,
        parts=parts,
        label=str(guide.get_series_display()),
        keywords=(str(guide.get_route_display()), str(guide.get_series_display())),
        touched=max((words.read_at for words in files.values() if words.read_at), default=None),
        **_common(guide, version),
    )


def _official_files(guide: Guide, version: Version | None) -> dict[str, reading.FileWords]:
    """Return the words of the version's official files by format."""
    return {
        official.format: reading.words_of(
            f"guia:{guide.pk}",
            sha256=official.sha256,
            kind=official.format,
            storage="default",
            name=str(official.file.name),
        )
        for official in (version.official_files.all() if version else ())
    }


def _pieces(
    guide: Guide, version: Version | None, files: dict[str, reading.FileWords]
) -> Iterator[tuple[str, str, str]]:
    """Give what the version says of itself, then the pages of its official file, which open there."""
    if version is None:
        return
    yield _plain("\n".join([*version.summary_lines, *version.change_lines])), "", ""
    for kind, words in files.items():
        url = reverse("guias:download", args=[guide.slug, kind])
        yield from reading.as_parts(words.pages, url=url, kind=kind)


def _chapter(guide: Guide, version: Version, chapter: Chapter, served: int) -> SearchDocument:
    return SearchDocument(
        id=f"{guide.pk}-{chapter.slug}",
        title=chapter.title,
        url=f"{guide.get_absolute_url()}{chapter.slug}/",
        summary=_plain(" ".join(chapter.summary)),
        body=_plain(chapter.text),
        label=_("Capítulo de guía"),
        parent=guide.title,
        parent_id=name_of("guia", guide.pk),
        parent_url=guide.get_absolute_url(),
        keywords=tuple(text for _anchor, text in chapter.headings),
        helped=helpfulness(served),
        **_common(guide, version),
    )


def _plain(text: str) -> str:
    """Drop the marks of a file's name (written between backticks), which a result would show as they are."""
    return text.replace("`", "")


def authorised(ids: Collection[str], user: Any) -> set[str]:
    """Return those of ``ids`` that stand in guides ``user`` may read now."""
    keys = {found: found.partition("-")[0] for found in ids}
    allowed = registry.existing(Guide.objects.visible_to(user), keys.values())
    return {found for found, key in keys.items() if key in allowed}


def files_in_use(hashes: Collection[str]) -> Iterable[str]:
    """Return those of ``hashes`` that are official files of a version."""
    return OfficialFile.objects.filter(sha256__in=hashes).order_by().values_list("sha256", flat=True)


def courses() -> QuerySet[Course]:
    """All published courses."""
    return Course.objects.filter(live=True)


def course_documents(course: Course) -> Iterator[SearchDocument]:
    """Give the course; nothing of a draft."""
    if course.live:
        yield SearchDocument(
            kind="curso",
            id=str(course.pk),
            title=course.title,
            url=course.get_absolute_url(),
            audience=frozenset({PUBLIC}),
            updated=course.updated_at,
            summary=course.lead,
            body="\n".join(course.goal_lines),
            route=course.route,
            keywords=(_("formación"), _("capacitación"), str(course.get_route_display())),
            weight=COURSE_WEIGHT,
        )


def authorised_courses(ids: Collection[str], user: Any) -> set[str]:
    """Return those of ``ids`` that ``user`` may read now."""
    return registry.existing(Course.objects.visible_to(user), ids)


SOURCE = registry.Source(
    name="guia", kind="guia", queryset=queryset, documents=documents, authorised=authorised, has_parts=True
)

registry.register(SOURCE)

registry.register(
    registry.Source(
        name="curso",
        kind="curso",
        queryset=courses,
        documents=course_documents,
        authorised=authorised_courses,
    )
)


def paper_forms() -> QuerySet[PaperForm]:
    """All published forms on paper."""
    return PaperForm.objects.filter(is_public=True)


def paper_form_documents(form: PaperForm) -> Iterator[SearchDocument]:
    """Give the form, found by its name and by what it is for.

    Not by what it asks: "ruta que escogió" in every acta made them the first answer to questions.
    """
    if form.is_public:
        yield SearchDocument(
            kind="formato",
            id=str(form.pk),
            title=form.title,
            url=form.get_absolute_url(),
            audience=frozenset({PUBLIC}),
            updated=form.updated_at,
            summary=form.lead,
            route=form.route,
            keywords=(_("formato"), _("acta para llenar"), str(form.get_route_display())),
        )


def authorised_paper_forms(ids: Collection[str], user: Any) -> set[str]:
    """Return those of ``ids`` that ``user`` may see now."""
    return registry.existing(PaperForm.objects.visible_to(user), ids)


PAPER_FORMS = registry.Source(
    name="formato",
    kind="formato",
    queryset=paper_forms,
    documents=paper_form_documents,
    authorised=authorised_paper_forms,
)

registry.register(PAPER_FORMS)
registry.register_write(
    lambda text: f"{reverse('wagtailsnippets_guias_guide:add')}?{urlencode({'titulo': text})}"
)
registry.register_files(files_in_use)
