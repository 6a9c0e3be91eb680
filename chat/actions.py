"""Every verb that changes a conversation. Each is one transaction: lock, check, compare-and-swap, event, notice, facts.

Lock order, always: Customer, Conversation, Agent. A verb that finds the world already as wanted does nothing; one
that lost a race raises a typed error. Sockets, REST, routing and the sweeper all come through here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from agents import actions as agent_actions
from agents.hours import are_open, next_open_of_all
from agents.models import Agent, Team
from chat import handoff, journal
from chat.entries import Who
from chat.errors import AlreadyTaken, BadValue, NotAllowed, NotAssigned, NotFound, NotPossible, SeqFromFuture, Stale
from chat.facts import BOT, DESK, Actor, ConversationMoved, ConversationTouched, NotePosted, Read
from chat.journal import Post, author_of_desk
from chat.lifecycle import OWNER, Reason, State, Trigger, next_state
from chat.models import Conversation, Customer, Event, HandoffPacket, Message, Note, Offer, Rating
from chat.notices import NOTICES, STILL_WAITING
from chat.protocol import Source
from supportdesk import bus, planned
from supportdesk.clock import now

CALLBACK_PRIORITY = 60


class NotFree(Exception):
    """The agent chosen for an offer has gone, gone away or filled up meanwhile; choose again."""


# --- Opening ---


@transaction.atomic
def conversation_to_write_in(*, customer_id: UUID, client_id: str | None = None) -> UUID:
    """The customer's open conversation; else a lately closed one, reopened; else a new one.

    A `client_id` that this customer has used before names its conversation, so that a repeated first message
    never opens a second one. Locks: Customer, then Conversation.
    """
    customer = Customer.objects.select_for_update(no_key=True).select_related("inbox").get(pk=customer_id)
    if client_id is not None:
        before = Message.objects.filter(
            conversation__customer=customer, author_kind=Message.Author.CUSTOMER, client_id=client_id
        ).first()
        if before is not None:
            return before.conversation_id
    latest = customer.conversations.order_by("-opened_at").first()
    if latest is not None and latest.state != State.CLOSED:
        return latest.id
    if latest is not None and latest.can_reopen(now()):
        conversation = _lock(latest.id)
        _reopen(conversation, actor=Actor("customer", str(customer_id)))
        return conversation.id
    return _open(customer).id


def _open(customer: Customer) -> Conversation:
    moment = now()
    conversation = Conversation.objects.create(
        inbox=customer.inbox,
        customer=customer,
        deadline=moment + timedelta(seconds=customer.inbox.idle_s),
        opened_at=moment,
        last_message_at=moment,
        language=(customer.locale or customer.inbox.locale).replace("_", "-").split("-")[0].lower(),
    )
    actor = Actor("customer", str(customer.id))
    Event.objects.create(
        conversation=conversation, version=1, trigger="opened", from_state=State.BOT, to_state=State.BOT,
        actor_kind=actor.kind, actor_id=actor.id,
    )  # fmt: skip
    bus.emit(ConversationMoved(conversation.id, customer.id, 1, None, State.BOT, State.BOT, actor, ""))
    return conversation


def _reopen(conversation: Conversation, *, actor: Actor) -> None:
    _move(
        conversation, Trigger.REOPENED, actor=actor, deadline=_in(conversation.inbox.idle_s), closed_at=None,
        routed_seq=conversation.last_seq, to_route_seq=conversation.last_seq, misses=0, unanswered=False,
        **_NOBODY, **_NO_NEED,
    )  # fmt: skip


# --- To a person ---


@transaction.atomic
def request_human(*, customer_id: UUID) -> UUID:
    """The customer asks for a person by the button: works in every state and cannot be refused."""
    conversation = _lock(conversation_to_write_in(customer_id=customer_id))
    if conversation.state in (State.BOT, State.CALLBACK):
        _hand_off(
            conversation,
            reason=Reason.ASKED,
            why="pressed “Talk to a person”",
            actor=Actor("customer", str(customer_id)),
        )
    return conversation.id


@transaction.atomic
def hand_off(
    *,
    conversation_id: UUID,
    reason: Reason,
    why: str,
    actor: Actor = BOT,
    upto_seq: int | None = None,
    skills: list[str] | None = None,
    preferred_skills: list[str] | None = None,
    team_id: int | None = None,
    priority: int | None = None,
    units: int | None = None,
    versions: Mapping[str, str] | None = None,
    recognised: Recognised | None = None,
    **known: Any,
) -> None:
    """BOT or CALLBACK -> QUEUED, with a packet. `known` are fields of chat.handoff.Packet the caller knows better.

    Does nothing where people have it already. With `upto_seq` (a routing turn's end) it is refused when the
    customer has written since.

    Raises:
        Stale: a newer message waits for routing.
        IllegalTransition: the conversation is closed.
    """
    conversation = _lock(conversation_id)
    if conversation.state in (State.QUEUED, State.OFFERED, State.ASSIGNED):
        return
    if upto_seq is not None and conversation.to_route_seq > upto_seq:
        raise Stale
    if skills:
        conversation.need_skills = sorted({*conversation.need_skills, *skills})
    if preferred_skills:
        conversation.preferred_skills = sorted({*conversation.preferred_skills, *preferred_skills})
    if units is not None:
        conversation.units = max(conversation.units, units)
    if team_id is not None:
        conversation.need_team_id = team_id
    if priority is not None:
        conversation.priority = max(conversation.priority, priority)
    if recognised is not None:
        _recognise(conversation, recognised)
    _hand_off(conversation, reason=reason, why=why, actor=actor, versions=versions, **known)


def _recognise(conversation: Conversation, recognised: Recognised) -> None:
    conversation.language, conversation.frustration = recognised.language, recognised.frustration
    if recognised.intent is not None:
        conversation.intent, conversation.intent_confidence = recognised.intent, recognised.confidence


def _hand_off(
    conversation: Conversation,
    *,
    reason: Reason,
    why: str,
    actor: Actor,
    versions: Mapping[str, str] | None = None,
    **known: Any,
) -> None:
    packet = handoff.draft(conversation, **known)
    _move(
        conversation, Trigger.HANDOFF_REQUESTED, actor=actor, why=f"{reason}: {why}", versions=versions,
        deadline=_in(conversation.inbox.queue_s), waiting_since=now(), callback_due=None,
        routed_seq=conversation.to_route_seq, waits_told=0, passed_by=[], misses=0,
        need_since=None, preferred_agent_id=_last_agent(conversation), units=conversation.units,
        need_skills=conversation.need_skills, preferred_skills=conversation.preferred_skills,
        need_team_id=conversation.need_team_id, priority=conversation.priority,
        language=conversation.language, frustration=conversation.frustration, intent=conversation.intent,
        intent_confidence=conversation.intent_confidence,
    )  # fmt: skip
    HandoffPacket.objects.create(
        conversation=conversation, reason=reason, why=why[:500], packet=packet.model_dump(mode="json"),
        packet_version=handoff.PACKET_VERSION,
    )  # fmt: skip


def _last_agent(conversation: Conversation) -> int | None:
    """Who took this customer's conversation last."""
    took = Event.objects.filter(
        conversation__customer_id=conversation.customer_id, trigger__in=[Trigger.ACCEPTED, Trigger.TAKEN_UP]
    )
    latest = took.order_by("-id").values_list("actor_id", flat=True).first()
    return int(latest) if latest and Agent.objects.filter(pk=latest).exists() else None


@transaction.atomic
def offer(*, conversation_id: UUID, agent_id: int, why: str, accepted: bool = False) -> Offer:
    """QUEUED -> OFFERED to this agent, and -> ASSIGNED where his team accepts by itself. Locks: Conversation, then
    Agent; availability and capacity are rechecked.

    Raises:
        AlreadyTaken: it is not in the queue any more.
        NotFree: the agent is away or full.
    """
    conversation = _lock(conversation_id)
    if conversation.state != State.QUEUED:
        raise AlreadyTaken
    agent = Agent.objects.select_for_update(no_key=True).get(pk=agent_id)
    if not agent.is_available() or not agent.has_room(load_of(agent.id), conversation.units):
        raise NotFree
    return _offer(conversation, agent, why=why, accepted=accepted)


def _offer(conversation: Conversation, agent: Agent, *, why: str, accepted: bool) -> Offer:
    expires_at = _in(conversation.inbox.offer_s)
    made = Offer.objects.create(conversation=conversation, agent=agent, why=why[:500], expires_at=expires_at)
    _move(conversation, Trigger.OFFERED, actor=DESK, why=why, deadline=expires_at, concerning=agent)
    if accepted:
        _end_offer(conversation, agent, Offer.Outcome.ACCEPTED)
        _assign(conversation, Trigger.ACCEPTED, agent=agent)
    return made


@transaction.atomic
def pick(*, conversation_id: UUID, agent: Agent) -> None:
    """QUEUED -> ASSIGNED to an agent who takes it out of the queue by himself. Picking twice is picking once.

    Raises:
        NotAllowed: he may not pick.
        AlreadyTaken: it is not in the queue any more.
        NotPossible: he has no room for it.
    """
    conversation = _lock(conversation_id)
    if conversation.state == State.ASSIGNED and conversation.agent_id == agent.id:
        return
    picking = Agent.objects.select_for_update(no_key=True).get(pk=agent.id)
    if not picking.may_pick():
        raise NotAllowed
    if conversation.state != State.QUEUED:
        raise AlreadyTaken
    _check_room(picking, conversation)
    _offer(conversation, picking, why="picked from the queue", accepted=True)


def _check_room(agent: Agent, conversation: Conversation) -> None:
    load = load_of(agent.id)
    if not agent.has_room(load, conversation.units):
        raise NotPossible(f"You have no room for it ({load} of {agent.capacity}). End or release a conversation first.")


LOAD = """
SELECT (SELECT coalesce(sum(units), 0) FROM chat_conversation WHERE agent_id = $1 AND state = 'assigned')
  + (SELECT coalesce(sum(c.units), 0) FROM chat_offer o JOIN chat_conversation c ON c.id = o.conversation_id
     WHERE o.agent_id = $1 AND o.outcome IS NULL)
"""


def load_of(agent_id: int) -> int:
    """Conversations an agent has or is being offered, in units of capacity."""
    ((load,),) = planned.run(LOAD, agent_id)
    return int(load)


@transaction.atomic
def accept(*, conversation_id: UUID, agent: Agent) -> None:
    """OFFERED to this agent -> ASSIGNED. Accepting twice is accepting once.

    Raises:
        AlreadyTaken: the offer is over.
    """
    conversation = _lock(conversation_id)
    if conversation.state == State.ASSIGNED and conversation.agent_id == agent.id:
        return
    _end_offer(conversation, agent, Offer.Outcome.ACCEPTED)
    _assign(conversation, Trigger.ACCEPTED, agent=agent)


@transaction.atomic
def decline(*, conversation_id: UUID, agent: Agent, reason: str = "") -> None:
    """The offer passes on; the conversation keeps its place.

    Raises:
        AlreadyTaken: the offer is over.
    """
    conversation = _lock(conversation_id)
    _end_offer(conversation, agent, Offer.Outcome.DECLINED, reason)
    _pass_on(conversation, Trigger.DECLINED, agent, actor=_agent(agent), why=reason)


@transaction.atomic
def take_up(*, conversation_id: UUID, agent: Agent) -> None:
    """CALLBACK -> ASSIGNED: an agent calls back by hand.

    Raises:
        AlreadyTaken: somebody else has it.
        NotPossible: the agent has no room for it.
        IllegalTransition: it is not a callback.
    """
    conversation = _lock(conversation_id)
    if conversation.state == State.ASSIGNED:
        if conversation.agent_id == agent.id:
            return
        raise AlreadyTaken
    taking = Agent.objects.select_for_update(no_key=True).get(pk=agent.id)
    _check_room(taking, conversation)
    _assign(conversation, Trigger.TAKEN_UP, agent=agent, callback_due=None)


def _assign(conversation: Conversation, trigger: Trigger, *, agent: Agent, **changes: Any) -> None:
    Agent.objects.filter(pk=agent.pk).update(idle_since=now(), missed_offers=0)
    _move(
        conversation, trigger, actor=_agent(agent), deadline=_in(conversation.inbox.first_reply_s), agent=agent,
        replied=False, concerning=agent, words={"agent": agent.name}, **changes,
    )  # fmt: skip


# --- Back into the queue ---


@transaction.atomic
def release(*, conversation_id: UUID, agent: Agent, reason: str = "") -> None:
    """ASSIGNED -> QUEUED in its old place, by its agent."""
    conversation = _lock_assigned(conversation_id, agent)
    _pass_on(conversation, Trigger.RELEASED, agent, actor=_agent(agent), why=reason)


@transaction.atomic
def transfer(
    *,
    conversation_id: UUID,
    agent: Agent,
    to_agent_id: int | None = None,
    to_team_id: int | None = None,
    note: str = "",
) -> None:
    """ASSIGNED -> QUEUED for one agent, who is offered it first, or for a team.

    Raises:
        BadValue: not exactly one target, or an unknown one, or oneself.
    """
    if (to_agent_id is None) == (to_team_id is None):
        raise BadValue("Transfer to exactly one of agent_id and team_id.")
    target: Agent | Team | None
    if to_agent_id is not None:
        target = Agent.objects.filter(pk=to_agent_id).exclude(pk=agent.pk).first()
    elif to_team_id is not None:
        target = Team.objects.filter(pk=to_team_id).first()
    else:
        target = None
    if target is None:
        raise BadValue("There is no such agent or team to transfer to.")
    conversation = _lock_assigned(conversation_id, agent)
    if note.strip():
        _note(conversation, agent=agent, client_id=f"transfer.{conversation.version}", text=f"→ {target.name}: {note}")
    _move(
        conversation, Trigger.TRANSFERRED, actor=_agent(agent), why=note, deadline=_in(conversation.inbox.queue_s),
        agent=None, passed_by=[agent.id], waits_told=0, waiting_since=conversation.waiting_since or now(),
        need_agent_id=to_agent_id, need_team_id=to_team_id, need_since=now(), preferred_agent_id=None,
        concerning=agent, words={"target": target.name},
    )  # fmt: skip


@transaction.atomic
def withdraw_offer(*, conversation_id: UUID, agent_id: int) -> bool:
    """The agent has gone away: what he was being offered passes on. False if it moved on."""
    conversation = _lock(conversation_id)
    live = conversation.live_offer()
    if live is None or live.agent_id != agent_id or live.agent.is_available():
        return False
    _end_offer(conversation, live.agent, Offer.Outcome.CANCELLED, "went away")
    _pass_on(conversation, Trigger.AGENT_LOST, live.agent, actor=DESK, why="went away", told=False)
    return True


@transaction.atomic
def lose_agent(*, conversation_id: UUID, agent_id: int) -> bool:
    """The agent's presence has gone past grace: the conversation goes back to its old place. False if it moved on."""
    conversation = _lock(conversation_id)
    if conversation.state == State.OFFERED:
        live = conversation.live_offer()
        if live is None or live.agent_id != agent_id:
            return False
        _end_offer(conversation, live.agent, Offer.Outcome.CANCELLED, "agent lost")
        _pass_on(conversation, Trigger.AGENT_LOST, live.agent, actor=DESK, why="offline past grace", told=False)
        return True
    if conversation.state != State.ASSIGNED or conversation.agent_id != agent_id:
        return False
    _pass_on(conversation, Trigger.AGENT_LOST, conversation.agent, actor=DESK, why="offline past grace")
    return True


def _pass_on(
    conversation: Conversation, trigger: Trigger, agent: Agent | None, *, actor: Actor, why: str = "", told: bool = True
) -> None:
    passed = [*conversation.passed_by, agent.id] if agent is not None else conversation.passed_by
    wanted = conversation.need_agent_id
    _move(
        conversation, trigger, actor=actor, why=why, deadline=_in(conversation.inbox.queue_s), agent=None,
        waiting_since=conversation.waiting_since or now(), passed_by=sorted(set(passed)), concerning=agent,
        need_agent_id=None if agent is not None and wanted == agent.id else wanted,
        words={"agent": agent.name if agent else ""}, told=told,
    )  # fmt: skip


# --- Back to the bot, and the end ---


@transaction.atomic
def return_to_bot(*, conversation_id: UUID, agent: Agent, reason: str = "") -> None:
    """ASSIGNED -> BOT. What was said meanwhile is not routed again; the customer's next message is."""
    conversation = _lock_assigned(conversation_id, agent)
    _free(agent)
    _move(
        conversation, Trigger.RETURNED_TO_BOT, actor=_agent(agent), why=reason, deadline=_in(conversation.inbox.idle_s),
        routed_seq=conversation.last_seq, to_route_seq=conversation.last_seq, misses=0, concerning=agent,
        unanswered=False, **_NOBODY, **_NO_NEED,
    )  # fmt: skip


@transaction.atomic
def close(*, conversation_id: UUID, actor: Actor, why: str = "", agent: Agent | None = None) -> None:
    """-> CLOSED by its customer, its agent or the desk. Closing twice is closing once."""
    conversation = _lock_assigned(conversation_id, agent, or_closed=True) if agent else _lock(conversation_id)
    if conversation.state != State.CLOSED:
        _close(conversation, Trigger.RESOLVED, actor=actor, why=why)


@transaction.atomic
def close_current(*, customer_id: UUID) -> UUID:
    """The customer ends the conversation.

    Raises:
        NotFound: there has never been one.
    """
    latest = Conversation.objects.filter(customer_id=customer_id).order_by("-opened_at").first()
    if latest is None:
        raise NotFound
    close(conversation_id=latest.id, actor=Actor("customer", str(customer_id)))
    return latest.id


def _close(conversation: Conversation, trigger: Trigger, *, actor: Actor, why: str = "") -> None:
    live = conversation.live_offer()
    if live is not None:
        _end_offer(conversation, live.agent, Offer.Outcome.CANCELLED, "closed")
    if conversation.agent is not None:
        _free(conversation.agent)
    _move(
        conversation, trigger, actor=actor, why=why, deadline=None, closed_at=now(), callback_due=None,
        concerning=conversation.agent or (live.agent if live else None), routed_seq=conversation.to_route_seq,
        **_NOBODY,
    )  # fmt: skip


# --- The bot's turn ---


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a turn renews on its conversation; an unknown intent leaves the last one that was known."""

    language: str
    frustration: float
    intent: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class BotAnswer:
    """The bot's one message for the turn that ends at `upto_seq`.

    `missed`: False is an answer and True a miss; None (small talk) is neither, and the misses in a row stay.
    """

    conversation_id: UUID
    upto_seq: int
    author: Who
    text: str
    recognised: Recognised
    sources: tuple[Source, ...] = ()
    missed: bool | None = False


STILL_WAITING_FOR = """
SELECT c.id FROM chat_conversation c JOIN unnest($1::uuid[], $2::int[]) AS t(id, upto) ON t.id = c.id
WHERE c.state = 'bot' AND c.to_route_seq = t.upto AND c.routed_seq < t.upto ORDER BY c.id FOR NO KEY UPDATE OF c
"""
ANSWERED = """
UPDATE chat_conversation c SET routed_seq = c.to_route_seq, routing_until = NULL,
  misses = CASE t.missed WHEN true THEN c.misses + 1 WHEN false THEN 0 ELSE c.misses END,
  deadline = $1::timestamptz + i.idle_s * interval '1 s', language = t.language, frustration = t.frustration,
  intent = coalesce(t.intent, c.intent),
  intent_confidence = CASE WHEN t.intent IS NULL THEN c.intent_confidence ELSE t.confidence END
FROM unnest($2::uuid[], $3::bool[], $4::text[], $5::float8[], $6::text[], $7::float8[])
  AS t(id, missed, language, frustration, intent, confidence), chat_inbox i
WHERE c.id = t.id AND i.id = c.inbox_id
"""


@transaction.atomic
def answer_as_bot(*, answers: Sequence[BotAnswer]) -> set[UUID]:
    """Stores each answer whose turn still waits for it, all as one transaction; returns their conversations.

    The others are dropped: people have it, the customer has written since, or the turn was answered before.
    """
    rows = planned.run(STILL_WAITING_FOR, [a.conversation_id for a in answers], [a.upto_seq for a in answers])
    held = {pk for (pk,) in rows}
    given = [answer for answer in answers if answer.conversation_id in held]
    if given:
        journal.write([_post(answer) for answer in given])
        known = [answer.recognised for answer in given]
        planned.run(
            ANSWERED, now(), [a.conversation_id for a in given], [a.missed for a in given],
            [k.language for k in known], [k.frustration for k in known],
            [k.intent for k in known], [k.confidence for k in known],
        )  # fmt: skip
    return held


def _post(answer: BotAnswer) -> Post:
    return Post(answer.conversation_id, answer.author, f"turn-{answer.upto_seq}", answer.text, sources=answer.sources)


# --- What the desk does when a deadline passes ---


@transaction.atomic
def act_on_deadline(*, conversation_id: UUID, someone_online: bool) -> str | None:
    """What a passed deadline means in each state; returns a word for it, None if it has not passed or was seen to.

    Only the sweeper calls it. `someone_online`: whether any available agent is online now.
    """
    conversation = _lock(conversation_id)
    if conversation.deadline is None or conversation.deadline > now():
        return None
    inbox = conversation.inbox
    if conversation.state == State.BOT:
        if conversation.to_route_seq > conversation.routed_seq:
            _hand_off(conversation, reason=Reason.BOT_SILENT, why=f"no answer within {inbox.bot_turn_s} s", actor=DESK)
            return "bot_silent"
        _close(conversation, Trigger.IDLE_CLOSED, actor=DESK, why=f"quiet for {inbox.idle_s} s")
        return "idle_closed"
    if conversation.state == State.OFFERED:
        live = conversation.live_offer()
        if live is not None:
            _end_offer(conversation, live.agent, Offer.Outcome.EXPIRED)
        _pass_on(
            conversation, Trigger.OFFER_EXPIRED, live.agent if live else None, actor=DESK, why="not accepted in time"
        )
        return "offer_expired"
    if conversation.state == State.QUEUED:
        if someone_online and are_open(conversation.openings(), now()):
            _still_waiting(conversation)
            return "still_waiting"
        _promise(conversation, actor=DESK, why="nobody to reach")
        return "promised"
    if conversation.state == State.ASSIGNED:
        if conversation.unanswered or not conversation.replied:
            _pass_on(conversation, Trigger.AGENT_SILENT, conversation.agent, actor=DESK, why="no reply in time")
            return "agent_silent"
        _close(conversation, Trigger.IDLE_CLOSED, actor=DESK, why=f"quiet for {inbox.idle_s} s")
        return "idle_closed"
    if someone_online:
        _move(
            conversation, Trigger.CALLBACK_DUE, actor=DESK, why="promise due", deadline=_in(inbox.queue_s),
            waiting_since=now(), callback_due=None, priority=max(conversation.priority, CALLBACK_PRIORITY),
            waits_told=0, passed_by=[],
        )  # fmt: skip
        return "callback_due"
    _promise(conversation, actor=DESK, why="promise broken: nobody to reach")
    return "promise_broken"


def _promise(conversation: Conversation, *, actor: Actor, why: str) -> None:
    """-> CALLBACK, due `callback_s` after the next opening."""
    opening = next_open_of_all(conversation.openings(), now()) or now()
    due = opening + timedelta(seconds=conversation.inbox.callback_s)
    tz = conversation.inbox.opening().tz
    _move(
        conversation, Trigger.PROMISED, actor=actor, why=why, deadline=due, callback_due=due,
        words={"due": f"{due.astimezone(tz):%A, %d %B, %H:%M} ({tz.key})"}, **_NOBODY,
    )  # fmt: skip


def _still_waiting(conversation: Conversation) -> None:
    told = conversation.waits_told + 1
    code, text = STILL_WAITING
    journal.write_one(
        Post(conversation.id, author_of_desk(), f"{code}-{conversation.version}-{told}", text, notice=code)
    )
    Conversation.objects.filter(pk=conversation.pk).update(waits_told=told, deadline=_in(conversation.inbox.queue_s))


# --- Around the timeline ---


@transaction.atomic
def add_note(*, conversation_id: UUID, agent: Agent, client_id: str, text: str) -> Note:
    """A note that only agents see; any agent may add one. The same `client_id` again is the same note."""
    return _note(_lock(conversation_id), agent=agent, client_id=client_id, text=text)


def _note(conversation: Conversation, *, agent: Agent, client_id: str, text: str) -> Note:
    note, is_new = Note.objects.get_or_create(
        conversation=conversation,
        client_id=client_id,
        defaults={"agent": agent, "text": text, "after_seq": conversation.last_seq},
    )
    if is_new:
        bus.emit(NotePosted(note.id, conversation.id))
    return note


@transaction.atomic
def mark_read(*, conversation_id: UUID, reader: str, seq: int) -> None:
    """`reader` (customer or agent) has seen everything up to `seq`; marks only move forward.

    Raises:
        SeqFromFuture: no message has this seq yet.
    """
    conversation = _lock(conversation_id)
    if seq > conversation.last_seq:
        raise SeqFromFuture("seq is beyond the newest message.")
    column = f"{reader}_read_seq"
    if seq > getattr(conversation, column):
        Conversation.objects.filter(pk=conversation.pk).update(**{column: seq})
        bus.emit(Read(conversation.id, reader, seq))


@transaction.atomic
def rate(*, customer_id: UUID, score: int, comment: str = "") -> UUID:
    """The customer's score, 1 to 5, for the latest conversation.

    Raises:
        NotFound: there has never been one.
    """
    latest = Conversation.objects.filter(customer_id=customer_id).order_by("-opened_at").first()
    if latest is None:
        raise NotFound
    Rating.objects.update_or_create(
        conversation=latest, defaults={"score": score, "comment": comment, "rated_at": now()}
    )
    bus.emit(ConversationTouched(latest.id))
    return latest.id


@transaction.atomic
def score_handoff(*, conversation_id: UUID, agent: Agent, score: str) -> None:
    """An agent's verdict on the latest handoff: right, too_late or needless.

    Raises:
        NotPossible: it was never handed over.
    """
    conversation = _lock(conversation_id)
    packet = conversation.current_handoff()
    if packet is None:
        raise NotPossible("This conversation was never handed over, so there is nothing to score.")
    HandoffPacket.objects.filter(pk=packet.pk).update(score=score, scored_by=agent)
    bus.emit(ConversationTouched(conversation.id))


# --- The one way a state changes ---

_NOBODY: dict[str, Any] = {"agent": None, "waiting_since": None, "passed_by": [], "waits_told": 0}
_NO_NEED: dict[str, Any] = {
    "need_skills": [], "preferred_skills": [], "need_team_id": None, "need_agent_id": None, "need_since": None,
    "preferred_agent_id": None, "priority": 0, "units": 1,
}  # fmt: skip


def _lock(conversation_id: UUID) -> Conversation:
    try:
        return (
            Conversation.objects.select_for_update(of=("self",), no_key=True)
            .select_related("inbox", "agent")
            .get(pk=conversation_id)
        )
    except Conversation.DoesNotExist:
        raise NotFound from None


def _lock_assigned(conversation_id: UUID, agent: Agent, *, or_closed: bool = False) -> Conversation:
    conversation = _lock(conversation_id)
    if or_closed and conversation.state == State.CLOSED:
        return conversation
    if conversation.state != State.ASSIGNED or conversation.agent_id != agent.id:
        raise NotAssigned
    return conversation


def _end_offer(conversation: Conversation, agent: Agent, outcome: Offer.Outcome, reason: str = "") -> None:
    ended = Offer.objects.filter(conversation=conversation, agent=agent, outcome__isnull=True).update(
        outcome=outcome, outcome_at=now(), outcome_reason=reason[:500]
    )
    if ended != 1:
        raise AlreadyTaken
    if outcome == Offer.Outcome.EXPIRED:
        agent_actions.missed_offer(agent_id=agent.pk)


def _free(agent: Agent) -> None:
    Agent.objects.filter(pk=agent.pk).update(idle_since=now())


def _move(
    conversation: Conversation,
    trigger: Trigger,
    *,
    actor: Actor,
    deadline: datetime | None,
    why: str = "",
    versions: Mapping[str, str] | None = None,
    concerning: Agent | None = None,
    words: Mapping[str, str] | None = None,
    told: bool = True,
    **changes: Any,
) -> None:
    """One transition of a locked conversation: state, owner and deadline, event, notice, fact."""
    before, after = State(conversation.state), next_state(State(conversation.state), trigger)
    version = conversation.version
    changes |= {"state": after, "owner": OWNER[after], "deadline": deadline, "version": version + 1}
    changes["routing_until"] = None
    if Conversation.objects.filter(pk=conversation.pk, version=version).update(**changes) != 1:
        raise AlreadyTaken
    for name, value in changes.items():
        setattr(conversation, name, value)
    Event.objects.create(
        conversation=conversation, version=version + 1, trigger=trigger, from_state=before, to_state=after,
        actor_kind=actor.kind, actor_id=actor.id, why=why[:500], versions=dict(versions or {}),
    )  # fmt: skip
    notice = NOTICES.get((trigger, after)) if told else None
    if notice is not None:
        code, text = notice
        journal.write_one(
            Post(conversation.id, author_of_desk(), f"{code}-{version + 1}", text.format(**(words or {})), notice=code)
        )
    bus.emit(
        ConversationMoved(
            conversation.id, conversation.customer_id, version + 1, trigger, before, after, actor, why,
            concerning.id if concerning else None,
        )
    )  # fmt: skip


def _agent(agent: Agent) -> Actor:
    return Actor("agent", str(agent.id))


def _in(seconds: int) -> datetime:
    return now() + timedelta(seconds=seconds)
