"""Addresses that outlive their chapter, and what who comes back to a guide is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comunidad.models import Resource
from guias.actions.versions import publish_version
from guias.models import Tick, Version
from guias.models.former import former, versions_with
from search import teaching
from search.models import Pin
from tests.factories.comunidad import ResourceFactory
from tests.factories.cuentas import UserFactory
from tests.factories.guias import (
    CHECKS,
    GuideFactory,
    VersionFactory,
    block,
    chapter,
    editor,
    published,
    three_chapters,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cold() -> None:
    cache.clear()


def next_version(before: Version, body: Any, **fields: Any) -> Version:
    draft = VersionFactory(guide=before.guide, number=before.number + 1, body=body, **fields)
    return publish_version(version=draft)


def test_the_address_of_a_chapter_that_is_gone_leads_to_the_last_version_that_had_it(client: Any) -> None:
    first = published(guide=GuideFactory(slug="guia"))
    next_version(next_version(first, three_chapters()), three_chapters()[:2])
    response = client.get("/guias/guia/preguntas/")
    assert (response.status_code, response["Location"]) == (302, "/guias/guia/v2/preguntas/")
    html = client.get("/guias/guia/v2/preguntas/").content.decode()
    assert "Este capítulo ya no está en la guía." in html
    assert "Así decía en la versión 2; la vigente es la 3." in html
    assert 'class="notice-link" href="/guias/guia/cambios/2..3/#c-preguntas"' in html
    assert "¿Y si vuelve?" in html
    assert 'rel="canonical"' not in html
    changes = client.get("/guias/guia/cambios/2..3/").content.decode()
    assert 'id="c-preguntas"' in changes and 'href="/guias/guia/v2/preguntas/"' in changes
    assert client.get("/guias/guia/nunca/").status_code == 404
    assert client.get("/guias/guia/v3/preguntas/").status_code == 404
    assert client.post("/guias/guia/preguntas/marcas/").status_code == 404
    first.guide.is_public = False
    first.guide.save()
    assert client.get("/guias/guia/preguntas/").status_code == 404


def test_a_chapter_that_got_another_address_is_found_at_the_one_before(client: Any) -> None:
    first = published(guide=GuideFactory(slug="guia"))
    body = three_chapters()
    body[1]["value"] |= {"slug": "cierre", "title": "Cierre con constancia"}
    draft = chapter("Todavía no", "todavia-no")
    next_version(first, body)
    VersionFactory(guide=first.guide, number=3, body=[*body, draft])
    for _again in range(2):
        response = client.get("/guias/guia/cerrar/")
        assert (response.status_code, response["Location"]) == (302, "/guias/guia/cierre/")
    old = client.get("/guias/guia/v1/cerrar/").content.decode()
    assert 'class="notice-link" href="/guias/guia/cierre/"' in old
    changes = client.get("/guias/guia/cambios/1..2/").content.decode()
    assert "data-cambio" in changes and 'data-cambio="removed"' not in changes
    assert "Antes se llamaba <del>Cerrar y dejar constancia</del>" in changes
    assert client.get("/guias/guia/todavia-no/").status_code == 404
    assert client.get("/guias/guia/cerrar/opinion/").status_code == 200
    user = UserFactory()
    client.force_login(user)
    response = client.post("/guias/guia/cerrar/marcas/", {"marca": CHECKS[:1], "mostrada": CHECKS})
    assert response["Location"] == "/guias/guia/cierre/"
    assert Tick.objects.filter(user=user).count() == 1


def test_a_comparison_of_old_versions_says_which_one_counts(client: Any) -> None:
    first = published(guide=GuideFactory(slug="guia"))
    second = next_version(first, three_chapters())
    assert "La vigente es" not in client.get("/guias/guia/cambios/1..2/").content.decode()
    draft = VersionFactory(guide=first.guide, number=4, body=three_chapters())
    next_version(second, three_chapters())
    html = client.get("/guias/guia/cambios/1..2/").content.decode()
    assert "La vigente es la versión 3." in html and 'href="/guias/guia/cambios/1..3/"' in html
    assert "La vigente es" not in client.get("/guias/guia/cambios/1..3/").content.decode()
    client.force_login(editor())
    assert "La vigente es" not in client.get(f"/guias/guia/cambios/3..{draft.number}/").content.decode()


class Reader:
    """Someone with an account, and what the pages that she opens say."""

    def __init__(self, client: Any) -> None:
        self.client = client
        client.force_login(UserFactory())

    def opens(self, path: str = "") -> str:
        page = self.client.get(f"/guias/guia/{path}").content.decode()
        return " ".join(page.split())


def changed_twice() -> list[Any]:
    """The chapters of ``three_chapters`` with other words in the first and the second."""
    body = three_chapters()
    for number in (0, 1):
        body[number]["value"]["blocks"] = [block("text", "<p>Ahora se hace de otro modo.</p>")]
    return body


def test_a_chapter_that_changed_says_so_whatever_else_was_opened_since(client: Any) -> None:
    first, reader = published(guide=GuideFactory(slug="guia")), Reader(client)
    for path in ("recibir/", "cerrar/", "preguntas/"):
        reader.opens(path)
    next_version(first, changed_twice(), changes="Cambió cómo se recibe.")
    assert "Usted leyó la versión 1." in reader.opens() and "Cambió cómo se recibe." in reader.opens()
    chapter = reader.opens("recibir/")
    assert "Este capítulo cambió." in chapter and "Usted lo leyó en la versión 1." in chapter
    assert 'href="/guias/guia/cambios/1..2/#c-recibir"' in chapter
    assert "cambió." not in reader.opens("recibir/").lower()  # now she read it
    front = reader.opens()
    assert "Cambió desde que usted lo leyó:" in front and "«Cerrar y dejar constancia»." in front
    assert 'href="/guias/guia/cambios/1..2/"' in front
    rows = front.partition('id="capitulos"')[2]
    assert rows.count("Cambió desde que lo abrió") == 1 and rows.count("Ya lo abrió") == 2
    assert "usted ha abierto 3 de 3" in front
    quiet = reader.opens("preguntas/")  # it says the same; the contents tell of the other
    assert "notice-warn" not in quiet and quiet.count("Cambió desde que lo abrió") == 1
    assert "Este capítulo cambió." in reader.opens("cerrar/")
    assert "Cambió desde" not in reader.opens()


def test_each_chapter_is_compared_with_the_version_in_which_it_was_read(client: Any) -> None:
    first, reader = published(guide=GuideFactory(slug="guia")), Reader(client)
    reader.opens("recibir/")
    second = next_version(first, changed_twice())
    reader.opens("cerrar/")
    body = changed_twice()
    body[2]["value"]["title"] = "Dudas"
    next_version(second, body)
    front = reader.opens()
    assert "Usted leyó la versión 1." in front and 'href="/guias/guia/cambios/1..3/"' in front
    reader.opens("cerrar/")
    assert "«Recibir y escuchar»." in reader.opens()
    assert 'href="/guias/guia/cambios/1..3/#c-recibir"' in reader.opens("recibir/")


def test_what_was_read_under_another_address_was_read(client: Any) -> None:
    first, reader = published(guide=GuideFactory(slug="guia")), Reader(client)
    reader.opens("cerrar/")
    body = three_chapters()
    body[1]["value"]["slug"] = "cierre"
    next_version(first, body)
    front = reader.opens()
    assert "Ya lo abrió" in front and 'href="/guias/guia/cierre/"' in front.partition("data-seguir")[2][:200]


def test_coming_back_costs_no_query_the_second_time(client: Any) -> None:
    first, reader = published(guide=GuideFactory(slug="guia")), Reader(client)
    reader.opens("cerrar/")
    next_version(first, changed_twice())
    counts = []
    for _time in range(3):
        with CaptureQueriesContext(connection) as captured:
            reader.opens()
        counts.append(len(captured))
    assert counts[0] - 1 == counts[1] == counts[2]


def test_an_old_address_costs_one_query_and_one_text() -> None:
    first = published(guide=GuideFactory(slug="guia"))
    body = three_chapters()
    body[1]["value"] |= {"slug": "cierre"}
    last = Version.objects.select_related("guide").get(pk=next_version(next_version(first, body), body).pk)
    for slug, number, texts in (("cerrar", 1, 1), ("nunca", None, 0), ("cerra_", None, 0)):
        with CaptureQueriesContext(connection) as asked:
            found = former(last, slug)
        assert (len(asked), found and found.version.number) == (1, number)
        assert versions_with(last.guide, slug, before=3).count() == texts
    assert former(first, "cerrar") is None


@pytest.mark.parametrize("exchanged", [False, True])
def test_what_is_asked_about_a_chapter_follows_it(
    exchanged: bool, django_capture_on_commit_callbacks: Any
) -> None:
    first = published(guide=GuideFactory(slug="guia"))
    number = first.guide_id
    questions = {slug: ResourceFactory(about_url=f"/guias/guia/{slug}/") for slug in ("cerrar", "recibir")}
    for slug in questions:
        teaching.teach(("guia", f"{number}-{slug}"), slug, f"¿Algo de {slug}?")
    teaching.put_first("constancia", ("guia", f"{number}-cerrar"), "Cerrar")
    body = three_chapters()
    body[1]["value"] |= {"slug": "recibir" if exchanged else "cierre"}
    if exchanged:
        body[0]["value"] |= {"slug": "cerrar"}
    with django_capture_on_commit_callbacks(execute=True):
        next_version(first, body)
    now = {slug: Resource.objects.get(pk=one.pk).about_url for slug, one in questions.items()}
    where = "recibir" if exchanged else "cierre"
    assert now == {
        "cerrar": f"/guias/guia/{where}/",
        "recibir": f"/guias/guia/{'cerrar' if exchanged else 'recibir'}/",
    }
    assert teaching.asked(("guia", f"{number}-{where}")).lines == ("¿Algo de cerrar?",)
    assert Pin.objects.get().document == f"{number}-{where}"
    left = teaching.asked(("guia", f"{number}-cerrar")).lines
    assert left == (("¿Algo de recibir?",) if exchanged else ())
