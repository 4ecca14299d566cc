"""The service worker's address, its way out, and the two pages that know nobody."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db
SMALL = 6_000
"""Characters of the service worker: what every browser runs before each page is read by eye."""


def shell(script: str) -> list[str]:
    found = re.search(r"^const SHELL = (.*);$", script, re.MULTILINE)
    assert found
    return list(json.loads(found[1]))


def test_the_service_worker_has_a_version_and_all_it_keeps_is_there(client: Any) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    script = answer.content.decode()
    assert re.search(r'^const VERSION = "[0-9a-f]{12}";$', script, re.MULTILINE)
    assert "/sin-conexion/" in shell(script)
    for path in shell(script):
        name = path.removeprefix("/static/")
        assert finders.find(name) if name != path else client.get(path).status_code == 200, path
    assert len(script) < SMALL
    assert "worker-src 'self'" in client.get("/")["Content-Security-Policy"]


def test_what_is_kept_has_one_name_in_every_script() -> None:
    """A store of another name would no longer be renewed, or not be taken away."""
    names = [
        set(re.findall(r'"(guardadas-\d+)"', Path(str(finders.find(f"js/{name}.js"))).read_text("utf-8")))
        for name in ("guardadas", "ofrecer", "sw_fin")
    ]
    assert names == [names[0]] * 3 and len(names[0]) == 1


def test_it_is_the_same_for_everyone(client: Any) -> None:
    before = {path: client.get(path).content for path in ("/sw.js", "/sin-conexion/")}
    client.force_login(UserFactory(first_names="Rosalba"))
    assert {path: client.get(path).content for path in before} == before
    for word in (b"csrf", b"<form", b"Rosalba"):
        assert word not in before["/sin-conexion/"]


def test_switched_off_it_takes_itself_away(client: Any, settings: Any) -> None:
    settings.OFFLINE_READING = False
    script = client.get("/sw.js").content.decode()
    assert "registration.unregister()" in script and "caches.delete" in script
    assert "fetch" not in script
    html = client.get("/cuenta/guardadas/").content.decode()
    assert "guardar.js" not in html and "Guardar sin internet" in html


def test_the_list_needs_no_account_and_says_what_to_do_without_scripts(client: Any) -> None:
    answer = client.get("/cuenta/guardadas/")
    assert answer.status_code == 200
    assert "Guardar sin internet" in answer.content.decode()
    assert 'href="/cuenta/guardadas/"' in client.get("/").content.decode()
    client.force_login(UserFactory())
    assert 'href="/cuenta/guardadas/"' in client.get("/cuenta/").content.decode()
