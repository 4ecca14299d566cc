import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command

from portal.cuentas.models import User
from portal.demo import accounts
from portal.demo.accounts import ACCOUNTS, DemoRefused
from portal.models import AgendaEvent, HomePage, Indicator, IndicatorRow

pytestmark = pytest.mark.django_db


def counts():
    models = (User, AgendaEvent, Indicator, IndicatorRow, HomePage)
    return [model.objects.count() for model in models]


def test_the_eight_accounts_are_marked_and_confirmed():
    users = accounts.load()
    assert len(users) == len(ACCOUNTS) == 8
    for user in users.values():
        assert user.is_demo and "(demostración)" in user.display_name
        assert user.check_password("cemprende-demo")
        assert user.emailaddress_set.get().verified
    assert users["admin"].is_superuser
    assert users["editora"].has_perm("wagtailadmin.access_admin")
    assert users["editora"].has_perm("guias.publish_version")
    assert not users["editora"].has_perm("cuentas.change_user")
    assert not users["miembro"].has_perm("wagtailadmin.access_admin")


def test_their_one_password_is_hashed_once_and_again_only_when_it_is_another(settings, monkeypatch):
    made = []
    monkeypatch.setattr(
        accounts, "make_password", lambda password: made.append(password) or make_password(password)
    )
    settings.DEMO_PASSWORD = "otra-clave-de-todos"
    users = accounts.load()
    assert made == ["otra-clave-de-todos"] and accounts.load() == users and len(made) == 1
    users["nueva"].set_password("la-puso-ella")
    users["nueva"].save()
    again = accounts.load()
    assert all(user.check_password("otra-clave-de-todos") for user in again.values()) and len(made) == 1


def test_a_real_portal_gets_no_account_with_a_public_password(settings):
    settings.PORTAL_DEMO = False
    with pytest.raises(CommandError, match="PORTAL_DEMO=1"):
        call_command("demo")
    with pytest.raises(DemoRefused):
        accounts.load()
    assert not User.objects.exists()


def test_the_boards_are_as_published():
    from portal.demo import indicadores

    indicadores.load()
    row = IndicatorRow.objects.get(label="Nuevos usuarios caracterizados y enrutados")
    assert (row.target, row.result, row.achieved) == (21814, 25836, 118)
    unset = IndicatorRow.objects.get(label="Red Unidos")
    assert (unset.target, unset.achieved) == (None, None)


@pytest.mark.slow
def test_loading_twice_changes_nothing(capsys):
    call_command("demo")
    first = counts()
    call_command("demo")
    assert counts() == first
    assert "· Cuentas" in capsys.readouterr().out
