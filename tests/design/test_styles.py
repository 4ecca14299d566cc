"""The style sheet is made of every file of its folder, each in a layer, and the scripts stay small."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
CSS = STATIC / "css"
SITE = (CSS / "site.css").read_text("utf-8")
IMPORTS = re.findall(r'@import url\("([\w./-]+)"\) layer\((\w+)\);', SITE)
OWN_PAGES = {"site.css", "admin.css", "swatches.css"}


def test_every_file_is_in_the_sheet_once():
    files = {str(f.relative_to(CSS)) for f in CSS.rglob("*.css")} - OWN_PAGES
    assert sorted(path for path, _layer in IMPORTS) == sorted(files)


def test_every_layer_is_in_the_order_and_pages_come_after_components():
    order = re.search(r"@layer ([\w, ]+);", SITE)[1].split(", ")
    used = [layer for _path, layer in IMPORTS]
    assert set(used) == set(order)
    assert used == sorted(used, key=order.index)


@pytest.mark.parametrize("path", [path for path, _layer in IMPORTS])
def test_a_file_opens_with_what_it_is_for_and_needs_no_other(path):
    text = (CSS / path).read_text("utf-8")
    assert text.startswith("/* ")
    assert "@layer" not in text and "@import" not in text
    addresses = re.findall(r'url\("?([^")]+)', text)
    if path != "base.css":
        assert all(address.startswith("data:") for address in addresses)


def test_styles_speak_of_start_and_end_and_not_of_left_and_right():
    for path, _layer in IMPORTS:
        text = re.sub(r"@page.*", "", (CSS / path).read_text("utf-8"), flags=re.DOTALL)
        found = re.findall(
            r"^\s+((?:margin|padding|border)-(?:left|right|top|bottom)|left|right|float)\s*:", text, re.M
        )
        assert not found, (path, found)


def test_nothing_moves_for_who_asked_for_calm():
    """Every animation stands inside the media query, or is taken away by one in the same file."""
    for path, _layer in IMPORTS:
        text = (CSS / path).read_text("utf-8")
        if "animation:" in text:
            assert "prefers-reduced-motion" in text, path
        assert "transition" not in text, path


@pytest.mark.parametrize(
    "file", [f for f in (STATIC / "js").glob("*.js") if f.name != "admin.js"], ids=lambda f: f.name
)
def test_a_script_is_small_says_what_it_is_for_and_evaluates_nothing(file):
    text = file.read_text("utf-8")
    assert text.startswith("/* ") and file.stat().st_size < 8_000
    assert not re.search(r"\beval\(|new Function|innerHTML|\.style\b|document\.write", text)
