"""What search engines are told of."""

import pytest

from directorio.sitemaps import SITEMAPS
from tests.factories.directorio import CenterFactory, SupplierFactory

pytestmark = pytest.mark.django_db


def test_only_what_a_visitor_sees_is_listed():
    seen = SupplierFactory()
    SupplierFactory(consent=False)
    assert list(SITEMAPS["proveedores"].items()) == [seen]
    center = CenterFactory()
    assert [SITEMAPS["centros"].location(one) for one in SITEMAPS["centros"].items()] == [
        center.get_absolute_url()
    ]
    assert SITEMAPS["centros"].lastmod(center) == center.updated_at
