from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.backends import analysis
from search.backends.plan import MAX_SYNONYMS, MAX_TERMS, parse, related

TEXT = st.text(max_size=300)


@given(TEXT)
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(analysis.fold(text)) == len(text)


@given(TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert analysis.fold(analysis.fold(text)) == analysis.fold(text)


@given(TEXT)
def test_any_text_gives_words_of_any_form(text: str) -> None:
    for word in analysis.tokens(analysis.clean(text)):
        assert analysis.normal(word)
        assert " " not in word


@given(st.text(alphabet="abcdefghijklmnñopqrstuvwxyz", min_size=1, max_size=20))
def test_a_singular_is_its_own_singular(word: str) -> None:
    once = analysis.singular(word)
    assert analysis.singular(once) == once


@given(st.text(max_size=12), st.text(max_size=12))
def test_distance_is_symmetric_and_zero_only_for_the_same(one: str, other: str) -> None:
    assert analysis.distance(one, other) == analysis.distance(other, one)
    assert (analysis.distance(one, other) == 0) == (one == other)


PAIRS = """
acta actas · año años · ciudad ciudades · joven jóvenes · voz voces · red redes · mesa mesas · luz luces
vez veces · mes meses · país países · interés intereses · ley leyes · cliente clientes · base bases
guía guías · taller talleres · institución instituciones · inclusión inclusiones · mujer mujeres
crédito créditos · barrio barrios · pez peces · examen exámenes · crisis crisis · autobús autobuses
niñez niñeces · compás compases · microempresa microempresas
"""


@pytest.mark.parametrize(
    "pair", [pair.split() for line in PAIRS.strip().splitlines() for pair in line.split("·")]
)
def test_singular_and_plural_are_one(pair: list[str]) -> None:
    one, many = (analysis.normal(analysis.fold(word)) for word in pair)
    assert one == many


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("acta", "acto"),
        ("ano", "año"),
        ("pena", "peña"),
        ("red", "rey"),
        ("hoja", "hogar"),
        ("plaza", "placa"),
        ("marzo", "marco"),
    ],
)
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert analysis.normal(one) != analysis.normal(other)


@pytest.mark.parametrize(
    ("word", "allowed"),
    [("sol", 0), ("mesa", 1), ("empresa", 1), ("acuerdos", 2), ("2015", 0), ("n2o4xyzw", 0), ("hijo", 1)],
)
def test_slips_allowed(word: str, allowed: int) -> None:
    assert analysis.edits_allowed(word) == allowed
    assert analysis.edits_allowed(word, acronym=True) == 0


@pytest.mark.parametrize(
    ("word", "allowed"),
    [("zzzzqqq", 0), ("zzzxw", 0), ("guía", 1), ("jajaja", 1), ("aaaaaaaaaa", 0), ("carrillo", 2)],
)
def test_a_third_of_the_sound_is_the_most_that_may_slip(word: str, allowed: int) -> None:
    assert analysis.edits_allowed(word) == allowed


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("casa", "caza", 1), ("casa", "csaa", 1), ("casa", "casas", 1), ("casa", "perro", 3)],
)
def test_distances(one: str, other: str, slips: int) -> None:
    assert analysis.distance(one, other) == slips


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("haser", "hacer"),
        ("queso", "keso"),
        ("guerra", "guera"),
        ("girar", "jirar"),
        ("examen", "esamen"),
        ("chuzo", "chuso"),
        ("envidia", "embidia"),
        ("rey", "rei"),
        ("vaya", "valla"),
    ],
)
def test_words_that_sound_alike(one: str, other: str) -> None:
    assert analysis.sound(one) == analysis.sound(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("gasto", "justo"), ("cama", "sama"), ("ano", "año"), ("chica", "sica"), ("2012", "2013")],
)
def test_words_that_do_not(one: str, other: str) -> None:
    assert analysis.sound(one) != analysis.sound(other)


def test_nearest_by_ear_then_by_letters() -> None:
    others = ["valledupar", "ibague", "baldupar"]
    assert analysis.near("baldupar", others, analysis.sounds(others), 2) == ["valledupar"]
    words = ["caza", "cazar", "casar"]
    assert min(words, key=lambda word: analysis.slips(word, "casa")) == "caza"


@given(st.lists(st.text("abcdefghijlmnñopqrstuvwxyz1²ж", min_size=1, max_size=8), max_size=8))
def test_words_sound_together_as_they_do_alone(words: list[str]) -> None:
    """None hears its neighbour, also where all of a word is silent (h) or is no word (a number)."""
    assert analysis.sounds(words) == [analysis.sounds([word])[0] for word in words]


@pytest.mark.parametrize(
    ("word", "sound"),
    [("h", ""), ("enviar", "embiar"), ("ley", "lei"), ("llll", "y"), ("cyc", "kyk"), ("guitarra", "gitara")],
)
def test_what_is_heard_is_not_heard_again(word: str, sound: str) -> None:
    assert analysis.sound(word) == sound


@given(st.text(max_size=1000))
def test_any_text_is_a_plan_of_bounded_size(text: str) -> None:
    plan = parse(text)
    assert len(plan.terms) <= MAX_TERMS
    assert len(plan.phrases) <= 4
    assert len(plan.excluded) <= MAX_TERMS
    assert plan.minimum <= len(plan.terms)


def test_plan_of_everything_at_once() -> None:
    plan = parse('Quiero el "acta de compromiso" del SENA -borrador, en Cartagena')
    assert [word.typed for word in plan.words] == ["sena", "cartagena"]
    assert plan.words[0].exact
    assert plan.phrases == (("acta", "de", "compromiso"),)
    assert [word.typed for word in plan.excluded] == ["borrador"]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Buenas tardes, quisiera saber cómo montar una tienda", "cómo montar una tienda"),
        ("hola ¿dónde queda el SENA? Muchas gracias.", "¿dónde queda el SENA?"),
        ("disculpe, me podrían decir el teléfono por favor", "el teléfono"),
        ("buenas prácticas", "buenas prácticas"),
        ("necesito un carpintero", "necesito un carpintero"),
        ("agenda de la tarde", "agenda de la tarde"),
        ("Hola, buenos días", "Hola, buenos días"),
        ('"buenas tardes"', '"buenas tardes"'),
        ("", ""),
    ],
)
def test_a_greeting_is_nothing_that_is_asked(typed: str, asked: str) -> None:
    assert analysis.asked(typed) == asked
    assert analysis.key(typed) == analysis.key(asked) and parse(typed) == parse(asked)


def test_each_related_word_is_of_few_groups() -> None:
    for line in related():
        assert len(parse(line.partition(",")[0], related()).terms[0].synonyms) <= MAX_SYNONYMS, line


def test_only_small_words_are_words_after_all() -> None:
    assert [word.typed for word in parse("¿qué es?").words] == ["que", "es"]


def test_a_minus_inside_a_word_excludes_nothing() -> None:
    assert parse("socio-laboral").excluded == ()


def test_half_of_a_sentence_is_enough() -> None:
    cities = ["cali", "pasto", "neiva", "tunja", "yopal"]
    plans = [parse(" ".join(cities[:n])) for n in range(1, 6)]
    assert [plan.minimum for plan in plans] == [1, 2, 2, 2, 3]
    assert [replace(plan, loose=True).minimum for plan in plans] == [1, 1, 1, 1, 1]
    assert replace(parse('"acta de compromiso"'), loose=True).minimum == 0


def test_a_word_typed_twice_is_one_term() -> None:
    assert [word.typed for word in parse("WCAG 2.2, nivel 2").words] == ["wcag", "2", "nivel"]


def test_neighbours_keep_the_small_words_between_them() -> None:
    assert parse("el acta de los compromisos firmada").neighbours == [
        tuple(map(analysis.normal, ("acta", "de", "los", "compromiso"))),
        tuple(map(analysis.normal, ("compromiso", "firmada"))),
    ]
    assert parse("acta").neighbours == []


def other_ways(text: str, *lines: str) -> list[str]:
    return [" ".join(w.typed for w in way) for term in parse(text, lines).terms for way in term.synonyms]


def test_a_word_of_several_lines_has_each_other_way_to_say_it_once() -> None:
    lines = ("zurcido, parche, remiendo", "remiendos, zurcidos, compostura")
    assert other_ways("zurcido", *lines) == ["parche", "remiendo", "compostura"]
    assert other_ways("remiendos", *lines) == ["zurcido", "parche", "compostura"]


def test_what_stands_twice_takes_no_place_of_what_stands_once() -> None:
    lines = [f"zurcido, parche, otro{n}mas" for n in range(MAX_SYNONYMS - 1)]
    assert other_ways("zurcido", *lines) == ["parche", *(f"otro{n}mas" for n in range(MAX_SYNONYMS - 1))]


def test_another_form_of_what_was_typed_is_no_other_way_to_say_it() -> None:
    assert other_ways("zurcidos", "zurcido, zurcidos, parche") == ["parche"]
    lines = ("ZPZ, zurcido de prendas, zurcido para las prendas",)
    assert other_ways("zurcido de prendas", *lines) == ["zpz"]
    assert other_ways("ZPZ", *lines) == ["zurcido de prendas", "zurcido para las prendas"]


VERBS = """
buscar busque · explicar explique · pagar pague · entregar entregue · caracterizar caracterice · crecer crezca
ofrecer ofrezca · escoger escoja · dirigir dirija
"""


@pytest.mark.parametrize(
    "pair", [pair.split() for line in VERBS.strip().splitlines() for pair in line.split("·")]
)
def test_a_verb_is_one_however_its_spelling_changes(pair: list[str]) -> None:
    one, other = map(analysis.normal, pair)
    assert one == other


def test_a_whole_query_in_capitals_is_no_acronym() -> None:
    assert parse("ACTA COMPROMISO").words[0].edits == 1
    assert parse("el acta del ICBF").words[-1].edits == 0
