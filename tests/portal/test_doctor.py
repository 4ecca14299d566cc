import pytest
from django.core.management import call_command
from django.utils import timezone

from portal import doctor
from portal.models import ContentPage, WorkerBeat

pytestmark = pytest.mark.django_db


@pytest.fixture
def well(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.BASE_DIR = tmp_path
    settings.SECRET_KEY = "k" * 50
    settings.PORTAL_DEMO = True
    WorkerBeat.objects.create(name="uno", beat_at=timezone.now())
    return settings


def sentences(*, errors=False):
    return " ".join(f.what + f.mend for f in doctor.examine() if f.mend and (f.is_error or not errors))


def test_what_is_well_is_said_so(well):
    assert sentences(errors=True) == ""
    assert any("al día" in finding.what for finding in doctor.examine())


def test_its_own_address_must_be_allowed(well):
    well.ORIGIN, well.ALLOWED_HOSTS = "https://red.example", ["otro.example"]
    assert "Agregue red.example a ALLOWED_HOSTS" in sentences(errors=True)
    well.ALLOWED_HOSTS = [".red.example"]
    assert "ALLOWED_HOSTS" not in sentences()


def test_a_folder_it_cannot_write_in(well, tmp_path):
    well.VAR_DIR = tmp_path / "no-existe"
    assert "VAR_DIR" in sentences(errors=True)


def test_real_portals_need_mail_and_a_certificate(well):
    well.PORTAL_DEMO, well.HTTPS = False, False
    well.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    found = sentences()
    assert "EMAIL_URL" in found and "https" in found


def test_a_real_portal_says_who_answers_for_personal_data(well):
    assert "Datos personales" not in sentences()
    well.PORTAL_DEMO = False
    assert "no dice qué entidad responde" in sentences()
    ContentPage.objects.get(slug="datos-personales").save_revision()
    assert "no dice qué entidad responde" not in sentences()


def test_a_short_key_and_a_silent_worker(well):
    well.SECRET_KEY = "corta"
    WorkerBeat.objects.all().delete()
    found = sentences()
    assert "SECRET_KEY es corta" in found and "manage.py worker" in found


def test_a_misspelled_variable(well, tmp_path):
    (tmp_path / ".env.example").write_text("SECRET_KEY=\n")
    (tmp_path / ".env").write_text("# nota\nexport SECRET_KY=x\nPOSTGRES_PASSWORD=y\n")
    found = sentences()
    assert "SECRET_KY" in found and "¿Quiso decir SECRET_KEY?" in found and "POSTGRES" not in found


def test_the_command_ends_with_1_when_something_is_broken(well, tmp_path, capsys):
    call_command("doctor")
    well.VAR_DIR = tmp_path / "no-existe"
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    assert ended.value.code == 1
    assert "MAL" in capsys.readouterr().out
