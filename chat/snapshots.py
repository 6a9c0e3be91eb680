"""Rows as the protocol shows them. Reads only; every snapshot is whole, so that applying one twice is harmless."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from agents import presence
from agents.models import Agent
from chat import handling as handled
from chat import places
from chat import protocol as wire
from chat.lifecycle import State
from chat.models import WAITING, Conversation, Customer, HandoffPacket, Inbox, Message, Note, Offer
from chat.waits import Wait, wait_range
from supportdesk.clock import now

PREVIEW_CHARS = 140
PLACES_MOST = 500
"""Further back nobody is counted: a join must not read the whole queue. The place is then at least so far back."""
SHOWN = (
    "version", "state", "last_seq", "customer_read_seq", "agent_read_seq", "callback_due", "opened_at", "closed_at",
    "place_at", "agent__name", "rating__score", "mailing__email", "mailing__asked_at", "mailing__stopped_at",
)  # fmt: skip
"""What a customer is shown of the conversation, and no column more: each that comes back asks for it."""
CAPACITY = """
SELECT coalesce(sum(capacity), 0) FROM agents_agent WHERE availability = 'available' AND id = ANY(%s::bigint[])
"""
"""One array, however many are online: Django's `IN` would name each."""
LOADS = """
SELECT agent_id, sum(units) AS load FROM (
  SELECT agent_id, units FROM chat_conversation WHERE state = 'assigned'
  UNION ALL SELECT o.agent_id, c.units FROM chat_offer o JOIN chat_conversation c ON c.id = o.conversation_id
    WHERE o.outcome IS NULL) held
GROUP BY agent_id
"""


def message(row: Message) -> wire.Message:
    return wire.Message(
        conversation_id=row.conversation_id,
        seq=row.seq,
        client_id=row.client_id,
        author=wire.Author(kind=row.author_kind, id=row.author_id, name=row.author_name),  # type: ignore[arg-type]  # the column's choices
        text=row.text,
        notice=row.notice,
        sources=[wire.Source(**s) for s in row.sources],
        posted_at=row.posted_at,
    )


def messages_after(conversation_id: UUID, seq: int) -> tuple[list[wire.Message], bool]:
    """One page of the timeline after `seq`, and whether more follows."""
    rows = list(
        Message.objects.filter(conversation_id=conversation_id, seq__gt=seq).order_by("seq")[: wire.JOIN_PAGE + 1]
    )
    return [message(row) for row in rows[: wire.JOIN_PAGE]], len(rows) > wire.JOIN_PAGE


def note(row: Note) -> wire.Note:
    return wire.Note(
        id=row.id,
        conversation_id=row.conversation_id,
        after_seq=row.after_seq,
        client_id=row.client_id,
        author=wire.Author(kind="agent", id=str(row.agent_id), name=row.agent.name),
        text=row.text,
        whisper=row.is_whisper,
        posted_at=row.posted_at,
    )


def notes_of(conversation_id: UUID) -> list[wire.Note]:
    rows = Note.objects.filter(conversation_id=conversation_id).select_related("agent").order_by("id")
    return [note(row) for row in rows[: wire.JOIN_PAGE]]


def for_customer(conversation_id: UUID) -> wire.Conversation:
    row = Conversation.objects.select_related("agent", "rating", "mailing").only(*SHOWN).get(pk=conversation_id)
    return wire.Conversation(**_shared(row))


def place_of(row: Conversation) -> wire.QueuePlace | None:
    """Where it stands among all that wait, as its customer was told; until he was, counted as far as PLACES_MOST and
    with an interval as if any agent suited. None where it does not wait."""
    if row.state not in WAITING:
        return None
    said = places.told(row.id)
    if said is None:
        ahead = Conversation.objects.filter(state__in=WAITING, place_at__lte=row.place_at)
        counted = ahead.exclude(place_at=row.place_at, id__gte=row.id).order_by("place_at", "id")[: PLACES_MOST - 1]
        position = counted.count() + 1
        said = position, wait_range(position, capacity_online(), handled.mean_s())
    position, wait = said
    return wire.QueuePlace(position=position, wait_s=wait_told(wait))


def wait_told(wait: Wait | None) -> wire.WaitRange | None:
    return wire.WaitRange(low=wait[0], high=wait[1]) if wait is not None else None


def capacity_online() -> int:
    """Conversations that the agents who are available and online can have at once."""
    with connection.cursor() as cursor:
        cursor.execute(CAPACITY, [sorted(presence.online_ids())])
        (capacity,) = cursor.fetchone()
    return int(capacity)


def for_desk(conversation_id: UUID) -> wire.DeskConversation:
    (snapshot,) = desk_snapshots(Conversation.objects.filter(pk=conversation_id))
    return snapshot


def for_both(conversation_id: UUID) -> tuple[wire.Conversation, wire.DeskConversation]:
    """The customer's and the desk's snapshot of one moment."""
    (row,) = _desk_rows(Conversation.objects.filter(pk=conversation_id))
    (to_desk,) = _for_desk_all([row])
    return wire.Conversation(**_shared(row)), to_desk


def desk_snapshots(rows: QuerySet[Conversation]) -> list[wire.DeskConversation]:
    """For lists: a fixed number of queries, however many rows."""
    return _for_desk_all(_desk_rows(rows))


def _desk_rows(rows: QuerySet[Conversation]) -> list[Any]:
    latest = Message.objects.filter(conversation_id=OuterRef("pk"), seq=OuterRef("last_seq"))
    return list(
        rows.select_related("agent", "rating", "inbox", "customer", "mailing", "need_agent", "need_team").annotate(
            last_text=Subquery(latest.values("text")), last_kind=Subquery(latest.values("author_kind"))
        )
    )


def _for_desk_all(found: Sequence[Any]) -> list[wire.DeskConversation]:
    offered = [row.id for row in found if row.state == State.OFFERED]
    packets = {p.conversation_id: p for p in HandoffPacket.objects.filter(conversation__in=found).order_by("id")}
    offers = {o.conversation_id: o for o in Offer.objects.filter(conversation_id__in=offered, outcome__isnull=True)}
    online = presence.online_customers(row.customer_id for row in found)
    beside = Agent.objects.in_bulk({pk for row in found for pk in row.beside})
    cards = {pk: wire.AgentCard(id=pk, name=agent.name) for pk, agent in beside.items()}
    return [_for_desk(row, packets.get(row.id), offers.get(row.id), online, cards) for row in found]


def _for_desk(
    row: Any, packet: HandoffPacket | None, offer: Offer | None, online: set[str], cards: dict[int, wire.AgentCard]
) -> wire.DeskConversation:
    mailing = getattr(row, "mailing", None)
    return wire.DeskConversation(
        **_shared(row, with_place=False),
        inbox=row.inbox.name,
        customer=customer(row.customer, str(row.customer_id) in online),
        owner=row.owner,
        deadline=row.deadline,
        priority=row.priority,
        waiting_since=row.waiting_since,
        place_at=row.place_at,
        language=row.language,
        preview=" ".join((row.last_text or "").split())[:PREVIEW_CHARS],
        last_author=row.last_kind,
        last_message_at=row.last_message_at,
        handoff=handoff(packet) if packet else None,
        offer=wire.Offer(
            agent_id=offer.agent_id, offered_at=offer.offered_at, expires_at=offer.expires_at, why=offer.why
        )
        if offer
        else None,
        waits_for=waits_for(row) if row.state in (*WAITING, State.CALLBACK) else "",
        beside=[cards[pk] for pk in row.beside if pk in cards],
        mailed_seq=mailing.mailed_seq if mailing else 0,
        mail_problem=mailing.problem if mailing else "",
    )


def waits_for(row: Conversation) -> str:
    """The agent it was transferred to, else the team and skills it needs; a level is nothing to read."""
    if row.need_agent is not None:
        return row.need_agent.name
    skills = " and ".join(skill.split(":")[0] for skill in row.need_skills)
    return ", ".join(filter(None, [row.need_team.name if row.need_team else "", skills]))


def _shared(row: Conversation, *, with_place: bool = True) -> dict[str, Any]:
    rating, mailing = getattr(row, "rating", None), getattr(row, "mailing", None)
    return {
        "id": row.id,
        "version": row.version,
        "state": row.state,
        "agent": wire.AgentCard(id=row.agent.id, name=row.agent.name) if row.agent else None,
        "last_seq": row.last_seq,
        "customer_read_seq": row.customer_read_seq,
        "agent_read_seq": row.agent_read_seq,
        "place": place_of(row) if with_place else None,
        "callback_due": row.callback_due,
        "mail_to": mailing.email if mailing and not mailing.is_stopped() else None,
        "score": rating.score if rating else None,
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
    }


def customer(row: Customer, online: bool) -> wire.CustomerCard:
    return wire.CustomerCard(
        id=row.id,
        name=str(row),
        email=row.email,
        verified=row.verified,
        online=online,
        locale=row.locale,
        page=row.page,
    )


def handoff(row: HandoffPacket) -> wire.Handoff:
    return wire.Handoff(
        id=row.id,
        packet_version=row.packet_version,
        reason=row.reason,  # type: ignore[arg-type]  # the column's choices
        why=row.why,
        requested_at=row.requested_at,
        score=row.score,  # type: ignore[arg-type]  # the column's choices
        **row.packet,
    )


def site(inbox: Inbox) -> wire.Site:
    return wire.Site(
        name=inbox.name,
        greeting=inbox.greeting,
        color=inbox.color,
        locale=inbox.locale,
        is_open=inbox.opening().is_open(now()),
        agents_online=capacity_online() > 0,
        target_s=inbox.queue_s,
    )


def me(agent: Agent) -> wire.Self:
    return wire.Self(
        id=agent.id,
        name=agent.name,
        role=agent.role,  # type: ignore[arg-type]  # the column's choices
        availability=agent.availability,  # type: ignore[arg-type]  # the column's choices
        availability_reason=agent.availability_reason,
        capacity=agent.capacity,
        load=loads().get(agent.id, 0),
        may_pick=agent.may_pick(),
    )


def loads() -> dict[int, int]:
    """Agent id -> units of capacity they have or are being offered; agents with none are left out."""
    with connection.cursor() as cursor:
        cursor.execute(LOADS)
        return dict(cursor.fetchall())


def colleagues() -> list[wire.Colleague]:
    online, load = presence.online_ids(), loads()
    return [
        wire.Colleague(
            id=agent.id,
            name=agent.name,
            online=agent.id in online,
            availability=agent.availability,  # type: ignore[arg-type]  # the column's choices
            availability_reason=agent.availability_reason,
            load=load.get(agent.id, 0),
            capacity=agent.capacity,
        )
        for agent in Agent.objects.filter(user__is_active=True).order_by("name")[:500]
    ]


def last_seqs(ids: Sequence[UUID]) -> dict[str, int]:
    """Conversation id -> its newest seq."""
    return {str(pk): seq for pk, seq in Conversation.objects.filter(pk__in=ids).values_list("pk", "last_seq")}
