"""Nobody computes what is not shown: not with all small tables at hand, nor in large ones, nor from sums."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from nucleo.discretion import LEAST, Cell, Shown, added, shown

PLACES = "abcde"


def test_a_small_group_has_no_name() -> None:
    five = {"Pasto": Cell(90, 12), "Neiva": Cell(8, 5), "Mocoa": Cell(70, 4), "Tumaco": Cell(2, 1)}
    found = shown(five, nowhere=30)
    assert found == Shown({"Pasto": 90, "Neiva": 8}, 102)
    assert found.total == 200


def test_one_alone_takes_the_smallest_of_the_others_along() -> None:
    cells = {"Pasto": Cell(90, 12), "Cali": Cell(40, 9), "Mocoa": Cell(3, 1)}
    assert shown(cells) == Shown({"Pasto": 90}, 43)
    assert shown(cells, nowhere=1) == Shown({"Pasto": 90, "Cali": 40}, 4)
    assert shown({"Pasto": Cell(90, 12), "Cali": Cell(40, 9), "Mocoa": Cell(0, 0)}).rest == 0


def test_an_attacker_with_all_small_tables_at_hand_finds_nothing() -> None:
    """Each hidden figure has at least two values among all tables that look the same."""
    figures = [(figure, people) for figure in range(8) for people in range(figure + 1) if people <= 6]
    figures = [one for one in figures if (one[0] == 0) == (one[1] == 0) and one[1] in (0, 1, 4, 5, 6)]
    worlds: dict[object, list[tuple[tuple[tuple[int, int], ...], int]]] = defaultdict(list)
    for cells in product(figures, repeat=3):
        for nowhere in range(12):
            look = shown({place: Cell(*cell) for place, cell in zip("abc", cells, strict=True)}, nowhere)
            worlds[frozenset(look.groups.items()), look.rest].append((cells, nowhere))
    for (groups, rest), alike in worlds.items():
        if rest > 11:
            continue  # worlds with more people of no place than were tried
        named = dict(groups)
        for number, place in enumerate("abc"):
            values = {cells[number][0] for cells, _nowhere in alike}
            if place in named:
                assert values == {named[place]} and named[place] >= LEAST
            else:
                assert len(values) > 1 or values == {0}, (groups, rest, place)


cells = st.integers(0, 60).flatmap(
    lambda figure: st.builds(Cell, st.just(figure), st.integers(min(1, figure), max(figure, min(1, figure))))
)
tables = st.tuples(st.dictionaries(st.sampled_from(PLACES), cells, max_size=5), st.integers(0, 40))


def another_world(table: tuple[dict[str, Cell], int], place: str) -> tuple[dict[str, Cell], int]:
    """The same for who looks: nobody was at ``place``, and so many more were of no place."""
    cells, nowhere = table
    open_ = shown(*table).groups
    other = {
        name: cell if name in open_ else Cell(cell.figure, min(cell.people, LEAST - 1))
        for name, cell in cells.items()
    }
    moved = other.pop(place)
    return other, nowhere + moved.figure


@given(st.lists(tables, min_size=1, max_size=4))
def test_no_hidden_figure_follows_from_tables_or_their_sums(
    several: list[tuple[dict[str, Cell], int]],
) -> None:
    looks = [shown(*table) for table in several]
    for number, (cells, _nowhere) in enumerate(several):
        for place, cell in cells.items():
            if place in looks[number].groups or not cell.figure:
                continue
            others = [*several]
            others[number] = another_world(several[number], place)
            again = [shown(*table) for table in others]
            assert again == looks
            assert added(again) == added(looks)


@given(tables)
def test_what_is_shown_stands_for_enough_people_and_nothing_is_lost(
    table: tuple[dict[str, Cell], int],
) -> None:
    cells, nowhere = table
    look = shown(cells, nowhere)
    assert all(cells[place].people >= LEAST for place in look.groups)
    assert all(look.groups[place] == cells[place].figure for place in look.groups)
    assert look.total == sum(cell.figure for cell in cells.values()) + nowhere
    assert look.rest >= 0
