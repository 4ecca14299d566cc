"""Who sees and changes what: a truth table, and the twin queryset beside each line."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission

from directorio import policies
from directorio.models import Supplier
from tests.factories.cuentas import UserFactory
from tests.factories.directorio import (
    CenterFactory,
    CityFactory,
    DemandFactory,
    InstitutionFactory,
    OfferFactory,
    SupplierFactory,
)

pytestmark = pytest.mark.django_db


def someone(role):
    if role == "visitor":
        return AnonymousUser()
    user = UserFactory(is_superuser=role == "operator")
    if role == "editor":
        names = ("city", "center", "institution", "offer", "supplier", "demand")
        user.user_permissions.set(
            Permission.objects.filter(
                content_type__app_label="directorio", codename__in=[f"change_{name}" for name in names]
            )
        )
    return user


ENTRIES = {
    "city": CityFactory,
    "center": CenterFactory,
    "institution": InstitutionFactory,
    "offer": OfferFactory,
    "supplier": SupplierFactory,
    "supplier without consent": lambda: SupplierFactory(consent=False),
    "demand": DemandFactory,
}


@pytest.mark.parametrize(
    ("role", "sees_all", "edits"),
    [("visitor", False, False), ("member", False, False), ("editor", True, True), ("operator", True, True)],
)
@pytest.mark.parametrize("name", ENTRIES)
def test_truth_table(role, sees_all, edits, name):
    user, entry = someone(role), ENTRIES[name]()
    sees = sees_all or "without consent" not in name
    assert policies.can_see(user, entry) is sees
    assert type(entry).objects.visible_to(user).filter(pk=entry.pk).exists() is sees
    assert policies.can_edit(user, entry) is edits


def test_an_editor_of_something_else_sees_no_hidden_supplier():
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="change_center"))
    hidden = SupplierFactory(consent=False)
    assert not policies.can_see(user, hidden)
    assert hidden not in Supplier.objects.visible_to(user)
