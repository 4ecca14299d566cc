"""Comparing versions: words, chapters that come, go and move."""

from __future__ import annotations

from guias.models import Chapter, Version
from guias.models.changes import compare, compare_chapter
from nucleo.words import compare_paragraphs, compare_words
from tests.factories.guias import chapter, every_block


def made(slug: str, *texts: str, title: str = "", key: str = "") -> Chapter:
    return Chapter(number=1, title=title or slug.title(), slug=slug, summary=texts, blocks=[], id=key)


def kinds(old: list[Chapter], new: list[Chapter]) -> dict[str, str]:
    return {change.slug: change.kind for change in compare(old, new)}


def test_words_that_agree_stand_once() -> None:
    words = compare_words("La persona firma el acta.", "La persona firma hoy el acta.").words
    assert [(op, text) for op, text in words if op != "same"] == [("ins", "hoy ")]
    assert "".join(text for op, text in words if op != "ins") == "La persona firma el acta."
    assert "".join(text for op, text in words if op != "del") == "La persona firma hoy el acta."


def test_a_word_that_happens_to_agree_is_no_agreement() -> None:
    old, new = "Se archiva en la carpeta de la persona.", "Se guarda con el número de cédula."
    assert compare_words(old, new).words == [
        ("same", "Se "),
        ("del", "archiva en la carpeta de la persona"),
        ("ins", "guarda con el número de cédula"),
        ("same", "."),
    ]


def test_a_comma_is_not_part_of_its_word() -> None:
    words = compare_words("Acta firmada", "Acta firmada, y guardada").words
    assert words == [("same", "Acta firmada"), ("ins", ", y guardada")]


def test_three_words_between_two_changes_do_agree() -> None:
    words = compare_words("Hoy firma el acta nueva.", "Mañana firma el acta vieja.").words
    assert ("same", " firma el acta ") in words


def test_a_paragraph_that_came_or_went_is_whole() -> None:
    gone, come = compare_paragraphs(["abcdef"], ["zyxwvu"])
    assert (gone.whole, come.whole) == ("del", "ins")
    assert compare_words("uno dos", "uno tres").whole == ""


def test_only_changed_paragraphs_are_given() -> None:
    found = compare_paragraphs(["igual", "viejo texto aquí"], ["igual", "nuevo texto aquí"])
    assert len(found) == 1
    assert ("del", "viejo") in found[0].words


def test_one_word_changed_in_a_long_paragraph_is_one_word() -> None:
    old = (
        "La orientación termina con una decisión que la persona toma después de escuchar las opciones que "
        "hay en su ciudad, los tiempos de cada una y los documentos que pide; quien atiende no decide, "
        "pero sí deja escrito lo que acordaron y le explica cuándo volver."
    )
    (found,) = compare_paragraphs([old], [old.replace("escuchar", "oír")])
    assert [piece for piece in found.words if piece[0] != "same"] == [("del", "escuchar"), ("ins", "oír")]


def test_long_paragraphs_about_other_things_are_not_mixed() -> None:
    old = "La persona que llega al centro se recibe por su nombre y se le pregunta primero qué busca. " * 3
    new = (
        "El mercado campesino abre los domingos; los puestos se asignan por sorteo a quien firmó la lista. "
        * 3
    )
    assert [one.whole for one in compare_paragraphs([old], [new])] == ["del", "ins"]


def test_paragraphs_that_have_nothing_in_common_are_not_mixed() -> None:
    found = compare_paragraphs(["abcdef"], ["zyxwvu"])
    assert [p.words for p in found] == [[("del", "abcdef")], [("ins", "zyxwvu")]]


def test_chapters_that_come_go_stay_and_change() -> None:
    old = [made("a", "x"), made("b", "y"), made("c", "z")]
    new = [made("a", "x"), made("b", "y otra"), made("d", "w")]
    assert kinds(old, new) == {"a": "same", "b": "changed", "d": "added", "c": "removed"}
    assert [change.first for change in compare(old, new) if change.kind == "added"] == ["w"]


def test_what_is_copied_as_it_is_and_cells_read_as_words() -> None:
    body = Version(body=[chapter("Uno", "uno", *every_block())]).chapters
    text = body[0].text
    assert "Cédula guardada como CC_#" in text
    assert "Documento: Sigla" in text and "|" not in text and "`" not in text


def test_a_chapter_that_moved_is_told_from_one_that_changed() -> None:
    old = [made("a", "x"), made("b", "y"), made("c", "z")]
    new = [made("b", "y"), made("c", "z"), made("a", "x")]
    assert kinds(old, new) == {"b": "same", "c": "same", "a": "moved"}


def test_a_chapter_that_moved_and_changed_is_both() -> None:
    old = [made("a", "uno dos"), made("b", "y"), made("c", "z")]
    found = compare(old, [made("b", "y"), made("c", "z"), made("a", "uno tres")])
    assert [(one.kind, one.out_of_place) for one in found] == [
        ("same", False),
        ("same", False),
        ("changed", True),
    ]


def test_a_new_title_is_a_change() -> None:
    (change,) = compare([made("a", "x", title="Viejo")], [made("a", "x", title="Nuevo")])
    assert (change.kind, change.old_title, change.paragraphs) == ("changed", "Viejo", [])


def test_a_chapter_with_another_name_and_address_is_the_same_chapter() -> None:
    old = [made("a", "x", title="A", key="1"), made("b", "y dos", key="2"), made("c", "z", key="3")]
    new = [made("aa", "x", title="A", key="1"), made("bb", "y tres", key="2"), made("c", "z", key="3")]
    moved, renamed, same = compare(old, new)
    assert (moved.kind, moved.old_slug, moved.out_of_place) == ("moved", "a", False)
    assert (renamed.kind, renamed.old_slug, len(renamed.paragraphs)) == ("changed", "b", 1)
    assert (same.kind, same.old_slug) == ("same", "")


def test_two_chapters_that_took_each_others_address_are_told_apart() -> None:
    old = [made("a", "x", title="Uno", key="1"), made("b", "y", title="Dos", key="2")]
    new = [made("b", "x", title="Uno", key="1"), made("a", "y", title="Dos", key="2")]
    assert [(change.title, change.kind) for change in compare(old, new)] == [
        ("Uno", "moved"),
        ("Dos", "moved"),
    ]


def test_a_chapter_written_anew_at_its_address_takes_the_place_of_the_one_before() -> None:
    old = [made("a", "x uno", key="1"), made("b", "y", key="2")]
    assert kinds(old, [made("a", "x dos", key="9"), made("b", "y", key="2")]) == {"a": "changed", "b": "same"}
    taken = [made("aa", "x uno", title="A", key="1"), made("a", "z", key="9")]
    assert kinds(old, taken) == {"aa": "moved", "a": "added", "b": "removed"}


def test_one_chapter_alone_is_compared_as_among_all() -> None:
    old = [made("a", "x", key="1"), made("b", "y dos", key="2"), made("c", "z", key="3"), made("d", "w")]
    new = [made("bb", "y tres", key="2"), made("c", "z", key="3"), made("a", "x", key="1")]
    alone = [compare_chapter(one, old, new) for one in old]
    assert sorted(alone, key=str) == sorted(compare(old, new), key=str)
