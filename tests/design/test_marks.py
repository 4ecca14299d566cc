"""What stands in a list says what it is and which, by ``data-tipo`` and ``data-id``: programs rely on it."""

import re

import pytest

from search.documents import KINDS
from tests.design.test_templates import APPS, ROOT, TEMPLATES, pages, text_of

TAG = re.compile(r"<(?:li|article|section|div|header|p|tr)\b(?:\{%.*?%\}|\{\{.*?\}\}|[^>])*>", re.DOTALL)
IN_A_LIST = re.compile(r"^<li\b[^>]*class=\"(?:row|file-row|commit|net|city|theme|hit|panel)\b")
INCLUDE = re.compile(
    r'\{% include "components/(row|file_row|commit|net|hit|task|post)\.html" with (.*?) only %\}'
)
NO_THING = {
    "cuentas/profile.html": "a menu of what one may do with the account",
    "directorio/home.html": "a menu of the parts of the directory",
    "mfa/recovery_codes/index.html": "codes",
    "directorio/supplier.html": "lines of the description of what is sold",
    "directorio/center.html": "the door to the network of the city",
    "redip/network.html": "what a stage rests on: sentences",
    "portal/components.html": "samples",
}
"""Templates with rows that stand for no thing of the portal, and what they are."""
OF_ITSELF = {"commit", "net", "post"}
"""Components that know what they show."""


def files():
    return [file for file in pages() if "blocks" not in file.parts]


def name_of(file):
    return file.relative_to(TEMPLATES).as_posix()


def unmarked(text):
    """Return the tags of ``text`` with one mark without the other, and list items with neither."""
    tags = [tag for tag in TAG.findall(text) if "data-" in tag or tag.startswith("<li")]
    half = [tag for tag in tags if ("data-id=" in tag) != ("data-tipo=" in tag)]
    return half, [tag for tag in tags if IN_A_LIST.match(tag) and "data-id=" not in tag]


@pytest.mark.parametrize("file", files(), ids=name_of)
def test_what_stands_in_a_list_has_both_marks(file):
    text = text_of(file)
    half, without = unmarked(text)
    for component, values in INCLUDE.findall(text):
        named = set(re.findall(r"\b(id|kind)=", values))
        if component in OF_ITSELF and "id" in named:
            continue
        if len(named) == 1:
            half.append(values)
        elif not named:
            without.append(values)
    assert not half
    if name_of(file) not in NO_THING:
        assert not without


def test_the_search_for_marks_finds_them_missing():
    one, two, three = '<li class="row" data-id="1">', '<article data-tipo="acta">', '<li class="row linkbox">'
    text = one + two + three + '<li><li class="row" data-tipo="x" data-id="1">'
    assert unmarked(text) == ([one, two], [three])


def test_the_list_of_what_has_no_mark_is_no_longer_than_needed():
    for name in NO_THING:
        text = text_of(TEMPLATES / name)
        rows = [values for component, values in INCLUDE.findall(text) if " id=" not in f" {values}"]
        assert unmarked(text)[1] or rows, name


def test_the_documentation_names_every_kind():
    part = (ROOT / "docs" / "components.md").read_text("utf-8").split("## Marks")[1].split("\n## ")[0]
    table = "".join(line.split("|")[1] for line in part.splitlines() if line.startswith("| `"))
    said = set(re.findall(r"`([a-z]+)`", table)) - {"data"}
    used = set(KINDS)
    for file in files():
        text = text_of(file)
        used |= set(re.findall(r'data-tipo="([a-z]+)"', text))
        for _component, values in INCLUDE.findall(text):
            used |= set(re.findall(r'\bkind="([a-z]+)"', values))
    for app in APPS:
        for file in (ROOT / app).glob("**/*.py"):
            if file.name in {"tables.py", "awaiting.py"}:
                used |= set(re.findall(r'"kind": "([a-z]+)"', file.read_text("utf-8")))
    assert used | {"mensaje"} == said
