"""Templates and styles agree: every component says its values, every icon and every class exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
CSS = ROOT / "static" / "css"
APPS = ("portal", "guias", "directorio", "redip", "comunidad", "search", "nucleo")
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
BLOCK = re.compile(
    r"<(?:div|section|article|nav|[uod]l|li|header|footer|main|aside|p|h[1-6]|table|t[rhd]|d[td]|form|fieldset"
    r"|figure|details|blockquote)\b"
)
CLASS = re.compile(r'class="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"')
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
ALONE = {"exports", "wagtailadmin", "admin", "email"}
"""Folders of templates that do not use the site's style sheet."""
OTHER_PAPER = {
    "changes_sheet.html",
    "export.html", "package_index.html", "start_version.html", "_export_foot.html", "paper_base.html",
    "paper_ask.html", "paper_holds.html", "paper_old.html", "paper_retired.html",
}  # fmt: skip
BY_SCRIPT_OR_MEANING = {
    "acta", "bell", "changes", "cite", "field-check", "field-wrong", "foot-who", "meeting-head",
    "net-sub", "pager-previous", "poll", "post-body", "results-map-list", "tabs-count", "task", "told-form",
}  # fmt: skip
"""Classes that only name a part: a hook for the eye of who reads, without a rule of their own."""


def pages():
    return [
        file
        for file in TEMPLATES.rglob("*.html")
        if not ALONE & set(file.relative_to(TEMPLATES).parts) and file.name not in OTHER_PAPER
    ]


def text_of(file):
    return COMMENT.sub("", file.read_text("utf-8"))


def test_a_page_of_one_form_is_laid_out_once():
    alone = re.compile(r'"layout/narrow.html".*\{% csrf_token %\}\s*\{\{ form \}\}', re.DOTALL)
    assert [file.name for file in pages() if alone.search(text_of(file))] == ["one_form.html"]


COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))


@pytest.mark.parametrize("file", COMPONENTS, ids=lambda f: f.stem)
def test_every_component_opens_with_what_it_takes(file):
    text = file.read_text("utf-8")
    assert re.match(r"(\{% load [\w ]+ %\}\n)?\{% comment %\}\s*\S", text), "no opening comment"
    words = COMMENT.search(text)[0]
    local = set(re.findall(r"\{% (?:translate|blocktranslate|url|with).*? as(?:var)? (\w+)", text))
    local |= {name for pair in re.findall(r"\{% for ([\w, ]+) in", text) for name in pair.split(", ")}
    local |= set(re.findall(r"[ (](\w+)=", "".join(re.findall(r"\{% (?:with|blocktranslate)[^%]*%\}", text))))
    used = set(re.findall(r"\{\{ ?(\w+)", COMMENT.sub("", text)))
    used |= set(re.findall(r"\{% (?:if|elif) (?:not )?(\w+)", text))
    used -= local | {"forloop", "True", "False"}
    missing = {name for name in used if not re.search(rf"\b{name}\b", words)}
    assert not missing, f"{file.name} does not say: {missing}"


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_line_opens_at_most_two_blocks(file):
    """Who reads a template sees its nesting: the indentation is the structure."""
    crowded = [
        number
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if len(BLOCK.findall(line)) > 2
    ]
    assert not crowded, f"{file.relative_to(ROOT)}: lines {crowded}"


def test_components_know_no_app():
    for file in COMPONENTS:
        text = text_of(file)
        assert not re.search(r"\{% load [^%]*\b(" + "|".join(APPS) + r")\b", text), file.name
        for include in re.findall(r"\{% include [^%]*%\}", text):
            assert include.startswith('{% include "components/') and " only %}" in include, include


def test_every_include_of_a_component_takes_only_what_it_names():
    for file in pages():
        for include in re.findall(r'\{% include "components/[^%]*%\}', text_of(file)):
            assert " only %}" in include or "components/messages.html" in include, f"{file.name}: {include}"


def test_every_component_that_is_asked_for_exists():
    names = {file.name for file in COMPONENTS}
    for file in pages():
        asked = set(re.findall(r'"components/([\w.]+)"', text_of(file)))
        assert asked <= names, (file.name, asked - names)


def icons_in_sprite():
    sprite = (ROOT / "static" / "img" / "icons.svg").read_text("utf-8")
    return set(re.findall(r'<symbol id="([\w-]+)"', sprite))


def icons_named():
    named = {}
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text("utf-8")
        for name in re.findall(r'\{% icon "([\w-]+)"', text) + re.findall(r'\bicon="([\w-]+)"', text):
            named.setdefault(name, file.name)
    for app in APPS:
        for file in (ROOT / app).rglob("*.py"):
            text = file.read_text("utf-8")
            for name in re.findall(r"[\"']icon[\"']: [\"']([\w-]+)[\"']|\bicon=[\"']([\w-]+)[\"']", text):
                named.setdefault(name[0] or name[1], file.name)
    return named


NOT_OURS = {
    "tag",
    "folder-open-inverse",
    "snippet",
    "group",
    "site",
    "doc-full-inverse",
    "form",
    "table",
    "home",
    "title",
}
"""Icons of Wagtail's own administration, and one column name."""


def test_every_icon_that_is_named_is_in_the_sprite():
    from django.apps import apps

    from nucleo import routes
    from portal.avisos.models import ICONS as NOTICES
    from redip.tables import LINK_ICONS
    from search.panels import ICONS as KINDS

    named = icons_named()
    for name in [*NOTICES.values(), *LINK_ICONS.values(), *KINDS.values(), *(r.icon for r in routes.ROUTES)]:
        named.setdefault(str(name), "a table in Python")
    assert apps.ready
    missing = {name: where for name, where in named.items() if name not in icons_in_sprite() | NOT_OURS}
    assert not missing


def test_every_class_has_a_rule():
    rules = set()
    for file in CSS.rglob("*.css"):
        rules |= set(re.findall(r"\.([a-zA-Z][\w-]*)", file.read_text("utf-8")))
    missing = {}
    for file in pages():
        for value in CLASS.findall(text_of(file)):
            for name in TAG.sub(" ", value).split():
                if not name.endswith("-") and name not in rules | BY_SCRIPT_OR_MEANING:
                    missing.setdefault(name, file.name)
    assert not missing


def test_every_component_is_on_the_page_that_shows_them():
    shown = set(
        re.findall(r'"components/(\w+)\.html"', (TEMPLATES / "portal" / "components.html").read_text())
    )
    inside = set()
    for file in COMPONENTS:
        inside |= set(re.findall(r'"components/(\w+)\.html"', text_of(file)))
    by_tag = {"map", "form", "field", "writer", "finder"}
    of_the_frame = {"mark", "bell", "messages"}
    by_view = {"post_actions"}
    assert {file.stem for file in COMPONENTS} <= shown | inside | by_tag | of_the_frame | by_view


def test_the_documentation_names_every_component():
    text = (ROOT / "docs" / "components.md").read_text("utf-8")
    missing = [file.stem for file in COMPONENTS if f"`{file.stem}`" not in text]
    assert not missing
