"""The forms of the administration cost the same with one row and with three, of what they hold and offer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from guias.models import OfficialFile, Version
from portal.models import ContentPage, HomePage, IndicatorRow
from redip.models import Red
from search.models import SynonymGroup
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
from tests.factories.guias import VersionFactory, block, chapter, every_block, published
from tests.factories.papers import upload
from tests.factories.portal import AgendaEventFactory, IndicatorFactory
from tests.factories.redip import MemberFactory, MesaFactory, RedFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Wagtail leaves the file of a new preview open
]


def everything() -> None:
    """One more of all that a form may offer."""
    institution = InstitutionFactory()
    institution.cities.add(CityFactory())
    CenterFactory(city=CityFactory()).partners.add(institution)
    OfferFactory(institution=institution).cities.add(CityFactory())
    SupplierFactory(city=CityFactory())
    DemandFactory(city=CityFactory())
    tutor(ThemeFactory())
    MemberFactory(mesa=MesaFactory(red=RedFactory(city=CityFactory())))
    version = published()
    OfficialFile.objects.create(version=version, format="pdf", file=upload("a.pdf", b"%PDF-1.4"), size=8)
    UserFactory(is_staff=True)


def a_center() -> tuple[Any, Callable[[], Any]]:
    center = CenterFactory()

    def more() -> None:
        center.partners.add(InstitutionFactory())
        center.candidate_partners.add(InstitutionFactory())

    return center, more


def an_institution() -> tuple[Any, Callable[[], Any]]:
    institution = InstitutionFactory()
    return institution, lambda: institution.cities.add(CityFactory())


def an_offer() -> tuple[Any, Callable[[], Any]]:
    offer = OfferFactory()
    return offer, lambda: offer.cities.add(CityFactory())


def a_theme() -> tuple[Any, Callable[[], Any]]:
    theme = ThemeFactory()
    return theme, lambda: tutor(theme)


def a_network() -> tuple[Any, Callable[[], Any]]:
    red = RedFactory()

    def more() -> None:
        for kind in ("leaders", "secretariat", "institutions", "contacted"):
            getattr(red, kind).add(InstitutionFactory())
        red.evidence.model.objects.create(red=red, stage=1, what="Un acta")
        for kind in ("products", "axes"):
            getattr(Red, kind).rel.related_model.objects.create(red=red, name="Uno")
        Red.milestones.rel.related_model.objects.create(red=red, what="Primera reunión")

    return red, more


def a_mesa() -> tuple[Any, Callable[[], Any]]:
    mesa = MesaFactory()
    return mesa, lambda: (mesa.leaders.add(InstitutionFactory()), MemberFactory(mesa=mesa))


def an_event() -> tuple[Any, Callable[[], Any]]:
    event = AgendaEventFactory(cities=[CityFactory()])
    return event, lambda: event.cities.add(CityFactory())


def an_indicator() -> tuple[Any, Callable[[], Any]]:
    indicator = IndicatorFactory()
    return indicator, lambda: IndicatorRow.objects.create(indicator=indicator, label="Otra", target=10)


def a_guide() -> tuple[Any, Callable[[], Any]]:
    guide = published().guide
    return guide, lambda: VersionFactory(guide=guide)


def a_picture_and_a_file() -> list[dict[str, Any]]:
    image = get_image_model().objects.create(title="Una", file=get_test_image_file())
    document = get_document_model().objects.create(title="Uno", file=upload("a.pdf", b"%PDF-1.4"))
    return [
        block("figure", {"image": image.pk, "alt": "Una", "caption": ""}),
        block("file", {"document": document.pk, "title": ""}),
    ]


def a_version() -> tuple[Any, Callable[[], Any]]:
    version = VersionFactory(body=[chapter("Uno", "uno", *every_block(), *a_picture_and_a_file())])

    def more() -> None:
        found = Version.objects.get(pk=version.pk)
        name = f"c{len(found.body)}"
        added = chapter(name, name, *every_block(), *a_picture_and_a_file(), summary=("Uno", "Dos"))
        found.body = [*found.body.get_prep_value(), added]
        found.save()

    return version, more


def an_official_file() -> tuple[Any, Callable[[], Any]]:
    version = published()
    one = OfficialFile.objects.create(
        version=version, format="pdf", file=upload("a.pdf", b"%PDF-1.4"), size=8
    )
    return one, everything


def a_synonym() -> tuple[Any, Callable[[], Any]]:
    one = SynonymGroup.objects.create(words="una, otra")
    return one, lambda: SynonymGroup.objects.create(words=f"palabra{UserFactory().pk}, otra")


def alone(factory: Callable[[], Any]) -> Callable[[], tuple[Any, Callable[[], Any]]]:
    return lambda: (factory(), lambda: factory())


FORMS: dict[str, Callable[[], tuple[Any, Callable[[], Any]]]] = {
    "portal/agendaevent": an_event,
    "portal/indicator": an_indicator,
    "comunidad/theme": a_theme,
    "redip/red": a_network,
    "redip/mesa": a_mesa,
    "guias/guide": a_guide,
    "guias/version": a_version,
    "guias/officialfile": an_official_file,
    "directorio/center": a_center,
    "directorio/institution": an_institution,
    "directorio/offer": an_offer,
    "directorio/supplier": alone(SupplierFactory),
    "directorio/demand": alone(DemandFactory),
    "directorio/city": alone(CityFactory),
    "search/synonymgroup": a_synonym,
}


@pytest.fixture
def operator(client: Any) -> Any:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("name", FORMS)
def test_changing_one_costs_the_same_whatever_it_holds(
    operator: Any, assert_same_queries: Callable[..., int], name: str
) -> None:
    one, more = FORMS[name]()
    everything()
    more()
    address = f"/admin/snippets/{name}/edit/{one.pk}/"
    assert_same_queries(address, lambda: (more(), more(), everything(), everything()))


@pytest.mark.parametrize("name", FORMS)
def test_a_new_one_costs_the_same_whatever_it_offers(
    operator: Any, assert_same_queries: Callable[..., int], name: str
) -> None:
    everything()
    assert_same_queries(f"/admin/snippets/{name}/add/", lambda: (everything(), everything()))


def a_page() -> ContentPage:
    home = HomePage.objects.get()
    return home.add_child(instance=ContentPage(title="Una", slug="una", body=[block("text", "<p>Hola</p>")]))


def test_a_page_costs_the_same_whatever_stands_in_it(
    operator: Any, assert_same_queries: Callable[..., int]
) -> None:
    page = a_page()

    def more() -> None:
        found = ContentPage.objects.get(pk=page.pk)
        found.body = [*found.body.get_prep_value(), *every_block()[:2], *a_picture_and_a_file()]
        found.save()

    more()
    assert_same_queries(f"/admin/pages/{page.pk}/edit/", lambda: (more(), more()))


def test_a_person_costs_the_same_however_many_there_are(
    operator: Any, assert_same_queries: Callable[..., int]
) -> None:
    person = UserFactory()
    assert_same_queries(f"/admin/users/edit/{person.pk}/", lambda: (UserFactory(), UserFactory()))


def test_what_is_put_into_a_version_is_there(operator: Any) -> None:
    version, more = a_version()
    more()
    page = operator.get(f"/admin/snippets/guias/version/edit/{version.pk}/").content.decode()
    assert page.count("max-165x165") == 2 and page.count("Dejar constancia.") >= 2
