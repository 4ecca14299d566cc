"""Words of the glossary: recognised as people write them, explained once, and never a danger to the page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from guias.exports import html as single_page
from guias.models import Term
from guias.models.glossary import Glossary
from guias.views.defining import Definitions
from nucleo.html import clean
from portal.bootstrap import EDITORS
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, block, chapter, published


def term(word: str, meaning: str = "Lo que es.", others: str = "", pk: int = 0) -> Term:
    return Term(
        pk=pk or abs(hash(word)),
        word=word,
        slug=word.lower().replace(" ", "-"),
        others=others,
        meaning=meaning,
    )


WORDS = [
    term("DPS", others="Departamento para la Prosperidad Social"),
    term("RedIP"),
    term("capital semilla"),
    term("capital"),
    term("eslabón"),
    term("voz"),
    term("Mesa"),
    term("RUT"),
]


def found(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], one.word) for start, end, one in Glossary(WORDS).find(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("El DPS paga", [("DPS", "DPS")]),
        ("el dps no", []),
        ("DPSX, ex-DPS, a/DPS y DPS_1", []),
        ("(DPS).", [("DPS", "DPS")]),
        ("Departamento para\nla Prosperidad  Social", [("Departamento para\nla Prosperidad  Social", "DPS")]),
        ("Los eslabones, un Eslabón", [("eslabones", "eslabón"), ("Eslabón", "eslabón")]),
        ("capital semilla y capital", [("capital semilla", "capital semilla"), ("capital", "capital")]),
        ("las voces y una voz", [("voces", "voz"), ("voz", "voz")]),
        ("capitales semilla", [("capitales semilla", "capital semilla")]),
        ("una mesa, dos mesas", [("mesa", "Mesa"), ("mesas", "Mesa")]),
        ("redip", []),
        ("mesada", []),
    ],
)
def test_a_word_is_recognised_as_people_write_it(text: str, words: list[tuple[str, str]]) -> None:
    assert found(text) == words


def test_an_empty_glossary_recognises_nothing() -> None:
    assert list(Glossary([]).find("DPS")) == []
    assert Glossary([]).answer("DPS") is None


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("DPS", "DPS"),
        ("dps", "DPS"),
        ("¿Qué es el DPS?", "DPS"),
        ("qué significa la sigla DPS", "DPS"),
        ("prosperidad social", None),
        ("departamento para la prosperidad social", "DPS"),
        ("definición de eslabones", "eslabón"),
        ("capital semilla", "capital semilla"),
        ("pedir capital semilla", None),
        ("rut", "RUT"),
        ("qué es el RUT", "RUT"),
        ("ruta", None),
        ("las rutas", None),
        ("qué es", None),
        ("", None),
        ("\x00", None),
    ],
)
def test_who_asks_for_a_word_alone_is_told(asked: str, word: str | None) -> None:
    answer = Glossary(WORDS).answer(asked)
    assert (answer.word if answer else None) == word


def marked(source: str, **options: Any) -> str:
    definitions = Definitions(Glossary(WORDS), **options)
    return str(definitions.mark(source) + definitions.notes())


def test_the_note_stands_right_after_the_paragraph() -> None:
    written = marked("<p>Pida al DPS.</p><p>El DPS responde.</p>")
    assert '<p>Pida al <a class="term" id="usa-dps" href="#palabra-dps">DPS</a>.</p>' in written
    after = written.partition("</a>.</p>")[2]
    assert after.lstrip().startswith('<span class="definition" id="palabra-dps"')
    assert written.endswith("<p>El DPS responde.</p>")


def test_in_a_list_it_stands_inside_the_item_and_of_a_bare_text_it_waits() -> None:
    written = marked("<ul><li>El DPS</li><li>Otro</li></ul>")
    assert re.search(r"DPS</a>\s*<span class=\"definition\".*</span>\s*</li><li>Otro", written, re.S)
    definitions = Definitions(Glossary(WORDS))
    assert "definition" not in definitions.mark("El DPS")
    assert "palabra-dps" in definitions.notes()
    assert definitions.notes() == ""


@pytest.mark.parametrize("name", ["a", "code", "h3", "abbr"])
def test_links_headings_and_what_is_copied_are_left_alone(name: str) -> None:
    written = marked(f"<p><{name}>DPS</{name}> y el DPS</p>")
    assert f"<{name}>DPS</{name}> y el <a class" in written


def test_what_the_chapter_is_about_is_not_explained_in_it() -> None:
    assert "term" not in marked("<p>El DPS</p>", except_for="Qué es el DPS")


def test_a_meaning_is_text_and_no_markup() -> None:
    definitions = Definitions(Glossary([term("DPS", meaning="<script>alert(1)</script> & más")]))
    written = definitions.mark("<p>DPS</p>")
    assert "<script>" not in written
    assert "&lt;script&gt;" in written and "&amp; más" in written


TAGS = ["<p>", "</p>", "<li>", "</li>", "<a>", "</a>", "<code>", "</code>", "<h3>", "</h3>", "<b>", "</b>"]
PIECES = st.sampled_from(
    [*TAGS, "DPS", "dps", "capital semilla", "eslabones", "&amp;", "&lt;", "&nbsp;", '"', "'", ">"]
)


@given(st.lists(PIECES | st.text(max_size=6), max_size=30).map("".join))
def test_marking_adds_and_changes_nothing_else(source: str) -> None:
    """Without the links and the notes, the page says what it said."""
    before = clean(source)
    written = marked(before)
    written = re.sub(r"<span class=\"definition\".*?</span>\s*</span>", "", written, flags=re.S)
    written = re.sub(r'<a class="term"[^>]*>(.*?)</a>', r"\1", written, flags=re.S)
    assert html.unescape(written) == html.unescape(before)


@pytest.mark.django_db
def test_a_chapter_explains_its_words_once_and_files_do_not(client: Any) -> None:
    Term.objects.create(word="DPS", slug="dps", meaning="Una entidad.", link="/directorio/")
    steps = {"title": "", "items": [{"title": "Llame al DPS", "text": "El DPS atiende."}]}
    body = [
        chapter("Uno", "uno", block("steps", steps), block("text", "<p>El DPS.</p>")),
        chapter("Dos", "dos", block("text", "<p>El DPS.</p>")),
    ]
    version = published(guide=GuideFactory(), body=body)
    for slug in ("uno", "dos"):
        page = client.get(f"/guias/{version.guide.slug}/{slug}/").content.decode()
        assert page.count('class="term"') == page.count('class="definition"') == 1
        assert "/guias/glosario/#dps" in page and "definiciones" in page
    assert 'class="term"' not in single_page.make(version).decode()


@pytest.mark.django_db
def test_a_chapter_without_words_brings_no_script(client: Any) -> None:
    version = published()
    page = client.get(version.guide.get_absolute_url() + version.chapters[0].slug + "/").content.decode()
    assert "definiciones" not in page


@pytest.mark.django_db
def test_the_list_says_every_word_by_its_letter(client: Any, assert_same_queries: Callable[..., int]) -> None:
    assert 'data-total="0"' in client.get("/guias/glosario/").content.decode()
    Term.objects.create(word="DPS", slug="dps", meaning="Una entidad.", others="Prosperidad Social")

    def more() -> None:
        Term.objects.create(word="eslabón", slug="eslabon", meaning="Una parte.", link="/redip/")
        Term.objects.create(word="Bitácora", slug="bitacora", meaning="Un documento.")

    assert_same_queries("/guias/glosario/", more)
    page = client.get("/guias/glosario/").content.decode()
    assert re.findall(r'data-tipo="palabra" data-id="([^"]*)"', page) == ["bitacora", "dps", "eslabon"]
    assert re.findall(r'href="#letra-(\w)"', page) == ["B", "D", "E"]
    assert "También: Prosperidad Social" in page and 'href="/redip/"' in page
    assert "/guias/glosario/" in client.get("/guias/").content.decode()


@pytest.mark.django_db
def test_search_says_it_above_the_results(client: Any, search_index: Callable[[], Any]) -> None:
    Term.objects.create(word="DPS", slug="dps", meaning="Una entidad <pública>.")
    search_index()
    page = client.get("/buscar/?q=que es el DPS").content.decode()
    assert 'aria-label="Glosario"' in page and "Una entidad &lt;pública&gt;." in page
    for other in ("/buscar/?q=DPS hoy", "/buscar/?q=DPS&tipo=guia", "/buscar/"):
        assert 'aria-label="Glosario"' not in client.get(other).content.decode(), other


@pytest.mark.django_db
def test_the_interface_gives_the_words(client: Any) -> None:
    Term.objects.create(
        word="DPS", slug="dps", meaning="Una entidad.", others="Prosperidad Social", link="/redip/"
    )
    answer = client.get("/api/v1/glosario").json()
    assert answer["count"] == 1
    assert answer["results"][0]["tambien"] == ["Prosperidad Social"]
    assert answer["results"][0]["enlace"].endswith("/redip/") and "://" in answer["results"][0]["enlace"]


@pytest.mark.django_db
def test_two_words_do_not_share_a_form() -> None:
    Term.objects.create(word="DPS", slug="dps", meaning="Una entidad.", others="Prosperidad Social")
    with pytest.raises(ValidationError, match="ya está en el glosario, en «DPS»"):
        Term(word="prosperidad social", meaning="Otra cosa.").full_clean()
    Term(word="Prosperidad", meaning="Otra cosa.").full_clean()


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "//otro.example/", "http://sin-cifrar.example/", "redip"]
)
def test_a_link_is_of_the_site_or_safe(link: str) -> None:
    with pytest.raises(ValidationError):
        Term(word="DPS", slug="dps", meaning="x", link=link).clean_fields()


@pytest.mark.django_db
def test_an_editor_explains_a_word(client: Any) -> None:
    editor = UserFactory()
    editor.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(editor)
    fields = {"word": "Sisbén", "others": "SISBEN", "meaning": "Un sistema.", "link": ""}
    answer = client.post("/admin/snippets/guias/term/add/", fields)
    assert answer.status_code == 302
    assert Term.objects.get().slug == "sisben"
    again = client.post("/admin/snippets/guias/term/add/", {**fields, "word": "sisbén", "others": ""})
    assert "ya está en el glosario" in again.content.decode()
    assert Term.objects.count() == 1
