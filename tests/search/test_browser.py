"""What a browser learns of the search, to offer it in its address bar."""

from __future__ import annotations

from typing import Any

import pytest

from search.documents import MEMBER, PUBLIC
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db


def test_description_for_browsers(client: Any, settings: Any) -> None:
    from xml.etree import ElementTree

    settings.BASE_URL = "https://red.example"
    response = client.get("/buscar/opensearch.xml")
    root = ElementTree.fromstring(response.content)
    assert root[-1].attrib["template"] == "https://red.example/buscar/?q={searchTerms}"
    assert response["Content-Type"].startswith("application/opensearchdescription")
    link = 'type="application/opensearchdescription+xml"'
    for address in ("/", "/guias/", "/buscar/"):
        assert client.get(address).content.decode().count(link) == 1, address


def test_a_browser_offers_what_everybody_may_read(client: Any, stock: Any, settings: Any) -> None:
    """In the form of its address bar, and nothing that only members read: it is kept outside the portal."""
    from xml.etree import ElementTree

    settings.BASE_URL = "https://red.example"
    root = ElementTree.fromstring(client.get("/buscar/opensearch.xml").content)
    (template,) = (
        one.attrib["template"] for one in root if one.get("type") == "application/x-suggestions+json"
    )
    public = stock("Acta de compromiso", label="Formato", audience=frozenset({PUBLIC}))[0]
    stock("Acta interna", audience=frozenset({MEMBER}))
    address = template.removeprefix("https://red.example").replace("{searchTerms}", "acta")
    client.force_login(UserFactory())
    titles = [one["titulo"] for one in client.get("/buscar/sugerencias/?q=acta").json()["sugerencias"]]
    assert "Acta interna" in titles
    for _ in range(2):
        response = client.get(address)
        assert response["Content-Type"] == "application/x-suggestions+json"
        assert "public" in response["Cache-Control"], "the same for everybody"
        assert response.json() == [
            "acta", ["Acta de compromiso"], ["Formato"], [f"https://red.example/pagina/{public.pk}/"]
        ]  # fmt: skip
        client.logout()
    assert client.get(address.replace("acta", "")).json() == ["", [], [], []]
    assert client.post(address).status_code == 405
