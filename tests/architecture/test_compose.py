"""The container set: valid, without secrets, with as few rights as each image allows."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OUR_OWN = {"setup", "web", "worker"}
ONLY_FOR_CONTAINERS = {"POSTGRES_PASSWORD"}


def test_it_follows_the_compose_specification():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    result = subprocess.run(
        [*command, "docker-compose.yml"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_it_is_the_full_set():
    assert set(SERVICES) == {"database", "cache", "search", "setup", "web", "worker", "nginx"}
    assert SERVICES["web"]["deploy"]["replicas"] == 2
    assert SERVICES["web"]["environment"]["WEB_PROCESSES"] == "2"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_few_rights_and_tells_how_it_is(name):
    service = SERVICES[name]
    assert re.search(r":[\w.-]*\d[\w.-]*$", service["image"]) or name in OUR_OWN
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("read_only") is True or name == "search"
    assert not service.get("privileged") and service.get("user") != "root"
    assert ("ports" in service) == (name == "nginx")
    if name != "setup":
        assert service["healthcheck"]["test"] and service["restart"] == "unless-stopped"
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        assert source in COMPOSE["volumes"] or source == "./deploy/nginx.conf"


def test_no_secret_stands_in_it():
    for service in SERVICES.values():
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN", key) and key != "DEMO_PASSWORD":
                assert str(value).startswith("${")
    assert "${" in SERVICES["web"]["environment"]["DATABASE_URL"]


def test_every_variable_is_known_and_what_is_required_is_written_by_make_up(tmp_path):
    used = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    example = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    docs = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert used <= example | ONLY_FOR_CONTAINERS
    assert [name for name in used if f"`{name}`" not in docs] == []
    given = {name for name in SERVICES["web"]["environment"] if name != "WEB_PROCESSES"}
    assert given <= example

    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "env-file"
    script.write_text((ROOT / "bin" / "env-file").read_text())
    for _ in range(2):
        subprocess.run(["bash", str(script)], check=True, capture_output=True)
    written = dict(line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines())
    assert set(re.findall(r"\$\{([A-Z_]+):\?", TEXT)) == set(written)
    assert all(len(value) == 50 for value in written.values()) and len(set(written.values())) == 2
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0


def test_the_image_runs_as_nobody_in_particular_and_holds_nothing_private():
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert [line for line in image.splitlines() if line.startswith("USER ")][-1] == "USER portal"
    bases = re.findall(r"^FROM (\S+)", image, re.MULTILINE)
    assert bases and all(re.search(r":\d+\.\d+\.\d+-", base) for base in bases)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", "var", ".git"} <= set(ignored)
    assert "--require-hashes" in image


def test_nginx_reads_no_folder_of_the_portal():
    """Private files are behind views that ask who is reading; nginx must have no way around them."""
    conf = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    assert not re.search(r"^\s*(root|alias|try_files|autoindex)\s", conf, re.MULTILINE)
    assert SERVICES["nginx"]["volumes"] == ["./deploy/nginx.conf:/etc/nginx/nginx.conf:ro"]
