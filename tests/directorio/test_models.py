"""What the rows refuse and what their querysets answer."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from directorio.enums import Region
from directorio.models import (
    Center,
    ChainLink,
    City,
    Demand,
    Freshness,
    Institution,
    LaunchState,
    Offer,
    Supplier,
)
from directorio.models.nit import check_digit, normalise, validate_nit
from tests.factories.directorio import (
    CenterFactory,
    CityFactory,
    DemandFactory,
    InstitutionFactory,
    OfferFactory,
    SupplierFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("department", "region"),
    [
        ("La Guajira", Region.CARIBE),
        ("Nariño", Region.PACIFICO),
        ("Casanare", Region.LLANOS),
        ("Putumayo", Region.AMAZONIA),
        ("Tolima", Region.ANDES),
    ],
)
def test_region_follows_the_department(department, region):
    assert City(department=department).region == region


def test_there_are_eight_links():
    assert len(ChainLink) == 8


@pytest.mark.parametrize(
    ("opened", "launched", "state"),
    [
        (dt.date(2014, 1, 1), None, LaunchState.LAUNCHED),
        (dt.date(2014, 1, 1), dt.date(2014, 2, 1), LaunchState.PENDING),
        (dt.date(2014, 1, 1), dt.date(2013, 2, 1), LaunchState.LAUNCHED),
    ],
)
def test_a_launch_has_its_date_and_follows_the_opening(opened, launched, state):
    with pytest.raises(IntegrityError), transaction.atomic():
        CenterFactory(opened_on=opened, launched_on=launched, launch_state=state)


def test_an_offer_is_not_given_together_with_oneself():
    institution = InstitutionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        OfferFactory(institution=institution, with_institution=institution)


def test_a_nit_is_of_one_supplier_but_none_may_be_shared():
    SupplierFactory(nit="")
    SupplierFactory(nit="")
    SupplierFactory(nit="899999003-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierFactory(nit="899999003-1")


@pytest.mark.parametrize(
    ("number", "digit"), [("899999003", 1), ("800197268", 4), ("899999034", 1), ("860007386", 1)]
)
def test_check_digits_of_known_public_bodies(number, digit):
    assert check_digit(number) == digit
    validate_nit(f"{number}-{digit}")


@pytest.mark.parametrize("nit", ["899999003-2", "899999003", "899.999.003-1", "abc", "", "1-1"])
def test_wrong_nits_are_refused(nit):
    with pytest.raises(ValidationError):
        validate_nit(nit)


def test_a_nit_is_stored_without_dots():
    assert normalise(" 899.999.003-1 ") == "899999003-1"


def test_institutions_are_found_by_any_of_their_names():
    body = InstitutionFactory(name="Ministerio X", acronym="MX", other_names="|Minx|El Equis|")
    for name in ("Ministerio X", "mx", "Minx", "El Equis"):
        assert Institution.objects.named(name).get() == body
    assert not Institution.objects.named("Equis").exists()


def test_counts_do_not_multiply_each_other():
    body = InstitutionFactory()
    CenterFactory().partners.add(body)
    CenterFactory().partners.add(body)
    OfferFactory.create_batch(3, institution=body)
    found = Institution.objects.with_counts().get(pk=body.pk)
    assert (found.center_count, found.offer_count) == (2, 3)
    center = Center.objects.with_counts().first()
    assert center.partner_count == 1
    assert City.objects.with_counts().get(pk=center.city_id).center_count == 1


def test_offers_of_a_city_are_its_own_and_the_national_ones():
    here, there = CityFactory(), CityFactory()
    national, local, foreign = OfferFactory(), OfferFactory(), OfferFactory()
    local.cities.add(here)
    foreign.cities.add(there)
    assert set(Offer.objects.in_city(here)) == {national, local}
    assert Offer.objects.with_counts().get(pk=local.pk).city_count == 1


def test_current_offers_and_open_demands_end_on_their_last_day():
    today = dt.date(2015, 3, 31)
    offer = OfferFactory(until=today)
    OfferFactory(until=today - dt.timedelta(1))
    demand = DemandFactory(until=today)
    DemandFactory(until=today - dt.timedelta(1), published_on=dt.date(2015, 1, 1))
    assert list(Offer.objects.current(today)) == [offer]
    assert list(Demand.objects.open(today)) == [demand]
    assert offer.is_over
    assert not demand.is_open


def test_demand_meets_suppliers_of_its_trade_and_city_and_back():
    city = CityFactory()
    baker = SupplierFactory(city=city)
    elsewhere = SupplierFactory()
    SupplierFactory(city=city, trade="aseo")
    hidden = SupplierFactory(city=city, consent=False)
    local, national = DemandFactory(city=city), DemandFactory(city=None)
    assert set(Supplier.objects.matching(local)) == {baker, hidden}
    assert set(Supplier.objects.matching(national)) == {baker, hidden, elsewhere}
    assert set(Demand.objects.matching(elsewhere)) == {national}
    counts = {row.pk: row.supplier_count for row in Demand.objects.with_counts()}
    assert counts == {local.pk: 1, national.pk: 2}
    assert Supplier.objects.with_counts().get(pk=baker.pk).demand_count == 2
    assert Supplier.objects.with_counts().get(trade="aseo").demand_count == 0


def test_a_confirmation_holds_for_a_year():
    from django.utils import timezone

    today = timezone.localdate()
    assert SupplierFactory.build(confirmed_at=None, city=None).freshness is Freshness.NEVER
    assert SupplierFactory.build(confirmed_at=today, city=None).freshness is Freshness.CONFIRMED
    old = today - dt.timedelta(366)
    assert SupplierFactory.build(confirmed_at=old, city=None).freshness is Freshness.STALE


def test_products_are_lines_with_an_explanation():
    supplier = Supplier(products="Pan: Por encargo: diario\n\n Tortas ")
    assert supplier.product_lines == [("Pan", "Por encargo: diario"), ("Tortas", "")]


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("6056640101", "6056640101"),
        ("(605) 664-01-01 ext. 12", "6056640101"),
        ("+57 300 123 4567", "+573001234567"),
        ("664 0101 / 664 0102", "6640101"),
        ("Línea 123", "123"),
        ("ext. 1234, o 664 0101", "6640101"),
        ("ext. 12", ""),
        ("Por definir", ""),
        ("", ""),
    ],
)
def test_a_phone_is_dialled_as_far_as_it_is_a_number(written, dialled):
    assert CenterFactory.build(phone=written).dialled == dialled


@pytest.mark.parametrize(
    ("written", "called"),
    [
        ("(605) 664-01-01 ext. 1234", "(605) 664-01-01 ext. 1234"),
        ("664 0101 / 664 0102", "664 0101"),
        ("Fijo 664 0101, celular 300 123 4567 Ext 12", "664 0101"),
        ("Por definir", "Por definir"),
    ],
)
def test_one_number_is_called_at_a_time(written, called):
    assert CenterFactory.build(phone=written).called == called
