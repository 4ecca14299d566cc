from itertools import combinations
from pathlib import Path

import pytest
import yaml

from nucleo import map as maps

CITIES = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "portal/demo/data/ciudades.yaml").read_text("utf-8")
)


@pytest.fixture
def points():
    places = [
        maps.Place(row["nombre"], row["divipola"], row["lat"], row["lon"], "cemprende") for row in CITIES
    ]
    return maps.place_labels(places)


def box(point):
    width = len(point.name) * maps.LETTER
    start = {"start": 0, "middle": -width / 2, "end": -width}[point.anchor] + point.name_x
    return (start, point.name_y - maps.TYPE * 0.8, start + width, point.name_y + maps.TYPE * 0.2)


def meet(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_all_are_drawn_inside_the_country(points):
    assert len(points) == 20
    assert all(0 < point.x < maps.WIDTH and 0 < point.y < maps.HEIGHT for point in points)


def test_no_name_covers_another_name_or_point(points):
    for one, other in combinations(points, 2):
        assert not meet(box(one), box(other)), (one.name, other.name)
    for one in points:
        for other in points:
            mark = (other.x - 5, other.y - 5, other.x + 5, other.y + 5)
            assert one is other or not meet(box(one), mark), (one.name, other.name)


def test_names_of_the_coasts_stand_on_the_side_of_the_sea(points):
    sides = {point.name: point.anchor for point in points}
    assert {sides[name] for name in ("Cartagena", "Barranquilla", "Santa Marta", "Popayán")} == {"end"}
    assert {sides[name] for name in ("Riohacha", "Villavicencio", "Neiva", "Puerto Asís")} == {"start"}


def test_a_city_is_drawn_once():
    place = maps.Place("Tunja", "15001", 5.5, -73.4, "coee")
    assert len(maps.place_labels([place, place])) == 1
    assert maps.place_labels([]) == []


def test_north_is_up_and_west_is_left():
    assert maps.project(12.7, -79.2) == (0, 0)
    assert maps.project(11.7, -78.2) == (30, 30)
