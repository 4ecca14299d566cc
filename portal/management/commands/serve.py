"""``manage.py serve``: the whole portal in one process, prepared if need be; what ``make run`` starts.

It never asks. Killed at any moment, the next start goes on from what was finished.
"""

from __future__ import annotations

import errno
import signal
import socket
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO, Any, NoReturn

import h11
import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from uvicorn.protocols.http.h11_impl import H11Protocol

from nucleo.api import PROBLEM, problem
from portal.demo.accounts import ACCOUNTS
from portal.keeping import keep
from portal.preparation import steps
from portal.worker import Worker, lock_file

UNREADABLE = (
    "Esta dirección no se puede leer: es demasiado larga, o tiene signos que no van en una dirección.\n"
)
_asked_to_end = threading.Event()
"""An interrupt that falls into a destructor or into somebody's ``except`` is lost; this remembers it."""
PATIENCE = 5.0
"""Seconds: how long another start waits for one that is ending, the end for visitors and for a task, and a
refusal for the rest of what it refuses."""
THROWN_AWAY = 8 * 1024 * 1024
"""Bytes of a refused request that are read: a browser cuts an address at two million letters."""


class Command(BaseCommand):
    """Prepares, then serves web and worker in the foreground until Ctrl-C."""

    help = "Prepara el portal si hace falta y lo enciende: páginas y trabajador en un solo proceso."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1", help="Dirección donde escucha.")
        parser.add_argument("--port", type=int, default=settings.PORT, help="Puerto donde escucha.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve in a child that is begun again when the system ends it; port and folder stay held."""
        with _listen(options["host"], options["port"]) as listener, _hold_folder():
            keep(lambda: self.serve_on(listener), self._say)

    def serve_on(self, listener: socket.socket) -> None:
        """Prepare and serve; SIGTERM ends it as Ctrl-C does."""
        _asked_to_end.clear()
        signal.signal(signal.SIGTERM, _as_ctrl_c)
        signal.signal(signal.SIGINT, _as_ctrl_c)  # a background shell has it ignored
        try:
            self._prepare()
            self._serve(listener)
        except KeyboardInterrupt:
            pass
        self._say("\nEl portal se detuvo.")

    def _prepare(self) -> None:
        for step in steps():
            began = time.monotonic()
            self.stdout.write(f"· {step.says}…", ending="\n" if step.talks else "")
            self.stdout.flush()
            step.run()
            if not step.talks:
                self._say(f" {time.monotonic() - began:.0f} s")
            if _asked_to_end.is_set():
                raise KeyboardInterrupt

    def _serve(self, listener: socket.socket) -> None:
        from portal.asgi import application

        connections.close_all()
        worker = Worker()
        server = _Server(
            uvicorn.Config(
                application,
                http=Protocol,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=int(PATIENCE),
            ),
            when_ready=self._announce,
        )
        worker.start()
        try:
            server.run(sockets=[listener])
        except OSError as error:
            host, port = listener.getsockname()[:2]
            raise CommandError(_why_not(host, port, error)) from error
        finally:
            worker.stop(wait_seconds=PATIENCE)

    def _announce(self) -> None:
        lines = ["", f"Red Cemprende está en {settings.BASE_URL}", ""]
        if settings.PORTAL_DEMO:
            lines += [f"Cuentas de demostración (clave: {settings.DEMO_PASSWORD})"]
            lines += [f"  {account.email:<26} {account.role}" for account in ACCOUNTS]
        else:
            lines += ["La primera cuenta se crea con: manage.py createsuperuser"]
        self._say("\n".join([*lines, "", "Ctrl-C lo detiene."]))

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


class Protocol(H11Protocol):
    """Refuses in words a request that is no HTTP: an endless address, or bytes that no address may hold.

    What is still on its way is read and thrown away. Closed over it, the connection would be reset, and the
    browser show an error of its own instead of the sentence.
    """

    _left = 0
    """Bytes that are still thrown away once the request was refused; 0 before."""
    _begins = b""
    """How the request that is being read begins: whom the refusal is for."""

    def send_400_response(self, msg: str) -> None:
        """Say it in Spanish, to a program as the API says it, and let the other side end."""
        kind, said = "text/plain; charset=utf-8", UNREADABLE.encode()
        if b" /api/" in self._begins:
            kind, said = PROBLEM, problem(400, UNREADABLE.strip()).content
        headers = [(b"content-type", kind.encode()), (b"connection", b"close")]
        head = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
        for event in (head, h11.Data(data=said), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        if self.transport.can_write_eof():
            self.transport.write_eof()
            self._left = THROWN_AWAY
            self.loop.call_later(PATIENCE, self.transport.close)
        else:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Throw away what comes after a refusal, up to a bound."""
        if not self._left:
            if self.conn.their_state is h11.IDLE:
                self._begins = (self.conn.trailing_data[0] + data)[:32]
            super().data_received(data)
            return
        self._left = max(0, self._left - len(data))
        if not self._left:
            self.transport.abort()


class _Server(uvicorn.Server):
    """Tells when it can be reached, and not before."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets=sockets)
        if _asked_to_end.is_set():
            self.should_exit = True
        elif self.started:
            self._when_ready()


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before the long work; raises CommandError with a sentence when it cannot be had.

    It does not answer yet: who comes early is refused at once instead of being left waiting.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CommandError(_why_not(host, port, error)) from error
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"El puerto {port} está ocupado: otro programa (tal vez el mismo portal) ya escucha ahí. "
                f"Deténgalo, o use otro puerto: make run PORT={port + 1}"
            )
        case errno.EACCES:
            return f"El sistema no permite usar el puerto {port}. Use uno mayor que 1023: make run PORT=8000"
        case _:
            return (
                f"No se puede escuchar en {host}:{port}. Use en --host una dirección de esta máquina, como "
                "127.0.0.1, o 0.0.0.0 para todas las que tiene."
            )


def _hold_folder() -> IO[str]:
    """Keep a second portal off the folder: one process owns its index, cache and announcements."""
    folder = Path(settings.VAR_DIR)
    until = time.monotonic() + PATIENCE
    while (held := lock_file(folder / "serve.lock")) is None:
        if time.monotonic() > until:
            raise CommandError(
                f"Ya hay un portal en marcha con la carpeta {folder}. Deténgalo, o ponga otra en VAR_DIR."
            )
        time.sleep(0.2)
    return held


def _as_ctrl_c(number: int, frame: FrameType | None) -> NoReturn:
    _asked_to_end.set()
    raise KeyboardInterrupt
