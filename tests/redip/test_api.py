"""Networks for other programs: the same as the pages, and nothing of a mesa's inside."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from redip.actions.bitacoras import open_bitacora, publish_edition, save_section
from redip.models import Milestone, StageEvidence
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import InstitutionFactory
from tests.factories.redip import Lived, MesaFactory, RedFactory

pytestmark = pytest.mark.django_db


def written() -> Any:
    red, boss = RedFactory(), UserFactory(is_superuser=True)
    section = open_bitacora(red=red).sections.get(kind="barreras")
    save_section(section=section, by=boss, revision=1, text="Falta de **tiempo**")
    publish_edition(bitacora=red.bitacora, by=boss, note="La primera")
    return red


def test_the_board_and_one_network(client: Any) -> None:
    red = written()
    MesaFactory(red=red).leaders.add(InstitutionFactory(name="Entidad Líder"))
    Milestone.objects.create(red=red, what="Asamblea", when_text="2014")
    StageEvidence.objects.create(red=red, stage=3, what="Tres mesas")
    listed = client.get("/api/v1/redes").json()
    assert listed["count"] == 1
    assert listed["results"][0]["etapa"] == "fortalecimiento"
    whole = client.get(f"/api/v1/redes/{red.city.slug}").json()
    assert whole["mesas"][0]["lideran"] == ["Entidad Líder"] and whole["sustento"] == ["Tres mesas"]
    assert whole["hitos"] == [{"que": "Asamblea", "cuando": "2014", "por_venir": False}]
    [edition] = whole["bitacora"]
    assert edition["archivos"]["pdf"].endswith("/bitacora/ediciones/1.pdf")
    text = client.get(f"/api/v1/redes/{red.city.slug}/bitacora/1").json()
    assert [part["texto"] for part in text["secciones"] if part["id"] == "barreras"] == [
        "Falta de **tiempo**"
    ]
    for address in ("redes/nada", f"redes/{red.city.slug}/bitacora/2"):
        response = client.get(f"/api/v1/{address}")
        assert response.status_code == 404 and response["Content-Type"] == "application/problem+json"


def test_the_inside_of_a_mesa_is_not_there_even_for_its_members(client: Any) -> None:
    lived = Lived()
    client.force_login(lived.seat.user)
    for address in ("redes", f"redes/{lived.mesa.red.city.slug}"):
        assert lived.SECRET not in client.get(f"/api/v1/{address}").content.decode()


def test_lists_cost_the_same_with_one_and_with_three(assert_same_queries: Any) -> None:
    def one() -> None:
        red = RedFactory()
        red.leaders.add(InstitutionFactory())
        red.secretariat.add(InstitutionFactory())

    one()
    assert assert_same_queries("/api/v1/redes", lambda: (one(), one())) <= 8


def test_a_network_costs_the_same_with_more_in_it(assert_same_queries: Any) -> None:
    red = written()
    boss = UserFactory(is_superuser=True)

    def one() -> None:
        MesaFactory(red=red).leaders.add(InstitutionFactory())
        red.leaders.add(InstitutionFactory())
        Milestone.objects.create(red=red, what="Asamblea", when_text="2014")
        section = red.bitacora.sections.get(kind="politica")
        save_section(section=section, by=boss, revision=section.revision, text=f"Texto {section.revision}")
        publish_edition(bitacora=red.bitacora, by=boss, note="Otra")

    def more() -> None:
        one()
        one()

    one()
    assert assert_same_queries(f"/api/v1/redes/{red.city.slug}", more) <= 14


def test_the_sitemap_has_what_is_public(client: Any) -> None:
    red = written()
    lived = Lived()
    parts = [
        client.get(f"/sitemap-{name}-1.xml").content for name in ("redes", "mesas", "bitacoras", "listas")
    ]
    text = "".join(ET.tostring(ET.fromstring(part), "unicode") for part in parts)
    for address in (red.get_absolute_url(), f"{red.get_absolute_url()}bitacora/ediciones/1/",
                    lived.mesa.get_absolute_url(), "/redip/"):  # fmt: skip
        assert f"{address}</" in text, address
    for address in (lived.acta.get_absolute_url(), lived.commitment.get_absolute_url(), "borrador"):
        assert address not in text, address
