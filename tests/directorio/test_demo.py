"""The directory of the demonstration: complete, marked, and loaded twice like once."""

import pytest

from directorio.models import Center, City, Demand, Institution, LaunchState, Offer, Supplier
from portal.demo import directorio as demo

pytestmark = pytest.mark.django_db
MODELS = (City, Institution, Center, Offer, Supplier, Demand)


def test_loading_twice_is_like_loading_once():
    demo.load()
    before = {model: list(model.objects.order_by("pk").values_list("pk", "slug")) for model in MODELS}
    demo.load()
    assert before == {model: list(model.objects.order_by("pk").values_list("pk", "slug")) for model in MODELS}
    assert [len(before[model]) for model in MODELS] == [20, 95, 20, 6, 6, 6]


def test_the_facts_are_those_of_the_network():
    demo.load()
    cartagena = Center.objects.get(slug="cartagena")
    assert cartagena.name == "Centro de Empleo y Emprendimiento Pedro Romero Cemprende"
    assert {body.name for body in cartagena.partners.all()} == {
        "Alcaldía de Cartagena",
        "Cámara de Comercio de Cartagena",
    }
    assert set(Center.objects.filter(opened_on=None).values_list("slug", flat=True)) == {"monteria", "yopal"}
    assert Center.objects.filter(launch_state=LaunchState.PENDING).count() == 5
    assert Center.objects.filter(modality="coee").count() == 10
    assert demo.institution("Ministerio del Trabajo") == demo.institution("MinTrabajo")


def test_samples_are_marked_and_name_no_one():
    demo.load()
    for row in (*Supplier.objects.all(), *Demand.objects.all()):
        assert row.is_demo
        assert row.email.endswith("@demo.example")
        assert "demostración" in str(getattr(row, "company", row.name if hasattr(row, "name") else ""))
