"""Spanish as typed, the same on both engines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from search.backends.base import Request
from search.backends.plan import parse
from search.documents import PUBLIC


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Orientación ocupacional", "orientacion"),
        ("Orientacion ocupacional", "ORIENTACIÓN"),
        ("El acta", "actas"),
        ("Las actas", "acta"),
        ("Un año", "años"),
        ("Los años", "año"),
        ("La ciudad", "ciudades"),
        ("Ciudades", "ciudad"),
        ("El joven", "jóvenes"),
        ("Jóvenes", "joven"),
        ("La voz", "voces"),
        ("Voces", "voz"),
        ("Niño", "nino"),
        ("Compañía", "COMPANIA"),
        ("Decreto 0200", "decreto 200"),
        ("Decreto 200", "decreto 0200"),
        ("Capacitación", "capacitar"),
        ("SENA", "Servicio Nacional de Aprendizaje"),
        ("Servicio Nacional de Aprendizaje", "sena"),
        ("Microcapitalización", "capital semilla"),
        ("Prosperidad Social", "DPS"),
        ("Hoja de vida", "curriculo"),
        ("Montar una tienda", "quiero montar una tienda"),
        ("Busco trabajo sin experiencia", "no tengo experiencia y busco trabajo"),
        ("Decreto 0200", "0200"),
        ("Decreto 0200", "200"),
        ("Red de Inclusión Productiva", "redip"),
        ("RedIP", "redes de inclusion productiva"),
        ("Centro de Orientación para el Empleo y el Emprendimiento", "COEE"),
        ("El COEE de la ciudad", "centro de orientacion para el empleo y el emprendimiento"),
        ("DPS", "prosperidad social"),
        ("El DPS", "departamento para la prosperidad social"),
        ("SICEM", "sistema de informacion"),
        ("El sistema de información", "sicem"),
        ("Unidad para las Víctimas", "uariv"),
        ("La UARIV", "unidad para las victimas"),
        ("El AEB firmado", "acta de entrega de bienes"),
        ("Acta de entrega de bienes", "AEB"),
        ("Comité de crédito", "mesa de prestamos"),
        ("Busque a quien convoca", "cómo buscar quién convoque"),
        ("Entregue los bienes", "entregar un bien"),
        ("¿Cuándo se firma el acta?", "¿en qué momento es que se firman las actas?"),
    ],
)
def test_finds(put: Any, titles: Any, written: str, typed: str) -> None:
    put(title=written)
    put(title="Otra cosa", body="Que no viene al caso")
    assert titles(typed) == [written]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Compromiso", "compromizo"),
        ("Emprendimiento", "enprendimineto"),
        ("Mesa", "meza"),
        ("Bitácora", "vitacora"),
        # Of the ear, which are none between sounds.
        ("Bitácora", "vitakorra"),
        ("Acuerdo", "akuedo"),
        ("Hacer cuentas", "aser"),
        ("Lluvia", "yubia"),
        ("Gente", "jente"),
        ("Técnica", "tegnika"),
        ("Valledupar", "baldupar"),
        ("Embarazo", "envaraso"),
    ],
)
def test_forgives_slips_when_asked(put: Any, titles: Any, written: str, typed: str) -> None:
    put(title=written)
    assert titles(typed) == []
    assert titles(typed, fuzzy=True) == [written]


@pytest.mark.parametrize(
    ("written", "typed"),
    [("Sol", "sal"), ("Taller", "tollir"), ("Bitácora", "fitasonra"), ("Acuerdo", "ayuedo")],
)
def test_forgives_no_more_than_its_length_allows(put: Any, titles: Any, written: str, typed: str) -> None:
    put(title=written)
    assert titles(typed, fuzzy=True) == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [("Hacer", "nacer"), ("Sobre", "cobre"), ("Nuestros", "muestras")],
)
def test_no_slip_leads_to_a_small_word(put: Any, titles: Any, written: str, typed: str) -> None:
    """Nobody looks for one; but what sounds as it (*aser*) is it."""
    put(title=f"{written} algo")
    assert titles(typed, fuzzy=True) == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [("Ley 1551", "1552"), ("Sol", "sal"), ("Decreto 2012", "2013")],
)
def test_never_forgives_numbers_and_short_words(put: Any, titles: Any, written: str, typed: str) -> None:
    put(title=written)
    assert titles(f"{typed} algo-que-no-esta", fuzzy=True) == []
    assert titles(typed, fuzzy=True) == []


def test_never_forgives_an_acronym_unless_a_sentence_is_in_capitals(put: Any, titles: Any) -> None:
    """Of many words in capitals none is known to be one; a word alone may be."""
    put(title="SENA")
    put(title="Cena con todos")
    for text in ("SENO algo-que-no-esta", "SENO", "SEMA", "CENAA", "el SENO"):
        assert titles(text, fuzzy=True) == [], text
    assert titles("ESE SENNA", fuzzy=True) != []
    assert titles("senna", fuzzy=True) != []


def test_a_word_alone_in_capitals_is_still_a_word(put: Any, titles: Any) -> None:
    put(title="Acta de compromiso")
    put(title="El microcrédito")
    assert titles("ACTAS") == titles("COMPROMISOS") == ["Acta de compromiso"]
    assert titles("MICROCREDITTO", fuzzy=True) == ["El microcrédito"], "longer than an acronym"


def test_an_acronym_is_no_stem_of_a_word(put: Any, titles: Any) -> None:
    put(title="El RUT")
    put(title="La ruta")
    put(title="El SENA")
    assert titles("rutas") == ["La ruta"]
    assert titles("rut") == titles("RUT") == titles("registro único tributario") == ["El RUT"]
    assert titles("seno") == titles("SENO") == []
    assert titles("sena") == titles("SENA") == ["El SENA"]


def test_enye_is_a_letter(put: Any, titles: Any) -> None:
    put(title="Todo el año, año tras año", body="año año año")
    put(title="Otro", body="Una línea sobre el ano y nada más, con muchas palabras alrededor")
    assert titles("ano") == ["Otro", "Todo el año, año tras año"]
    assert titles("año") == ["Todo el año, año tras año"]


def test_a_slug_takes_no_enye_away(put: Any, titles: Any) -> None:
    put(title="Un convenio", body="De la alcaldía de Ocaña", city="ocana")
    put(title="Ocaña", city="ocana")
    put(title="Sin nombrarla", city="ocana")
    assert titles("ocana") == ["Sin nombrarla", "Ocaña", "Un convenio"]


def test_an_enye_typed_as_n_finds_titles_first(put: Any, titles: Any) -> None:
    put(title="Un texto", body="Nació en Ocaña")
    put(title="Alcaldía de Ocaña")
    assert titles("ocana") == ["Alcaldía de Ocaña", "Un texto"]


def test_words_that_stand_together_come_first(put: Any, titles: Any) -> None:
    put(
        title="Uno", body="El plan es de todos y la entrega de cada quien, no solo del negocio de la familia."
    )
    put(title="Dos", body="La entrega del informe y el plan de negocio se hace con la familia y su gente.")
    assert titles("plan de negocios") == ["Dos", "Uno"]


def test_the_word_itself_counts_for_more_than_another_for_it(put: Any, titles: Any) -> None:
    put(title="El comité")
    put(title="La mesa")
    assert titles("mesa") == ["La mesa", "El comité"]
    assert titles("comité") == ["El comité", "La mesa"]


def test_a_loose_plan_takes_any_word_and_prefers_to_have_all(put: Any, engine: Any) -> None:
    for number in range(8):
        put(title=f"Relleno {number}", body="Cada quien cuenta cómo va y qué falta.")
    put(title="Permisos", body="Se piden en la alcaldía de cada ciudad.")
    put(title="Mascotas", body="Se cuidan en la casa de cada quien.")
    put(
        title="Un texto largo",
        body="El permiso de la mascota que se lleva al centro con sus papeles en orden.",
    )
    plan = replace(parse("permiso mascota"), loose=True)
    found = [one.document.title for one in engine.search(Request(plan=plan, audience={PUBLIC})).found]
    assert found[0] == "Un texto largo"
    assert set(found[1:]) == {"Permisos", "Mascotas"}


def test_a_loose_plan_puts_all_words_before_one_of_them_in_a_title(put: Any, engine: Any) -> None:
    for number in range(30):
        put(title=f"Relleno {number}", body="Cada quien cuenta cómo va y qué falta.")
    put(title="Mascota, mascota y mascota")
    put(
        title="Un texto largo",
        body=" ".join(["El permiso de la mascota.", *["Y lo demás que hace falta."] * 40]),
    )
    plan = replace(parse("permiso mascota"), loose=True)
    found = [one.document.title for one in engine.search(Request(plan=plan, audience={PUBLIC})).found]
    assert found == ["Un texto largo", "Mascota, mascota y mascota"]


@pytest.mark.parametrize("typed", ["puerto asis", "Puerto Asís"])
def test_the_name_of_a_city_finds_what_the_city_is_first(put: Any, titles: Any, typed: str) -> None:
    put(title="Centro de Empleo y Emprendimiento de Puerto Asís", kind="centro", city="puerto-asis")
    put(title="Puerto Asís", kind="recurso", city="puerto-asis")
    put(title="Centro de Puerto López, vecino de Puerto Asís", kind="centro", city="puerto-lopez")
    assert titles(typed)[0] == "Centro de Empleo y Emprendimiento de Puerto Asís"
    assert titles(f"{typed} empleo")[0] == "Centro de Empleo y Emprendimiento de Puerto Asís"


def test_a_thing_is_found_by_what_it_is(put: Any, titles: Any) -> None:
    put(title="Panadería La Espiga", kind="proveedor", label="Alimentos")
    put(title="Panadería que pide harina", kind="demanda", label="Alimentos")
    assert titles("proveedores de alimentos") == ["Panadería La Espiga"]


def test_a_bare_entry_comes_after_what_says_as_much(put: Any, titles: Any) -> None:
    put(title="Cajas de ahorro", kind="institucion")
    put(title="Caja de ahorro", kind="centro")
    assert titles("caja de ahorro") == ["Caja de ahorro", "Cajas de ahorro"]


def test_phrases_are_taken_as_written(put: Any, titles: Any) -> None:
    put(title="Uno", body="Se firma el acta de compromiso.")
    put(title="Dos", body="El compromiso consta en acta.")
    assert titles('"acta de compromiso"') == ["Uno"]
    assert titles('"Acta de Compromiso') == ["Uno"]
    assert set(titles("acta de compromiso")) == {"Uno", "Dos"}
    assert titles("acta de compromiso")[0] == "Uno"


def test_minus_takes_away(put: Any, titles: Any) -> None:
    put(title="Acta de compromiso")
    put(title="Acta de desistimiento")
    assert titles("acta -desistimientos") == ["Acta de compromiso"]


def test_titles_count_for_more_and_weight_for_less(put: Any, titles: Any) -> None:
    put(title="Gestión", body="Habla del empleo una vez")
    put(title="Empleo")
    put(title="Empleo", summary="retirada", weight=0.3, id="vieja")
    assert titles("empleo")[0] == "Empleo"
    put(title="Empleo viejo", id="vieja", weight=0.3)
    assert titles("empleo") == ["Empleo", "Gestión", "Empleo viejo"]


@pytest.mark.parametrize(
    "text",
    [
        '"sin cerrar', "foo:bar", "(", ")", "[* TO *]", "/.*/", "a" * 10_000, "\0", "😀", "-", "--", '"',
        "AND OR NOT",
        "acta^5", "acta~2", "acta*", "title:acta", "\\", "{!lucene}", "\u202eacta", "ï¿½", "-acta", '""',
        "*:*", "\ud800",
    ],
)  # fmt: skip
def test_any_text_is_a_query(put: Any, ask: Any, text: str) -> None:
    put(title="Acta")
    assert ask(text).total in {0, 1}
    assert ask(text, fuzzy=True).total in {0, 1}
