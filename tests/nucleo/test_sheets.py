import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

from nucleo import sheets

STATIC = Path(__file__).resolve().parents[2] / "static"
CSS = STATIC / "css"


def test_imports_are_put_inside_their_layers():
    files = {
        "a.css": "/* what */\na {\n  color: red;\n}\n",
        "b/c.css": '.b::after {\n  content: "{ ; }";\n}\n',
    }
    text = '@layer one, two;\n@import url("a.css") layer(one);\n@import url("b/c.css") layer(two);\n'
    made = sheets.put_together(text, files.__getitem__)
    assert made == '@layer one, two;@layer one{a{color: red;}}@layer two{.b::after{content: "{ ; }";}}\n'


def test_tightening_changes_no_value():
    text = "a {\n  margin: 0\n    auto;\n  background: url(\"data:image/svg+xml,%3Csvg a='; b'\");\n}\n"
    assert sheets.tightened(text) == (
        "a{margin: 0 auto;background: url(\"data:image/svg+xml,%3Csvg a='; b'\");}\n"
    )


def test_the_whole_sheet_imports_nothing_and_keeps_every_rule():
    def read(path):
        return (CSS / path).read_text("utf-8")

    made = sheets.put_together(read("site.css"), read)
    assert "@import" not in made and "/*" not in made
    assert made.count("{") == made.count("}")
    for file in [*CSS.glob("components/*.css"), CSS / "base.css", CSS / "print.css"]:
        selector = re.search(r"^([.:@\w][^{}/]*?)\s*\{", file.read_text("utf-8"), re.MULTILINE)[1]
        assert sheets.tightened(selector).strip() in made, file.name


def test_a_script_loses_its_comments_and_no_line_of_code():
    text = "/* why\n   so */\nconst a = 1; /* one */\n  /* ** */\n  const b = `/* two */`;\n/* c */ go();\n"
    assert sheets.bare(text) == ("const a = 1; /* one */\n  const b = `/* two */`;\n/* c */ go();\n")


@pytest.mark.parametrize("file", sorted((STATIC / "js").glob("*.js")), ids=lambda file: file.name)
def test_no_comment_of_a_script_stands_in_a_text(file):
    """Which may have several lines: there it would be no comment, and would be taken out all the same."""
    script = file.read_text("utf-8")
    for found in re.finditer(r"^[ \t]*/\*", script, re.MULTILINE):
        assert sheets.bare(script[: found.start()]).count("`") % 2 == 0, script[found.start() :][:80]
    assert not re.search(r"^\s*/\*", sheets.bare(script), re.MULTILINE)


@pytest.mark.parametrize("backend", ["nucleo.sheets.OneSheetStorage", "portal.staticfiles.Storage"])
def test_collectstatic_writes_one_sheet(tmp_path, settings, backend):
    with override_settings(
        STATIC_ROOT=tmp_path,
        STORAGES={**settings.STORAGES, "staticfiles": {"BACKEND": backend}},
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
    ):
        finders.get_finder.cache_clear()
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
    finders.get_finder.cache_clear()
    hashed = list((tmp_path / "css").glob("site.*.css"))
    assert len(hashed) == 1
    text = hashed[0].read_text("utf-8")
    assert "@import" not in text and "@layer components{" in text
    (script,) = (tmp_path / "js").glob("leidos.*.js")
    assert script.read_text("utf-8") == sheets.bare((STATIC / "js/leidos.js").read_text("utf-8"))
    font = re.search(r'url\("\.\./fonts/(ancizar-sans\.[0-9a-f]{12}\.woff2)"\)', text)
    assert font and (tmp_path / "fonts" / font[1]).exists()
    assert (tmp_path / "css" / f"{hashed[0].name}.br").stat().st_size < 12_000
