"""A question's way: asked by staff, held when the person is new, answered, accepted, moderated."""

import time
import uuid

from playwright.sync_api import expect


def unique(words):
    return f"{words} {uuid.uuid4().hex[:8]}"


def ask(page, title, text="Quiero saberlo para atender mejor a una persona."):
    """Ask, past the look at what was answered already; return the address of the question."""
    page.goto("/comunidad/preguntar/?tema=empleabilidad")
    page.fill("[name=titulo]", title)
    page.select_option("select[name=tema]", "empleabilidad")
    page.fill("[name=texto]", text)
    for _ in range(2):
        with page.expect_navigation():
            page.get_by_role("button", name="Publicar la pregunta").click()
        if "/preguntar/" not in page.url:
            break
    assert "/comunidad/empleabilidad/" in page.url, page.inner_text("main")
    return page.url


def reply(page, address, text):
    page.goto(address)
    page.fill("#responder textarea", text)
    with page.expect_navigation():
        page.get_by_role("button", name="Publicar respuesta").click()
    expect(page.locator("main").get_by_text(text)).not_to_have_count(0)


def test_eight_themes_with_their_tutors(visit):
    page = visit("/")
    page.goto("/comunidad/")
    expect(page.locator("main [data-tipo=tema]")).to_have_count(8)
    for name in ("Carol Barragán", "Luis Fernando Canal", "Secretaría Técnica"):
        expect(page.locator("main").get_by_text(name), name).not_to_have_count(0)
    page.locator("main").get_by_role("link", name="Orientación").first.click()
    page.wait_for_url("**/comunidad/orientacion/**")
    expect(page.locator("main [data-tipo=recurso]").nth(1)).to_be_attached()


def test_a_question_is_asked_answered_and_settled(visit):
    title = unique("¿Cómo se prepara una entrevista en grupo?")
    address = ask(visit("/comunidad/", who="asesor"), title)
    tutor = visit("/comunidad/tutoria/", who="tutora")
    expect(tutor.get_by_role("link", name=title)).not_to_have_count(0)
    reply(tutor, address, "Con un ejercicio corto y las reglas claras desde el comienzo.")
    asker = visit(address, who="asesor")
    with asker.expect_navigation():
        asker.get_by_role("button", name="Esta es la respuesta").first.click()
    expect(asker.get_by_text("Respondida").first).to_be_visible()
    expect(visit(address).get_by_text("Respondida").first).to_be_visible()
    asker.goto("/avisos/")
    expect(asker.locator("main li", has_text=title)).not_to_have_count(0)


def test_her_own_words_are_in_search_within_a_second(visit, way):
    """From the moment she sees them on the page; the best of three, since other tests use this machine.

    Another account in each way: one person may write only so much in five minutes.
    """
    who = {"phone": "secretaria", "desktop": "otro", "noscript": "miembro"}[way.name]
    page = visit("/comunidad/", who=who)
    address = ask(page, unique("¿Cómo se guarda el turno de quien llega tarde?"))
    took = []
    while len(took) < 3 and min(took, default=9.0) > 1:
        word = uuid.uuid4().hex[:10]
        reply(page, address, f"Con una ficha de color: {word}.")
        began = time.monotonic()
        while not page.request.get(f"{way.url}/api/v1/buscar?q={word}").json()["count"]:
            assert time.monotonic() - began < 15, "her words never came"
            time.sleep(0.05)
        took.append(time.monotonic() - began)
    assert min(took) <= 1, took


def test_first_messages_wait_and_only_tutors_and_the_author_see_them(visit):
    title = unique("¿Dónde se consiguen las vacantes?")
    address = ask(visit("/comunidad/", who="nueva"), title)
    assert visit("/comunidad/", who="asesor").goto(address).status == 404
    assert visit("/comunidad/").goto(address).status == 404
    tutor = visit("/comunidad/tutoria/", who="tutora")
    expect(tutor.get_by_role("link", name=title)).not_to_have_count(0)


def test_a_message_is_flagged_hidden_with_a_reason_and_brought_back(visit):
    address = ask(visit("/comunidad/", who="miembro"), unique("¿Quién tiene formatos de prueba?"))
    answer, reason = unique("Una respuesta con datos de otra persona"), unique("Tenía datos de un usuario:")
    reply(visit(address, who="otro"), address, answer)
    reader = visit(address, who="asesor")
    with reader.expect_navigation():
        reader.get_by_role("link", name="Avisar").last.click()
    reader.locator("[name=razon]").first.check()
    with reader.expect_navigation():
        reader.locator("main form button.btn-main, main form button.btn-danger").first.click()
    tutor = visit(address, who="tutora")
    with tutor.expect_navigation():
        tutor.get_by_role("link", name="Retirar con motivo").last.click()
    tutor.locator("[name=motivo]").fill(reason)
    with tutor.expect_navigation():
        tutor.locator("main form button[class*=btn]").first.click()
    visitor = visit(address)
    expect(visitor.get_by_text(answer)).to_have_count(0)
    expect(visitor.get_by_text(reason)).not_to_have_count(0)
    tutor.goto("/comunidad/moderacion/")
    done = tutor.locator("[data-tipo=accion]", has_text=reason)
    with tutor.expect_navigation():
        done.get_by_role("button", name="Deshacer").click()
    expect(visit(address).get_by_text(answer)).not_to_have_count(0)


def test_one_corrects_ones_own_words(visit):
    page = visit("/comunidad/", who="asesor")
    address = ask(page, unique("¿Sirve corregir una pregunta?"))
    with page.expect_navigation():
        page.get_by_role("link", name="Corregir").first.click()
    page.locator("main form textarea").first.fill("Ahora está mejor dicho.")
    with page.expect_navigation():
        page.locator("main form button.btn-main").first.click()
    expect(visit(address).get_by_text("Ahora está mejor dicho.")).not_to_have_count(0)


def test_the_other_kinds_have_their_form(visit):
    page = visit("/comunidad/publicar/", who="secretaria")
    for kind in ("archivo", "articulo", "debate", "encuesta", "nota"):
        assert page.goto(f"/comunidad/empleabilidad/publicar/{kind}/").status == 200
        expect(page.locator("main form [name=titulo]"), kind).to_be_visible()
    page.locator("main form button.btn-main").first.click()
    page.locator("[role=alert]").first.wait_for()


def test_who_may_not_sees_no_desk(visit):
    assert visit("/", who="asesor").goto("/comunidad/tutoria/").status == 403
