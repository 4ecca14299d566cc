"""The glossary of the field: one list of words, explained where they stand in a chapter.

It knows how a word is recognised in a text, and nothing of pages: ``guias.views.defining`` marks them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import ClassVar

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from search.backends.analysis import key

_ASKS = re.compile(
    r"^(?:que (?:es|son|signif|signific|quier dec)|signific de|definicion de)"
    r"(?: (?:un|una|el|la|los|las|sigl))* "
)
"""How one asks what a word means, in the form of :func:`search.backends.analysis.key`."""
KEY = "guias:glossary"
KEPT = 60
_LINK = re.compile(r"(/(?!/)|https://)\S+")
_LOSES_ACCENT = {
    accented + end: plain + end for accented, plain in zip("áéíóú", "aeiou", strict=True) for end in "ns"
}
"""Endings that are written without their accent in the plural."""
_EDGE = r"(?<![\w/-]){}(?![\w/-])"


def validate_link(value: str) -> None:
    """Refuse what is neither a page of the site nor a safe address elsewhere."""
    if not _LINK.fullmatch(value):
        raise ValidationError(_("Escriba una dirección que empiece por / o por https://."))


class Term(models.Model):
    """A word of the field and what it means, in a sentence or two."""

    word = models.CharField(
        _("palabra"), max_length=80, unique=True, help_text=_("Como se escribe: «capital semilla», «DPS».")
    )
    slug = models.SlugField(max_length=90, unique=True, editable=False)
    others = models.TextField(
        _("también se escribe"),
        max_length=400,
        blank=True,
        help_text=_(
            "Otras formas, una por línea: el nombre completo de una sigla, otra palabra para lo mismo. "
            "El plural se reconoce solo."
        ),
    )
    meaning = models.TextField(
        _("qué es"), max_length=400, help_text=_("Una o dos frases, sin usar la misma palabra.")
    )
    link = models.CharField(
        _("dónde leer más"),
        max_length=200,
        blank=True,
        validators=[validate_link],
        help_text=_("Una dirección de este sitio (/guias/…) o de otro (https://…)."),
    )
    updated_at = models.DateTimeField(_("cambió"), auto_now=True)

    objects: ClassVar[models.Manager[Term]] = models.Manager()

    class Meta:
        verbose_name = _("palabra del glosario")
        verbose_name_plural = _("glosario")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.word

    def get_absolute_url(self) -> str:
        """Its place in the list."""
        return f"{reverse('guias:glossary')}#{self.slug}"

    def clean(self) -> None:
        """Name it for its address, and refuse a form that another word already has."""
        self.slug = slugify(self.word)[:90].strip("-") or "palabra"
        mine = {_folded(form) for form in self.forms}
        for other in Term.objects.exclude(pk=self.pk):
            for form in other.forms:
                if _folded(form) in mine or other.slug == self.slug:
                    raise ValidationError(
                        _("«%(form)s» ya está en el glosario, en «%(word)s»."),
                        params={"form": form, "word": other.word},
                    )

    @property
    def others_said(self) -> str:
        """Its other forms in one line."""
        return ", ".join(self.forms[1:])

    @property
    def forms(self) -> list[str]:
        """Every way it is written, the word itself first."""
        return [self.word, *(line.strip() for line in self.others.splitlines() if line.strip())]


def _folded(form: str) -> str:
    return form if _is_acronym(form) else form.casefold()


def _is_acronym(form: str) -> bool:
    """Whether the capitals count: ``DPS`` and ``RedIP`` are not *dps* and *redip*; ``Mesa`` may be *mesa*."""
    return " " not in form and sum(letter.isupper() for letter in form) > 1


def _pattern(form: str) -> str:
    """Return what matches ``form``, its plural, and any spaces between its words."""
    if _is_acronym(form):
        return re.escape(form)
    return "(?i:" + r"\s+".join(_with_plural(word) for word in form.split()) + ")"


def _with_plural(word: str) -> str:
    """Return what matches ``word`` and its plural: *voz* and *voces*, *eslabón* and *eslabones*."""
    if len(word) < 3:
        return re.escape(word)
    if word.endswith("z"):
        return re.escape(word[:-1]) + "(?:z|ces)"
    if word[-2:] in _LOSES_ACCENT:
        return re.escape(word[:-2]) + f"(?:{word[-2:]}|{_LOSES_ACCENT[word[-2:]]}es)"
    return re.escape(word) + "(?:e?s)?"


class Glossary:
    """All words at once, ready to be recognised; cheap to make again when nothing changed."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = list(terms)

    @classmethod
    def load(cls) -> Glossary:
        """Return the whole list, as it was at most ``KEPT`` seconds ago: each chapter asks for it."""
        return cls(cache.get_or_set(KEY, lambda: list(Term.objects.all()), KEPT) or [])

    @staticmethod
    def forget() -> None:
        """Have the list read again; without a shared cache other processes do so within ``KEPT`` seconds."""
        cache.delete(KEY)

    @cached_property
    def _forms(self) -> tuple[tuple[str, int], ...]:
        """Pairs of (form, position of its term), the longest first: a whole name wins over a part of it."""
        found = ((form, n) for n, term in enumerate(self.terms) for form in term.forms)
        return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair)))

    def answer(self, text: str) -> Term | None:
        """Return the word that ``text`` asks for: it alone, or "qué es", "qué significa" and it."""
        asked = _ASKS.sub("", key(text, apart=True))
        forms = {form: term for term in self.terms for form in term.forms} if asked else {}
        found = {key(form, apart=True): term for form, term in forms.items()}
        return found.get(asked)

    def find(self, text: str) -> Iterable[tuple[int, int, Term]]:
        """Give (start, end, term) of each word of the list in ``text``, from left to right."""
        if not self.terms:
            return
        for match in _recogniser(tuple(form for form, _position in self._forms)).finditer(text):
            position = int((match.lastgroup or "w0")[1:])
            yield match.start(), match.end(), self.terms[self._forms[position][1]]


@lru_cache(maxsize=4)
def _recogniser(forms: tuple[str, ...]) -> re.Pattern[str]:
    groups = "|".join(f"(?P<w{n}>{_pattern(form)})" for n, form in enumerate(forms))
    return re.compile(_EDGE.format(f"(?:{groups})"))
