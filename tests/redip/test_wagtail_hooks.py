"""Networks and mesas in the admin: an editor's forms, word for the index, and what is not to be lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group

from portal.bootstrap import EDITORS, ensure_groups
from redip.models import Bitacora, Mesa, Milestone, Product, Red, StageEvidence
from search.models import PendingChange
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import CityFactory, InstitutionFactory
from tests.factories.redip import MemberFactory, MesaFactory, RedFactory, browser

pytestmark = pytest.mark.django_db
RED, MESA = "/admin/snippets/redip/red", "/admin/snippets/redip/mesa"


@pytest.fixture
def editor() -> Any:
    ensure_groups()
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=EDITORS))
    return browser(user)


def rows(name: str, *forms: dict[str, Any], there: int = 0) -> dict[str, Any]:
    """What the browser sends of an inline panel."""
    data: dict[str, Any] = {
        f"{name}-TOTAL_FORMS": len(forms),
        f"{name}-INITIAL_FORMS": there,
        f"{name}-MIN_NUM_FORMS": 0,
        f"{name}-MAX_NUM_FORMS": 1000,
    }
    for n, form in enumerate(forms):
        data |= {f"{name}-{n}-{field}": value for field, value in form.items()}
        data |= {f"{name}-{n}-ORDER": n + 1, f"{name}-{n}-DELETE": ""}
    return data


def sent(**fields: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"stage": 2, "order": 100, "name": "", "pending": "", "secretary_emails": ""}
    for name in ("evidence", "milestones", "products", "axes"):
        data |= rows(name)
    return data | fields


@pytest.mark.parametrize("address", [f"{RED}/", f"{RED}/add/", f"{MESA}/", f"{MESA}/add/"])
def test_an_editor_opens_each_list_and_form(address: str, editor: Any) -> None:
    MesaFactory()
    response = editor.get(address)
    assert response.status_code == 200
    assert "Redes y mesas" in response.content.decode()


def test_a_member_does_not() -> None:
    response = browser(MemberFactory().user).get(f"{RED}/")
    assert response.status_code in (302, 403)


def test_a_network_is_made_with_its_rows_and_its_secretary(editor: Any) -> None:
    city, boss, body = CityFactory(), UserFactory(), InstitutionFactory()
    data = sent(
        city=city.pk,
        secretary_emails=f" {boss.email.upper()} \n",
        leaders=[body.pk],
        **rows("milestones", {"what": "Asamblea", "when_text": "2014", "sort_date": "2014-12-31"}),
        **rows("products", {"name": "Uno"}, {"name": "Dos"}),
        **rows("evidence", {"stage": 2, "what": "Tres mesas", "detail": ""}),
    )
    response = editor.post(f"{RED}/add/", data)
    assert response.status_code == 302, response.content.decode()[:3000]
    red = Red.objects.get()
    assert (red.stage, list(red.secretaries.all()), list(red.leaders.all())) == (2, [boss], [body])
    assert Milestone.objects.get().what == "Asamblea" and StageEvidence.objects.get().what == "Tres mesas"
    assert list(Product.objects.values_list("name", flat=True)) == ["Uno", "Dos"]
    assert Bitacora.objects.filter(red=red).exists()
    assert ("red", str(red.pk)) in set(PendingChange.objects.values_list("source", "object_id"))
    html = editor.get(f"{RED}/edit/{red.pk}/").content.decode()
    assert boss.email in html


def test_an_address_of_nobody_is_named(editor: Any) -> None:
    data = sent(city=CityFactory().pk, secretary_emails="nadie@demo.example")
    response = editor.post(f"{RED}/add/", data)
    assert response.status_code == 200
    assert "No hay una cuenta con este correo: nadie@demo.example" in response.content.decode()
    assert not Red.objects.exists()


def test_an_act_without_its_kind_is_refused(editor: Any) -> None:
    response = editor.post(f"{RED}/add/", sent(city=CityFactory().pk, act_number="0200"))
    assert response.status_code == 200 and "Diga qué acto es" in response.content.decode()


def test_taking_a_secretary_away_closes_the_mesas_to_her(editor: Any) -> None:
    mesa, boss = MesaFactory(), UserFactory()
    mesa.red.secretaries.add(boss)
    client = browser(boss)
    assert client.get(mesa.address("commitments")).status_code == 200
    assert editor.post(f"{RED}/edit/{mesa.red_id}/", sent(city=mesa.red.city_id)).status_code == 302
    assert client.get(mesa.address("commitments")).status_code == 404


def test_a_mesa_keeps_its_address(editor: Any) -> None:
    mesa = MesaFactory(name="Ahorro")
    data = {"red": RedFactory().pk, "name": "Ahorro y crédito", "slug": "otra", "link": "empleo", "order": 1}
    assert editor.post(f"{MESA}/edit/{mesa.pk}/", data).status_code == 302
    kept = Mesa.objects.get(pk=mesa.pk)
    assert (kept.name, kept.slug, kept.red_id) == ("Ahorro y crédito", "ahorro", mesa.red_id)
    assert ("mesa", str(mesa.pk)) in set(PendingChange.objects.values_list("source", "object_id"))


def test_no_mesa_takes_the_address_of_the_bitacora(editor: Any) -> None:
    data = {"red": RedFactory().pk, "name": "Bitácora", "slug": "bitacora", "link": "empleo", "order": 1}
    response = editor.post(f"{MESA}/add/", data)
    assert response.status_code == 200 and not Mesa.objects.exists()


def test_what_is_lived_in_is_not_deleted(editor: Any) -> None:
    seat = MemberFactory()
    for kind, pk in (("mesa", seat.mesa_id), ("red", seat.mesa.red_id)):
        response = editor.post(f"/admin/snippets/redip/{kind}/delete/{pk}/", follow=True)
        assert "no se borra" in response.content.decode()
    assert Mesa.objects.filter(pk=seat.mesa_id).exists() and Red.objects.filter(pk=seat.mesa.red_id).exists()


def test_what_is_empty_is_deleted_and_forgotten(editor: Any) -> None:
    mesa = MesaFactory()
    pk, red = mesa.pk, mesa.red_id
    PendingChange.objects.all().delete()
    assert editor.post(f"{MESA}/delete/{pk}/").status_code == 302
    assert editor.post(f"{RED}/delete/{red}/").status_code == 302
    assert not Red.objects.exists()
    queued = set(PendingChange.objects.values_list("source", "object_id"))
    assert {("mesa", str(pk)), ("red", str(red))} <= queued


def test_nothing_of_the_inside_is_in_the_admin(editor: Any) -> None:
    seat = MemberFactory(user__first_names="Nombre Reservado")
    for address in (f"{MESA}/", f"{MESA}/edit/{seat.mesa_id}/", f"{RED}/edit/{seat.mesa.red_id}/"):
        assert "Nombre Reservado" not in editor.get(address).content.decode(), address
