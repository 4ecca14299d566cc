"""Places and bodies for tests."""

import factory
from django.utils.text import slugify

from directorio.models import City, Institution, Sector


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
