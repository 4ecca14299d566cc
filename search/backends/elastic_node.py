"""The connection: lets the client of Elasticsearch 8 also talk to OpenSearch 2.

OpenSearch refuses the ``compatible-with`` media types that the client sends and does not name its
product as the client demands; both are put right here, for either server, and nothing else is.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from elastic_transport import HttpHeaders, Urllib3HttpNode
from elastic_transport._models import DEFAULT, DefaultType
from elastic_transport._node import NodeApiResponse
from elasticsearch import Elasticsearch

_COMPATIBLE = re.compile(r"application/vnd\.elasticsearch\+([\w-]+)\s*;\s*compatible-with=\d+")

SECONDS = 4.0
"""A reader does not wait longer for an answer; then the database's titles do."""


class PlainNode(Urllib3HttpNode):
    """Speaks plain JSON and ndjson, and answers as a product that the client accepts."""

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: DefaultType | float | None = DEFAULT,
    ) -> NodeApiResponse:
        """Send with plain media types; mark the answer."""
        plain = {name: _COMPATIBLE.sub(r"application/\1", value) for name, value in (headers or {}).items()}
        response = super().perform_request(method, target, body, HttpHeaders(plain), request_timeout)
        marked = dict(response.meta.headers) | {"x-elastic-product": "Elasticsearch"}
        object.__setattr__(response.meta, "headers", HttpHeaders(marked))
        return response


def connect(url: str) -> Elasticsearch:
    """Return a client for ``http(s)://[user:password@]host[:port]``; connects with the first request."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 9200)
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Elasticsearch(
        f"{parts.scheme}://{parts.hostname}:{port}",
        basic_auth=login,
        node_class=PlainNode,
        request_timeout=SECONDS,
        max_retries=0,
        retry_on_timeout=False,
    )
