"""Places, bodies and what they offer, for tests."""

import datetime as dt

import factory
from django.utils.text import slugify

from directorio.models import (
    Center,
    ChainLink,
    City,
    Demand,
    Institution,
    LaunchState,
    Modality,
    Offer,
    Sector,
    Supplier,
    Trade,
)


class CityFactory(factory.django.DjangoModelFactory):
    """A city with a code of its own."""

    class Meta:
        model = City

    name = factory.Sequence(lambda n: f"Ciudad {n}")
    slug = factory.LazyAttribute(lambda o: slugify(o.name))
    divipola = factory.Sequence(lambda n: f"{13001 + n:05d}")
    department = "Bolívar"
    lat = 10.39
    lon = -75.48


class InstitutionFactory(factory.django.DjangoModelFactory):
    """A public body."""

    class Meta:
        model = Institution

    name = factory.Sequence(lambda n: f"Entidad {n} (prueba)")
    slug = factory.LazyAttribute(lambda o: slugify(o.name))
    sector = Sector.PUBLIC


class CenterFactory(factory.django.DjangoModelFactory):
    """A centre that attends and was launched on the day it opened."""

    class Meta:
        model = Center

    city = factory.SubFactory(CityFactory)
    name = factory.LazyAttribute(lambda o: f"Centro de {o.city.name}")
    slug = factory.LazyAttribute(lambda o: o.city.slug)
    modality = Modality.CEMPRENDE
    opened_on = dt.date(2012, 12, 1)
    launched_on = dt.date(2012, 12, 1)
    launch_state = LaunchState.LAUNCHED


class OfferFactory(factory.django.DjangoModelFactory):
    """A national offer without a term."""

    class Meta:
        model = Offer

    institution = factory.SubFactory(InstitutionFactory)
    title = factory.Sequence(lambda n: f"Oferta {n} (prueba)")
    slug = factory.LazyAttribute(lambda o: slugify(o.title))
    description = "Formación en oficios."
    chain_link = ChainLink.TRAINING


class SupplierFactory(factory.django.DjangoModelFactory):
    """A supplier who agreed to be published."""

    class Meta:
        model = Supplier

    name = factory.Sequence(lambda n: f"Proveedor {n} (prueba)")
    slug = factory.LazyAttribute(lambda o: slugify(o.name))
    city = factory.SubFactory(CityFactory)
    trade = Trade.FOOD
    products = "Pan: Por encargo.\nTortas"
    consent = True
    is_demo = True


class DemandFactory(factory.django.DjangoModelFactory):
    """A demand without a term."""

    class Meta:
        model = Demand

    company = "Empresa de prueba"
    title = factory.Sequence(lambda n: f"Refrigerios {n} (prueba)")
    slug = factory.LazyAttribute(lambda o: slugify(o.title))
    trade = Trade.FOOD
    city = factory.SubFactory(CityFactory)
    published_on = dt.date(2015, 3, 1)
    is_demo = True
