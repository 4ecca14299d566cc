"""Naming an institution in a form: by typing, without a list of all."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from directorio.forms import OFFERED, InstitutionField
from directorio.models import Institution
from tests.factories.directorio import InstitutionFactory

pytestmark = pytest.mark.django_db


class Form(forms.Form):
    body = InstitutionField(label="Entidad")


@pytest.fixture
def sena() -> Institution:
    InstitutionFactory(name="Cámara de Comercio de Cali", acronym="CCC", other_names="")
    return InstitutionFactory(
        name="Servicio Nacional de Aprendizaje", acronym="SENA", other_names="|El Sena|Servicio|"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "Servicio Nacional de Aprendizaje",
        " sena ",
        "el sena",
        "APRENDIZAJE",
        "servicio aprendizáje",
        "nacion",
    ],
)
def test_it_is_found_as_people_call_it(sena: Institution, typed: str) -> None:
    form = Form({"body": typed})
    assert form.is_valid() and form.cleaned_data["body"] == sena


def test_an_empty_line_is_nobody(sena: Institution) -> None:
    for data in ({}, {"body": "  "}, {"body": "Sena", "body_cual": ""}):
        form = Form(data)
        assert form.is_valid() and form.cleaned_data["body"] is None


def test_what_is_not_there_is_said_and_kept(sena: Institution) -> None:
    form = Form({"body": '"><script>x'})
    assert not form.is_valid() and "no está en el directorio" in form.errors["body"][0]
    html = str(form["body"])
    assert "&quot;&gt;&lt;script&gt;x" in html and "<script>x" not in html and "radio" not in html


def test_of_several_one_is_chosen_without_scripts(sena: Institution) -> None:
    here = [InstitutionFactory(name=f"Alcaldía de {city}", acronym="") for city in ("Cali", "Pasto")]
    form = Form({"body": "alcaldia"})
    assert not form.is_valid() and "escoja la suya" in form.errors["body"][0]
    html = str(form["body"])
    assert html.count('type="radio" name="body_cual"') == 3 and "Ninguna de estas" in html
    assert "radio" not in str(Form()["body"]), "what one person was offered stays with her"
    chosen = Form({"body": "alcaldia", "body_cual": here[1].name})
    assert chosen.is_valid() and chosen.cleaned_data["body"] == here[1]


def test_of_many_the_first_are_offered(sena: Institution) -> None:
    for number in range(OFFERED + 2):
        InstitutionFactory(name=f"Fundación {number:02}", acronym="")
    form = Form({"body": "fundacion"})
    assert not form.is_valid() and "escriba más letras" in form.errors["body"][0]
    assert str(form["body"]).count('value="Fundación') == OFFERED


def test_a_row_shows_the_name_it_keeps(sena: Institution) -> None:
    for kept in (sena.pk, sena):
        assert 'value="Servicio Nacional de Aprendizaje"' in str(Form(initial={"body": kept})["body"])
    assert "value=" not in str(Form(initial={"body": 0})["body"])


def test_names_are_suggested_while_one_types(client: Any, sena: Institution) -> None:
    address = "/directorio/sugerencias/instituciones/"
    (found,) = client.get(address, {"q": "APRENDIZÁJE"}).json()["sugerencias"]
    assert found == {"titulo": sena.name, "valor": sena.name, "etiqueta": "SENA"}
    for text in ("", "   ", "ornitorrinco", "\x00", "%"):
        assert client.get(address, {"q": text}).json()["sugerencias"] == []
    assert client.post(address).status_code == 405


def test_no_form_lists_the_whole_directory(client: Any, assert_same_queries: Any) -> None:
    InstitutionFactory()
    assert assert_same_queries("/cuenta/crear/", lambda: InstitutionFactory.create_batch(2)) <= 2
    assert str(Institution.objects.first()) not in client.get("/cuenta/crear/").content.decode()
