"""What the documents promise and the tree must keep."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tracked(*patterns: str) -> list[Path]:
    out = subprocess.run(
        ["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in out.stdout.splitlines() if (ROOT / line).is_file()]


def test_every_python_file_says_why_it_exists():
    silent = []
    for path in tracked("*.py"):
        text = path.read_text(encoding="utf-8").lstrip()
        if (
            text
            and "migrations" not in path.parts
            and "tests" not in path.parts
            and path.name != "__init__.py"
        ):
            body = re.sub(r"^(#![^\n]*\n|# [^\n]*\n)*", "", text).lstrip()
            if not body.startswith(('"""', 'r"""')):
                silent.append(str(path.relative_to(ROOT)))
    assert silent == []


def test_no_file_of_code_holds_two_ideas():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py")
        if "migrations" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def _leaves_the_site(path: Path) -> bool:
    """Whether a template becomes a file that is read elsewhere, and so carries its own style."""
    return "exports" in path.parts or path.name in {"export.html", "changes_sheet.html", "package_index.html"}


def _passes_by_its_hash(path: Path, text: str) -> bool:
    """Whether the only style is the one that the page's own content policy names by hash (ADR 0013)."""
    only = text.count("<style") == 1 and "<style>{{ style|safe }}</style>" in text
    return path.name == "paper_base.html" and only and " style=" not in text


def test_templates_hold_no_inline_script_style_or_foreign_address():
    bad = []
    for path in tracked("templates/**/*.html", "templates/*.html"):
        text = path.read_text(encoding="utf-8")
        without_data_blocks = re.sub(r'<script type="application/(?:ld\+)?json"[^>]*>', "", text)
        if re.search(r"<script(?![^>]*\bsrc=)[^>]*>", without_data_blocks):
            bad.append(f"{path.name}: inline script")
        styled = re.search(r"\sstyle=|<style", text) and not _passes_by_its_hash(path, text)
        if styled and not _leaves_the_site(path):
            bad.append(f"{path.name}: inline style")
        if re.search(r"\son(?!e=)[a-z]+=\"", text):
            bad.append(f"{path.name}: inline handler")
        if re.search(r"\ssrc=\"https?://|<link\b[^>]*href=\"https?://", text):
            bad.append(f"{path.name}: foreign address")
    assert bad == []


@pytest.mark.parametrize("target", ["help", "run", "test", "test-quick", "check", "bench", "up", "down"])
def test_the_makefile_has_the_commands_of_the_contract(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_ci_runs_the_test_command_of_the_readme():
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"^make test$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_adr_is_listed():
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    adrs = [path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")]
    assert adrs
    assert [name for name in adrs if name not in index] == []


def test_links_between_documents_lead_somewhere():
    broken = []
    for path in tracked("*.md", "docs/**/*.md"):
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text(encoding="utf-8")):
            if not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)} -> {target}")
    assert broken == []
