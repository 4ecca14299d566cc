"""What was meant by what was typed, the same on both engines: slips, beginnings, what is not wanted."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from search import rebuilding, registry
from search.documents import PUBLIC
from search.models import SynonymGroup
from search.query import Query
from search.results import ResultPage
from search.service import search

pytestmark = pytest.mark.django_db
MESA = frozenset({"mesa:1"})


@pytest.fixture
def written(live: Any, shelf: Any) -> Callable[..., None]:
    """Write public rows with these titles, and fill the engine with all there is."""

    def written(*titles: str, **values: Any) -> None:
        values.setdefault("audience", frozenset({PUBLIC}))
        for title in titles:
            shelf.add(title, **values)
        rebuilding.rebuild()

    return written


def page(text: str, **options: Any) -> ResultPage:
    return search(Query(text=text, **options), options.pop("viewer", AnonymousUser()))


def titles(text: str, **options: Any) -> set[str]:
    return {hit.title for hit in page(text, **options).hits}


def assert_as_if_typed(text: str, meant: str) -> None:
    """See that ``text`` gives what ``meant`` gives, and says so."""
    found, right = page(text), page(meant)
    assert found.did_you_mean == meant
    assert right.did_you_mean == "" and right.total > 0
    assert (found.total, found.hits, found.facets) == (right.total, right.hits, right.facets)


# --- Slips ---------------------------------------------------------------------------------------
def test_a_slip_gives_what_the_right_spelling_gives(written: Any) -> None:
    written("La microfinanza", "Otra cosa")
    written("Capital semilla", "La microcapitalización", "El capital")
    assert_as_if_typed("microcreditto", "microcrédito")
    assert_as_if_typed("capital semiya", "capital semilla")
    assert "La microcapitalización" in titles("capital semiya")


def test_words_that_only_synonyms_have_are_corrected_too(written: Any) -> None:
    written("La hoja de vida", "El capital")
    written("Trabajar desde la casa", "La microcapitalización")
    for typed in ("curiculo", "kurriculo"):
        assert_as_if_typed(typed, "currículo")
    assert_as_if_typed("curriculun", "currículum")
    assert_as_if_typed("capital semila", "capital semilla")
    assert titles("teletrabaho") == set()
    SynonymGroup.objects.create(words="teletrabajo, trabajar desde la casa")
    from search import vocabulary

    vocabulary.forget()
    assert_as_if_typed("teletrabaho", "teletrabajo")


def test_a_word_that_a_document_has_is_not_corrected(written: Any) -> None:
    written(*(f"Corrección {number} en el centro" for number in range(25)), body="casi siempre, cada centro")
    written("La dirección del Colegio", "Cali")
    found = page("centro de cali")
    assert found.did_you_mean == "" and "Cali" in {hit.title for hit in page("cali").hits}
    assert page("centro direccion").did_you_mean == ""


def test_what_others_wrote_does_not_make_a_word_known(written: Any) -> None:
    registry.register_audience(lambda user: user.tokens)
    written("La financiación", "Otra financiación")
    written("Finansiasion", audience=MESA)
    assert page("finansiasion").did_you_mean == "financiación"
    member = SimpleNamespace(is_authenticated=True, is_active=True, tokens=["mesa:1"])
    assert search(Query(text="finansiasion"), member).did_you_mean == ""


def test_a_name_is_no_slip_of_a_common_word(written: Any) -> None:
    written("La modista cose con la máquina", "Las tres hojas", "Marta y sus pares", "A la luz de todos")
    for name in ("jose garcia", "ana torres", "torres", "perez", "maria perez", "luz marina gomez"):
        assert page(name).did_you_mean == "", name
    assert titles("jose garcia") == titles("torres") == titles("perez") == set()


def test_a_doubtful_slip_needs_a_result_with_the_rest(written: Any) -> None:
    written("La tarea de la mesa redonda", "El barco")
    assert page("mexa redonda").did_you_mean == "mesa redonda"
    assert page("merra redonda").did_you_mean == ""
    assert page("mesas verco").did_you_mean == ""


def test_a_correction_is_written_as_in_the_documents(written: Any) -> None:
    written("ORIENTACIÓN", "Orientación", body="La orientación es de todos. Cartagena y su orientación.")
    written("De Cartagena", body="Cartagena")
    assert page("orientasion").did_you_mean == "orientación"
    assert page("la Cartajena").did_you_mean == "la Cartagena"


def test_exactly_what_was_typed_can_be_asked_for(written: Any) -> None:
    written("El compromiso", "El niño", "El sino")
    assert page("compromizo").total == 1
    assert page("compromizo", exact=True).total == 0
    assert titles("nino", exact=True) == {"El niño"}
    assert page("compro", exact=True).total == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("giua", "guía"),
        ("giua de algo", "guía de algo"),
        ("credtio", "crédito"),
        ("hoja de vdia", "hoja de vida"),
    ],
)
def test_two_letters_swapped_are_one_slip(written: Any, typed: str, meant: str) -> None:
    """Also where they sound of nothing alike: Damerau counts a transposition as one edit."""
    written("La guía de algo", "El crédito", "La hoja de vida")
    assert_as_if_typed(typed, meant)


def test_letters_swapped_in_what_may_not_be_read_or_is_a_number_are_no_slip(written: Any, shelf: Any) -> None:
    written("La bodega", audience=MESA)
    shelf.refused.add(str(shelf.add("El andamio", audience=frozenset({PUBLIC})).pk))
    written("Ley 1551 del ICBF", "Una tienda", "La luz")
    for typed in ("bdoega", "adnamio", "1515", "ICFB", "el ICFB", "itenda", "lzu"):
        assert page(typed).did_you_mean == "", typed


def test_of_what_may_be_an_acronym_no_slip_is_taken_and_another_is_offered(written: Any) -> None:
    written("El SENA", "Un empleo", "La cena")
    for typed, offered in [("SENO", "SENA"), ("EMPELO", "empleo"), ("SEAN", "SENA")]:
        found = page(typed)
        assert (found.total, found.did_you_mean, found.offered) == (0, "", offered)
        assert page(offered).total == 1
    assert page("seno").offered == "" and page("seno").did_you_mean == "SENA"
    assert page("EMPLEOS").total == 1


# --- Spelling ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("itenda", "tienda"),
        ("gredito", "crédito"),
        ("tabrajo", "trabajo"),
        ("mpleo", "empleo"),
        ("mpleo de itenda", "empleo de tienda"),
    ],
)
def test_who_found_nothing_is_offered_a_word_that_is_spelt_nearly_so(
    written: Any, typed: str, offered: str
) -> None:
    written("La guía", "Una tienda", "El crédito", "El trabajo", "Un empleo", "Pares y tres más")
    found = page(typed)
    assert (found.total, found.did_you_mean, found.offered) == (0, "", offered)
    assert page(found.offered).total > 0
    assert page(typed, exact=True).offered == page(f'"{typed} gris"').offered == ""
    assert page(f"{typed} -gris").offered == ""


def test_no_word_is_offered_that_is_not_spelt_so_or_may_not_be_read(written: Any, shelf: Any) -> None:
    written("Pares y tres más", "Un empleo")
    written("La bodega", audience=MESA)
    shelf.refused.add(str(shelf.add("El andamio", audience=frozenset({PUBLIC})).pk))
    rebuilding.rebuild()
    for typed in ("perez", "torres", "obdega", "nadamio", "itenda", "onz"):
        assert (page(typed).total, page(typed).offered) == (0, ""), typed
    assert page("empelo").offered == "", "which is corrected"
    written("Una tienda")
    assert page("itenda").offered == "tienda", "which only synonyms had"


# --- Beginnings ----------------------------------------------------------------------------------
def test_the_beginning_of_a_word_finds_the_word(written: Any) -> None:
    written("Cartagena", "El puerto de Cartagena", "Cartografía", "La empleabilidad", "Emplean a otros")
    written("Ornitorrinco", "Cartografías secretas", "La cartografía secreta", audience=MESA)
    found = page("cartag")
    assert (found.begun, found.whole, found.did_you_mean) == ("cartag", "Cartagena", "Cartagena")
    assert found.hits == page("Cartagena").hits
    assert page("puerto carta").did_you_mean == "puerto Cartagena", "of the title that has the rest"
    assert page("carto").whole == "Cartografía"
    assert page("ornito").begun == "", "which only a mesa may read of"
    assert page("empleab").whole == "empleabilidad", "which is nearer than a slip"
    assert page("curric").total == 0
    written("Hoja de vida")
    assert page("curric").whole == "currículo"


def test_a_beginning_is_of_what_most_titles_say(written: Any) -> None:
    written("Microfranquicia", "Microfinanzas", "Las microfinanzas", "Microempresa")
    assert page("microf").whole == "microfinanzas"
    assert page("mic").begun == "", "too short to stand for a word"


# --- Ñ -------------------------------------------------------------------------------------------
def test_an_enye_typed_as_n_comes_before_any_slip(written: Any) -> None:
    written("Sino", "El sino, sino")
    written("Otro", body="Un texto largo que habla de muchas cosas y al final de los niños del barrio.")
    found = page("nino")
    assert found.near
    assert found.hits[0].title == "Otro" and found.total == 3


# --- What is not wanted --------------------------------------------------------------------------
def test_an_excluded_phrase_takes_the_phrase_away(written: Any) -> None:
    written("El empleo", "El empleo y la hoja de vida", "El empleo de la vida", "La hoja, sin empleo")
    assert titles('empleo -"hoja de vida"') == {"El empleo", "El empleo de la vida", "La hoja, sin empleo"}
    assert titles("empleo -hoja-de-vida") == titles('empleo -"hoja de vida"')
    assert titles("empleo -hoja") == {"El empleo", "El empleo de la vida"}


def test_an_excluded_small_word_takes_nothing_away(written: Any) -> None:
    written("El empleo", "El empleo de la vida")
    assert titles("empleo -de") == {"El empleo", "El empleo de la vida"}
