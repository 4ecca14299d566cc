"""Two people in one form of the administration: pages, and what keeps no revisions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils.html import strip_tags
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from nucleo.together import SnippetEditView
from portal.bootstrap import EDITORS
from portal.models import AgendaEvent, BasePage, ContentPage, HomePage, Indicator
from tests.factories.cuentas import UserFactory
from tests.factories.portal import AgendaEventFactory, IndicatorFactory

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'name="(loaded_revision_id|loaded_revision_created_at|visto)" value="([^"]*)"')


def an_editor(name: str) -> Client:
    user, client = UserFactory(first_names=name), Client()
    user.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(user)
    return client


def carried(html: str) -> dict[str, str]:
    """Return what the form says it was made from."""
    return dict(HIDDEN.findall(html))


def shown(html: str) -> str:
    """Return the words of what differs, what is saved and then what was typed."""
    return strip_tags(html.partition('<dl class="meanwhile-what')[2].partition("</dl>")[0])


def opened(client: Client, address: str) -> dict[str, str]:
    return carried(client.get(address).content.decode())


@pytest.fixture
def page() -> ContentPage:
    home = HomePage.objects.get()
    made: ContentPage = home.add_child(
        instance=ContentPage(title="Ayuda", slug="ayuda-de-prueba", lead="Como estaba.")
    )
    return made


def edit(page: ContentPage) -> str:
    return f"/admin/pages/{page.pk}/edit/"


def form(lead: str, body: str = "Igual.", **fields: Any) -> dict[str, Any]:
    text = rich_text(f"<p>{body}</p>", editor="default", features=["bold"])
    data = {"title": "Ayuda", "lead": lead, "slug": "ayuda-de-prueba", "body": streamfield([("text", text)])}
    comments = {f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return nested_form_data(data) | comments | fields  # type: ignore[no-any-return]


def lead_of(page: ContentPage) -> str:
    return str(BasePage.objects.get(pk=page.pk).get_latest_revision_as_object().lead)


@pytest.mark.parametrize("edited_before", [True, False])
def test_the_second_to_save_a_page_is_told_and_decides(page: ContentPage, edited_before: bool) -> None:
    """Also on a page that nobody edited before, which has no revision yet."""
    if edited_before:
        page.save_revision()
    ana, eva = an_editor("Ana"), an_editor("Eva")
    of_ana, of_eva = opened(ana, edit(page)), opened(eva, edit(page))
    ana.post(edit(page), form("De Ana.", "Palabras de Ana.", **of_ana))
    told = eva.post(edit(page), form("De Eva.", "Palabras de Eva.", **of_eva))
    html = told.content.decode()
    assert told.status_code == 409
    assert "Mientras usted escribía, Ana (prueba) guardó otros cambios, hace un momento." in html
    assert "De Ana.Eva." in shown(html)
    assert "Palabras de Ana." in shown(html) and "Palabras de Eva." in shown(html)
    assert 'value="De Eva."' in html or ">De Eva.<" in html.replace("\n", "")
    assert lead_of(page) == "De Ana."
    eva.post(edit(page), form("De Eva.", "Palabras de Eva.", **carried(html)))
    assert lead_of(page) == "De Eva."
    assert {one.content["lead"] for one in page.revisions.all()} >= {"De Ana.", "De Eva."}


def test_the_second_to_publish_a_page_is_told_and_publishes_with_the_same_button(page: ContentPage) -> None:
    ana, eva = an_editor("Ana"), an_editor("Eva")
    of_eva = opened(eva, edit(page))
    publish = {"action-publish": "action-publish"}
    ana.post(edit(page), form("De Ana.", **opened(ana, edit(page)), **publish))
    told = eva.post(edit(page), form("De Eva.", **of_eva, **publish)).content.decode()
    assert ContentPage.objects.get(pk=page.pk).lead == "De Ana."
    assert re.search(r'form="page-edit-form"\s+name="action-publish"', told)
    eva.post(edit(page), form("De Eva.", **carried(told), **publish))
    assert ContentPage.objects.get(pk=page.pk).lead == "De Eva."


def test_a_mistake_in_the_form_does_not_hide_what_another_saved(page: ContentPage) -> None:
    ana, eva = an_editor("Ana"), an_editor("Eva")
    of_eva = opened(eva, edit(page))
    ana.post(edit(page), form("De Ana.", **opened(ana, edit(page))))
    wrong = eva.post(edit(page), form("De Eva.", **of_eva) | {"slug": "con espacios no"})
    assert wrong.status_code == 409
    assert "Ana (prueba) guardó otros cambios" in wrong.content.decode()


def test_who_sends_the_same_twice_is_not_stopped(page: ContentPage) -> None:
    ana = an_editor("Ana")
    once = form("De Ana.", **opened(ana, edit(page)))
    for _time in range(2):  # a double click
        assert ana.post(edit(page), once).status_code == 302


def test_who_saved_from_another_window_is_told_that_it_was_herself(page: ContentPage) -> None:
    ana = an_editor("Ana")
    first, second = opened(ana, edit(page)), opened(ana, edit(page))
    ana.post(edit(page), form("En una ventana.", **first))
    told = ana.post(edit(page), form("En la otra.", **second))
    assert "Usted guardó otros cambios desde otra ventana" in told.content.decode()
    assert lead_of(page) == "En una ventana."


def test_going_back_to_an_earlier_revision_is_stopped_too(page: ContentPage) -> None:
    ana, eva = an_editor("Ana"), an_editor("Eva")
    ana.post(edit(page), form("Antes.", **opened(ana, edit(page))))
    back = f"/admin/pages/{page.pk}/revisions/{page.revisions.get().pk}/revert/"
    of_eva = opened(eva, back)
    ana.post(edit(page), form("De Ana.", **opened(ana, edit(page))))
    told = eva.post(back, form("Antes.", **of_eva))
    assert told.status_code == 409
    assert lead_of(page) == "De Ana."


def event_form(event: AgendaEvent, **fields: Any) -> dict[str, Any]:
    cities = [city.pk for city in event.cities.all()]
    own = {name: getattr(event, name) or "" for name in ("title", "kind", "place", "details", "source")}
    days = {name: getattr(event, name).isoformat() for name in ("starts_on", "ends_on")}
    return {**own, **days, "cities": cities, **fields}


def test_the_second_to_save_what_has_no_revisions_is_told_too() -> None:
    event = AgendaEventFactory(title="Encuentro")
    address = f"/admin/snippets/portal/agendaevent/edit/{event.pk}/"
    ana, eva = an_editor("Ana"), an_editor("Eva")
    of_ana, of_eva = opened(ana, address), opened(eva, address)
    assert ana.post(address, event_form(event, place="En Cali", **of_ana)).status_code == 302
    told = eva.post(address, event_form(event, place="En Buga", **of_eva))
    html = told.content.decode()
    assert told.status_code == 409
    assert "Ana (prueba) guardó otros cambios, hace un momento." in html
    assert "En CaliBuga" in shown(html)
    assert 'value="En Buga"' in html
    assert AgendaEvent.objects.get().place == "En Cali"
    assert eva.post(address, event_form(event, place="En Buga", **carried(html))).status_code == 302
    assert AgendaEvent.objects.get().place == "En Buga"


def test_what_was_changed_elsewhere_is_nobodys_by_name() -> None:
    """The owner of an entry confirms or corrects it outside the administration, which notes no name."""
    event = AgendaEventFactory()
    address = f"/admin/snippets/portal/agendaevent/edit/{event.pk}/"
    eva = an_editor("Eva")
    of_eva = opened(eva, address)
    AgendaEvent.objects.update(place="En Cali")
    told = eva.post(address, event_form(event, place="En Buga", **of_eva))
    assert "Mientras usted escribía, otra persona guardó otros cambios." in told.content.decode()


def test_rows_below_are_looked_at_too() -> None:
    indicator = IndicatorFactory()
    address = f"/admin/snippets/portal/indicator/edit/{indicator.pk}/"
    eva = an_editor("Eva")
    of_eva = opened(eva, address)
    row = indicator.rows.first()
    Indicator.rows.rel.related_model.objects.filter(pk=row.pk).update(label="Otro nombre")
    assert opened(eva, address)["visto"].partition("-")[0] != of_eva["visto"].partition("-")[0]


def test_every_snippet_has_a_form_that_tells() -> None:
    silent = [
        model.__name__
        for model in get_snippet_models()
        if not issubclass(model.snippet_viewset.edit_view_class, SnippetEditView)
    ]
    assert silent == []
