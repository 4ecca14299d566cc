"""A few lines of what changed in a paragraph: what changed is in them, whole words, and not much longer."""

from __future__ import annotations

import pytest

from nucleo.words import Paragraph, as_sentence, compare_words, excerpt, shares

LONG = "La persona escoge después de oír las opciones que hay en su ciudad y quien atiende lo escribe. "


def text_of(pieces: list[tuple[str, str]]) -> str:
    return "".join(words for _operation, words in pieces)


def test_what_one_does_not_need_the_others_have() -> None:
    assert shares([40, 1, 40], 12) == [5, 1, 6]
    assert shares([2, 3], 12) == [2, 3]
    assert shares([0, 5, 0], 3) == [0, 3, 0]
    assert shares([], 3) == []


def test_one_word_far_inside_a_long_paragraph_is_shown_with_what_is_beside_it() -> None:
    old = LONG * 8 + "Se archiva en la carpeta gris del centro. " + LONG * 8
    found = excerpt(compare_words(old, old.replace("gris", "azul")), limit=300)
    assert [piece for piece in found.words if piece[0] != "same"] == [("del", "gris"), ("ins", "azul")]
    assert text_of(found.before).startswith("… ") and text_of(found.before).endswith(" …")
    assert "en la carpeta gris del centro." in text_of(found.before)
    assert len(text_of(found.words)) <= 300


def test_of_much_that_went_and_much_that_came_both_are_shown() -> None:
    words = [("same", "Primero. "), ("del", "viejo texto " * 60), ("ins", "nuevo escrito " * 60)]
    found = excerpt(Paragraph(words), limit=300)  # type: ignore[arg-type]
    (gone,) = [text for operation, text in found.words if operation == "del"]
    (come,) = [text for operation, text in found.words if operation == "ins"]
    assert 100 < len(gone) <= 150 and 100 < len(come) <= 150
    assert set(gone.split()) == {"viejo", "texto", gone.split()[-1]} and gone.rstrip().endswith("…")
    assert come.split()[-1] in ("nuevo…", "escrito…")


@pytest.mark.parametrize("operation", ["ins", "del"])
def test_what_came_or_went_whole_is_still_whole_when_it_is_cut(operation: str) -> None:
    found = excerpt(Paragraph([(operation, LONG * 9)]), limit=200)  # type: ignore[list-item]
    assert found.whole == operation
    said = text_of(found.words).rstrip()
    assert said.endswith(" La…") and 150 < len(said) <= 201


def test_of_many_changes_the_first_are_shown_whole_and_the_rest_is_an_ellipsis() -> None:
    old = " ".join(f"La regla número {n} pide siempre guardar el papel viejo." for n in range(30))
    found = excerpt(compare_words(old, old.replace("viejo", "nuevo")), limit=300)
    changed = [piece for piece in found.words if piece[0] != "same"]
    assert 2 <= len(changed) < 20
    assert changed == [("del", "viejo"), ("ins", "nuevo")] * (len(changed) // 2)
    assert found.words[-1][1].endswith("…")
    assert len(text_of(found.words)) <= 300


def test_a_line_becomes_a_sentence_once() -> None:
    lines = ["Cambió.", "Para quien firma", "¿Y si vuelve?", "Antes de firmar;"]
    assert " ".join(map(as_sentence, lines)) == "Cambió. Para quien firma. ¿Y si vuelve? Antes de firmar."


def test_what_is_short_stays_as_it_is() -> None:
    words = compare_words("Firma el acta vieja.", "Firma el acta nueva hoy.")
    assert excerpt(words, limit=240) == words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "Lleve la copia de la cédula y la carta de la empresa.",
            "Lleve la carta de la empresa.",
            [("same", "Lleve "), ("del", "la copia de la cédula y "), ("same", "la carta de la empresa.")],
        ),
        (
            "El asesor anota lo que la persona pide.",
            "El asesor escucha a la persona y anota lo que la persona pide.",
            [
                ("same", "El asesor "),
                ("ins", "escucha a la persona y "),
                ("same", "anota lo que la persona pide."),
            ],
        ),
    ],
)
def test_a_phrase_that_stayed_is_found_whole_and_not_word_by_word(
    old: str, new: str, words: list[tuple[str, str]]
) -> None:
    assert compare_words(old, new).words == words


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("Traiga acta y firma.", 'Traiga "acta" y firma.', [("ins", '"'), ("ins", '"')]),
        ("Cuesta el 10 % del valor.", "Cuesta el 10% del valor.", [("del", " ")]),
        ("Dos días.", "Hoy: Dos días.", [("ins", "Hoy: ")]),
        ("", "Nada antes. ", [("ins", "Nada antes. ")]),
        ("Sobra al final  ", "Sobra al final", [("del", "  ")]),
    ],
)
def test_spaces_are_neither_lost_nor_part_what_stayed(
    old: str, new: str, changed: list[tuple[str, str]]
) -> None:
    found = compare_words(old, new)
    assert (text_of(found.before), text_of(found.after)) == (old, new)
    assert sorted(piece for piece in found.words if piece[0] != "same") == sorted(changed)
