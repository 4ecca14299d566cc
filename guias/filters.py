"""What an address asks for: of the shelves of guides and of forms, with facets and rows; of their use."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Page
from django.db.models import TextChoices
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directorio.models import City
from guias.enums import GuideState, Route, Series
from guias.models import Guide, PaperForm
from guias.models.ownership import own_routes
from guias.models.use import Period, first_month, month_of
from nucleo import routes
from nucleo.dates import month_and_year
from nucleo.folding import fold, words
from nucleo.pagination import paginate
from search import address
from search.query import Query

PER_PAGE = 30
FACETS: tuple[tuple[str, str, type[TextChoices]], ...] = (
    ("ruta", "route", Route),
    ("serie", "series", Series),
    ("estado", "state", GuideState),
)


SEARCHED = ("guia", "formato", "curso")
"""Kinds of document that are looked through from the shelf: what its page leads to."""


class Shelf:
    """Guides as one address asks for them; a value that no facet knows is as if it were not there."""

    FACETS = FACETS

    def __init__(self, guides: Any, query: QueryDict) -> None:
        self.query = query
        self.words = query.get("q", "").strip()[:200]
        self.chosen = {
            name: value
            for name, _field, choices in self.FACETS
            if (value := query.get(name, "")) in choices.values
        }
        self.guides = self._shelved(guides)

    def _shelved(self, guides: Any) -> Any:
        return guides if self.chosen.get("estado") == GuideState.RETIRED else guides.on_shelf()

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        wanted = words(self.words)
        rows = self.guides.values("pk", "title", "lead", *(field for _name, field, _c in self.FACETS))
        return [
            dict(row) for row in rows if all(word in fold(f"{row['title']} {row['lead']}") for word in wanted)
        ]

    def _passes(self, row: dict[str, Any], but: str = "") -> bool:
        return all(
            row[field] == self.chosen[name]
            for name, field, _c in self.FACETS
            if name in self.chosen and name != but
        )

    @cached_property
    def total(self) -> int:
        """How many guides there are."""
        return sum(self._passes(row) for row in self._rows)

    @property
    def found(self) -> Any:
        """The guides asked for with their current versions, in the order of the routes."""
        return Guide.objects.filter(pk__in=self._keys).in_order().with_current()

    @property
    def _keys(self) -> list[int]:
        return [row["pk"] for row in self._rows if self._passes(row)]

    def page(self, number: str | None) -> Page[Any]:
        """Return a page of what was found."""
        return paginate(self.found, number, per_page=PER_PAGE)

    def address(self, **changes: str) -> str:
        """Return the address of this shelf with other choices; an empty one is taken away."""
        query = QueryDict(mutable=True)
        for name, value in {**self.chosen, "q": self.words, **changes}.items():
            if value:
                query[name] = value
        return f"?{query.urlencode()}" if query else "?"

    @property
    def search(self) -> Query:
        """The words as search looks for them, inside the chapters too; of the facets it knows the route."""
        route = self.chosen.get("ruta", "")
        return Query(text=self.words, kinds=SEARCHED, routes=(route,) if route else ())

    @property
    def search_pairs(self) -> list[tuple[str, str]]:
        """What a form keeps, beside the words, to search from here."""
        return [pair for pair in address.pairs(self.search) if pair[0] != "q"]

    @property
    def search_address(self) -> str:
        """Where the words are searched for."""
        return f"{reverse('search:results')}?{address.write(self.search)}"

    @property
    def is_for_search(self) -> bool:
        """Whether search answers better: names and leads say little, but only they know series and state."""
        return bool(self.words) and self.chosen.keys() <= {"ruta"}

    @property
    def base(self) -> str:
        """Return what the links to other pages begin with, so that they keep what was chosen."""
        asked = self.address().removeprefix("?")
        return f"{asked}&" if asked else ""

    def facet(self, name: str) -> list[dict[str, Any]]:
        """Return the choices of a facet, each with its link and how many guides it would leave."""
        field, choices = next((f, c) for n, f, c in self.FACETS if n == name)
        counts = Counter(row[field] for row in self._rows if self._passes(row, but=name))
        current = self.chosen.get(name, "")
        items: list[dict[str, Any]] = [
            {
                "href": self.address(**{name: ""}),
                "label": _("Todas"),
                "count": sum(counts.values()),
                "current": not current,
            }
        ]
        for value, label in choices.choices:
            if not counts[value] and value != current:
                continue
            item = {
                "href": self.address(**{name: value}),
                "label": label,
                "count": counts[value],
                "current": value == current,
            }
            if name == "ruta":
                route = routes.get(value)
                item |= {"icon": route.icon, "css": route.css}
            items.append(item)
        return items

    @property
    def facets(self) -> list[dict[str, Any]]:
        """All facets; that of routes stands in the column alone: on a phone it is the chips."""
        titles = {"ruta": _("Ruta"), "serie": _("Serie"), "estado": _("Estado")}
        return [
            {"name": name, "title": titles[name], "items": self.facet(name), "desk_only": name == "ruta"}
            for name, _field, _c in self.FACETS
        ]

    @property
    def routes(self) -> list[dict[str, Any]]:
        """The facet of routes alone, for the chips of a phone."""
        return self.facet("ruta")

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was chosen or typed."""
        return bool(self.chosen or self.words)


class PaperFormShelf(Shelf):
    """Forms on paper, by route and words."""

    FACETS = FACETS[:1]

    def _shelved(self, forms: Any) -> Any:
        return forms

    @property
    def found(self) -> Any:
        """The forms asked for, in the order of the routes."""
        return PaperForm.objects.filter(pk__in=self._keys).in_order()


LONGEST = 36
"""Months that may be asked for, the last ones."""
ALL_ROUTES = "todas"


class UseForm(forms.Form):
    """Of which months, route and centre the use is shown.

    Nothing asked is the last month that is over, and the routes that she edits, for who edits only some.
    """

    desde = forms.ChoiceField(label=gettext_lazy("Desde"), required=False)
    hasta = forms.ChoiceField(label=gettext_lazy("Hasta"), required=False)
    ruta = forms.ChoiceField(label=gettext_lazy("Ruta"), required=False)
    centro = forms.ChoiceField(label=gettext_lazy("Centro"), required=False)

    def __init__(self, asked: QueryDict, *, user: Any) -> None:
        self.hers = own_routes(user)
        self.cities = {city.slug: city for city in City.objects.only("slug", "name")}
        this_month = month_of(timezone.localdate())
        months = Period(min(first_month() or this_month, this_month), this_month).months[-LONGEST:]
        usual = f"{months[-2:][0]:%Y-%m}"
        data = asked.copy()
        for name in ("desde", "hasta"):
            data[name] = data.get(name) or usual
        super().__init__(data)
        named = [(f"{month:%Y-%m}", month_and_year(month).capitalize()) for month in reversed(months)]
        every = (ALL_ROUTES if self.hers else "", _("Todas las rutas"))
        outside = _("Hay cifras de %s. Escoja un mes de la lista.") % Period(months[0], months[-1])
        self._choose("desde", named, outside)
        self._choose("hasta", named, outside)
        mine = [("", _("Las rutas a mi cargo"))] if self.hers else []
        self._choose("ruta", [*mine, every, *Route.choices])
        places = [(slug, city.name) for slug, city in self.cities.items()]
        self._choose("centro", [("", _("Todos los centros")), *places])

    def _choose(self, name: str, choices: list[Any], outside: str = "") -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.error_messages["invalid_choice"] = outside or _("Escoja una opción de la lista.")

    def clean(self) -> dict[str, Any]:
        """Refuse a time that ends before it begins."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("desde", "") > cleaned.get("hasta", "9"):
            self.add_error("hasta", _("El mes en que termina va después del mes en que empieza."))
        return cleaned

    @property
    def period(self) -> Period:
        """The months asked for."""
        first, last = (date.fromisoformat(f"{self.cleaned_data[name]}-01") for name in ("desde", "hasta"))
        return Period(first, last)

    @property
    def routes(self) -> frozenset[str]:
        """The routes asked for; none for all of them."""
        route = self.cleaned_data["ruta"]
        return frozenset({route} - {ALL_ROUTES}) if route else self.hers

    @property
    def city(self) -> City | None:
        """The city of the centre asked for."""
        return self.cities.get(self.cleaned_data["centro"])

    @cached_property
    def names(self) -> dict[int, str]:
        """The name of each city by its key."""
        return {city.pk: city.name for city in self.cities.values()}

    @property
    def address(self) -> str:
        """What stands in the address of the same question, for the files."""
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in self.cleaned_data.items() if value})
        return query.urlencode()
