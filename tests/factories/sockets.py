"""A browser's end of a socket, for tests; channels' own needs daphne, which the portal does without."""

from __future__ import annotations

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator


class Socket(ApplicationCommunicator):
    """Talks to a consumer; ``scope`` may be changed before :meth:`open`."""

    def __init__(self, application: Any, path: str = "/ws/comunidad/", **scope: Any) -> None:
        headers: list[Any] = scope.pop("headers", [])
        super().__init__(
            application,
            {"type": "websocket", "path": path, "query_string": b"", "headers": headers, **scope},
        )

    async def open(self) -> bool:
        """Connect; whether the other side took it."""
        await self.send_input({"type": "websocket.connect"})
        return bool((await self.receive_output(5))["type"] == "websocket.accept")

    async def say(self, words: Any) -> None:
        """Send JSON; text and bytes go as they are."""
        raw = words if isinstance(words, str | bytes) else json.dumps(words)
        name = "bytes" if isinstance(raw, bytes) else "text"
        await self.send_input({"type": "websocket.receive", name: raw})

    async def hear(self) -> Any:
        """Return the next message; fails when none comes."""
        return json.loads((await self.receive_output(5))["text"])

    async def close(self) -> None:
        """Leave."""
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(5)
