from pathlib import Path

import pytest
import yaml

from nucleo import routes, weave

CITIES = [
    row["divipola"]
    for row in yaml.safe_load(
        (Path(__file__).resolve().parents[2] / "portal/demo/data/ciudades.yaml").read_text("utf-8")
    )
]


def drawn(squares):
    return ["".join("#" if woven else "." for woven in row) for row in squares]


def test_the_twenty_cities_have_twenty_motifs():
    assert len(CITIES) == 20
    assert len({weave.grid(int(code)) for code in CITIES}) == 20
    assert len({weave.paths(code) for code in CITIES}) == 20


@pytest.mark.parametrize("code", CITIES)
def test_each_motif_passes_the_rules_and_is_symmetric(code):
    squares = weave.grid(int(code))
    share = sum(map(sum, squares)) / 81
    assert 0.38 <= share <= 0.62
    assert 2 <= sum(squares[0]) <= 7
    assert len(set(squares)) >= 4
    assert weave.lone_squares(squares) <= 20
    assert squares == squares[::-1] == tuple(row[::-1] for row in squares)
    assert squares == tuple(zip(*squares, strict=True))


def test_the_motif_of_valledupar_is_the_one_that_was_drawn():
    assert drawn(weave.grid(20001)) == [
        "###...###",
        "#..###..#",
        "#.##.##.#",
        ".##.#.##.",
        ".#.###.#.",
        ".##.#.##.",
        "#.##.##.#",
        "#..###..#",
        "###...###",
    ]


def test_a_motif_that_is_all_alike_is_refused():
    full = ((True,) * 9,) * 9
    board = tuple(tuple((row + column) % 2 == 0 for column in range(9)) for row in range(9))
    assert not weave.passes(full)
    assert weave.lone_squares(board) == 41 and not weave.passes(board)


def test_cloth_and_thread_share_no_square_and_lose_none():
    import re

    for code in CITIES:
        seen = []
        for path in weave.paths(code):
            for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
                seen += [(int(y), int(x) + step) for step in range(int(width))]
        woven = {(r, c) for r in range(9) for c in range(9) if weave.grid(int(code))[r][c]}
        assert len(seen) == len(set(seen)) and set(seen) == woven


@pytest.mark.parametrize(
    ("code", "region"),
    [
        ("13001", "caribe"), ("52001", "pacifico"), ("76364", "pacifico"), ("50001", "llanos"),
        ("86568", "amazonia"), ("68307", "andes"), ("11001", "andes"),
    ],
)  # fmt: skip
def test_the_thread_is_of_the_region(code, region):
    assert weave.region(code) == region


def test_the_guides_of_a_route_have_covers_that_differ():
    for route in routes.ROUTES:
        assert len({weave.cover_path(route.code, place) for place in range(1, 5)}) == 4, route.slug


def test_the_first_cover_of_a_route_is_the_one_that_was_drawn():
    code = routes.get("emprendimiento").code
    turned = code[1:] + code[:1]
    assert drawn(weave.grid(int(turned))[:2]) == [".##...##.", "#..###..#"]
    assert weave.cover_path(code, 1).startswith("M1 0h2v1h-2z")
