"""What the reading templates show: contents with where one is, neighbours, notices. No HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from guias.enums import Format, GuideState, VersionState
from guias.models import (
    Chapter,
    ChapterReview,
    Erratum,
    Following,
    Guide,
    PaperForm,
    Version,
)
from guias.models.changes import became
from guias.models.glossary import Glossary
from guias.policies import can_see_paper_form
from guias.views.defining import Definitions
from guias.views.notes import Notes, notes_on
from guias.views.remembering import opened_as
from nucleo import dates
from search.teaching import questions_of

ENTRIES_KEPT = 24 * 3600
"""Seconds that the contents of a published version stay in the cache."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the contents of a guide say of a chapter: all of it is read for that, its figures too."""

    number: int
    title: str
    slug: str
    summary: tuple[str, ...]
    minutes: int
    fingerprint: str
    has_list: bool


def _entry(one: Chapter) -> Entry:
    return Entry(one.number, one.title, one.slug, one.summary, one.minutes, one.fingerprint, bool(one.items))


@dataclass
class ReadingPage:
    """A guide, or one of its chapters, for one reader."""

    guide: Guide
    version: Version | None
    chapter: Chapter | None
    newest: Version | None
    numbered: int | None
    user: Any
    notes: Notes = field(default_factory=Notes)
    readings: dict[str, int] = field(default_factory=dict)
    """The version of each chapter she opened, the last one last."""
    outdated: frozenset[str] = frozenset()
    """Those that say something else since; of the version in force alone."""

    @classmethod
    def build(
        cls, guide: Guide, version: Version | None, chapter: Chapter | None = None, *, user: Any
    ) -> ReadingPage:
        """Read what the page of the version in force needs: a query for what is noted beside the text."""
        if version is None:
            return cls(guide, version, chapter, version, None, user)
        return cls(version.guide_then, version, chapter, version, None, user)._noted(version)

    @classmethod
    def build_numbered(
        cls, version: Version, newest: Version | None, chapter: Chapter | None = None, *, user: Any
    ) -> ReadingPage:
        """Read the same for the address of a numbered version, whatever became of it."""
        return cls(version.guide_then, version, chapter, newest, version.number, user)._noted(version)

    def _noted(self, version: Version) -> ReadingPage:
        offered = self.chapter is None and self.can_follow
        self.notes = notes_on(self.guide, version, self.user, following=offered)
        opened = opened_as(self.notes.opened, version)
        self.readings, self.outdated = opened.versions, opened.outdated
        return self

    @staticmethod
    def chapter_address(guide: Guide, numbered: int | None, slug: str) -> str:
        """Return the address of a chapter, of a numbered version or of the one in force."""
        if numbered is None:
            return reverse("guias:chapter", args=[guide.slug, slug])
        return reverse("guias:version_chapter", args=[guide.slug, numbered, slug])

    @property
    def first_page(self) -> str:
        """The address of the summary."""
        if self.numbered is None:
            return self.guide.get_absolute_url()
        return reverse("guias:version", args=[self.guide.slug, self.numbered])

    @property
    def chapters(self) -> list[Chapter]:
        """The chapters of the version shown."""
        return self.version.chapters if self.version else []

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The contents as a thread: the summary first, what she has read, where she is."""
        if len(self.chapters) < 2:
            return []
        first = {"label": _("Lo principal"), "href": self.first_page}
        first["state"] = "now" if self.chapter is None else "done" if self.readings else ""
        return [first] + [
            {
                "label": chapter.title,
                "href": self.chapter_address(self.guide, self.numbered, chapter.slug),
                "state": self._state(chapter),
                "note": _("Cambió desde que lo abrió") if self._is_to_read_again(chapter) else "",
            }
            for chapter in self.chapters
        ]

    def _state(self, chapter: Chapter) -> str:
        if self.chapter is not None and chapter.slug == self.chapter.slug:
            return "now"
        return "done" if chapter.slug in self.readings and chapter.slug not in self.outdated else ""

    def _is_to_read_again(self, chapter: Chapter) -> bool:
        return chapter.slug in self.outdated and chapter != self.chapter

    @property
    def here(self) -> dict[str, str] | None:
        """Link to the chapter that she opened last, on whatever device; of the version in force alone."""
        opened = [chapter for slug in self.readings for chapter in self.chapters if chapter.slug == slug]
        return self._link(opened[-1]) if opened and not self.numbered else None

    @property
    def remembers_here(self) -> bool:
        """Whether this browser keeps what was opened (``leidos.js``), as the portal does with an account."""
        return not self.user.is_authenticated and self.numbered is None

    @property
    def foot(self) -> str:
        """What stands at the foot of each sheet when the page is printed."""
        if self.version is None:
            return ""
        said = {"guide": self.guide.title, "number": self.version.number}
        if self.version.published_on is None:
            return _("%(guide)s · borrador de la versión %(number)s") % said
        said["date"] = dates.long_date(self.version.published_on)
        return _("%(guide)s · versión %(number)s, del %(date)s") % said

    @property
    def read_count(self) -> int:
        """How many of the chapters shown she has opened."""
        return sum(chapter.slug in self.readings for chapter in self.chapters)

    @cached_property
    def entries(self) -> list[Entry]:
        """Each chapter with what the contents say of it; read once from a version that no longer changes."""
        if self.version is None:
            return []
        if not self.version.is_published:
            return [_entry(chapter) for chapter in self.chapters]
        kept: list[Entry] | None = cache.get_or_set(
            f"guias:entries:{self.version.pk}", lambda: [_entry(one) for one in self.chapters], ENTRIES_KEPT
        )
        return kept or []

    @cached_property
    def questions(self) -> list[tuple[Chapter, str, tuple[str, ...]]]:
        """What people ask that the chapters answer, as editors noted it: chapter, its address, questions.

        Of the version in force alone: in an older one the answer may have been another.
        """
        if self.numbered is not None or self.chapter is not None or len(self.chapters) < 2:
            return []
        names = {f"{self.guide.pk}-{chapter.slug}": chapter for chapter in self.chapters}
        asked = questions_of("guia", names)
        return [
            (chapter, self.chapter_address(self.guide, None, chapter.slug), asked[name])
            for name, chapter in names.items()
            if name in asked
        ]

    @property
    def minutes(self) -> int:
        """Minutes that all chapters take."""
        return sum(entry.minutes for entry in self.entries)

    @property
    def summary_points(self) -> list[str]:
        """The sentences that say what matters: those of the chapter, or of the guide on its first page."""
        if self.chapter is not None and self.chapter.summary:
            return list(self.chapter.summary)
        return self.version.summary_lines if self.version and self.is_whole else []

    @property
    def previous(self) -> dict[str, str] | None:
        """Link to the chapter before, or to the summary."""
        if self.chapter is None or len(self.chapters) < 2:
            return None
        if self.chapter.number == 1:
            return {"href": self.first_page, "label": _("Lo principal")}
        return self._link(self.chapters[self.chapter.number - 2])

    @property
    def next(self) -> dict[str, str] | None:
        """Link to the chapter after."""
        position = self.chapter.number if self.chapter else 0
        return self._link(self.chapters[position]) if position < len(self.chapters) else None

    def _link(self, chapter: Chapter) -> dict[str, str]:
        return {
            "href": self.chapter_address(self.guide, self.numbered, chapter.slug),
            "label": chapter.title,
        }

    @cached_property
    def newer(self) -> dict[str, Any] | None:
        """Where the reader of an old version goes: the same chapter of the one in force, if it is there."""
        if self.version is None or self.newest is None or self.newest.number <= self.version.number:
            return None
        href, changes = self.guide.get_absolute_url(), self.changes_address(self.version.number)
        if self.chapter is None:
            return {"href": href, "changes": changes}
        now = became(self.version.chapters, self.newest.chapters).get(self.chapter.slug)
        if now is None:
            return {"href": href, "changes": f"{changes}#c-{self.chapter.slug}", "gone": True}
        return {"href": self.chapter_address(self.guide, None, now.slug), "changes": changes}

    @cached_property
    def follows(self) -> bool:
        """Whether she asked to be told when the guide changes; a query for a guide without a version."""
        if self.notes.follows is not None:
            return self.notes.follows
        return Following.objects.filter(user=self.user, guide=self.guide).exists()

    @property
    def can_follow(self) -> bool:
        """Whether the way to be told is shown: to everybody, of a guide that may still change."""
        return self.numbered is None and self.guide.state != GuideState.RETIRED

    def changes_address(self, since: int) -> str:
        """Return the address of what changed from version ``since`` to the one in force."""
        newest = self.newest.number if self.newest else since
        return reverse("guias:changes", args=[self.guide.slug, since, newest])

    @property
    def remembered(self) -> dict[str, Any] | None:
        """What she read in an older version: this chapter, if it changed since; else the guide.

        The guide tells it as long as she has opened nothing of the version in force, and its first page as
        long as a chapter that she read says something else now.
        """
        if self.numbered or not self.readings or self.version is None:
            return None
        if self.chapter and self.chapter.slug in self.outdated:
            number = self.readings[self.chapter.slug]
            href = f"{self.changes_address(number)}#c-{self.chapter.slug}"
            return {"number": number, "href": href, "chapter": True}
        last = max(self.readings.values())
        number = min((self.readings[slug] for slug in self.outdated), default=last)
        told = {"number": number, "href": self.changes_address(number), "lines": self.version.change_lines}
        if last < self.version.number:
            return told
        titles = [chapter.title for chapter in self.chapters if chapter.slug in self.outdated]
        return {**told, "titles": titles} if titles and self.chapter is None else None

    @property
    def opinion_address(self) -> str:
        """Where the reader says whether the chapter helped; of the version in force alone."""
        if (
            self.chapter is None
            or self.numbered
            or self.version is None
            or self.version.state != VersionState.IN_FORCE
        ):
            return ""
        return reverse("guias:opinion", args=[self.guide.slug, self.chapter.slug])

    @property
    def errata(self) -> list[Erratum]:
        """What is known to be wrong in the chapter shown; in the whole version where none is."""
        return [one for one in self.notes.errata if self._is_of(one.chapter)]

    @property
    def unseen(self) -> list[ChapterReview]:
        """What nobody reviewed long after its date: the chapter shown, or those of the guide; or nothing."""
        return [one for one in self.notes.unseen if self._is_of(one.chapter)]

    def _is_of(self, chapter: str) -> bool:
        return self.chapter is None or self.chapter.slug == chapter

    @property
    def was_opened(self) -> bool:
        """Whether she has opened the chapter shown before, at the address that it has now."""
        slugs = [slug for slug, _number in self.notes.opened]
        return self.chapter is not None and self.chapter.slug in slugs

    @property
    def downloads(self) -> list[dict[str, str]]:
        """Links to the files of the version shown."""
        if self.version is None or not self.version.is_published:
            return []
        labels = {Format.PDF: _("Descargar en PDF"), Format.DOCX: _("Descargar en Word")}
        labels[Format.HTML] = _("Guardar sin internet")
        icons = {Format.PDF: "download", Format.DOCX: "file-text", Format.HTML: "bookmark"}
        return [
            {"format": form.value, "label": labels[form], "icon": icons[form], "href": self._file(form)}
            for form in Format
        ]

    @property
    def is_whole(self) -> bool:
        """Whether this page stands for the whole guide: its first page, or its only chapter."""
        return self.chapter is None or len(self.chapters) == 1

    @property
    def official(self) -> dict[str, Any] | None:
        """The PDF that the network issued for the version shown, whose first page she sees."""
        return self.version.official_pdf if self.version and self.version.is_published else None

    @cached_property
    def paper_forms(self) -> list[PaperForm]:
        """The forms on paper that she may see: of the chapter shown, or those that the guide asks for.

        A chapter's stand in ``notes``; those of the guide are one query, on its first page alone.
        """
        if self.numbered:
            return []
        if self.chapter is not None:
            given = [form for chapter, form in self.notes.forms if chapter == self.chapter.slug]
            return [form for form in given if can_see_paper_form(self.user, form)]
        found = PaperForm.objects.filter(guide=self.guide).in_order()
        return [form for form in found if can_see_paper_form(self.user, form)]

    @property
    def official_picture(self) -> str:
        """The address of the picture of its first page; it changes with the file."""
        if self.version is None or self.official is None:
            return ""
        address = reverse("guias:first_page", args=[self.guide.slug, self.version.number])
        return f"{address}?{self.official['sha256'][:12]}"

    def _file(self, form: str) -> str:
        if self.numbered is None:
            return reverse("guias:download", args=[self.guide.slug, form])
        return reverse("guias:download_version", args=[self.guide.slug, self.numbered, form])

    def for_blocks(self) -> dict[str, Any]:
        """What block templates need: words to explain, whether pictures are made, her ticks, addresses."""
        if self.chapter is None:
            return {}
        definitions = Definitions(Glossary.load(), except_for=self.chapter.title)
        published = self.version is not None and self.version.is_published
        return {"definitions": definitions, "published": published, **self._ticks()}

    def _ticks(self) -> dict[str, Any]:
        if self.chapter is None or self.numbered or not self.chapter.items:
            return {}
        return {
            "ticks": self.notes.ticks,
            "ticks_url": reverse("guias:ticks", args=[self.guide.slug, self.chapter.slug]),
        }
