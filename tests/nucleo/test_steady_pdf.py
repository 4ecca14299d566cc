"""A steady PDF shows, says and names what the plain one does; a change in a part leaves the others' bytes."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Operator

from guias.exports.pieces import cut
from nucleo import paper
from nucleo.pdf_writing import FEWEST, references, room

STYLE = """@page { size: 300pt 200pt; margin: 20pt 20pt 50pt;
@bottom-left { content: element(foot); width: 100% } }
article { break-before: page } .foot { position: running(foot); border-top: 1pt solid }
.foot p::after { content: counter(page) " de " counter(pages) }"""
LINE = "<p>Una frase que se repite, con <a href='https://example.org/'>un enlace</a> y 12 0 R (así \\).</p>"
TABLE = """<table><thead><tr><th>Sigla<th>Para qué</thead><tbody>
<tr><th scope=row>A<td>Uno<tr><th scope=row>B<td>Dos</table>"""
PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


def part(number: int, version: int, *, lines: int = 9, said: str = "") -> str:
    foot = (
        f"<div class=foot><p>Parte {number}, versión {version}: </p><img src='{PICTURE}' alt='Código'></div>"
    )
    text = f"<h1 id=p{number}>Parte {number}</h1>{said}{LINE * lines}{TABLE}{TABLE}<h2>Fin</h2>{LINE}"
    return f"<article>{foot}{text}</article>"


def document(*parts: str) -> str:
    return f"<html lang=es-CO><title>12 0 R (de prueba) \\</title><style>{STYLE}</style>{''.join(parts)}"


def steady(*parts: str) -> bytes:
    return paper.pdf(document(*parts), steady=True)


@pytest.fixture(scope="module")
def both() -> tuple[bytes, bytes]:
    html = document(*(part(n, 1) for n in range(1, 5)))
    return paper.pdf(html), paper.pdf(html, steady=True)


def marks(page: Any) -> tuple[dict[int, str], list[Any]]:
    """The marks of a page's elements with their kind, and what its artifacts are; both balanced."""
    found: dict[int, str] = {}
    artifacts, depth = [], 0
    for operands, operator in pikepdf.parse_content_stream(page):
        if operator in (Operator("BDC"), Operator("BMC")):
            depth += 1
            if operands[0] == "/Artifact":
                artifacts.append(operands[1:])
            else:
                found[int(operands[1].MCID)] = str(operands[0])
        elif operator == Operator("EMC"):
            depth -= 1
            assert depth >= 0
    assert depth == 0
    return found, artifacts


def in_parent_tree(document: pikepdf.Pdf) -> dict[int, Any]:
    """What the parent tree says of each number, read as PDF 1.7 describes it (7.9.7)."""
    found: dict[int, Any] = {}
    for kid in document.Root.StructTreeRoot.ParentTree.Kids:
        numbers = [int(number) for number in kid.Nums[::2]]
        assert [int(limit) for limit in kid.Limits] == [numbers[0], numbers[-1]]
        assert numbers == sorted(numbers) and (not found or numbers[0] > max(found))
        found |= dict(zip(numbers, kid.Nums[1::2], strict=True))
    return found


def elements(node: Any) -> Iterator[Any]:
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from elements(kid)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        yield from elements(node.get("/K", pikepdf.Array()))


def told(content: bytes) -> list[Any]:
    """What each page says to who copies it, the bookmarks, and the structure in reading order."""
    paper = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_bounded() for page in paper]
    toc = [(mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in paper.get_toc()]
    with pikepdf.open(io.BytesIO(content)) as document:
        kinds = [str(one.S) for one in elements(document.Root.StructTreeRoot.K)]
        return [pages, toc, kinds, str(document.docinfo["/Title"])]


def test_it_shows_and_says_what_the_plain_one_does(both: tuple[bytes, bytes]) -> None:
    plain, made = both
    assert told(made) == told(plain)
    for old, new in zip(pypdfium2.PdfDocument(plain), pypdfium2.PdfDocument(made), strict=True):
        assert old.render(scale=2).to_pil().tobytes() == new.render(scale=2).to_pil().tobytes()


def test_it_is_hardly_larger_and_readers_find_nothing_wrong_with_it(both: tuple[bytes, bytes]) -> None:
    plain, made = both
    assert len(made) <= 1.03 * len(plain)
    with pikepdf.open(io.BytesIO(made)) as document:
        assert document.check_pdf_syntax() == []
        assert str(document.docinfo["/Title"]) == "12 0 R (de prueba) \\"


def test_every_mark_and_link_leads_to_its_element_and_back(both: tuple[bytes, bytes]) -> None:
    with pikepdf.open(io.BytesIO(both[1])) as document:
        tree = in_parent_tree(document)
        seen = []
        for page in document.pages:
            found, _artifacts = marks(page)
            seen.append(int(page.StructParents))
            of_page = tree[seen[-1]]
            assert sorted(found) == list(range(len(of_page)))
            for mark, kind in found.items():
                assert mark in [kid for kid in of_page[mark].K if isinstance(kid, int)]
                assert of_page[mark].Pg.objgen == page.objgen
                assert str(of_page[mark].S) in {kind, "/Link"}
            for link in page.get("/Annots", []):
                seen.append(int(link.StructParent))
                (named,) = [kid for kid in tree[seen[-1]].K if isinstance(kid, pikepdf.Dictionary)]
                assert named.Obj.objgen == link.objgen
        assert sorted(seen) == sorted(tree)


def test_the_foot_is_an_artifact_of_pagination_and_in_no_tree(both: tuple[bytes, bytes]) -> None:
    with pikepdf.open(io.BytesIO(both[1])) as document:
        for page in document.pages:
            feet = [kinds[0] for kinds in marks(page)[1] if kinds]
            assert feet and all(str(foot.Subtype) == "/Footer" for foot in feet)
        assert "/Figure" not in {str(one.S) for one in elements(document.Root.StructTreeRoot.K)}


def test_cells_name_the_heads_of_their_own_table(both: tuple[bytes, bytes]) -> None:
    with pikepdf.open(io.BytesIO(both[1])) as document:
        tables = [one for one in elements(document.Root.StructTreeRoot.K) if one.S == "/Table"]
        names: Counter[bytes] = Counter()
        for table in tables:
            heads = {bytes(one.ID) for one in elements(table.K) if one.S == "/TH"}
            names.update(heads)
            named = {bytes(n) for one in elements(table.K) if one.S == "/TD" for n in one.A.Headers}
            assert named and named <= heads
        assert len(tables) >= 8 and max(names.values()) == 1


def packed(content: bytes) -> set[bytes]:
    """The object streams, with the numbers of all that is in them."""
    return set(re.findall(rb"\d+ 0 obj\n<</Type /ObjStm.*?\nendobj\n", content, re.DOTALL))


def bodies(content: bytes) -> dict[str, list[bytes]]:
    """What draws the pages of each part, as it stands in the file."""
    found: dict[str, list[bytes]] = {}
    with pikepdf.open(io.BytesIO(content)) as document:
        texts = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]
        for page, text in zip(document.pages, texts, strict=True):
            said = re.search(r"Parte (\d), versión", text)
            assert said
            found.setdefault(said[1], []).append(page.Contents[0].read_raw_bytes())
    return found


@pytest.mark.parametrize("change", [{"lines": 21}, {"said": "<h2>Algo más</h2>"}, {"lines": 2}])
def test_a_change_in_a_part_and_every_foot_leaves_the_rest(change: dict[str, Any]) -> None:
    old = steady(*(part(n, 1) for n in range(1, 5)))
    new = steady(part(1, 2), part(2, 2, **change), part(3, 2), part(4, 2))
    before, after = bodies(old), bodies(new)
    assert [number for number in "1234" if after[number] != before[number]] == ["2"]
    assert len(packed(new) - packed(old)) == 2, "of the part, and of the whole"
    hers = {piece.sha256 for piece in cut(old)}
    assert sum(piece.size for piece in cut(new) if piece.sha256 not in hers) < len(new) / 2


def test_the_pages_of_a_part_share_their_foot_but_for_its_number() -> None:
    with pikepdf.open(io.BytesIO(steady(part(1, 1, lines=30)))) as document:
        begin, own, end = zip(*([*page.Contents][1:] for page in document.pages), strict=True)
        assert len(begin) >= 3
        assert len({one.objgen for one in begin}) == len({one.objgen for one in end}) == 1
        assert len({one.objgen for one in own}) == len(own)
        assert all(len(one.read_bytes()) < 200 for one in own)


def test_same_content_same_bytes() -> None:
    assert steady(part(1, 1)) == steady(part(1, 1))


def test_a_document_without_foot_or_heading_is_steady_too() -> None:
    html = f"<html lang=es-CO><title>Sola</title>{LINE}{TABLE}"
    plain, made = paper.pdf(html), paper.pdf(html, steady=True)
    assert told(made) == told(plain)


def test_what_only_looks_like_a_reference_is_none() -> None:
    assert references(rb"<</A 12 0 R/B (7 0 R \) 8 0 R)/K [3 14 0 R 5 15 0 R]>>") == {12, 14, 15}


def test_a_part_has_room_to_grow() -> None:
    assert room(1) == FEWEST
    assert all(room(n) >= 1.25 * n and room(n) & (room(n) - 1) == 0 for n in range(1, 3000))
