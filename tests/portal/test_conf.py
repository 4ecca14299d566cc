import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from portal import conf, logs
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
        (lambda: logs.logging_config("xml", debug=False), "LOG_FORMAT"),
        (lambda: conf.secret_key("", directory=Path("x"), demo=False), "SECRET_KEY"),
        (lambda: conf.secret_key("secreta", directory=Path("x"), demo=False), "SECRET_KEY debe tener 40"),
        (lambda: conf.secret_key("ab" * 40, directory=Path("x"), demo=False), "SECRET_KEY debe tener 40"),
        (lambda: conf.port_number("PORT", "99999"), "PORT debe ser un número desde 1 hasta 65535"),
        (lambda: conf.folder("VAR_DIR", "/proc/x", "var"), "VAR_DIR debe nombrar una carpeta"),
        (lambda: conf.folder("VAR_DIR", __file__, "var"), "VAR_DIR debe nombrar una carpeta"),
        (lambda: conf.folder("VAR_DIR", "a\0b", "var"), "VAR_DIR debe nombrar una carpeta"),
        (lambda: conf.folder("VAR_DIR", " ", "var"), "VAR_DIR está vacía"),
        (
            lambda: conf.folder("STATIC_ROOT", "/proc/x", "var", written=False),
            "STATIC_ROOT debe nombrar una carpeta",
        ),
        (lambda: conf.database_url("postgres://u:secreta@h:x/db"), "DATABASE_URL debe"),
        (lambda: conf.database_url("postgres://u:secreta@h"), "DATABASE_URL debe decir el nombre"),
        (lambda: conf.database_url("sqlite:///"), "DATABASE_URL debe decir el archivo"),
        (
            lambda: conf.database_url("sqlite:////proc/x/datos.sqlite3"),
            "DATABASE_URL debe nombrar una carpeta",
        ),
        (lambda: conf.redis_url("redis://"), "REDIS_URL"),
        (lambda: conf.redis_url("redis://h:puerto"), "REDIS_URL"),
        (lambda: conf.email_url("smtp+tls://"), "EMAIL_URL"),
        (lambda: conf.email_url("smtp://u:secreta@h:puerto"), "EMAIL_URL"),
        (lambda: conf.email_url("filemail://"), "EMAIL_URL"),
        (lambda: conf.sender("zz"), "DEFAULT_FROM_EMAIL debe ser un correo"),
        (lambda: conf.sender("A <a@b>\nBcc: <c@d>"), "DEFAULT_FROM_EMAIL debe ser un correo"),
        (lambda: conf.demo_password(" ", demo=True), "DEMO_PASSWORD está vacía"),
        (lambda: conf.token("METRICS_TOKEN", "con espacios"), "METRICS_TOKEN"),
        (lambda: conf.origin("http://h:puerto"), "BASE_URL"),
        (lambda: conf.origin("http://a b"), "BASE_URL"),
        (lambda: conf.origin("http://u@h"), "BASE_URL"),
        (lambda: conf.origin("http://[::1"), "BASE_URL"),
        (lambda: conf.search_engine("http://"), "SEARCH_URL"),
        (lambda: conf.search_engine("http://h:puerto"), "SEARCH_URL"),
        (lambda: conf.search_engine("embedded:/proc/x"), "SEARCH_URL debe nombrar una carpeta"),
        (lambda: conf.media_url("foo"), "MEDIA_URL_BASE debe"),
        (lambda: conf.media_url("/"), "MEDIA_URL_BASE debe"),
        (lambda: conf.media_url("//otro.example/"), "MEDIA_URL_BASE debe"),
        (lambda: conf.media_url("/static/"), "MEDIA_URL_BASE debe"),
        (lambda: conf.allowed_hosts(""), "ALLOWED_HOSTS debe"),
        (lambda: conf.allowed_hosts("red.example,http://x"), "ALLOWED_HOSTS debe.*Es: 'http://x'"),
        (lambda: conf.allowed_hosts("red.example:80"), "ALLOWED_HOSTS debe"),
        (
            lambda: conf.must_answer("https://red.example", ["localhost"]),
            "ALLOWED_HOSTS debe tener red.example",
        ),
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
    assert {one["LOCATION"] for one in conf.caches("redis://h").values()} == {"redis://h"}
    assert len({one["LOCATION"] for one in conf.caches("").values()}) == 2, "marks push nothing else out"
    assert "InMemory" in conf.channel_layers("")["default"]["BACKEND"]
    assert "RedisPubSub" in conf.channel_layers("redis://h")["default"]["BACKEND"]


def test_search_engine_and_origin(tmp_path):
    assert conf.search_engine(f"embedded:{tmp_path}/index") == ("embedded", f"{tmp_path}/index")
    assert conf.search_engine("https://s:9200")[0] == "elastic"
    assert conf.origin("https://red.example/ruta") == "https://red.example"


def test_what_is_written_well_is_taken(tmp_path):
    for value in ("red@x.example", "Red <red@x.example>", "Red Cemprende, Tolima <red@localhost>"):
        assert conf.sender(value) == value
    assert conf.allowed_hosts("127.0.0.1, .red.example,[::1],*") == [
        "127.0.0.1",
        ".red.example",
        "[::1]",
        "*",
    ]
    assert conf.media_url("/media/") == "/media/" and conf.token("METRICS_TOKEN", "a-B_9=") == "a-B_9="
    for base, allowed in (
        ("http://[::1]:8000", "[::1]"),
        ("https://A.red.example", ".red.example"),
        ("http://x", "*"),
    ):
        conf.must_answer(conf.origin(base), [allowed])
    for value in ("redis://h", "rediss://:clave@h:6379/0", "unix:///run/redis.sock", ""):
        assert conf.redis_url(value) == value
    for value in ("smtp+tls://u:c@h:587", "consolemail://", "memorymail://", f"filemail:///{tmp_path}"):
        assert conf.email_url(value) == value
    assert conf.demo_password("", demo=False) == ""
    key = "clave-para-firmar" * 3
    assert conf.secret_key(key, directory=tmp_path, demo=False) == key


def test_the_folder_of_the_database_is_made(tmp_path):
    conf.database_url(f"sqlite:///{tmp_path}/a/b/datos.sqlite3")
    assert (tmp_path / "a" / "b").is_dir()


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


def start(environment, command):
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


NONSENSE = {
    "SECRET_KEY": "x",
    "BASE_URL": "https://otra.example",
    "PORT": "99999",
    "ALLOWED_HOSTS": "",
    "VAR_DIR": "/proc/x",
    "DATABASE_URL": "postgres://u:secreta@h:x/db",
    "REDIS_URL": "zz",
    "SEARCH_URL": "zz",
    "STATIC_ROOT": "",
    "MEDIA_URL_BASE": "foo",
    "EMAIL_URL": "",
    "DEFAULT_FROM_EMAIL": "zz",
    "PORTAL_DEMO": "zz",
    "DEMO_PASSWORD": "",
    "WEB_PROCESSES": "-1",
    "LOG_FORMAT": "",
    "OFFLINE_READING": "zz",
    "METRICS_TOKEN": "é",
    "SECOND_READER": "quizás",
    "LETTER_HOURS": "0",
    "DEBUG": "zz",
}
"""For every variable a value that cannot be used."""


def test_there_is_nonsense_for_every_variable():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == set(NONSENSE)


@pytest.mark.slow
@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_stops_the_start_with_one_sentence(name, tmp_path):
    demo = "0" if name == "SECRET_KEY" else "1"
    plain = {key: value for key, value in os.environ.items() if key not in NONSENSE}
    plain |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "VAR_DIR": str(tmp_path), "PORTAL_DEMO": demo}
    result = start(plain | {name: NONSENSE[name]}, ["manage.py", "serve"])
    assert result.returncode == 1 and not result.stdout
    (line,) = result.stderr.splitlines()
    assert line.startswith("El portal no puede iniciar. ") and name in line and "secreta" not in line


@pytest.mark.slow
@pytest.mark.parametrize("command", [["manage.py", "check"], ["-m", "uvicorn", "portal.asgi:application"]])
def test_a_bad_value_stops_the_start_with_a_sentence(command, tmp_path):
    environment = {**os.environ, "PORTAL_DEMO": "quizá", "VAR_DIR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    result = start(environment, command)
    assert result.returncode == 1
    assert "PORTAL_DEMO debe ser" in result.stderr and "Traceback" not in result.stderr
