"""Reading through the addresses: what shows, what does not, and what it costs."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test.utils import CaptureQueriesContext
from docx import Document

from guias.actions.versions import publish_version
from guias.exports import docx, make
from guias.models import Following, Reading, Tick, Version
from nucleo import slots
from tests.factories.cuentas import UserFactory
from tests.factories.guias import (
    CHECKS,
    GuideFactory,
    VersionFactory,
    block,
    chapter,
    checklist,
    editor,
    items,
    published,
    three_chapters,
)

pytestmark = pytest.mark.django_db


def second_version(first: Version, **fields: Any) -> Version:
    body = [chapter("Nuevo", "nuevo", block("text", "<p>Algo nuevo.</p>")), *three_chapters()[:2]]
    fields = {"body": body, "changes": "Cambió la lista.\nPara orientadores.", **fields}
    return publish_version(version=VersionFactory(guide=first.guide, number=2, **fields))


def test_a_guide_shows_its_summary_contents_and_files(client: Any) -> None:
    version = published(guide=GuideFactory(slug="guia", is_demo=True))
    html = client.get("/guias/guia/").content.decode()
    for words in (
        "Primero esto.",
        "Cerrar y dejar constancia",
        "/guias/guia/cerrar/",
        "Contenido de demostración",
    ):
        assert words in html
    for form in ("pdf", "docx", "html"):
        assert f"/guias/guia/descargar/{form}/" in html
    assert version.number == 1


def test_what_changed_is_one_press_away_from_the_guide(client: Any) -> None:
    first = published(guide=GuideFactory(slug="guia"))
    assert "/guias/guia/cambios/" not in client.get("/guias/guia/").content.decode()
    second_version(first)
    for path in ("/guias/guia/", "/guias/guia/versiones/"):
        html = " ".join(client.get(path).content.decode().split())
        assert '<a class="btn-quiet" href="/guias/guia/cambios/1..2/">' in html, path
    for path in ("/guias/guia/", "/guias/guia/nuevo/", "/guias/guia/v2/"):
        assert '<a href="/guias/guia/cambios/1..2/">Qué cambió</a>' in client.get(path).content.decode(), path
    assert "Qué cambió</a>" not in client.get("/guias/guia/v1/").content.decode()


def test_a_guide_of_one_chapter_is_that_chapter(client: Any) -> None:
    published(
        guide=GuideFactory(slug="guia"),
        body=[chapter("Sola", "sola", *three_chapters()[1]["value"]["blocks"])],
    )
    html = client.get("/guias/guia/").content.decode()
    assert "<h1>Sola</h1>" in html
    assert "Lista de chequeo del cierre" in html


def test_a_guide_under_construction_says_so(client: Any) -> None:
    GuideFactory(slug="guia", outlook="Traerá fichas.")
    html = client.get("/guias/guia/").content.decode()
    assert "Está en construcción." in html
    assert "Traerá fichas." in html
    assert "descargar" not in html.partition("<main")[2].partition("</main>")[0].replace(
        "leer y descargar", ""
    )


def test_a_chapter_shows_every_block_and_its_neighbours(client: Any) -> None:
    published(guide=GuideFactory(slug="guia"))
    html = client.get("/guias/guia/cerrar/").content.decode()
    assert html.count("<h1") == 1
    assert "<h1>Cerrar y dejar constancia</h1>" in html
    assert '<h2 id="por-que-importa">Por qué importa</h2>' in html
    for words in ("Se firma.", "<b>decisión</b>", "Por su nombre.", "<code>CC_#</code>", "Lea en voz alta."):
        assert words in html
    assert '<td data-columna="Sigla">CC</td>' in html
    assert "Ficha de proceso" in html
    sheet = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html, re.DOTALL)
    said = {name: " ".join(re.sub(r"<[^>]*>", " ", words).split()) for name, words in sheet}
    assert said == {
        "Para qué": "Dejar constancia.",
        "Quién lo hace": "Orientador",
        "Qué se necesita": "Formato de caracterización",
        "Pasos": "Leer Firmar",
        "Cuánto tarda": "Una hora",
        "Formatos": "Acta de compromiso",
    }
    assert 'rel="prev"' in html
    assert 'rel="next"' in html
    assert "Capítulo 2 de 3" in html
    assert f'value="{CHECKS[0]}"' in html
    assert "las marcas no se guardan" in html


@pytest.mark.parametrize(
    "path",
    [
        "/guias/nada/",
        "/guias/guia/nada/",
        "/guias/guia/v9/",
        "/guias/guia/v2/",
        "/guias/guia/v2/recibir/",
        "/guias/guia/v1/nada/",
        "/guias/guia/cambios/1..1/",
        "/guias/guia/cambios/1..2/",
        "/guias/guia/cambios/1..9/",
        "/guias/guia/descargar/exe/",
        "/guias/guia/v2/descargar/pdf/",
        "/guias/vacia/descargar/pdf/",
        "/guias/vacia/capitulo/",
        "/guias/reserva/",
        "/guias/reserva/recibir/",
        "/guias/reserva/v1/",
        "/guias/reserva/versiones/",
        "/guias/reserva/descargar/pdf/",
    ],
)
def test_what_is_not_there_or_not_hers_is_not_found(client: Any, path: str) -> None:
    first = published(guide=GuideFactory(slug="guia"))
    VersionFactory(guide=first.guide, number=2)
    GuideFactory(slug="vacia")
    published(guide=GuideFactory(slug="reserva", is_public=False))
    assert client.get(path).status_code == 404
    client.force_login(UserFactory())
    assert client.get(path).status_code == 404


def test_an_editor_reads_a_draft_as_last_saved(client: Any) -> None:
    first = published(guide=GuideFactory(slug="guia"))
    draft = VersionFactory(guide=first.guide, number=2)
    draft.summary = "Recién escrito."
    draft.save_revision()
    client.force_login(editor())
    html = client.get("/guias/guia/v2/").content.decode()
    assert "Recién escrito." in html
    assert "Es un borrador." in html
    assert "Borrador de la versión 2" in html
    assert "descargar/pdf" not in html
    assert client.get("/guias/guia/v2/cerrar/").status_code == 200


def test_text_that_bites_is_harmless(client: Any) -> None:
    nasty = (
        "<p>Hola <script>alert(1)</script>"
        '<a href="javascript:alert(1)" onclick="x()">a</a><img src=x onerror=y></p>'
    )
    checklist = {"title": "<b>T</b>", "items": [{"type": "item", "value": "<i>x</i> `<u>`", "id": CHECKS[0]}]}
    body = [
        chapter(
            "<script>alert(2)</script>",
            "uno",
            block("heading", "<svg onload=alert(3)>"),
            block("text", nasty),
            block("callout", {"tone": "info", "title": "<b>", "text": nasty}),
            block("checklist", checklist),
            block("table", {"caption": "<b>c", "text": "<i>a</i>|b\n<i>c</i>|d"}),
            summary=("<u>s</u>",),
        ),
        chapter("Dos", "dos"),
    ]
    published(guide=GuideFactory(slug="guia"), body=body)
    html = client.get("/guias/guia/uno/").content.decode().partition("<main")[2].partition("</main>")[0]
    for bad in ("<script", "javascript:", "onclick", "onerror=y>", "<svg onload", "<i>", "<u>", "<b>T"):
        assert bad not in html, bad


def test_an_old_version_stays_and_points_to_the_same_chapter(client: Any) -> None:
    first = published(guide=GuideFactory(slug="guia"))
    second_version(first)
    html = client.get("/guias/guia/v1/cerrar/").content.decode()
    assert "Está leyendo la versión 1." in html
    assert 'href="/guias/guia/cerrar/"' in html
    assert "/guias/guia/cambios/1..2/" in html
    assert 'rel="canonical"' in html
    assert "/guias/guia/v1/descargar/pdf/" in html


def test_versions_are_listed_newest_first(client: Any) -> None:
    first = published(guide=GuideFactory(slug="guia"))
    second_version(first)
    VersionFactory(guide=first.guide, number=3)
    html = client.get("/guias/guia/versiones/").content.decode()
    assert html.index("Versión 2") < html.index("Versión 1")
    assert "Versión 3" not in html
    assert "Cambió la lista." in html


def test_changes_show_words_chapter_by_chapter(client: Any) -> None:
    first = published(guide=GuideFactory(slug="guia"))
    body = three_chapters()
    body[0]["value"]["blocks"] = [block("text", "<p>Reciba siempre a la persona.</p>")]
    second_version(first, body=[body[0], body[1], chapter("Nuevo", "nuevo")])
    html = client.get("/guias/guia/cambios/1..2/").content.decode()
    assert 'data-cambio="changed"' in html
    assert 'data-cambio="added"' in html
    assert 'data-cambio="removed"' in html
    assert "</span>siempre </ins>" in html or "</span> siempre</ins>" in html
    assert "Los demás capítulos no cambiaron." in html
    assert client.get("/guias/guia/cambios/2..1/")["Location"] == "/guias/guia/cambios/1..2/"


def test_what_she_opened_is_remembered_and_a_new_version_is_told(client: Any) -> None:
    first = published(guide=GuideFactory(slug="guia"))
    user = UserFactory()
    client.force_login(user)
    client.get("/guias/guia/recibir/")
    assert Reading.objects.get(user=user).chapter == "recibir"
    assert "usted ha abierto 1 de 3" in client.get("/guias/guia/").content.decode()
    second_version(first)
    html = client.get("/guias/guia/cerrar/").content.decode()
    assert "Usted leyó la versión 1." in html
    assert "Cambió la lista." in html


def test_ticks_are_saved_shown_and_hers_alone(client: Any) -> None:
    published(guide=GuideFactory(slug="guia"))
    user = UserFactory()
    client.force_login(user)
    posted = {"marca": [CHECKS[0], "no-es-uuid"], "mostrada": CHECKS}
    response = client.post("/guias/guia/cerrar/marcas/", posted)
    assert (response.status_code, response["Location"]) == (302, "/guias/guia/cerrar/")
    html = " ".join(client.get("/guias/guia/cerrar/").content.decode().split())
    assert f'value="{CHECKS[0]}" checked' in html
    assert f'value="{CHECKS[1]}" checked' not in html
    answer = client.post(
        "/guias/guia/cerrar/marcas/", {"mostrada": CHECKS}, headers={"accept": "application/json"}
    )
    assert answer.json() == {"marcadas": 0}
    assert not Tick.objects.exists()


def test_without_a_script_the_list_says_that_its_ticks_are_saved(client: Any) -> None:
    lists = [{**checklist(), "id": "a"}, block("checklist", {"title": "Otra", "items": items("Nada")}, "b")]
    published(
        guide=GuideFactory(slug="guia"), body=[chapter("Cerrar", "cerrar", *lists), *three_chapters()[:1]]
    )
    client.force_login(UserFactory())
    address = "/guias/guia/cerrar/"
    said = "Sus marcas quedaron guardadas."
    first, second = re.findall(r'name="lista" value="([^"]+)"', client.get(address).content.decode())
    assert first == CHECKS[0]
    posted = {"marca": [CHECKS[0]], "mostrada": CHECKS, "lista": first}
    where = client.post(f"{address}marcas/", posted)["Location"]
    assert where == f"{address}?guardadas={first}#marcas-{first}"
    html = client.get(where).content.decode()
    assert html.count(said) == 1
    assert html.index(f'id="marcas-{first}"') < html.index(said) < html.index(f'id="marcas-{second}"')
    strange = client.post(f"{address}marcas/", {"lista": '"><b>\n', "mostrada": CHECKS})["Location"]
    assert strange.startswith(f"{address}?") and said not in client.get(strange).content.decode()


def test_ticks_of_who_has_no_account_lead_to_sign_in(client: Any) -> None:
    published(guide=GuideFactory(slug="guia"))
    response = client.post("/guias/guia/cerrar/marcas/", {"marca": CHECKS})
    assert response.status_code == 302
    assert "next=/guias/guia/cerrar/" in response["Location"]
    assert client.get("/guias/guia/cerrar/marcas/").status_code == 405


def test_the_list_of_versions_costs_the_same_with_more(
    client: Any, assert_same_queries: Callable[..., int]
) -> None:
    first = published(guide=GuideFactory(slug="guia"))

    def more() -> None:
        second_version(first)
        publish_version(version=VersionFactory(guide=first.guide, number=3))

    assert assert_same_queries("/guias/guia/versiones/", more) <= 3


def test_a_chapter_costs_at_most_eight_queries(client: Any) -> None:
    from django.db import connection

    def count() -> tuple[int, int]:
        """Return how many queries are the chapter's own, and how many the community's beside it."""
        client.get("/guias/guia/cerrar/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/guias/guia/cerrar/")
        real = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        beside = [sql for sql in real if 'FROM "comunidad_' in sql]
        return len(real) - len(beside), len(beside)

    published(guide=GuideFactory(slug="guia"))
    own, beside = count()
    assert own <= 2 and beside <= 2
    client.force_login(UserFactory())
    own, beside = count()
    assert own <= 8 and beside <= 2


def test_private_pages_are_not_kept_by_caches(client: Any) -> None:
    published(guide=GuideFactory(slug="guia"))
    client.force_login(UserFactory())
    assert "no-store" in client.get("/guias/guia/cerrar/")["Cache-Control"]


def test_another_app_may_stand_beside_a_chapter(client: Any) -> None:
    published(guide=GuideFactory(slug="guia"))

    def beside(guide_slug: str, chapter_slug: str, **more: Any) -> str:
        return f"<aside>{guide_slug}/{chapter_slug}</aside>"

    slots.register("chapter_aside", beside)
    html = client.get("/guias/guia/cerrar/").content.decode()
    slots.unregister("chapter_aside", beside)
    assert "<aside>guia/cerrar</aside>" in html


def test_the_templates_pass_the_checks() -> None:
    call_command("check", verbosity=0)


def test_who_wants_to_hear_of_a_guide_says_so(client: Any) -> None:
    published(guide=GuideFactory(slug="guia"))
    GuideFactory(slug="reserva", is_public=False)
    GuideFactory(slug="vieja", state="retirada")
    assert (
        client.post("/guias/guia/seguir/", {"quiere": "1"})["Location"] == "/cuenta/entrar/?next=/guias/guia/"
    )
    assert "Entre para que le avisemos" in client.get("/guias/guia/").content.decode()
    user = UserFactory()
    client.force_login(user)
    for wanted, word in (("1", "Ya no me avise"), ("1", "Ya no me avise"), ("0", "Avíseme")):
        response = client.post("/guias/guia/seguir/", {"quiere": wanted}, follow=True)
        assert f"<span>{word}</span>" in response.content.decode()
        assert Following.objects.filter(user=user).count() == int(wanted)
    assert client.get("/guias/guia/seguir/").status_code == 405
    assert client.post("/guias/reserva/seguir/", {"quiere": "1"}).status_code == 404
    assert client.post("/guias/vieja/seguir/", {"quiere": "1"}).status_code == 403
    assert "seguir/" not in client.get("/guias/vieja/").content.decode()


def test_what_is_copied_as_it_stands_is_code_in_summaries_too(client: Any) -> None:
    body = [chapter("Uno", "uno", summary=("Guárdela como `HV_#`.",)), chapter("Dos", "dos")]
    published(guide=GuideFactory(slug="guia"), body=body, summary="Guárdela como `AC_#`.")
    for address, code in (("/guias/guia/", "AC_#"), ("/guias/guia/", "HV_#"), ("/guias/guia/uno/", "HV_#")):
        assert f"Guárdela como <code>{code}</code>." in client.get(address).content.decode()


def test_it_says_how_long_the_summary_and_the_chapter_take(client: Any) -> None:
    long = " ".join(["palabra"] * 400)
    body = [chapter("Uno", "uno", block("text", f"<p>{long}</p>"), summary=["Breve."])]
    body += [chapter("Dos", "dos", block("text", "<p>Corto.</p>"), summary=["Breve."])]
    version = published(guide=GuideFactory(slug="guia"), body=body, summary=" ".join(["frase"] * 200))
    assert version.chapters[0].minutes == 3
    first = client.get("/guias/guia/uno/").content.decode()
    assert "El capítulo se lee en 3 minutos" in first and "Lo principal, en 1 minuto<" in first
    whole = client.get("/guias/guia/").content.decode()
    assert "Lo principal, en 2 minutos" in whole
    assert not re.search("cinco minutos", first + whole, re.I)
    assert not re.search("cinco minutos", make(version, "html").decode(), re.I)
    paper = Document(io.BytesIO(docx.make(version)))
    titles = [one.text for one in paper.paragraphs if "Heading" in one.style.name]
    assert titles[:2] == ["Lo principal, en 2 minutos", "Contenido"] and "Lo principal, en 1 minuto" in titles


def test_the_script_that_keeps_a_guide_follows_it_without_a_message(client: Any) -> None:
    version = published(guide=GuideFactory(slug="guia"))
    client.force_login(UserFactory())
    answer = client.post("/guias/guia/seguir/", {"quiere": "1"}, headers={"Accept": "application/json"})
    assert answer.json() == {"sigue": True}
    assert Following.objects.filter(guide=version.guide).exists()
    assert "Le avisaremos cuando cambie esta guía." not in client.get("/guias/").content.decode()
