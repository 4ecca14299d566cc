import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from portal import conf
from portal.conf import BadSetting

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("sí", True), ("TRUE", True), ("", False), ("0", False), ("no", False)],
)
def test_yes_or_no(value, expected):
    assert conf.yes_or_no("DEBUG", value) is expected


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: conf.yes_or_no("DEBUG", "quizá"), "DEBUG"),
        (lambda: conf.whole_number("WEB_PROCESSES", "dos"), "WEB_PROCESSES"),
        (lambda: conf.whole_number("WEB_PROCESSES", "0"), "WEB_PROCESSES"),
        (lambda: conf.database_url("mysql://u:secreta@h/db"), "DATABASE_URL"),
        (lambda: conf.redis_url("http://h"), "REDIS_URL"),
        (lambda: conf.email_url("correo"), "EMAIL_URL"),
        (lambda: conf.origin("red.example"), "BASE_URL"),
        (lambda: conf.search_engine("embedded:"), "SEARCH_URL"),
        (lambda: conf.logging_config("xml", debug=False), "LOG_FORMAT"),
        (lambda: conf.secret_key("", directory=Path("x"), demo=False), "SECRET_KEY"),
    ],
)
def test_a_bad_value_is_named_and_no_password_is_shown(call, name):
    with pytest.raises(BadSetting, match=name) as caught:
        call()
    assert "secreta" not in str(caught.value)


def test_a_key_is_made_once_and_for_its_owner_only(tmp_path):
    first = conf.secret_key("", directory=tmp_path / "var", demo=True)
    assert conf.secret_key("", directory=tmp_path / "var", demo=True) == first
    assert len(first) >= 40
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert conf.secret_key("dada", directory=tmp_path, demo=True) == "dada"


def test_each_engine_gets_what_it_needs():
    sqlite = conf.with_engine_options({"ENGINE": "django.db.backends.sqlite3"})
    assert sqlite["OPTIONS"]["transaction_mode"] == "IMMEDIATE" and "WAL" in sqlite["OPTIONS"]["init_command"]
    postgres = conf.with_engine_options({"ENGINE": "django.db.backends.postgresql"})
    assert postgres["OPTIONS"]["pool"] and postgres["CONN_MAX_AGE"] == 0


def test_redis_serves_cache_and_announcements():
    assert "locmem" in conf.caches("")["default"]["BACKEND"]
    assert conf.caches("redis://h")["default"]["LOCATION"] == "redis://h"
    assert "InMemory" in conf.channel_layers("")["default"]["BACKEND"]
    assert "RedisPubSub" in conf.channel_layers("redis://h")["default"]["BACKEND"]


def test_search_engine_and_origin():
    assert conf.search_engine("embedded:var/index") == ("embedded", "var/index")
    assert conf.search_engine("https://s:9200")[0] == "elastic"
    assert conf.origin("https://red.example/ruta") == "https://red.example"


def test_a_misspelled_variable_is_told_with_the_nearest():
    assert conf.unknown_variables({"SECRET_KY", "DEBUG", "ZZZ"}, {"SECRET_KEY", "DEBUG"}) == {
        "SECRET_KY": "SECRET_KEY",
        "ZZZ": "",
    }


def test_every_variable_is_in_the_example_and_in_the_docs():
    settings = (ROOT / "portal" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\("([A-Z_]+)"', settings))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    docs = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert len(read) > 12
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == read
    assert set(re.findall(r"^\| `([A-Z_]+)`", docs, re.MULTILINE)) == read


@pytest.mark.slow
@pytest.mark.parametrize("command", [["manage.py", "check"], ["-m", "uvicorn", "portal.asgi:application"]])
def test_a_bad_value_stops_the_start_with_a_sentence(command, tmp_path):
    environment = {**os.environ, "PORTAL_DEMO": "quizá", "VAR_DIR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    result = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "PORTAL_DEMO debe ser" in result.stderr and "Traceback" not in result.stderr
