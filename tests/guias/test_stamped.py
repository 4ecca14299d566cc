"""Official files as readers get them: a code on every page, and what was uploaded left as it was."""

from __future__ import annotations

import hashlib
import importlib
import io
import zipfile
from html import unescape
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from weasyprint import HTML

from guias.actions.files import store_file
from guias.enums import Format, RenditionState
from guias.exports.stamped import drawn
from guias.models import OfficialFile, PaperCode, Rendition, Version
from guias.tasks import SOMEBODY_WAITS, make_files, renew_files
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, published
from tests.factories.official import code_of, issue, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
DPI = 144
BODY = "<p>" + "La orientación escucha a la persona. " * 30 + "</p>"
FULL = "@page{size:letter;margin:0;background:linear-gradient(90deg,#222,#ddd)}body{color:white}"
FEET = "@bottom-right{content:counter(page)}@bottom-left{content:'Red'}"


@pytest.fixture
def version() -> Version:
    found = published(guide=GuideFactory(slug="orientacion", title="Orientación"))
    Rendition.objects.filter(version=found).exclude(format="pdf").delete()
    return Version.objects.select_related("guide").get(pk=found.pk)


def pdf(style: str = "@page{size:letter;margin:25mm}", body: str = BODY * 5) -> bytes:
    content: bytes = HTML(string=f"<html lang=es><style>{style}</style>{body}</html>").write_pdf()
    return content


def changed(content: bytes, **boxes: Any) -> bytes:
    """The PDF with other entries on each page."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as found:
        for page in found.pages:
            for name, value in boxes.items():
                page.obj[f"/{name}"] = pikepdf.Array(value) if isinstance(value, list) else value
        found.save(out)
    return out.getvalue()


def stamped(version: Version, client: Any, content: bytes) -> bytes:
    official = issue(version, content)
    make_files.call(version.pk)
    with official.file.open("rb") as kept:
        assert kept.read() == content, "what was uploaded stays as it was"
    return taken(client)


def pictures(content: bytes) -> list[Image.Image]:
    return [page.render(scale=DPI / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(content)]


def read(content: bytes, unit: float = 1.0) -> list[str]:
    """What the code of each page says: exactly one, large enough for a photocopy.

    PDFium knows no ``unit``: a page of larger ones is drawn smaller than it is.
    """
    found = []
    for picture in pictures(content):
        (code,) = zxingcpp.read_barcodes(picture)
        side = (code.position.top_right.x - code.position.top_left.x) ** 2
        side += (code.position.top_right.y - code.position.top_left.y) ** 2
        assert side**0.5 / DPI * 25.4 * unit >= 14.8
        found.append(code.text)
    return found


SHAPES: dict[str, bytes] = {}
for _name, _style in {
    "letter": "@page{size:letter;margin:25mm}",
    "a4": "@page{size:A4;margin:20mm 30mm}",
    "landscape": "@page{size:A4 landscape;margin:25mm}",
    "small": "@page{size:A6;margin:8mm}",
    "numbered": f"@page{{size:letter;margin:25mm;{FEET}}}",
}.items():
    SHAPES[_name] = pdf(_style)


def shape(name: str) -> bytes:
    letter = SHAPES["letter"]
    return {
        **SHAPES,
        "turned right": changed(letter, Rotate=90),
        "upside down": changed(letter, Rotate=180),
        "turned left": changed(letter, Rotate=-90),
        "cropped": changed(letter, CropBox=[10, 8, 592, 782]),
        "cropped and turned": changed(letter, CropBox=[10, 8, 592, 782], Rotate=270),
        "off the origin": changed(letter, MediaBox=[-50, -60, 562, 732], CropBox=[-50, -60, 562, 732]),
        "large units": changed(letter, UserUnit=1.5),
        "full": pdf(FULL),
        "full and turned": changed(pdf(FULL), Rotate=90),
        "full, cropped and turned": changed(pdf(FULL), Rotate=270, CropBox=[60, 90, 500, 700]),
    }[name]


@pytest.mark.parametrize(
    "name",
    [
        *SHAPES,
        "turned right",
        "upside down",
        "turned left",
        "cropped",
        "cropped and turned",
        "off the origin",
        "large units",
        "full",
        "full and turned",
        "full, cropped and turned",
    ],
)
def test_every_page_of_an_official_pdf_carries_the_code(version: Version, client: Any, name: str) -> None:
    content = shape(name)
    made = stamped(version, client, content)
    before, after = pypdfium2.PdfDocument(content), pypdfium2.PdfDocument(made)
    assert len(before) == len(after) >= 1
    unit = 1.5 if name == "large units" else 1.0
    assert read(made, unit) == [code_of(version).address] * len(before)
    for old, new in zip(before, after, strict=True):
        said = new.get_textpage().get_text_bounded()
        assert "¿Sigue vigente?" in said and code_of(version).code in said
        assert said.count("escucha") >= old.get_textpage().get_text_bounded().count("escucha")
        same_size = (old.get_width(), old.get_height()) == pytest.approx((new.get_width(), new.get_height()))
        assert same_size != name.startswith(("full", "small")), "a page grows only where nothing is free"


def test_nothing_of_the_page_is_covered(version: Version, client: Any) -> None:
    for content in (SHAPES["numbered"], shape("full")):
        before, after = pictures(content), pictures(stamped(version, client, content))
        for old, new in zip(before, after, strict=True):
            part = new.crop((0, 0, *old.size))
            darker = [
                (a, b) for a, b in zip(old.tobytes(), part.tobytes(), strict=True) if a < 120 and b - a > 40
            ]
            assert len(darker) == 0
        OfficialFile.objects.all().delete()


def test_a_page_that_leaves_its_state_turned_over_is_marked_all_the_same(
    version: Version, client: Any
) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SHAPES["letter"])) as found:
        for page in found.pages:
            page.contents_add(b"Q Q\n0.3 0 0 0.3 50 50 cm q 2 0 0 2 0 0 cm q\n")
        found.save(out)
    made = stamped(version, client, out.getvalue())
    assert set(read(made)) == {code_of(version).address}


def test_the_same_file_gives_the_same_bytes_and_is_made_once(version: Version, client: Any) -> None:
    first = stamped(version, client, SHAPES["a4"])
    row = Rendition.objects.get(version=version, format="pdf")
    assert (row.size, row.sha256) == (len(first), hashlib.sha256(first).hexdigest())
    make_files.call(version.pk)
    assert Rendition.objects.get(pk=row.pk).made_at == row.made_at
    Rendition.objects.filter(pk=row.pk).update(source="")
    assert renew_files.call() == 1
    assert taken(client) == first
    assert Rendition.objects.get(pk=row.pk).file.name == row.file.name
    assert renew_files.call() == 0


def test_what_was_marked_for_another_version_gets_the_new_code_in_its_place(
    version: Version, client: Any
) -> None:
    for name in ("letter", "full and turned"):
        first = stamped(version, client, shape(name))
        other = published(guide=GuideFactory())
        issue(other, first)
        Rendition.objects.filter(version=other).exclude(format="pdf").delete()
        make_files.call(other.pk)
        made = Rendition.objects.get(version=other)
        assert made.error == ""
        with made.file.open("rb") as file:
            assert set(read(file.read())) == {code_of(other).address}
        OfficialFile.objects.all().delete()


def test_what_is_tagged_stays_tagged_and_the_mark_is_not_read_aloud(version: Version, client: Any) -> None:
    tagged = HTML(string=f"<html lang=es><title>x</title>{BODY}").write_pdf(pdf_variant="pdf/ua-1")
    made = stamped(version, client, tagged)
    with pikepdf.open(io.BytesIO(made)) as found:
        assert "/StructTreeRoot" in found.Root
        drawn = b"".join(one.read_bytes() for one in found.pages[0].Contents)
        assert b"/Artifact" in drawn[drawn.index(b"/CemStamp0") - 400 :]
        fonts = [one for one in found.objects if getattr(one, "get", None) and one.get("/FontFile2")]
        assert fonts, "its letters are inside"


def signed() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SHAPES["letter"])) as found:
        value = pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3], Contents=b"x")
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="Firma", V=found.make_indirect(value))
        found.Root.AcroForm = pikepdf.Dictionary(Fields=[found.make_indirect(field)], SigFlags=3)
        found.save(out)
    return out.getvalue()


def guarded() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SHAPES["letter"])) as found:
        rights = pikepdf.Permissions(modify_other=False)
        found.save(out, encryption=pikepdf.Encryption(owner="dueña", user="", allow=rights))
    return out.getvalue()


@pytest.mark.parametrize(
    ("made", "word"), [(signed, "firmado"), (guarded, "protegido"), (lambda: b"%PDF-1.4 x", "dañarlo")]
)
def test_what_must_not_change_is_given_as_it_came_with_the_code_beside_it(
    version: Version, client: Any, made: Any, word: str
) -> None:
    content = made()
    official = issue(version, content)
    make_files.call(version.pk)
    assert taken(client) == content
    row = Rendition.objects.get(version=version, format="pdf")
    assert (row.state, row.sha256) == (RenditionState.READY, official.sha256)
    code = code_of(version)
    page = client.get("/guias/orientacion/").content.decode()
    assert f'href="/q/{code.code}"' in page and code.code in page
    assert word in OfficialFile.objects.noting_marks().get().marks
    official.delete()
    assert taken_later(client) == 202, "what is made of the content is being made"
    make_files.call(version.pk)
    assert taken(client) != content
    assert code.code not in client.get("/guias/orientacion/").content.decode()


def taken_later(client: Any) -> int:
    return int(client.get("/guias/orientacion/descargar/pdf/").status_code)


def test_an_empty_field_for_a_signature_is_no_signature(version: Version, client: Any) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SHAPES["letter"])) as found:
        field = found.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="Firma"))
        found.Root.AcroForm = pikepdf.Dictionary(Fields=[field], SigFlags=1)
        found.save(out)
    assert read(stamped(version, client, out.getvalue()))


def test_the_editor_reads_what_became_of_the_codes(version: Version, client: Any) -> None:
    def marks() -> str:
        return OfficialFile.objects.noting_marks().get().marks

    issue(version, SHAPES["letter"])
    assert marks() == "Se está poniendo"
    assert taken(client) == SHAPES["letter"], "nobody waits for it"
    make_files.call(version.pk)
    assert marks() == "En todas las páginas"
    assert "sus hojas" not in client.get("/guias/orientacion/").content.decode()
    Rendition.objects.update(state=RenditionState.FAILED)
    assert "No se pudo poner" in marks()


@pytest.mark.parametrize("origin", ["https://red.co", "https://cemprende.red-nacional-de-centros.gov.co"])
def test_no_number_and_no_address_is_too_long_for_the_mark(
    version: Version, settings: Any, origin: str
) -> None:
    settings.ORIGIN, version.number = origin, 128
    for letters in ("WWWWWWW", "JJJJJJJ"):
        code = PaperCode(code=letters, version=version)
        lying, standing = pypdfium2.PdfDocument(drawn(version, code))
        for page in (lying, standing):
            said = "".join(page.get_textpage().get_text_bounded().replace("\x02", "-").split())
            assert "Versión128" in said and said.endswith(code.written)


def test_it_is_marked_before_what_nobody_waits_for(
    version: Version, queued: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        issue(version, SHAPES["letter"])
    assert queued("guias.tasks.make_files").filter(priority=SOMEBODY_WAITS).exists()


def test_what_was_issued_before_is_marked_too(version: Version, client: Any) -> None:
    """The portal kept a file of the content beside it, which nobody got."""
    official = issue(version, SHAPES["letter"])
    rendition = Rendition.objects.get(version=version, format="pdf")
    store_file(rendition=rendition, content=b"%PDF-1.7 made of the content")
    move = importlib.import_module("guias.migrations.0030_official_files_are_marked")
    move.give_up(apps, None)
    assert taken(client) == SHAPES["letter"]
    assert renew_files.call() == 1
    make_files.call(version.pk)
    assert set(read(taken(client))) == {code_of(version).address}
    assert official.sha256 != Rendition.objects.get(pk=rendition.pk).sha256


def test_the_package_and_the_old_address_give_the_marked_file(version: Version, client: Any) -> None:
    made = stamped(version, client, SHAPES["letter"])
    response = client.get("/guias/paquete/descargar/")
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as package:
        assert package.read("orientacion/orientacion-v1.pdf") == made
    old = client.get("/guias/orientacion/v1/descargar/pdf/")
    assert b"".join(old.streaming_content) == made


def test_a_file_that_changed_while_it_was_marked_is_not_put_in_its_place(
    version: Version, client: Any, monkeypatch: Any
) -> None:
    from guias.exports import stamped as module

    official, drawn = issue(version, SHAPES["letter"]), module.drawn

    def meanwhile(*args: Any) -> bytes:
        OfficialFile.objects.filter(pk=official.pk).update(sha256="f" * 64)
        return drawn(*args)

    monkeypatch.setattr(module, "drawn", meanwhile)
    make_files.call(version.pk)
    assert not Rendition.objects.get(version=version, format="pdf").is_ready
    assert taken(client) == SHAPES["letter"]


def test_the_file_of_before_is_swept_and_the_upload_is_not(version: Version, media: Path) -> None:
    official = issue(version, signed())
    make_files.call(version.pk)
    assert Rendition.objects.get(version=version, format=Format.PDF).file.name == official.file.name
    assert Path(official.file.path).exists()


def test_who_issues_a_signed_file_is_told_at_once(version: Version, client: Any) -> None:
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    for content, said in ((signed(), "está firmado"), (SHAPES["a4"], "")):
        OfficialFile.objects.all().delete()
        file = SimpleUploadedFile("x.pdf", content, "application/pdf")
        address = "/admin/snippets/guias/officialfile/"
        page = client.post(f"{address}add/", {"version": version.pk, "file": file}, follow=True)
        text = unescape(page.content.decode())
        assert page.redirect_chain and "Se está poniendo" in text
        assert ("dañaría la firma" in text) == bool(said)
