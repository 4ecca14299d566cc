"""What a mail asks is done from its link, by whoever opens it, with nobody signed in."""


def test_a_link_that_was_cut_says_what_to_do(visit):
    page = visit("/responder/se-corto-al-copiarlo/")
    page.get_by_role("heading", name="No conocemos este enlace").wait_for()
    page.get_by_label("El correo de su cuenta").fill("nadie@demo.example")
    page.get_by_role("button", name="Enviarme mis enlaces").click()
    page.get_by_role("heading", name="Revise su correo").wait_for()
    assert page.context.cookies() == []
