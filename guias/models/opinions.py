"""Whether a chapter helped: an answer and, if she wants, what was missing. No account, no address in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guias.enums import Lack
from guias.models.former import Address, addresses_now
from guias.models.guides import Guide, is_editor
from guias.models.ownership import edits_route
from guias.models.versions import Version

OPEN = (Q(helped=False) | ~Q(words="")) & Q(attended_at=None)
"""It asks for something (it did not help, or there are words) and nobody has attended to it."""


ANSWERS = 5
"""With fewer answers search takes it that nobody has spoken of a chapter: answers are for who mends it, and
the order of results must not tell what one reader said."""


class OpinionQuerySet(models.QuerySet["Opinion"]):
    """Which answers."""

    def visible_to(self, user: Any) -> Self:
        """All of them to who edits guides; none to anybody else: what people write is for who mends it."""
        return self if is_editor(user) else self.none()

    def served(self) -> dict[str, int]:
        """Return how many more each chapter (by slug) helped than not, of those with ANSWERS answers."""
        rows = (
            self.order_by().values("chapter").annotate(answers=Count("pk"), yes=Count("pk", Q(helped=True)))
        )
        return {row["chapter"]: 2 * row["yes"] - row["answers"] for row in rows.filter(answers__gte=ANSWERS)}

    def open(self) -> Self:
        """Those that ask for something and nobody has attended to."""
        return self.filter(OPEN)


class Opinion(models.Model):
    """One answer to "¿Le sirvió este capítulo?"."""

    version = models.ForeignKey(
        Version, verbose_name=_("versión"), on_delete=models.CASCADE, related_name="opinions"
    )
    chapter = models.CharField(_("capítulo"), max_length=80)
    helped = models.BooleanField(_("le sirvió"))
    lack = models.CharField(_("qué faltó"), max_length=16, choices=Lack.choices, blank=True)
    words = models.TextField(_("en sus palabras"), max_length=500, blank=True)
    given_at = models.DateTimeField(_("cuándo"), default=timezone.now)
    attended_at = models.DateTimeField(_("atendida"), null=True, blank=True)
    attended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("quién la atendió"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects: ClassVar[models.Manager[Opinion]] = models.Manager.from_queryset(OpinionQuerySet)()

    class Meta:
        verbose_name = _("opinión")
        verbose_name_plural = _("opiniones")
        ordering = ["-given_at", "-pk"]
        indexes = [models.Index(fields=["version", "chapter"], name="guias_opinion_chapter")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.chapter}: {'sí' if self.helped else 'no'}"


@dataclass(frozen=True, slots=True)
class ChapterToMend:
    """What readers say of one chapter of one guide, over all its versions."""

    guide: Guide
    slug: str
    title: str
    helped: int
    not_helped: int
    lacks: tuple[tuple[str, int], ...]
    opinions: tuple[Opinion, ...]
    """Those nobody has attended to that say something in words, newest first."""
    addresses: tuple[str, ...]
    """All that it had while somebody said something of it, the one in force too."""
    is_hers: bool
    """Whether who reads the list edits that route; of the others she only reads."""

    @property
    def address(self) -> str:
        """Where the chapter is read; the guide when the chapter is no longer there."""
        return f"{self.guide.get_absolute_url()}{self.slug}/" if self.title else self.guide.get_absolute_url()


def chapters_to_mend(
    user: Any, *, shown: int, routes: Collection[str] = ()
) -> tuple[list[ChapterToMend], int]:
    """Return the ``shown`` chapters that most readers say did not help, and how many; of ``routes`` alone.

    Only those with something nobody has attended to. What was said at an address that a chapter had before is
    said of it. Three queries and three more, however many there are; and what ``addresses_now`` asks of those
    that have another address.
    """
    visible = Opinion.objects.visible_to(user)
    if routes:
        visible = visible.filter(version__guide__route__in=routes)
    grouped = (
        visible.order_by()
        .values("version__guide", "chapter")
        .annotate(
            helped_count=Count("pk", filter=Q(helped=True)),
            not_count=Count("pk", filter=Q(helped=False)),
            open_count=Count("pk", filter=OPEN),
            last=Max("given_at"),
        )
        .filter(open_count__gt=0)
    )
    every = _joined(list(grouped))
    total, rows = len(every), every[:shown]
    guides = Guide.objects.in_bulk({row["version__guide"] for row in rows})
    titles = {
        (version.guide_id, chapter.slug): chapter.title
        for version in Version.objects.in_force().filter(guide__in=guides)
        for chapter in version.chapters
    }
    said: dict[tuple[int, str], list[Opinion]] = {}
    found = visible.open().filter(version__guide__in=guides).select_related("version")
    for opinion in found.defer("version__body", "version__summary"):
        said.setdefault((opinion.version.guide_id, opinion.chapter), []).append(opinion)
    return [_row(row, guides, titles, said, user) for row in rows], total


def _joined(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Return a row a chapter, under the address it has now, those with most to attend to first."""
    now = addresses_now((row["version__guide"], row["chapter"]) for row in rows)
    found: dict[Address, dict[str, Any]] = {}
    for row in rows:
        address = row["chapter"]
        key = (row["version__guide"], now.get((row["version__guide"], address), address))
        one = found.setdefault(key, {"version__guide": key[0], "chapter": key[1], "addresses": []})
        one["addresses"].append(address)
        for name in ("helped_count", "not_count", "open_count"):
            one[name] = one.get(name, 0) + row[name]
        one["last"] = max(one.get("last", row["last"]), row["last"])
    return sorted(found.values(), key=lambda one: (one["open_count"], one["last"]), reverse=True)


def _row(row: Any, guides: Any, titles: Any, said: Any, user: Any) -> ChapterToMend:
    key = (row["version__guide"], row["chapter"])
    opinions = [one for address in row["addresses"] for one in said.get((key[0], address), [])]
    opinions.sort(key=lambda one: (one.given_at, one.pk), reverse=True)
    lacks = {lack: sum(opinion.lack == lack for opinion in opinions) for lack in Lack}
    return ChapterToMend(
        guide=guides[key[0]],
        slug=key[1],
        title=titles.get(key, ""),
        helped=row["helped_count"],
        not_helped=row["not_count"],
        lacks=tuple((str(lack.label), count) for lack, count in lacks.items() if count),
        opinions=tuple(opinion for opinion in opinions if opinion.words),
        addresses=tuple(dict.fromkeys([key[1], *row["addresses"]])),
        is_hers=edits_route(user, guides[key[0]].route),
    )
