from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.backends import analysis
from search.backends.plan import parse, stopwords
from search.highlight import SNIPPET, Highlighter
from tests.factories.search import make_document


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("orientacion", "La Orientación va", "La <mark>Orientación</mark> va"),
        ("actas", "El acta", "El <mark>acta</mark>"),
        ("nino", "Un niño", "Un <mark>niño</mark>"),
        ("acta de compromiso", "firma el acta de compromiso.", "firma el <mark>acta de compromiso</mark>."),
        ("acta compromiso", "acta de compromiso", "<mark>acta</mark> de <mark>compromiso</mark>"),
        ("sena", "El SENA enseña", "El <mark>SENA</mark> enseña"),
        ("capital semilla", "hay microcapitalización", "hay <mark>microcapitalización</mark>"),
        ("b", "<b>negro</b>", "&lt;<mark>b</mark>&gt;negro&lt;/<mark>b</mark>&gt;"),
        ('"firma del acta"', "La firma del acta", "La <mark>firma del acta</mark>"),
        ("acta", "actuar", "actuar"),
        ("", "nada", "nada"),
    ],
)
def test_marks(query: str, text: str, marked: str) -> None:
    assert Highlighter(parse(query)).whole(text) == marked


def test_marks_slips_only_when_asked() -> None:
    assert Highlighter(parse("compromizo")).whole("compromiso") == "compromiso"
    marker = Highlighter(parse("compromizo"), fuzzy=True)
    assert marker.whole("compromiso") == "<mark>compromiso</mark>"


def test_what_was_meant_is_told_document_by_document() -> None:
    marker = Highlighter(parse("compromizo"), fuzzy=True)
    one, two, three = marker.met(
        [
            make_document(title="Compromiso", body="El compromiso y el Compromiso"),
            make_document(title="Compromizo", summary="Un compromiso"),
            make_document(title="", summary="", body=""),
        ]
    )
    assert one.near == {"compromizo": {"compromiso": {"Compromiso": 2, "compromiso": 1}}}
    assert one.seen == set()
    assert two.seen == {"compromizo"} and two.near == {"compromizo": {"compromiso": {"compromiso": 1}}}
    assert not three.seen and not three.near
    assert marker.met([]) == []


@given(
    st.sampled_from(["guagua", "compromizo", "guison", "aorro", "hueco feria"]),
    st.lists(st.text("aeioubcghmnoqruw", min_size=1, max_size=10), max_size=12),
)
def test_a_word_is_marked_however_short_it_is_for_how_it_sounds(typed: str, others: list[str]) -> None:
    """Those too short to be near are not compared: no near one may be lost by it, as *wawa* (guagua)."""
    plan = parse(typed)
    words = {word for word in (*others, "wawa", "wison", "aoro", "weco") if word not in stopwords()}
    near = {
        word
        for word in words
        for wanted in plan.words
        if analysis.distance(analysis.sound(word), analysis.sound(wanted.typed)) <= wanted.edits
    }
    marked = Highlighter(plan, fuzzy=True).whole(" | ".join(sorted(words)))
    assert near <= set(re.findall("<mark>(.*?)</mark>", marked))


def test_snippet_is_cut_around_what_was_found() -> None:
    body = (
        "Relleno sin interés alguno. " * 60
        + "Aquí se firma el acta de compromiso con la persona. "
        + "Más. " * 90
    )
    snippet = Highlighter(parse("acta de compromiso")).snippet("Resumen que no lo dice", body)
    assert "<mark>acta de compromiso</mark>" in snippet
    assert len(re.sub("<[^>]+>", "", snippet)) <= SNIPPET + 2
    assert snippet.endswith("…")


def test_snippet_prefers_the_summary_and_falls_back_to_its_beginning() -> None:
    marker = Highlighter(parse("acta"))
    assert marker.snippet("El acta", "Otra acta") == "El <mark>acta</mark>"
    assert marker.snippet("Nada", "Nada") == "Nada"
    assert marker.snippet("", "palabra " * 100).endswith("palabra…")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            "Primer servicio\nLas seis preguntas\nQué es: un acta",
            "Primer servicio · Las seis preguntas · Qué es: un acta",
        ),
        ("Se firma.\nEl acta queda", "Se firma. El acta queda"),
        ("Para esto:\n\n \nel acta\n", "Para esto: el acta"),
        ("las actas de la\r\nmesa de empleo\nAnexo", "las actas de la mesa de empleo · Anexo"),
    ],
)
def test_a_snippet_tells_headings_and_paragraphs_apart(body: str, shown: str) -> None:
    snippet = Highlighter(parse("acta")).snippet("", body)
    assert re.sub("<[^>]+>", "", snippet) == shown
    assert (
        re.findall("<mark>(.*?)</mark>", snippet)
        == [found for found in ("actas", "acta") if found in shown][:1]
    )


def test_a_snippet_begins_where_a_paragraph_does() -> None:
    body = "\n".join(["Un renglón sin punto y nada más"] * 30 + ["Firma del acta", "Otro renglón"] * 30)
    snippet = re.sub("<[^>]+>", "", Highlighter(parse("acta")).snippet("", body))
    assert snippet.startswith(("Un renglón", "Firma")) and not snippet.rstrip("…").endswith("·")


@given(st.text(max_size=60), st.text(max_size=600), st.booleans())
def test_never_anything_but_escaped_text_and_marks(query: str, text: str, fuzzy: bool) -> None:
    marker = Highlighter(parse(query), fuzzy=fuzzy)
    for html in (marker.whole(text), marker.snippet(text, text)):
        bare = re.sub(r"</?mark>", "", html)
        assert "<" not in bare
        assert ">" not in bare
        assert html.count("<mark>") == html.count("</mark>")


def test_a_question_that_says_more_of_what_was_asked_stands_for_the_text() -> None:
    marker = Highlighter(parse("la señora no va a volver al centro"))
    answers = make_document(
        body="El centro deja constancia.", asked=("¿Y si la señora no va a volver?", "¿Otra?")
    )
    marked = "Responde: ¿Y si la <mark>señora</mark> no va a <mark>volver</mark>?"
    assert marker.passage(answers) == (marked, None)
    says_more = replace(answers, body="Si la señora no piensa volver al centro, firma un acta.")
    assert "firma un acta" in marker.passage(says_more)[0]
    one_word = marker.passage(replace(answers, asked=("¿Volver?",)))[0]
    assert "constancia" in one_word


def test_a_question_is_safe_html() -> None:
    asked = make_document(asked=("¿Qué es <b>capital</b> semilla?",))
    shown = Highlighter(parse("capital semilla")).passage(asked)[0]
    assert "&lt;b&gt;<mark>capital</mark>" in shown and "<b>" not in shown
