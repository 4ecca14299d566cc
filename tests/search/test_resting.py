"""While the engine rests titles come from the database: of all that has one, said in any of its ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.factories.comunidad import ResourceFactory
from tests.factories.directorio import CenterFactory, CityFactory, InstitutionFactory
from tests.factories.guias import GuideFactory, chapter, checklist, published
from tests.factories.redip import CommitmentFactory, MemberFactory, MesaFactory, RedFactory, draft_acta

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def resting(settings: Any, tmp_path: Path) -> None:
    """An index that was never filled."""
    settings.SEARCH_PLACE = str(tmp_path / "never filled")


def titles(client: Client, text: str, **filters: str) -> list[str]:
    answer = client.get("/api/v1/buscar", {"q": text, **filters}).json()
    assert answer["descansando"] is True
    return [one["titulo"] for one in answer["results"]]


def test_a_word_is_no_part_of_another(client: Client) -> None:
    ResourceFactory(title="¿Sirve la contraseña si la cédula está en trámite?")
    ResourceFactory(title="Cursos (SENA)")
    assert titles(client, "sena") == ["Cursos (SENA)"]
    assert titles(client, "contraseñ") == ["¿Sirve la contraseña si la cédula está en trámite?"]
    assert titles(client, "cursos -sena") == []


def test_acronyms_and_synonyms_are_understood(client: Client) -> None:
    InstitutionFactory(name="Servicio Nacional de Aprendizaje", acronym="SENA")
    InstitutionFactory(name="Centro Colombo", acronym="CCX")
    ResourceFactory(title="Una hoja de vida")
    assert titles(client, "SENA") == ["Servicio Nacional de Aprendizaje"]
    assert titles(client, "ccx") == ["Centro Colombo"]
    assert titles(client, "currículo") == ["Una hoja de vida"]
    InstitutionFactory(name="Unidad Administrativa", acronym="UA")
    assert titles(client, "acta de desistimiento") == [], "whose short name is AD"


def test_networks_and_centres_are_found_by_their_city(client: Client) -> None:
    city = CityFactory(name="Ocaña", slug="ocana")
    center = CenterFactory(name="Centro Pedro Romero", city=city)
    red = RedFactory(city=city)
    assert set(titles(client, "ocaña")) == {str(center), red.title}
    assert titles(client, "red de ocana") == [red.title]
    assert titles(client, "redip ocaña") == [red.title]


def test_chapters_are_found_by_their_own_title(client: Client) -> None:
    body = [chapter("Hacer la hoja de vida", "hacer", checklist()), chapter("Cerrar", "cerrar", checklist())]
    published(guide=GuideFactory(title="Empleabilidad"), body=body)
    published(guide=GuideFactory(title="En reserva", is_public=False), body=body)
    assert titles(client, "hoja de vida") == ["Hacer la hoja de vida"]
    assert titles(client, "empleabilidad") == ["Empleabilidad"]


def test_commitments_and_actas_are_found_by_insiders_alone(client: Client) -> None:
    mesa = MesaFactory(name="Microfinanzas")
    seat = MemberFactory(mesa=mesa)
    promised = CommitmentFactory(member=seat, what="Traer el ornitorrinco")
    acta = draft_acta(seat)
    assert titles(client, "ornitorrinco") == []
    assert titles(client, "microfinanzas") == [mesa.title]
    client.force_login(seat.user)
    assert titles(client, "ornitorrinco") == [promised.what]
    assert titles(client, f"acta {acta.number} microfinanzas") == [f"{acta.title}. {mesa.title}"]
    client.force_login(MemberFactory(mesa=MesaFactory()).user)
    assert titles(client, "ornitorrinco") == [] and titles(client, "acta microfinanzas") == []


def test_filters_count_while_the_engine_rests(client: Client) -> None:
    cali, pasto = CityFactory(name="Cali", slug="cali"), CityFactory(name="Pasto", slug="pasto")
    mine, other = CenterFactory(name="Centro uno", city=cali), CenterFactory(name="Centro dos", city=pasto)
    red = RedFactory(city=cali)
    assert titles(client, "", tipo="centro") == [str(other), str(mine)], "the newest first"
    assert titles(client, "centro", ciudad="cali") == [str(mine)]
    assert set(titles(client, "", ciudad="cali")) == {str(mine), red.title}
    assert titles(client, "centro", ciudad="cali", hasta="2015-01-01") == []
    assert titles(client, "centro", ciudad="cali", desde="2015-01-01") == [str(mine)]
    assert titles(client, "centro", tema="empleo") == titles(client, "centro", ruta="redip") == []


def test_chapters_of_one_guide_and_route_alone_while_the_engine_rests(client: Client) -> None:
    guides = [GuideFactory(title="Empleabilidad"), GuideFactory(title="Emprendimiento")]
    for guide in guides:
        published(guide=guide, body=[chapter(f"Cerrar {guide.title}", "cerrar", checklist())])
    assert titles(client, "cerrar", dentro=f"guia-{guides[0].pk}") == ["Cerrar Empleabilidad"]
    assert titles(client, "", dentro=f"guia-{guides[1].pk}") == ["Cerrar Emprendimiento"]
    route = guides[0].route
    assert set(titles(client, "empleabilidad", ruta=route)) == {"Empleabilidad", "Cerrar Empleabilidad"}
    assert titles(client, "empleabilidad", ruta="otra") == []


def test_a_phrase_is_left_out_while_the_engine_rests(client: Client) -> None:
    ResourceFactory(title="El empleo y la hoja de vida")
    ResourceFactory(title="El empleo de la vida")
    assert titles(client, 'empleo -"hoja de vida"') == ["El empleo de la vida"]
    assert set(titles(client, "empleo -de")) == {"El empleo y la hoja de vida", "El empleo de la vida"}


def test_filters_are_shown_and_let_go_while_the_engine_rests(client: Client) -> None:
    CenterFactory(city=CityFactory(name="Ocaña", slug="ocana"))
    html = client.get("/buscar/?tipo=centro&ciudad=ocana").content.decode()
    assert "Ocaña" in html and 'href="?tipo=centro"' in html
    assert "esas palabras" not in html
    html = client.get("/buscar/?tipo=acta").content.decode()
    assert "No hay nada con esos filtros." in html and "esas palabras" not in html
    assert "Con esos filtros, ningún título" in client.get("/buscar/?tipo=acta&q=nada").content.decode()
