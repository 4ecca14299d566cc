"""The colours have the contrast that they promise, in both themes, computed as WCAG 2.2 says."""

import re
from itertools import product
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text("utf-8")
TEXT, SHAPE = 4.5, 3.0
ROUTES = ("orient", "empre", "micro", "emple", "refer", "redip", "trans")


def block(selector):
    start = TOKENS.index(selector + " {")
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", TOKENS[start : TOKENS.index("}", start)]))


LIGHT = block(":root")
DARK_BY_SYSTEM = block('  :root:not([data-theme="light"])')
DARK = LIGHT | block('[data-theme="dark"]')


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    *((text, ground, TEXT) for text, ground in product(("ink", "ink-2", "link"), ("bg", "surface", "sunk"))),
    *((text, ground, TEXT) for text in ("ink", "link") for ground in
      ("brand-soft", "ok-soft", "warn-soft", "danger-soft")),
    ("on-brand", "brand", TEXT),
    ("brand", "brand-soft", TEXT),
    ("brand", "surface", TEXT),
    *((text, "cloth", TEXT) for text in ("on-cloth", "on-cloth-2", "maiz")),
    ("on-cloth", "cloth-2", TEXT),
    ("cloth", "on-cloth-2", TEXT),
    ("on-maiz", "maiz", TEXT),
    *((tone, f"{tone}-soft", TEXT) for tone in ("ok", "warn", "danger")),
    *((tone, "surface", TEXT) for tone in ("ok", "danger")),
    *(("control", ground, SHAPE) for ground in ("bg", "surface", "sunk")),
    *(("maiz-edge", ground, SHAPE) for ground in ("bg", "surface")),
    *((route, ground, TEXT) for route, ground in product(ROUTES, ("bg", "surface"))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ground", "least"), PAIRS, ids=lambda value: str(value))
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast(theme, text, ground, least):
    assert contrast(theme[text], theme[ground]) >= least


def test_the_formula_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast(LIGHT["ink"], LIGHT["bg"]) == pytest.approx(13.9, abs=0.1)


def test_dark_by_system_and_dark_by_choice_are_the_same():
    assert block('[data-theme="dark"]') == DARK_BY_SYSTEM


def test_the_picture_on_a_dark_cover_can_be_seen():
    """``color-mix(in oklab, route 38%, #06292d)``, bounded from above by the same mix in sRGB light."""
    for route in ROUTES:
        mixed = 0.38 * luminance(DARK[route]) + 0.62 * luminance("#06292d")
        assert (luminance("#f4f8f5") + 0.05) / (mixed + 0.05) >= SHAPE, route


COLOUR = re.compile(r"#[0-9a-f]{3,8}\b")
KNOWN = {"#f4f8f5", "#06292d"}
"""The cloth of a motif and what dark covers are mixed with: the same in both themes."""


@pytest.mark.parametrize(
    "file", [f for f in CSS.rglob("*.css") if f.name not in {"tokens.css", "print.css", "admin.css"}],
    ids=lambda f: f.name,
)  # fmt: skip
def test_no_file_names_a_colour_of_its_own(file):
    assert set(COLOUR.findall(file.read_text("utf-8"))) <= KNOWN


def test_every_variable_that_is_used_exists():
    sheets = {f: f.read_text("utf-8") for f in CSS.rglob("*.css")}
    defined = {name for text in sheets.values() for name in re.findall(r"(--[\w-]+):", text)}
    for file, text in sheets.items():
        assert set(re.findall(r"var\((--[\w-]+)", text)) <= defined, file.name
