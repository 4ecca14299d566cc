"""Agenda, indicators and notices for tests."""

import datetime as dt

import factory
from django.utils import timezone

from portal.avisos.models import Notice, NoticeKind
from portal.models import AgendaEvent, EventKind, Indicator, IndicatorRow
from tests.factories.cuentas import UserFactory


class AgendaEventFactory(factory.django.DjangoModelFactory):
    """An event of one day, a week from now."""

    class Meta:
        model = AgendaEvent
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Actividad {n} (prueba)")
    kind = EventKind.TRAINING
    starts_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(7))
    ends_on = factory.SelfAttribute("starts_on")

    @factory.post_generation
    def cities(self, create, extracted, **kwargs):
        if extracted:
            self.cities.set(extracted)


class IndicatorFactory(factory.django.DjangoModelFactory):
    """An indicator with one row."""

    class Meta:
        model = Indicator
        skip_postgeneration_save = True

    board = "Tablero de prueba"
    number = factory.Sequence(lambda n: n + 1)
    area = "Orientación"
    title = factory.Sequence(lambda n: f"Indicador {n}")
    cut_off = dt.date(2015, 3, 31)
    source = "Prueba"

    @factory.post_generation
    def row(self, create, extracted, **kwargs):
        IndicatorRow.objects.create(indicator=self, label="Total", target=100, result=90, achieved=90)


class NoticeFactory(factory.django.DjangoModelFactory):
    """An unread notice."""

    class Meta:
        model = Notice

    recipient = factory.SubFactory(UserFactory)
    kind = NoticeKind.ANSWER
    text = factory.Sequence(lambda n: f"Aviso {n}")
    url = "/guias/"
