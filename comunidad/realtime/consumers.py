"""The socket of an open page: it says what it listens to and is told ids.

Whether she may is asked when a page begins to listen and again before every word to it: who lost the right,
signed out or was closed out hears nothing more.
"""

from __future__ import annotations

import json
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser

from comunidad.realtime.topics import Topic, parse, person_group

MAX_TOPICS = 12
"""An operator's queue listens to every theme."""


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """One open page.

    It sends ``{"seguir": "hilo:12"}`` and ``{"dejar": …}``; it is sent ``{"siguiendo": …}``,
    ``{"negado": …}`` and ``{"tema": "hilo:12", "id": 34}``. What is none of these is ignored.
    """

    async def connect(self) -> None:
        """Let everyone in: what one may listen to is asked topic by topic."""
        self.topics: dict[str, Topic] = {}
        user = self.scope.get("user")
        self.user_id: int | None = user.pk if getattr(user, "is_authenticated", False) else None
        if self.user_id is not None:
            await self.channel_layer.group_add(person_group(self.user_id), self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leave everything."""
        for topic in list(self.topics.values()):
            await self.channel_layer.group_discard(topic.group_name, self.channel_name)
        if self.user_id is not None:
            await self.channel_layer.group_discard(person_group(self.user_id), self.channel_name)

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        """Take what is no JSON as nothing said."""
        try:
            return json.loads(text_data)
        except (ValueError, RecursionError):
            return None

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any
    ) -> None:
        """Ignore bytes."""
        if text_data:
            await super().receive(text_data=text_data, **kwargs)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Begin or stop to listen."""
        if not isinstance(content, dict):
            return
        if (topic := parse(content.get("dejar"))) and topic.name in self.topics:
            await self._leave(topic)
        topic = parse(content.get("seguir"))
        if topic is None or topic.name in self.topics:
            return
        if len(self.topics) >= MAX_TOPICS or not await self._may(topic):
            await self.send_json({"negado": topic.name})
            return
        self.topics[topic.name] = topic
        await self.channel_layer.group_add(topic.group_name, self.channel_name)
        await self.send_json({"siguiendo": topic.name})

    async def announce(self, event: dict[str, Any]) -> None:
        """Pass an id on, if she still may."""
        topic = self.topics.get(event["topic"])
        if topic is not None and await self._still_may(topic):
            await self.send_json({"tema": topic.name, "id": event["id"]})

    async def recheck(self, event: dict[str, Any]) -> None:
        """Leave what she may not listen to any more."""
        for topic in list(self.topics.values()):
            await self._still_may(topic)

    async def _still_may(self, topic: Topic) -> bool:
        if await self._may(topic):
            return True
        await self._leave(topic)
        await self.send_json({"negado": topic.name})
        return False

    async def _leave(self, topic: Topic) -> None:
        del self.topics[topic.name]
        await self.channel_layer.group_discard(topic.group_name, self.channel_name)

    @database_sync_to_async  # type: ignore[untyped-decorator]
    def _may(self, topic: Topic) -> bool:
        """Ask the policy for the person as she is now; after she signed out, for anybody."""
        user: Any = None
        session = self.scope.get("session")
        signed_in = session is None or session.exists(session.session_key)
        if self.user_id is not None and signed_in:
            user = get_user_model()._default_manager.filter(pk=self.user_id, is_active=True).first()
        return topic.can_subscribe(user or AnonymousUser())
