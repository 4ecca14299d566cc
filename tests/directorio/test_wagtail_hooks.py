"""The directory in the admin: an editor's menu, her forms, and word left for the index."""

import pytest
from django.contrib.auth.models import Permission

from directorio.models import Center, Institution, Supplier
from search.models import PendingChange
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import CenterFactory, CityFactory, InstitutionFactory, SupplierFactory

pytestmark = pytest.mark.django_db
MODELS = ("city", "center", "institution", "offer", "supplier", "demand")


@pytest.fixture
def editor(client):
    user = UserFactory()
    user.user_permissions.set(
        [
            *Permission.objects.filter(content_type__app_label="directorio", content_type__model__in=MODELS),
            Permission.objects.get(codename="access_admin"),
        ]
    )
    client.force_login(user)
    return client


def queued():
    return set(PendingChange.objects.values_list("source", "object_id"))


@pytest.mark.parametrize("model", MODELS)
def test_an_editor_opens_each_list_and_form(model, editor):
    for page in ("", "add/"):
        response = editor.get(f"/admin/snippets/directorio/{model}/{page}")
        assert response.status_code == 200, response
    assert "Directorio" in response.content.decode()


def test_a_member_does_not(client):
    client.force_login(UserFactory())
    assert client.get("/admin/snippets/directorio/center/").status_code == 403


def test_creating_queues_in_the_index_and_keeps_relations(editor):
    city, body = CityFactory(), InstitutionFactory()
    response = editor.post(
        "/admin/snippets/directorio/center/add/",
        {
            "city": city.pk,
            "name": "Centro nuevo",
            "slug": city.slug,
            "modality": "coee",
            "launch_state": "pendiente",
            "opened_on": "",
            "launched_on": "",
            "partners": [body.pk],
        },
    )
    assert response.status_code == 302, response.content.decode()[:3000]
    center = Center.objects.get()
    assert list(center.partners.all()) == [body]
    assert ("centro", str(center.pk)) in queued()


def test_a_wrong_form_says_why(editor):
    city = CityFactory()
    data = {"city": city.pk, "name": "X", "slug": "x", "modality": "coee", "launch_state": "lanzado"}
    response = editor.post("/admin/snippets/directorio/center/add/", data)
    assert response.status_code == 200
    assert "lleva la fecha del lanzamiento" in response.content.decode()


def test_a_nit_may_be_typed_with_dots(editor):
    data = {
        "name": "Pan Uno",
        "slug": "pan-uno",
        "city": CityFactory().pk,
        "trade": "alimentos",
        "products": "Pan",
        "nit": "899.999.003-1",
    }
    assert editor.post("/admin/snippets/directorio/supplier/add/", data).status_code == 302
    assert Supplier.objects.get().nit == "899999003-1"


def test_editing_an_institution_queues_its_centres(editor):
    body = InstitutionFactory()
    center = CenterFactory()
    center.partners.add(body)
    data = {"name": "Otro nombre", "slug": body.slug, "sector": "publico"}
    assert editor.post(f"/admin/snippets/directorio/institution/edit/{body.pk}/", data).status_code == 302
    assert {("institucion", str(body.pk)), ("centro", str(center.pk))} <= queued()


def test_deleting_queues_what_is_gone(editor):
    supplier = SupplierFactory()
    pk = supplier.pk
    editor.get(f"/admin/snippets/directorio/supplier/delete/{pk}/")
    assert queued() == set()
    assert editor.post(f"/admin/snippets/directorio/supplier/delete/{pk}/").status_code == 302
    assert queued() == {("proveedor", str(pk))}


def test_deleting_several_at_once_queues_each(editor):
    bodies = [InstitutionFactory(), InstitutionFactory()]
    ids = "&".join(f"id={body.pk}" for body in bodies)
    response = editor.post(f"/admin/bulk/directorio/institution/delete/?{ids}")
    assert response.status_code == 302
    assert not Institution.objects.exists()
    assert queued() == {("institucion", str(body.pk)) for body in bodies}
