"""The editors' own lists in the administration cost the same with one row and with three.

What Wagtail brings (pages, images, history) is Wagtail's to pin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from guias.models import OfficialFile
from search.models import SynonymGroup
from search.tally import flush, note_search
from tests.factories.comunidad import ThemeFactory, tutor
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import (
    CenterFactory,
    CityFactory,
    DemandFactory,
    InstitutionFactory,
    OfferFactory,
    SupplierFactory,
)
from tests.factories.guias import VersionFactory, published
from tests.factories.papers import upload
from tests.factories.portal import AgendaEventFactory, IndicatorFactory
from tests.factories.redip import MemberFactory, MesaFactory, RedFactory

pytestmark = pytest.mark.django_db


def a_center() -> None:
    CenterFactory().partners.add(InstitutionFactory())


def an_institution() -> None:
    InstitutionFactory().cities.add(CityFactory(), CityFactory())


def a_guide() -> None:
    VersionFactory(guide=published().guide, number=2)


def an_official_file() -> None:
    OfficialFile.objects.create(version=published(), format="pdf", file=upload("a.pdf", b"%PDF-1.4"), size=8)


def a_theme() -> None:
    tutor(ThemeFactory())


def a_network() -> None:
    RedFactory().leaders.add(InstitutionFactory())


def a_mesa() -> None:
    MemberFactory(mesa=MesaFactory()).mesa.leaders.add(InstitutionFactory())


def a_synonym() -> None:
    number = SynonymGroup.objects.count()
    SynonymGroup.objects.create(words=f"palabra{number}, otra{number}")


def a_search() -> None:
    number = UserFactory().pk
    note_search(f"ornitorrinco {number}", found=False)
    flush()


LISTS: dict[str, Callable[[], Any]] = {
    "snippets/portal/agendaevent/": lambda: AgendaEventFactory(cities=[CityFactory()]),
    "snippets/portal/indicator/": IndicatorFactory,
    "snippets/comunidad/theme/": a_theme,
    "snippets/redip/red/": a_network,
    "snippets/redip/mesa/": a_mesa,
    "snippets/guias/guide/": a_guide,
    "snippets/guias/version/": a_guide,
    "snippets/guias/officialfile/": an_official_file,
    "snippets/directorio/center/": a_center,
    "snippets/directorio/institution/": an_institution,
    "snippets/directorio/offer/": OfferFactory,
    "snippets/directorio/supplier/": SupplierFactory,
    "snippets/directorio/demand/": DemandFactory,
    "snippets/directorio/city/": CityFactory,
    "snippets/search/synonymgroup/": a_synonym,
    "busquedas/": a_search,
}


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_with_one_and_with_three(
    client: Any, assert_same_queries: Callable[..., int], address: str
) -> None:
    add = LISTS[address]
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    add()
    assert_same_queries(f"/admin/{address}", lambda: (add(), add()))
