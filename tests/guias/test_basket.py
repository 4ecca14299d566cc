"""The basket: guides put aside one by one, in a cookie of who uses it alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from guias.models import Guide
from guias.views.basket import COOKIE, LONGEST
from tests.factories.cuentas import UserFactory
from tests.factories.guias import GuideFactory, published
from tests.factories.packages import URL, body, guide

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
BASKET, PACKAGE = "/guias/paquete/guias/", "/guias/paquete/"
HERE = {"origin": "http://testserver"}


def put(client: Client, slug: str, wanted: str = "1", **fields: str) -> Any:
    return client.post(BASKET, {"guia": slug, "quiere": wanted, **fields}, headers=HERE)


def ticked(client: Client) -> list[str]:
    html = client.get(PACKAGE).content.decode()
    return sorted(re.findall(r'name="guia"\s+value="([-\w]+)"\s*checked', html))


def test_each_guide_stays_when_another_is_added(client: Client) -> None:
    for slug in ("uno", "dos", "tres"):
        guide(slug)
    page = client.get("/guias/uno/")
    assert not page.cookies and "csrfmiddlewaretoken" not in page.content.decode()
    assert "Está en su paquete" not in page.content.decode()
    assert put(client, "uno")["Location"] == "/guias/uno/#para-llevar"
    assert put(client, "dos", capitulo="cerrar")["Location"] == "/guias/dos/cerrar/#para-llevar"
    put(client, "dos")
    assert ticked(client) == ["dos", "uno"]
    for address in ("/guias/uno/", "/guias/uno/recibir/"):
        html = " ".join(client.get(address).content.decode().split())
        assert "Está en su paquete" in html and "Ver su paquete: 2 guías" in html
    for address, said in (("/guias/", "Ver su paquete: 2 guías"), (PACKAGE, "Su paquete tiene 2 guías")):
        assert said in " ".join(client.get(address).content.decode().split())
    put(client, "uno", "0")
    assert ticked(client) == ["dos"]
    emptied = client.post(BASKET, {"vaciar": "1"}, headers=HERE, follow=True)
    assert "Su paquete tiene" not in emptied.content.decode()
    assert ticked(client) == [] and not client.cookies[COOKIE].value


def test_what_is_no_guide_is_left_out(client: Client) -> None:
    guide("uno")
    published(guide=GuideFactory(slug="reserva", is_public=False))
    for slug in ("no-existe", "reserva", "\0", "../etc", ""):
        assert put(client, slug).status_code == 404
    client.cookies[COOKIE] = "uno.no-existe.<b>.uno..\u00f1"
    assert ticked(client) == ["uno"]
    assert "Su paquete tiene 1 guía" in " ".join(client.get(PACKAGE).content.decode().split())
    Guide.objects.filter(slug="uno").update(state="retirada")
    assert "Su paquete tiene" not in client.get(PACKAGE).content.decode()


def test_no_other_site_fills_it_and_it_does_not_grow_for_ever(client: Client) -> None:
    guide("uno")
    away = client.post(BASKET, {"guia": "uno", "quiere": "1"}, headers={"origin": "https://otro.example"})
    assert away.status_code == 403
    client.cookies[COOKIE] = ".".join(f"{'x' * 70}{n}" for n in range(100))[:LONGEST]
    full = client.post(BASKET, {"guia": "uno", "quiere": "1"}, headers=HERE, follow=True)
    assert "Ya no caben más guías en su paquete" in full.content.decode()


def test_guides_that_were_picked_come_whole(client: Client) -> None:
    """Her last package need not have had them: its date would say that there is nothing new."""
    guide("uno")
    client.force_login(UserFactory())
    body(client.get(URL))
    assert "Usted bajó un paquete" in client.get(PACKAGE).content.decode()
    put(client, "uno")
    assert "Usted bajó un paquete" not in client.get(PACKAGE).content.decode()
