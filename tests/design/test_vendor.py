"""What others wrote is what they published, with its licence, and only what is used."""

import hashlib
import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"


def sums():
    lines = (VENDOR / "SHA256SUMS").read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def test_the_hashes_are_those_of_the_files():
    files = {
        f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in VENDOR.iterdir() if f.name != "SHA256SUMS"
    }
    assert files == sums()


def test_htmx_is_the_one_of_the_installed_package():
    package = Path(importlib.util.find_spec("django_htmx").origin).parent
    published = package / "static" / "django_htmx" / "htmx-2.min.js"
    assert hashlib.sha256(published.read_bytes()).hexdigest() == sums()["htmx.min.js"]


def test_what_is_vendored_is_used_and_only_where_it_is_needed():
    using = {
        name: [f for f in (ROOT / "templates").rglob("*.html") if f"vendor/{name}" in f.read_text("utf-8")]
        for name in sums()
    }
    assert all(using.values())
    assert not any(file.name == "base.html" for files in using.values() for file in files)


def test_fonts_and_icons_carry_their_licences():
    assert "SIL Open Font License" in (STATIC / "fonts" / "OFL.txt").read_text("utf-8")
    assert "ISC License" in (STATIC / "img" / "LICENSE-lucide.txt").read_text("utf-8")
    assert (STATIC / "fonts" / "ancizar-sans.woff2").stat().st_size == 17_192


def test_the_sprite_has_the_icons_of_the_list_and_no_colour():
    script = (ROOT / "bin" / "vendor").read_text("utf-8")
    listed = re.search(r'ICONS = """(.*?)"""', script, re.DOTALL)[1].split()
    sprite = (STATIC / "img" / "icons.svg").read_text("utf-8")
    assert re.findall(r'<symbol id="([\w-]+)"', sprite) == listed
    assert "#" not in re.sub(r"<!--.*?-->", "", sprite) and "script" not in sprite


def test_the_pictures_of_the_manifest_are_square():
    from PIL import Image

    for size in (192, 512):
        with Image.open(STATIC / "img" / f"icon-{size}.png") as image:
            assert image.size == (size, size) and image.format == "PNG"
