"""The consumer: stored, then sent to the chat's group, then acknowledged."""

from __future__ import annotations

from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from bench.peers.stock.models import Message


class ChatConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # Channels is untyped
    async def connect(self) -> None:
        self.chat = self.scope["url_route"]["kwargs"]["chat"]
        self.author = self.scope["url_route"]["kwargs"]["author"]
        self.group = f"chat_{self.chat}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content: dict[str, Any]) -> None:
        posted = content["data"]
        message = await Message.objects.acreate(
            chat=self.chat, author=self.author, client_id=posted["client_id"], text=posted["text"]
        )
        stored = {
            "seq": message.pk,
            "author": message.author,
            "client_id": message.client_id,
            "text": message.text,
            "posted_at": message.posted_at.isoformat(),
        }
        await self.channel_layer.group_send(self.group, {"type": "chat.message", "message": stored})
        told = {name: stored[name] for name in ("client_id", "seq", "posted_at")}
        await self.send_json({"id": content["id"], "ok": True, "data": told})

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send_json({"type": "message.posted", "data": event["message"]})
