"""What nginx says by itself, with the real configuration and no portal behind it: in words, in Spanish."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import unavailable

ROOT = Path(__file__).resolve().parents[2]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of nginx with ``deploy/nginx.conf`` and web processes that do not answer."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        unavailable("nginx is not installed (make test-system)")
    folder, port, nobody = tmp_path_factory.mktemp("nginx"), _free_port(), _free_port()
    conf = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    conf = re.sub(r"resolver .*;", "", conf.replace("/tmp/nginx", str(folder)))
    conf = re.sub(r"server web:8000.*;", f"server 127.0.0.1:{nobody};", conf)
    conf = conf.replace("listen 8080", f"listen 127.0.0.1:{port}").replace(
        "/dev/stderr", f"{folder}/error.log"
    )
    (folder / "nginx.conf").write_text(f"daemon off;\n{conf}", encoding="utf-8")
    arguments = [program, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    process = subprocess.Popen(arguments, stderr=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert process.poll() is None, (folder / "error.log").read_text()
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=10)


def answer(url: str, body: bytes | None = None) -> tuple[int, str, str]:
    """Return status, type and text of a refusal."""
    try:
        urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=10)
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()
    raise AssertionError("nobody refused")


def test_a_portal_that_rests_is_said_in_words(nginx: str) -> None:
    status, kind, text = answer(f"{nginx}/guias/")
    assert status in (502, 503, 504)
    assert kind == "text/html; charset=utf-8"
    assert "El portal no responde" in text and '<html lang="es-CO">' in text


def test_an_endless_address_is_refused_in_words(nginx: str) -> None:
    status, kind, text = answer(f"{nginx}/buscar/?q={'a' * 50_000}")
    assert (status, kind) == (414, "text/plain; charset=utf-8")
    assert text.startswith("Esta dirección no se puede leer")


def test_too_large_a_file_is_refused_in_words(nginx: str) -> None:
    with socket.create_connection(("127.0.0.1", int(nginx.rpartition(":")[2])), timeout=10) as line:
        line.sendall(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
        text = line.recv(65_536).decode()
    assert text.startswith("HTTP/1.1 413") and "hasta 25 MB" in text
