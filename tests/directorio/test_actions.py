"""Writes leave word for the index of everything that shows the change."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from directorio import actions
from directorio.models import Supplier
from search.models import PendingChange
from tests.factories.directorio import (
    CenterFactory,
    CityFactory,
    InstitutionFactory,
    OfferFactory,
    SupplierFactory,
)

pytestmark = pytest.mark.django_db


def queued():
    return set(PendingChange.objects.values_list("source", "object_id"))


def test_an_institution_takes_its_centres_and_offers_along():
    body = InstitutionFactory()
    center = CenterFactory()
    center.partners.add(body)
    own, joint, foreign = OfferFactory(institution=body), OfferFactory(with_institution=body), OfferFactory()
    actions.queue_entry(body)
    assert queued() == {
        ("institucion", str(body.pk)),
        ("centro", str(center.pk)),
        ("oferta", str(own.pk)),
        ("oferta", str(joint.pk)),
    }
    assert ("oferta", str(foreign.pk)) not in queued()


def test_a_city_takes_along_all_that_is_in_it():
    city = CityFactory()
    center, supplier = CenterFactory(city=city), SupplierFactory(city=city)
    SupplierFactory()
    actions.queue_entry(city)
    assert queued() == {("centro", str(center.pk)), ("proveedor", str(supplier.pk))}


def test_saving_queues_and_a_wrong_entry_writes_nothing():
    city = CityFactory()
    good = Supplier(name="Uno", slug="uno", city=city, trade="aseo", products="Aseo")
    actions.save_entry(entry=good, related={})
    assert queued() == {("proveedor", str(good.pk))}
    with pytest.raises(ValidationError) as caught:
        actions.save_entry(entry=Supplier(name="Dos", slug="dos", city=city, trade="x", nit="1"), related={})
    assert {"trade", "nit", "products"} <= set(caught.value.message_dict)
    assert Supplier.objects.count() == 1


def test_relations_that_are_not_named_stay():
    body = InstitutionFactory()
    center = CenterFactory()
    center.partners.add(body)
    actions.save_entry(entry=center, related={"candidate_partners": []})
    assert list(center.partners.all()) == [body]


def test_confirming_twice_a_day_is_confirming_once():
    supplier = SupplierFactory(confirmed_at=None)
    assert actions.confirm(entry=supplier) is True
    assert actions.confirm(entry=supplier) is False
    supplier.refresh_from_db()
    assert supplier.confirmed_at == timezone.localdate()
    assert actions.confirm(entry=supplier, on=dt.date(2015, 3, 2)) is True


def test_a_taken_slug_gets_a_number():
    SupplierFactory(slug="pan")
    SupplierFactory(slug="pan-2")
    assert actions.free_slug(Supplier, "Pan") == "pan-3"
    assert actions.free_slug(Supplier, "Panes") == "panes"
    assert actions.free_slug(Supplier, "¡!") == "ficha"
