"""Slots: filled in order, empty when nobody fills them."""

from nucleo import slots


def test_a_slot_shows_what_was_registered_in_order() -> None:
    def first(word: str) -> str:
        return f"<b>{word}</b>"

    def second(word: str) -> str:
        return word.upper()

    slots.register("prueba", first)
    slots.register("prueba", second)
    slots.register("prueba", second)
    assert slots.render("prueba", word="hola") == "<b>hola</b>HOLA"
    slots.unregister("prueba", first)
    slots.unregister("prueba", second)
    assert slots.render("prueba", word="hola") == ""


def test_a_slot_that_nobody_knows_is_empty() -> None:
    assert slots.render("nada", a=1) == ""
