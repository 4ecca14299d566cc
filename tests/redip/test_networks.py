"""The board and the page of a network, as everyone reads them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone

from redip.models import Milestone, Product, Red, StageEvidence, WorkAxis
from tests.factories.directorio import CenterFactory, CityFactory, InstitutionFactory
from tests.factories.redip import MemberFactory, MesaFactory, RedFactory, named_parts

pytestmark = pytest.mark.django_db


def milestone(red: Red, what: str = "Asamblea anual", when: str = "2014", planned: bool = False) -> Milestone:
    return Milestone.objects.create(
        red=red, what=what, when_text=when, sort_date=dt.date(2014, 12, 31), is_planned=planned
    )


def lanes(html: str) -> dict[str, list[str]]:
    """Names of the cities on the board, by the slug of their stage."""
    found = {}
    for slug, lane in re.findall(
        r'<section class="lane" aria-labelledby="etapa-(\w+)">(.*?)</section>', html, re.S
    ):
        found[slug] = re.findall(r'data-tipo="red".*?<a href="[^"]*">([^<]+)</a>', lane, re.S)
    return found


def test_the_board_has_three_lanes_and_who_says_nothing(client: Any) -> None:
    for stage, name in ((3, "Cartagena"), (2, "Neiva"), (1, "Ocaña")):
        RedFactory(city=CityFactory(name=name), stage=stage)
    CenterFactory(city=CityFactory(name="Yopal"))
    CityFactory(name="Bogotá")
    html = client.get("/redip/").content.decode()
    assert lanes(html) == {
        "fortalecimiento": ["Cartagena"],
        "conformacion": ["Neiva"],
        "acercamiento": ["Ocaña"],
    }
    assert 'data-total="3"' in html
    silent = html[html.index('id="sin-informacion"') :]
    assert "Yopal" in silent and "Bogotá" not in html


def test_ones_city_is_found_by_its_name_before_the_lanes(client: Any) -> None:
    """On a phone the lanes are five screens; nobody knows in which of them her city stands."""
    for stage, name in ((1, "Ocaña"), (3, "Cartagena"), (2, "Ibagué")):
        RedFactory(city=CityFactory(name=name), stage=stage)
    CenterFactory(city=CityFactory(name="Florencia"))
    html = client.get("/redip/").content.decode()
    cities = html[html.index("board-cities") : html.index('class="lane"')]
    assert re.findall(r'<li><a href="/redip/[^"]*">([^<]+)</a>', cities) == [
        *("Cartagena", "Florencia", "Ibagué", "Ocaña")
    ]


def test_what_the_board_says_of_a_network(client: Any) -> None:
    told = RedFactory(city=CityFactory(name="Uno"), order=1, as_of=dt.date(2015, 3, 31))
    milestone(told, "Planes de acción")
    MesaFactory(red=told)
    coming = RedFactory(city=CityFactory(name="Dos"), order=2, name="Red Equidad")
    milestone(coming, "Documento radicado")
    milestone(coming, "Presentación", "2015", planned=True)
    by_act = RedFactory(
        order=3, act_kind="Decreto", act_number="0200", act_date=dt.date(2014, 4, 28), pending="sumar actores"
    )
    by_act.leaders.add(InstitutionFactory(name="Alcaldía de Prueba"))
    contacted = RedFactory(order=4)
    contacted.contacted.add(InstitutionFactory(), InstitutionFactory())
    html = client.get("/redip/").content.decode().replace("\xa0", " ")
    for words in (
        "1 mesa.",
        "Planes de acción (2014)",
        "Red Equidad.",
        "Sigue:</strong> Presentación (2015)",
        "Decreto 0200 del 28 de abril de 2014",
        "Falta:</strong> sumar actores",
        "Lidera: Alcaldía de Prueba.",
        "2 actores contactados",
        "Así van, a marzo de 2015.",
    ):
        assert words in html, words
    assert "Documento radicado" not in html


def test_an_empty_board_says_what_will_be_there(client: Any) -> None:
    response = client.get("/redip/")
    assert response.status_code == 200
    assert 'class="empty"' in response.content.decode()


def full() -> Red:
    red = RedFactory(
        pending="sumar actores", scope="Más amplia.", actors="Cuarenta.", as_of=dt.date(2015, 3, 31)
    )
    body = InstitutionFactory()
    for field in ("leaders", "secretariat", "institutions", "contacted"):
        getattr(red, field).add(body)
    mesa = MesaFactory(red=red)
    mesa.leaders.add(body)
    milestone(red)
    StageEvidence.objects.create(red=red, stage=3, what="Mesas que funcionan", detail="Tres")
    StageEvidence.objects.create(red=red, stage=2, what="De otra etapa")
    Product.objects.create(red=red, name="Directorio de oferta")
    WorkAxis.objects.create(red=red, name="Empleo")
    return red


def test_the_board_costs_the_same_with_one_and_with_three(assert_same_queries: Any) -> None:
    def one() -> None:
        CenterFactory(city=full().city)
        CenterFactory(city=CityFactory())

    one()
    assert assert_same_queries("/redip/", lambda: (one(), one())) <= 8


def test_a_network_shows_all_that_is_public(client: Any) -> None:
    red = full()
    CenterFactory(city=red.city).partners.add(InstitutionFactory(name="Cámara de Prueba"))
    html = client.get(red.get_absolute_url()).content.decode()
    for words in (
        red.title, "Mesas que funcionan", "Tres", red.mesas.get().name, "Asamblea anual",
        "Directorio de oferta",
        "Ejes de trabajo", "Más amplia.", "Cuarenta.", "sumar actores", "Secretaría técnica",
        "Actores contactados", "Entidades miembro", "Socios: Cámara de Prueba.", "Datos a marzo de 2015.",
    ):  # fmt: skip
        assert words in html, words
    assert "De otra etapa" not in html
    assert f'data-tipo="mesa" data-id="{red.mesas.get().pk}"' in " ".join(html.split())
    assert html.count("<h1") == 1


def test_a_network_costs_the_same_whatever_hangs_on_it(assert_same_queries: Any) -> None:
    red = full()

    def more() -> None:
        body = InstitutionFactory()
        for field in ("leaders", "secretariat", "institutions", "contacted"):
            getattr(red, field).add(body)
        MesaFactory(red=red).leaders.add(body)
        milestone(red)
        Product.objects.create(red=red, name="Otro")
        StageEvidence.objects.create(red=red, stage=3, what="Otro")

    assert assert_same_queries(red.get_absolute_url(), lambda: (more(), more())) <= 18


def test_a_network_without_products_points_to_one_that_has_them(client: Any) -> None:
    red, other = RedFactory(), RedFactory()
    assert "Ver los productos" not in client.get(red.get_absolute_url()).content.decode()
    Product.objects.create(red=other, name="Directorio")
    html = client.get(red.get_absolute_url()).content.decode()
    assert f'href="{other.get_absolute_url()}#productos"' in html


def test_the_parts_of_a_network_are_a_press_away_and_only_those_that_are_there(client: Any) -> None:
    red = RedFactory()
    assert named_parts(client.get(red.get_absolute_url())) == ["etapa", "mesas", "bitacora", "productos"]
    milestone(red)
    WorkAxis.objects.create(red=red, name="Empleo")
    red.institutions.add(InstitutionFactory())
    red.secretariat.add(InstitutionFactory())
    Red.objects.filter(pk=red.pk).update(act_kind="Acuerdo")
    CenterFactory(city=red.city)
    parts = "etapa mesas bitacora ejes hitos productos actores secretaria acto centro"
    assert named_parts(client.get(red.get_absolute_url())) == parts.split()


def test_who_writes_the_bitacora_is_led_to_the_draft(client: Any) -> None:
    seat = MemberFactory()
    address = seat.mesa.red.get_absolute_url()
    assert "Escribir el borrador" not in client.get(address).content.decode()
    client.force_login(seat.user)
    assert "Escribir el borrador" in client.get(address).content.decode()


def test_a_city_without_a_network_has_a_page_too(client: Any) -> None:
    city = CenterFactory().city
    response = client.get(f"/redip/{city.slug}/")
    assert response.status_code == 200
    assert "aún no reporta su red" in response.content.decode()
    assert client.get("/redip/nada/").status_code == 404
    assert client.post(f"/redip/{city.slug}/").status_code == 405


def test_what_editors_typed_is_text_not_markup(client: Any) -> None:
    red = RedFactory(scope="<script>alert(1)</script> 🙂", pending="<b>x</b>")
    milestone(red, "<img src=x onerror=alert(1)>")
    for address in ("/redip/", red.get_absolute_url()):
        html = client.get(address).content.decode()
        assert "<script>alert" not in html and "<img src=x" not in html and "<b>x</b>" not in html
    assert "🙂" in client.get(red.get_absolute_url()).content.decode()


def test_ones_own_mesas_stand_first(client: Any) -> None:
    own, left, other = MesaFactory(name="Empleo"), MesaFactory(name="Anterior"), MesaFactory(name="Ajena")
    user = MemberFactory(mesa=own).user
    MemberFactory(mesa=left, user=user, left_on=timezone.localdate())
    assert "Sus mesas" not in client.get("/redip/").content.decode()
    client.force_login(user)
    html = client.get("/redip/").content.decode()
    section = html[html.index('id="sus-mesas"') : html.index('class="lane"')]
    assert own.get_absolute_url() in section and own.red.city.name in section
    assert left.get_absolute_url() not in section and other.get_absolute_url() not in section
