"""Sending ids to open pages, after commit; a layer that is down costs a line in the log and no request."""

from __future__ import annotations

import logging
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from comunidad.realtime.topics import Topic, person_group

logger = logging.getLogger(__name__)


def announce(topic: Topic, pk: int) -> None:
    """Say to who listens to ``topic`` that the row ``pk`` in it is new or changed."""
    _send(topic.group_name, {"type": "announce", "topic": topic.name, "id": pk})


def recheck(user_id: int) -> None:
    """Have all open sockets of a person look again at what they may listen to."""
    _send(person_group(user_id), {"type": "recheck"})


def _send(group: str, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group, message)
    except Exception:
        logger.warning("Open pages were not told of %s", group, exc_info=True)
