"""What a list of resources is narrowed by, as its address says it: kind and state; nonsense is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from comunidad.enums import Kind
from comunidad.models.resources import ResourceQuerySet

WAITING, ANSWERED = "sin-respuesta", "respondidas"


@dataclass(frozen=True, slots=True)
class Selection:
    """One choice among the chips: everything, a kind, or questions in a state."""

    kind: str = ""
    state: str = ""

    @classmethod
    def read(cls, data: QueryDict) -> Selection:
        """Return what ``?clase=`` and ``?estado=`` say."""
        kind, state = data.get("clase", ""), data.get("estado", "")
        return cls(
            kind=kind if kind in Kind.values else "", state=state if state in (WAITING, ANSWERED) else ""
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.kind or self.state)

    @property
    def query(self) -> str:
        """The query string that leads here again, without the page."""
        return urlencode({k: v for k, v in (("clase", self.kind), ("estado", self.state)) if v})

    @property
    def base(self) -> str:
        """The beginning of the query strings of other pages of the same list."""
        return f"{self.query}&" if self.query else ""

    def apply(self, found: ResourceQuerySet) -> ResourceQuerySet:
        """Return those of ``found`` that are chosen, in the order that fits."""
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.state == WAITING:
            return found.awaiting_tutor()
        if self.state == ANSWERED:
            return found.answered()
        return found.newest_first()

    def chips(self, path: str) -> list[dict[str, Any]]:
        """Return the kinds as ``components/chips.html`` takes them, for the list at ``path``."""
        kinds = [
            (_("Todo"), ""),
            (_("Preguntas"), Kind.QUESTION),
            (_("Debates"), Kind.DEBATE),
            (_("Notas"), Kind.NOTE),
            (_("Archivos"), Kind.FILE),
            (_("Artículos"), Kind.ARTICLE),
            (_("Encuestas"), Kind.POLL),
        ]
        chosen = Kind.QUESTION if self.state else self.kind
        return [
            {"label": label, "href": self._href(path, Selection(kind=kind)), "current": kind == chosen}
            for label, kind in kinds
        ]

    def states(self, path: str) -> list[dict[str, Any]]:
        """Return the states of questions in the same way; nothing while other kinds are shown."""
        if not self.state and self.kind != Kind.QUESTION:
            return []
        states = [
            (_("Todas"), Selection(kind=Kind.QUESTION)),
            (_("Esperan respuesta"), Selection(state=WAITING)),
            (_("Respondidas"), Selection(state=ANSWERED)),
        ]
        return [
            {
                "label": label,
                "href": self._href(path, choice),
                "current": choice.state == self.state,
            }
            for label, choice in states
        ]

    @staticmethod
    def _href(path: str, choice: Selection) -> str:
        return f"{path}?{choice.query}" if choice.query else path
