"""A version: what a guide says, numbered, dated, and frozen once it is published.

How Wagtail's drafts map to it (ADR 0010). While a version is a draft it is an ordinary Wagtail snippet
with revisions: each save in the admin is a revision, preview shows the last one, publication may be
scheduled. Publishing (now or by schedule) copies that revision into the row and sets ``live``; from
then on the database itself refuses to change what it says (``guias.models.freeze``). ``published``, the
signal, makes the action ``put_in_force`` retire the version before it. To change a published guide one
starts the next version; there is no unpublishing.

States: borrador ⇄ en revisión (while a Wagtail workflow runs) → vigente → retirada.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import copy
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin, WorkflowMixin, WorkflowState

from guias.blocks import ChaptersBlock
from guias.enums import Format, RenditionState, VersionState
from guias.models.chapters import Chapter, chapters_of
from guias.models.guides import Guide, is_editor
from nucleo.streamfield import StreamField

PUBLISHED = (VersionState.IN_FORCE, VersionState.RETIRED)
WRITTEN = ("changes", "summary", "body")
"""What a second person reads."""
three_lines = RegexValidator(r"\A[^\n]*(?:\n[^\n]*){0,2}\Z", _("Dígalo en tres líneas como mucho."))


def says_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two drafts, as Wagtail writes them down, have the same words.

    Chapters are compared as what they hold: PostgreSQL gives the keys of what it keeps another order.
    """
    return all(
        _read(one.get(name)) == _read(other.get(name)) if name == "body" else one.get(name) == other.get(name)
        for name in WRITTEN
    )


def _read(body: Any) -> Any:
    return json.loads(body) if isinstance(body, str) else body


def sent_back() -> models.QuerySet[Any]:
    """The reviews of versions in which a second reader asked for changes and that were not sent again."""
    kind = ContentType.objects.get_for_model(Version)
    found: models.QuerySet[Any] = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_NEEDS_CHANGES, base_content_type=kind
    )
    return found


def wrote(user: Any, draft: Any) -> bool:
    """Whether ``user`` changed words of ``draft`` at any time; a copy of the version before is nobody's."""
    return bool(draft.revisions.filter(user=user).exists())


class Frozen(Exception):
    """Someone tried to change what is published."""


def lines(text: str) -> list[str]:
    """Return the lines of ``text`` that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class VersionQuerySet(models.QuerySet["Version"]):
    """Which versions."""

    def visible_to(self, user: Any) -> Self:
        """Published versions of public guides; to editors all of them."""
        if is_editor(user):
            return self
        return self.filter(state__in=PUBLISHED, guide__is_public=True)

    def published(self) -> Self:
        """In force or retired: what has a date and can no longer change."""
        return self.filter(state__in=PUBLISHED)

    def in_force(self) -> Self:
        """The one version of each guide that counts."""
        return self.filter(state=VersionState.IN_FORCE)

    def drafts(self) -> Self:
        """Those that are still being written."""
        return self.exclude(state__in=PUBLISHED)

    def noting_returned(self) -> Self:
        """Each with ``returned``: whether a second reader sent it back, without a query more."""
        back = sent_back().filter(object_id=Cast(models.OuterRef("pk"), models.CharField()))
        return self.annotate(returned=models.Exists(back))

    def for_readers(self) -> Self:
        """Each with what its pages need to know of other tables before they ask one; without a query more."""
        from guias.models.downloads import OfficialFile, Rendition
        from guias.models.errata import Erratum
        from guias.models.paper import PaperCode
        from guias.models.paper_forms import PaperForm
        from guias.models.reviews import ChapterReview

        here = models.OuterRef("pk")
        official = OfficialFile.objects.filter(version=here, format=Format.PDF).exclude(picture="")
        page = Rendition.objects.filter(version=here, format=Format.HTML, state=RenditionState.READY)
        # Made of an official file, and still that very file: its pages carry no code.
        bare = Rendition.objects.filter(
            version=models.OuterRef("version"),
            state=RenditionState.READY,
            version__official_files__sha256=models.F("sha256"),
        )
        code = PaperCode.objects.filter(models.Exists(bare), version=here, chapter="")
        forms = PaperForm.chapters.through._default_manager.filter(
            chapterreview__guide=models.OuterRef("guide")
        )
        return self.annotate(
            has_errata=models.Exists(Erratum.objects.filter(version=here)),
            has_unseen=models.Exists(ChapterReview.objects.told().filter(guide=models.OuterRef("guide"))),
            has_forms=models.Exists(forms),
            page_bytes=models.Subquery(page.values("size")),
            bare_code=models.Subquery(code.values("code")),
            official_pdf=models.Subquery(official.values(said=JSONObject(pages="pages", sha256="sha256"))),
        )


class Version(WorkflowMixin, DraftStateMixin, PreviewableMixin, RevisionMixin, models.Model):  # type: ignore[misc]
    """One numbered text of a guide."""

    guide = models.ForeignKey(
        Guide, verbose_name=_("guía"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField(_("número"), editable=False)
    state = models.CharField(
        _("estado"),
        max_length=12,
        choices=VersionState.choices,
        default=VersionState.DRAFT,
        editable=False,
    )
    published_on = models.DateField(_("fecha"), null=True, blank=True, editable=False)
    title = models.CharField(_("título"), max_length=160, blank=True, default="", editable=False)
    """As the guide was called when this was published; ``lead``: what was said of it. Of a draft nothing."""
    lead = models.CharField(_("frase"), max_length=240, blank=True, default="", editable=False)
    changes = models.TextField(
        _("qué cambió y para quién"),
        max_length=480,
        validators=[three_lines],
        blank=True,
        help_text=_("Hasta tres líneas. La lee quien tiene la versión anterior."),
    )
    summary = models.TextField(
        _("lo principal"),
        max_length=1200,
        blank=True,
        help_text=_("Una frase por línea, de dos a cinco: lo que basta a quien no va a leer el resto."),
    )
    body = StreamField(ChaptersBlock(), verbose_name=_("capítulos"), blank=True)
    created_at = models.DateTimeField(_("creada"), auto_now_add=True)

    has_errata = False
    """Whether something is known to be wrong in it; as the next five, only ``for_readers`` looks."""
    has_unseen = False
    """Whether readers are told that a chapter of its guide went unreviewed long after its date."""
    has_forms = False
    """Whether a form on paper goes with a chapter of its guide."""
    page_bytes: int | None = None
    """What the page that works alone weighs, which browsers keep; None until it is made."""
    bare_code: str | None = None
    """Its code, if an official file of it must stay as it is and carries none on its pages."""
    official_pdf: dict[str, Any] | None = None
    """Pages and sha256 of the PDF that the network issued, if readers see its first page."""

    objects: ClassVar[models.Manager[Version]] = models.Manager.from_queryset(VersionQuerySet)()

    class Meta:
        verbose_name = _("versión")
        verbose_name_plural = _("versiones")
        ordering = ["guide", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "number"], name="guias_version_number_unique"),
            models.UniqueConstraint(
                fields=["guide"],
                condition=models.Q(state=VersionState.IN_FORCE),
                name="guias_version_one_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(published_on__isnull=False) | ~models.Q(state__in=PUBLISHED),
                name="guias_version_published_has_date",
            ),
            models.CheckConstraint(
                condition=models.Q(expire_at__isnull=True), name="guias_version_never_expires"
            ),
        ]
        indexes = [
            # The guide is only looked at: whoever counts then leaves the long texts alone.
            models.Index(
                fields=["state", "-published_on", "-first_published_at", "-id", "guide"],
                name="guias_last_published",
            ),
        ]

    def __str__(self) -> str:
        return _("%(guide)s, versión %(number)s") % {"guide": self.title or self.guide, "number": self.number}

    def get_absolute_url(self) -> str:
        """The guide for the version in force, its numbered address for the others."""
        if self.state == VersionState.IN_FORCE:
            return self.guide.get_absolute_url()
        return reverse("guias:version", args=[self.guide.slug, self.number])

    @property
    def is_published(self) -> bool:
        """Whether readers may see it, and nobody may change it."""
        return self.state in PUBLISHED

    @property
    def guide_then(self) -> Guide:
        """The guide by the name and with the words that this version was published with, to be shown alone.

        A title that is mended changes the lists at once and what is published never: paper and links that
        people have go on saying what they said.
        """
        if not self.title or (self.title, self.lead) == (self.guide.title, self.guide.lead):
            return self.guide
        then = copy(self.guide)
        then.title, then.lead = self.title, self.lead
        return then

    @property
    def change_lines(self) -> list[str]:
        """What changed, a line each."""
        return lines(self.changes)

    @property
    def summary_lines(self) -> list[str]:
        """The five-minute summary of the whole guide, a sentence each."""
        return lines(self.summary)

    @cached_property
    def chapters(self) -> list[Chapter]:
        """The chapters, in order."""
        return chapters_of(self.body)

    def chapter(self, slug: str) -> Chapter | None:
        """Return the chapter at ``slug``, if there is one."""
        return next((chapter for chapter in self.chapters if chapter.slug == slug), None)

    @property
    def file_stem(self) -> str:
        """The human name of its files, without the suffix: ``guia-de-orientacion-v3``."""
        return f"{self.guide.slug}-v{self.number}"

    # What Wagtail asks of a draft
    def with_content_json(self, content: Any) -> Any:
        """Return the version with the content of a revision; its number, state and date are the row's."""
        found = super().with_content_json(content)
        found.guide_id, found.number = self.guide_id, self.number
        found.state, found.published_on = self.state, self.published_on
        found.title, found.lead = self.title, self.lead
        found.created_at = self.created_at
        return found

    def save_revision(self, user: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Keep the draft; it stays that of who wrote it when ``user`` changes none of its words.

        Wagtail saves the form before it approves or publishes: who reads would come out as who wrote.
        """
        last = self.latest_revision
        if last is not None:
            now = self.serializable_data()
            if says_the_same(now, last.content):
                user = last.user
        return super().save_revision(user, *args, **kwargs)

    @transaction.atomic
    def publish(self, revision: Any, user: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Publish ``revision``, once and whole; raises Frozen when the version already is.

        Where a second person has to read it (``SECOND_READER``), raises PermissionDenied for ``user`` who
        wrote of it: Wagtail asks for the permission of the model alone when a draft is published at once.
        """
        if settings.SECOND_READER and user is not None and wrote(user, self):
            raise PermissionDenied
        Guide.objects.select_for_update().get(pk=self.guide_id)
        if type(self).objects.filter(pk=self.pk, live=True).exists():
            raise Frozen(f"version {self.pk} is published already")
        return super().publish(revision, user, *args, **kwargs)

    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: what was published stays at its address."""
        raise Frozen("a published version is never taken back; publish the next one")

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        """All chapters on one page, as readers will see them."""
        return "guias/preview.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        """What the preview shows."""
        return {"request": request, "guide": self.guide, "version": self, "chapters": self.chapters}
