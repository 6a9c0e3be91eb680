"""The views of the agent console, paged by a cursor that names the last row's place."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from agents.models import Agent
from chat import protocol as wire
from chat import snapshots
from chat.errors import BadValue
from chat.lifecycle import State
from chat.models import WAITING, Conversation

PAGE = 50


def of_view(view: wire.ListView, agent: Agent | None) -> Q:
    return {
        "queue": Q(state__in=WAITING),
        "mine": Q(state=State.ASSIGNED, agent=agent),
        "callbacks": Q(state=State.CALLBACK),
        "open": ~Q(state=State.CLOSED),
        "closed": Q(state=State.CLOSED),
    }[view]


def page(*, agent: Agent | None, view: wire.ListView, cursor: str | None = None) -> wire.ConversationList:
    """One page: the queue in its order, closed ones by when they were closed, the others by their latest message.
    No agent: the desk itself.

    Raises:
        BadValue: a cursor that is not from here.
    """
    rows: QuerySet[Conversation] = Conversation.objects.filter(of_view(view, agent))
    after = _read(cursor) if cursor else None
    if view == "queue":
        rows = rows.order_by("place_at", "id")
        if after:
            rows = rows.filter(Q(place_at__gt=after[0]) | Q(place_at=after[0], id__gt=after[1]))
    else:
        latest = "closed_at" if view == "closed" else "last_message_at"
        rows = rows.order_by(f"-{latest}", "-id")
        if after:
            rows = rows.filter(Q((f"{latest}__lt", after[0])) | Q((latest, after[0]), id__lt=after[1]))
    items = snapshots.desk_snapshots(rows[: PAGE + 1])
    return wire.ConversationList(
        items=items[:PAGE], cursor=_write(items[PAGE - 1], view) if len(items) > PAGE else None, counts=counts(agent)
    )


def counts(agent: Agent | None) -> dict[str, int]:
    """How many each open view holds; closed ones are not counted, they only grow."""
    open_ones = Conversation.objects.open()
    views: tuple[wire.ListView, ...] = ("queue", "mine", "callbacks", "open")
    wanted: Any = {view: Count("pk", filter=of_view(view, agent)) for view in views}
    return dict(open_ones.aggregate(**wanted))


def _write(last: wire.DeskConversation, view: wire.ListView) -> str:
    moment = {"queue": last.place_at, "closed": last.closed_at}.get(view, last.last_message_at)
    place = [moment.isoformat() if moment else "", str(last.id)]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read(cursor: str) -> tuple[datetime, UUID]:
    try:
        moment, identifier = json.loads(base64.urlsafe_b64decode(cursor))
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(identifier)
    except (ValueError, TypeError, OverflowError, binascii.Error, AttributeError):
        raise BadValue("cursor is not one that a list has answered. Start without it.") from None
