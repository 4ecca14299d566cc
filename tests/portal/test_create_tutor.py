import pytest
from django.core.management import CommandError, call_command

from portal.cuentas.models import User
from tests.factories.comunidad import ThemeFactory
from tests.factories.cuentas import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme():
    return ThemeFactory(name="Empleabilidad")


def test_a_new_tutor_enters_with_a_code_and_looks_after_the_theme(theme, capsys):
    other = ThemeFactory()
    call_command("create_tutor", "Nueva@Red.example", theme.slug, other.slug, "--names", "Ana")
    user = User.objects.get(email="nueva@red.example")
    assert not user.has_usable_password() and user.emailaddress_set.get().verified
    assert set(user.tutored_themes.all()) == {theme, other}
    assert user.first_names == "Ana" and not user.is_staff
    assert "código" in capsys.readouterr().out


def test_who_has_an_account_keeps_it_as_it_is(theme, capsys):
    user = UserFactory(email="ana@red.example")
    before = user.password
    for _ in range(2):
        call_command("create_tutor", "ana@red.example", theme.slug, "--names", "Otra")
    user.refresh_from_db()
    assert user.password == before and user.first_names != "Otra"
    assert list(theme.tutors.all()) == [user]
    assert "código" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("email", "slug", "says"),
    [
        ("ana@red.example", "no-existe", "No hay un tema no-existe.*empleabilidad"),
        ("no-es-correo", "empleabilidad", "no es un correo"),
        ("cerrada@red.example", "empleabilidad", "está cerrada"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(theme, email, slug, says):
    UserFactory(email="cerrada@red.example", is_active=False)
    before = User.objects.count()
    with pytest.raises(CommandError, match=says):
        call_command("create_tutor", email, slug)
    assert User.objects.count() == before and not theme.tutors.exists()
