"""Points on the map of Colombia and where their names go. Draws nothing and knows no model.

The outline is Natural Earth's departments (public domain) joined into one shape and simplified to 0.05°.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

UNITS = 30
"""Units of the drawing a degree."""
WEST, NORTH = -79.2, 12.7
"""Degrees of its upper left corner."""
WIDTH, HEIGHT = 376, 512
TYPE = 13
"""Height of the names in units; on phones the style sheet draws them larger."""
LETTER = 6.6
"""Units that a letter of a name takes, about."""
GAP = 9
"""Units between a point and its name."""
PACIFIC = -76.52
"""West of this longitude the Pacific is the nearer side."""
CARIBBEAN = (8.0, -74.0)
"""North of this latitude and west of this longitude the Caribbean is."""
MARGIN = 16
"""Units beyond the western edge that a name may take; the page has them."""

OUTLINE = (
    "M6 333l5-7 8 1-4-12 8-12 3-1 2 2 9-3 2 3 4-1-1-4 5-5 0-5 13-17 1-5-4-3 3-5-3 0-1 4-3-2 2-7-5 0 4"
    "-3 2-6-1-23-1-5-5-1 9-6-7-15 5-10-17-21 5-9-1-4 6 4 6-5 0-2 5-7-8-16 3-4 13 16 3 0-3 5 5 1 0-14-"
    "5-4 18-12 8-12 13-4 2-5-3-2 3-14-2-1 4-4 0-8 3-2 4-1 1-3 12-9 10 4 1 6 3 0 5-17 27 1 16-12 15-6 "
    "4-6-1-4 5-1 1 3 3-5 2 0 4-4 13 4 3 10-9 6-16 4-9 15-6 1-7 10-6 11-2 18-12 20 11-4 2 6 3-1 5 14 8"
    " 10 2 7-5 5 1 13 8 4 6 11 10-2 15 3 14-4 11 5 5-1 22 25 6 1 5-4 13 3 19-2 5-3 11 4 1 4-6 9 1 5-7"
    " 8 1 7-2 16 7 23 5 3 5 8-16 15 6 3 2 3 11 9 0 4 10 28 0 3-6 2-2-16-9-13-13 11-4 0-6-7-2 4 3 4-42"
    "-1-8 2 0 19 16 1 5 11-7 1-4-3-17 5 0 22 13 10 0 7 7 13-16 91-8-5-3-6-7 1-6-3 20-31-1-3-14-7-2 2-"
    "2-4-9-4-12 5-2-3-9-4-12 8-7 1-7-3-3 3-6 0-7-4-1-3 3-4-3-8-10-4 1-6-4-6-20-10-3-11-12-11-4 0-6-5-"
    "4 2-16-6-8-8-7-3-3 2 0 4-6 1-25-5-1-7-5-2-1-4-14-3-16-10-6-8z"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Something that is in a city. kind: cemprende, coee or por-abrir."""

    name: str
    code: str
    lat: float
    lon: float
    kind: str


@dataclass(frozen=True, slots=True)
class Point:
    """A place as drawn: where it is, and where its name begins or ends (anchor: start, middle, end)."""

    name: str
    code: str
    kind: str
    x: int
    y: int
    name_x: int
    name_y: int
    anchor: str


Box = tuple[float, float, float, float]


def project(lat: float, lon: float) -> tuple[int, int]:
    """Return where a place is drawn, in whole units from the upper left corner."""
    return round((float(lon) - WEST) * UNITS), round((NORTH - float(lat)) * UNITS)


def place_labels(places: Iterable[Place]) -> list[Point]:
    """Return the points of places, from west to east, each name where it covers no point and no other name.

    Names go to the side of the sea (the west) for the coasts and their mountains, to the other one inland;
    then above or below. What finds no room keeps its first side. Of several places in a city one is drawn.
    """
    once = {place.code: place for place in places}
    ordered = sorted(once.values(), key=lambda place: (float(place.lon), float(place.lat)))
    marks: list[Box] = []
    for place in ordered:
        x, y = project(place.lat, place.lon)
        marks.append((x - 5, y - 5, x + 5, y + 5))
    taken = list(marks)
    points = []
    for place, mark in zip(ordered, marks, strict=True):
        x, y = project(place.lat, place.lon)
        others = [box for box in taken if box != mark]
        sides = _sides(place, x, y)
        name_x, name_y, anchor = next(
            (side for side in sides if not any(_meet(_box(place.name, *side), box) for box in others)),
            sides[0],
        )
        taken.append(_box(place.name, name_x, name_y, anchor))
        points.append(Point(place.name, place.code, place.kind, x, y, name_x, name_y, anchor))
    return points


def _sides(place: Place, x: int, y: int) -> list[tuple[int, int, str]]:
    left, right = (x - GAP, y + 4, "end"), (x + GAP, y + 4, "start")
    lat, lon = float(place.lat), float(place.lon)
    seaward = lon < PACIFIC or (lat > CARIBBEAN[0] and lon < CARIBBEAN[1])
    east = [right, (x + GAP - 2, y + 10, "start"), (x + GAP - 2, y - 3, "start")]
    west = [left, (x - GAP + 2, y - 3, "end"), (x - GAP + 2, y + 10, "end")]
    below, above = (x, y + GAP + 10, "middle"), (x, y - GAP, "middle")
    sides = [*west, below, *east, above] if seaward else [right, left, *east, below, above]
    return [side for side in sides if _box(place.name, *side)[0] >= -MARGIN] or sides


def _box(name: str, x: int, y: int, anchor: str) -> Box:
    width = len(name) * LETTER
    start = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return (start, y - TYPE * 0.8, start + width, y + TYPE * 0.2)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
