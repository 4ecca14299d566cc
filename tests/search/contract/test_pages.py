"""What stands on a later page of a PDF is found, and its result opens at that page, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from search.backends.plan import parse
from search.documents import joined
from search.highlight import Highlighter
from search.reading import as_parts

PAGES = (
    "Quiénes la forman: un titular.",
    "Hay quórum con la mitad de los titulares.",
    "A la prensa habla quien se escoja.",
)


@pytest.mark.parametrize(
    ("text", "page"), [("quorum", 2), ('"la mitad de los titulares"', 2), ("quién habla con la prensa", 3)]
)
def test_a_phrase_of_a_later_page_opens_there(put: Any, ask: Any, text: str, page: int) -> None:
    body, parts = joined(as_parts(PAGES, url="/archivo/", kind="pdf"))
    put(title="Reglas.pdf", body=body, parts=parts)
    put(title="Otro", body="Nada de eso.")
    (found,) = ask(text).found
    html, part = Highlighter(parse(text)).passage(found.document)
    assert part is not None and (part.url, part.label) == (f"/archivo/?ver#page={page}", f"Página {page}")
    assert "<mark>" in html


@pytest.mark.parametrize(
    "text", ["quorum reglas", "reglas quórum", "REGLAS QUORUM", "las reglas del quórum", "quórum reglas"]
)
def test_what_the_title_says_anyway_does_not_choose_the_page(put: Any, ask: Any, text: str) -> None:
    pages = ("Reglas de la mesa: quiénes la forman.", "Hay quórum con la mitad.", "Quórum. Nada más.")
    body, parts = joined(as_parts(pages, url="/archivo/", kind="pdf"))
    put(title="Reglas.pdf", body=body, parts=parts)
    (found,) = ask(text).found
    html, part = Highlighter(parse(text)).passage(found.document)
    assert part is not None and part.label == "Página 2", html


def test_the_page_with_most_of_the_words_goes_first_whatever_the_title_says(put: Any, ask: Any) -> None:
    pages = ("Las reglas de la mesa.", "Hay quórum con la mitad.", "Reglas de la mesa cuando no hay quórum.")
    body, parts = joined(as_parts(pages, url="/archivo/", kind="pdf"))
    put(title="Reglas de la mesa.pdf", body=body, parts=parts)
    (found,) = ask("reglas quorum mesa").found
    _html, part = Highlighter(parse("reglas quorum mesa")).passage(found.document)
    assert part is not None and part.label == "Página 3"
