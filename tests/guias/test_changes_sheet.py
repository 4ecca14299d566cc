"""What changed on one sheet for the wall: never a second page, nothing left uncounted."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from guias.actions.paper import give_codes
from guias.actions.versions import publish_version
from guias.exports.changes import changes_sheet, first_of, kept_sheet
from guias.models import Guide, Version
from guias.models.changes import ChapterChange
from guias.tasks import draw_sheet, make_changes_sheet
from nucleo.words import compare_words
from tests.factories.guias import GuideFactory, VersionFactory, block, chapter, editor, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def prose(*paragraphs: str) -> dict[str, Any]:
    return block("text", "".join(f"<p>{words}</p>" for words in paragraphs))


def two(old: list[dict[str, Any]], new: list[dict[str, Any]], **fields: Any) -> tuple[Version, Version]:
    first = published(guide=GuideFactory(slug="guia", title="Orientación"), body=json.dumps(old))
    draft = VersionFactory(guide=first.guide, number=2, body=json.dumps(new), **fields)
    second = publish_version(version=draft)
    return tuple(Version.objects.select_related("guide").get(pk=one.pk) for one in (first, second))  # type: ignore[return-value]


def few() -> tuple[Version, Version]:
    return two(
        [chapter("Uno", "uno", prose("Archive en la carpeta gris.")), chapter("Se va", "va", prose("x"))],
        [chapter("Uno", "uno", prose("Archive en la carpeta azul.")), chapter("Nuevo", "nuevo", prose("y"))],
        changes="Cambia dónde se archiva.",
    )


def only_page(content: bytes) -> str:
    (page,) = pypdfium2.PdfDocument(content)
    return page.get_textpage().get_text_bounded().replace("\r\n", " ")


def test_words_that_came_and_went_are_on_one_page() -> None:
    old, new = few()
    content = changes_sheet(old, new)
    words = only_page(content)
    for said in (
        "Qué cambió de la versión 1 a la 2",
        "Cambia dónde se archiva.",
        "Archive en la carpeta gris azul.",
        "Nuevo (capítulo nuevo)",
        "Se va (ya no está)",
    ):
        assert said in words
    assert "cambios más" not in words
    with pikepdf.open(io.BytesIO(content)) as document:
        width, height = document.pages[0].MediaBox[2:]
        assert (round(float(width)), round(float(height))) == (612, 792)
    picture = pypdfium2.PdfDocument(content)[0].render(scale=2, grayscale=True).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text.endswith(f"/q/{give_codes(version=new)[''].code}")


@pytest.mark.parametrize("letters", [20, 300, 3000], ids=["short", "long", "endless"])
def test_what_does_not_fit_is_counted(letters: int) -> None:
    before = [f"Párrafo {n} decía " + "viejo " * (letters // 6) for n in range(60)]
    after = [f"Párrafo {n} dice " + "nuevo " * (letters // 6) for n in range(60)]
    old, new = two([chapter("Uno", "uno", prose(*before))], [chapter("Uno", "uno", prose(*after))])
    words = only_page(changes_sheet(old, new))
    more = int(re.search(r"Y (\d+) cambios más, en", words)[1])
    shown = len(set(re.findall(r"Párrafo (\d+)", words)))
    assert shown >= 2
    total = sum(len(one.paragraphs) for one in _changes(old, new))
    assert shown + more == total
    assert "/guias/guia/cambios/1..2/" in words


def _changes(old: Version, new: Version) -> list[ChapterChange]:
    from guias.models.changes import compare

    return compare(old.chapters, new.chapters)


def test_the_first_changes_are_counted_by_paragraph_and_by_chapter() -> None:
    words = compare_words("uno dos", "uno tres")
    changes = [
        ChapterChange("changed", "A", "a", paragraphs=[words, words, words]),
        ChapterChange("added", "B", "b"),
        ChapterChange("moved", "C", "c"),
    ]
    sheets = [first_of(changes, count) for count in range(7)]
    assert [sheet.more for sheet in sheets] == [5, 4, 3, 2, 1, 0, 0]
    assert [len(sheet.changes) for sheet in sheets] == [0, 1, 1, 1, 2, 3, 3]
    assert len(sheets[2].changes[0].paragraphs) == 2


def test_a_chapter_with_a_long_name_and_marks_that_bite() -> None:
    nasty = ("</style> & «}» 😀 " * 9)[:120]
    old, new = two([chapter(nasty, "uno", prose("a b"))], [chapter(nasty[::-1], "uno", prose("a <b> c"))])
    assert "Antes se llamaba" in only_page(changes_sheet(old, new))


def test_a_chapter_that_moved_and_changed_says_both() -> None:
    kept = [chapter("Dos", "dos", prose("y")), chapter("Tres", "tres", prose("z"))]
    first, last = (
        chapter("Uno", "uno", prose(f"Archive en la carpeta {word}.")) for word in ("gris", "azul")
    )
    words = only_page(changes_sheet(*two([first, *kept], [*kept, last])))
    assert "Uno (cambió de lugar)" in words and "carpeta gris azul." in words


def test_it_is_drawn_at_publication_and_once(client: Any, media: Path) -> None:
    old, new = few()
    make_changes_sheet.call(new.pk)
    (file,) = (media / "guias" / "cambios").iterdir()
    written = file.stat().st_mtime_ns
    assert kept_sheet(old, new) == f"guias/cambios/{file.name}"
    response = client.get("/guias/guia/cambios/1..2.pdf")
    assert b"".join(response.streaming_content) == file.read_bytes()
    assert response["Content-Type"] == "application/pdf"
    assert 'filename="cambios-guia-v1-v2.pdf"' in response["Content-Disposition"]
    assert [one.stat().st_mtime_ns for one in (media / "guias" / "cambios").iterdir()] == [written]
    make_changes_sheet.call(old.pk)
    assert 'href="/guias/guia/cambios/1..2.pdf"' in client.get("/guias/guia/cambios/1..2/").content.decode()


def test_of_two_that_nobody_asked_for_it_is_drawn_by_the_worker(
    client: Any, media: Path, queued: Any
) -> None:
    old, new = few()
    address = "/guias/guia/cambios/1..2.pdf"
    for _again in range(2):
        response = client.get(address)
        assert (response.status_code, response["Retry-After"]) == (202, "4")
        assert "Qué cambió desde la versión 1, en una hoja." in response.content.decode()
    assert not (media / "guias" / "cambios").exists()
    assert queued("guias.tasks.draw_sheet").count() == 1
    draw_sheet.call(old.pk, new.pk)
    assert client.get(address)["Content-Type"] == "application/pdf"


def test_only_what_is_published_has_one(client: Any) -> None:
    _old, new = few()
    draft = VersionFactory(guide=new.guide, number=3)
    drafted = f"/guias/guia/cambios/2..{draft.number}.pdf"
    assert client.get(drafted).status_code == 404
    client.force_login(editor())  # who may read the draft
    assert client.get(drafted).status_code == 404
    client.logout()
    assert client.get("/guias/guia/cambios/2..1.pdf").status_code == 404
    assert client.get("/guias/guia/cambios/1..1.pdf").status_code == 404
    Guide.objects.update(is_public=False)
    assert client.get("/guias/guia/cambios/1..2.pdf").status_code == 404
