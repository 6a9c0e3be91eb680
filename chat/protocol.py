"""Every frame that crosses a socket: commands, replies, pushes, error codes and limits.

docs/protocol.md, docs/protocol.schema.json and frontend/src/protocol are generated from this file
(`manage.py protocol`); `make check` fails when they drift. Nothing here touches a database or a socket.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

# --- Limits: each answers with a code; the connection lives. ---

FRAME_BYTES = 65_536
"""A longer frame answers `frame_too_large`; the server hangs up only past FRAME_BYTES_HARD."""
FRAME_BYTES_HARD = 1_048_576
TEXT_CHARS = 4_000
RATE_PER_SECOND = 20
RATE_BURST = 60
"""Token bucket per socket; a frame without a token answers `rate_limited`."""
JOIN_PAGE = 200
"""Messages in one `conversation.join` answer; `has_more` tells to join again from the last seq."""
HEARTBEAT_S = 15
"""A side that has heard nothing for this long sends `ping`; after three times this long it hangs up."""

# --- Close codes ---

CLOSE_GOING_AWAY = 4012
CLOSE_TOO_BIG = 4009
CLOSE_SILENT = 4408
CLOSE_FLOOD = 4429
CLOSE_SLOW = 4413
CLOSE_UNAUTHENTICATED = 4401

ErrorCode = Literal[
    "bad_json",  # the frame is not a JSON object
    "binary_frame",  # frames are text
    "frame_too_large",
    "bad_frame",  # not {id, type, data}
    "unknown_type",
    "unknown_field",
    "missing_field",
    "bad_value",  # wrong type or out of range; the message names the field
    "empty_text",
    "text_too_long",
    "bad_email",  # not an address that can be written to
    "bad_text",  # NUL or lone surrogates
    "rate_limited",  # retry after `retry_after_ms`
    "busy",  # the server is full for a moment; retry after `retry_after_ms`
    "session_required",  # send session.open first
    "session_already_open",
    "unknown_site",
    "origin_not_allowed",
    "bad_token",  # forged, revoked or for another site
    "token_expired",
    "bad_identity",  # the merchant's signed identity does not verify
    "identity_expired",
    "unauthenticated",  # agents: sign in first
    "not_found",  # unknown or foreign, on purpose the same answer
    "seq_from_future",
    "client_id_reused",  # the same client_id with another text
    "conversation_closed",
    "forbidden",  # this agent has not been given the permission
    "not_assigned",  # only the assignee writes to the customer
    "already_taken",  # somebody else was faster
    "illegal_transition",  # not possible in the conversation's state
    "unavailable",  # a store the command needs is away; retry
    "internal",
]

# --- Building blocks ---


class Wire(BaseModel):
    """Base of all frames: immutable, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_UNSTORABLE = re.compile("[\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """PostgreSQL keeps neither NUL nor half a surrogate pair."""
    return "\x00" not in text and (text.isascii() or _UNSTORABLE.search(text) is None)


def _storable(text: str) -> str:
    if not is_storable(text):
        raise ValueError("bad_text")
    return text


def _is_postable(text: str) -> str:
    if not _storable(text) or text.isspace():
        raise ValueError("empty_text")
    if len(text) > TEXT_CHARS:
        raise ValueError("text_too_long")
    return text


Text = Annotated[str, AfterValidator(_is_postable)]
"""What a person writes: kept exactly, 1 to TEXT_CHARS characters, not only white space."""
Line = Annotated[str, StringConstraints(max_length=500), AfterValidator(_storable)]
ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
"""The sender's own id of a message: the same one sent again gets the same answer."""
Seq = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
Flag = Annotated[bool, Field(strict=True)]

AuthorKind = Literal["customer", "bot", "agent", "system"]
ConversationState = Literal["bot", "queued", "offered", "assigned", "callback", "closed"]
OwnerKind = Literal["bot", "queue", "agent", "callback"]
Availability = Literal["available", "away"]
ListView = Literal["queue", "mine", "callbacks", "open", "closed"]
HandoffScore = Literal["right", "too_late", "needless"]
HandoffReason = Literal["asked", "policy", "bot_failed", "bot_silent", "human_only", "governor"]


class Source(Wire):
    """Where a bot's answer comes from."""

    article_id: int
    title: str
    url: str


class Author(Wire):
    kind: AuthorKind
    id: str | None
    name: str


class Message(Wire):
    """One entry of a conversation's timeline; `seq` starts at 1 and has no gaps."""

    conversation_id: UUID
    seq: int
    client_id: str
    author: Author
    text: str
    notice: str | None = Field(description="For system messages: a stable code, so that a client can translate.")
    sources: list[Source]
    posted_at: datetime


class Note(Wire):
    """Seen by agents only; stands after message `after_seq`."""

    id: int
    conversation_id: UUID
    after_seq: int
    client_id: str
    author: Author
    text: str
    whisper: bool = Field(description="A supervisor's, for the assignee.")
    posted_at: datetime


class WaitRange(Wire):
    """Seconds until a person is expected."""

    low: int
    high: int


class QueuePlace(Wire):
    position: int = Field(description="1 is next.")
    wait_s: WaitRange | None = Field(description="Null where nobody who suits is there: say no number then.")


class AgentCard(Wire):
    id: int
    name: str


class Conversation(Wire):
    """What a customer may know. Whole, with `version`: an older version than the one held is ignored."""

    id: UUID
    version: int
    state: ConversationState
    agent: AgentCard | None
    last_seq: int
    customer_read_seq: int
    agent_read_seq: int
    place: QueuePlace | None
    callback_due: datetime | None
    mail_to: str | None = Field(description="Answers that the customer does not read here are also mailed there.")
    score: int | None
    opened_at: datetime
    closed_at: datetime | None


class CustomerCard(Wire):
    id: UUID
    name: str
    email: str
    verified: bool
    online: bool
    locale: str
    page: str


class Need(Wire):
    """What a conversation asks of the agent who takes it."""

    skills: list[str]
    languages: list[str]
    team_id: int | None
    priority: int = Field(description="0 is normal; a higher number goes first.")


class BotAttempt(Wire):
    """One thing the bot did before it gave up."""

    seq: int
    action: str
    text: str
    sources: list[Source]


class Handoff(Wire):
    """The packet an agent reads first, so that no customer repeats himself."""

    id: int
    packet_version: int
    reason: HandoffReason
    why: str = Field(description="In words, e.g. `asked for a person (en)`.")
    intent: str | None
    confidence: float | None
    summary: str
    attempts: list[BotAttempt]
    fields: dict[str, str]
    promises: list[str]
    language: str
    frustration: float
    need: Need
    policy_version: str
    model_version: str
    requested_at: datetime
    score: HandoffScore | None


class Offer(Wire):
    agent_id: int
    offered_at: datetime
    expires_at: datetime
    why: str


class DeskConversation(Conversation):
    """What an agent may know."""

    inbox: str
    customer: CustomerCard
    owner: OwnerKind | None
    deadline: datetime | None
    priority: int
    waiting_since: datetime | None
    place_at: datetime | None = Field(
        description="The order of the queue, earliest first: `waiting_since` less a minute for each point of priority."
    )
    language: str
    preview: str
    last_author: AuthorKind | None
    last_message_at: datetime
    handoff: Handoff | None
    offer: Offer | None
    waits_for: str = Field(description="The agent, the team or the skills that it waits for; empty: whom it suits.")
    beside: list[AgentCard] = Field(description="Supervisors who take part: they may write beside the assignee.")
    mailed_seq: int = Field(description="Answers up to here were mailed; 0 for none.")
    mail_problem: str = Field(description="Why the last letter did not arrive; empty if it did.")


class Site(Wire):
    """What the widget needs to know of the inbox behind its site key."""

    name: str
    greeting: str
    color: str
    locale: str
    is_open: bool
    agents_online: bool
    target_s: int = Field(description="A person within this time; where the wait is longer, a date is offered.")


class Self(Wire):
    """The signed-in agent."""

    id: int
    name: str
    role: Literal["agent", "supervisor", "admin"]
    availability: Availability
    availability_reason: str
    capacity: int
    load: int
    may_pick: bool = Field(description="May take a conversation out of the queue by `conversation.pick`.")


class Colleague(Wire):
    id: int
    name: str
    online: bool
    availability: Availability
    availability_reason: str
    load: int
    capacity: int


class TeamCard(Wire):
    id: int
    name: str


# --- Commands: {id, type, data} ---


class Frame(Wire):
    """The envelope of every command. `id` is echoed in the reply."""

    id: (
        Annotated[int, Field(strict=True, ge=0, le=2**53)]
        | Annotated[str, StringConstraints(min_length=1, max_length=64)]
    )
    type: Annotated[str, StringConstraints(max_length=64)]
    data: dict[str, Any] = Field(default_factory=dict)


class Empty(Wire):
    pass


class OpenCustomerSession(Wire):
    site_key: Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_storable)]
    token: Annotated[str, StringConstraints(max_length=512)] | None = None
    identity: Annotated[str, StringConstraints(max_length=4096)] | None = Field(
        default=None, description="A JWT (HS256) signed by the merchant with the inbox's identity secret."
    )
    locale: (
        Annotated[str, StringConstraints(max_length=20, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")] | None
    ) = None
    page: Annotated[str, StringConstraints(max_length=2000), AfterValidator(_storable)] | None = None


class Join(Wire):
    conversation_id: UUID
    after_seq: Seq = 0


class PostToBotOrAgent(Wire):
    """A customer's message goes to the customer's one open conversation; without one, it opens one."""

    client_id: ClientId
    text: Text


class Rate(Wire):
    score: Annotated[int, Field(ge=1, le=5, strict=True)]
    comment: Annotated[str, StringConstraints(max_length=1000), AfterValidator(_storable)] = ""


class AnswerByMail(Wire):
    """Where answers go that the customer is not there to read."""

    email: Annotated[str, StringConstraints(min_length=3, max_length=254), AfterValidator(_storable)]


class SetTyping(Wire):
    typing: Flag


class Read(Wire):
    seq: Seq


class OpenAgentSession(Wire):
    token: Annotated[str, StringConstraints(max_length=512)] | None = Field(
        default=None, description="An API token; browsers use the session cookie instead."
    )


class SetAvailability(Wire):
    availability: Availability
    reason: Line = ""


class ListConversations(Wire):
    view: ListView
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None


class OfConversation(Wire):
    conversation_id: UUID


class Decline(OfConversation):
    reason: Line = ""


class Transfer(OfConversation):
    """To exactly one of an agent, a team or a skill."""

    agent_id: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)] | None = None
    team_id: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)] | None = None
    skill: Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,60}$")] | None = None
    note: Line = ""


class ReturnToBot(OfConversation):
    reason: Line = ""


class Close(OfConversation):
    resolution: Line = ""


class AddNote(OfConversation):
    client_id: ClientId
    text: Text
    whisper: Flag = False


class PostToCustomer(OfConversation):
    client_id: ClientId
    text: Text


class SetTypingIn(OfConversation):
    typing: Flag


class ReadIn(OfConversation):
    seq: Seq


class ScoreHandoff(OfConversation):
    score: HandoffScore


# --- Replies: {id, ok: true, data} | {id, ok: false, error} ---


class Error(Wire):
    code: ErrorCode
    message: str
    retry_after_ms: int | None = None


class CustomerSession(Wire):
    token: str = Field(description="Keep it; never put it in a URL. The next session.open sends it again.")
    customer: UUID
    verified: bool
    site: Site
    conversation: Conversation | None = Field(description="The open one, else the latest closed one, else null.")
    heartbeat_s: int
    text_chars: int


class AgentSession(Wire):
    me: Self
    offers: list[DeskConversation]
    teams: list[TeamCard]
    skills: list[str] = Field(description="That some agent has: who a conversation can be transferred to.")
    colleagues: list[Colleague]
    heartbeat_s: int
    text_chars: int


class Joined(Wire):
    conversation: Conversation
    messages: list[Message]
    has_more: bool


class DeskJoined(Wire):
    conversation: DeskConversation
    messages: list[Message]
    notes: list[Note]
    has_more: bool


class Posted(Wire):
    """The message is committed."""

    conversation_id: UUID
    client_id: str
    seq: int
    posted_at: datetime


class Changed(Wire):
    conversation: Conversation


class DeskChanged(Wire):
    conversation: DeskConversation


class Noted(Wire):
    note: Note


class ConversationList(Wire):
    items: list[DeskConversation]
    cursor: str | None
    counts: dict[str, int] = Field(description="How many conversations each view holds.")


class Pong(Wire):
    """`last_seq` lets a client find out that a push was lost: joined conversation id -> its last seq."""

    last_seq: dict[str, int]


# --- Pushes: {type, data} ---


class ConversationChanged(Wire):
    conversation: Conversation


class DeskConversationChanged(Wire):
    conversation: DeskConversation


class OfferMade(Wire):
    conversation: DeskConversation


class OfferWithdrawn(Wire):
    conversation_id: UUID
    agent_id: int
    reason: Literal["accepted", "declined", "expired", "cancelled"]


class TypingChanged(Wire):
    conversation_id: UUID
    author: Author
    typing: bool


class ReadChanged(Wire):
    """The highest seq a side has seen; applying twice is harmless."""

    conversation_id: UUID
    reader: Literal["customer", "agent"]
    seq: int


class PresenceChanged(Wire):
    """A customer's (to agents) or an agent's (to colleagues) presence."""

    kind: Literal["customer", "agent"]
    id: str
    online: bool
    availability: Availability | None = None
    availability_reason: str | None = None
    load: int | None = None


class QueueMoved(Wire):
    conversation_id: UUID
    position: int
    wait_s: WaitRange | None


class PromiseAtRisk(Wire):
    """Nobody has the conversation, and a person was promised by `due`."""

    conversation_id: UUID
    customer: str
    due: datetime


class ReachFell(Wire):
    """Of `judged` who asked for a person today, only `met` had one within `target_s`: below `target_percent`."""

    inbox: str
    met: int
    judged: int
    target_s: int
    target_percent: int


class GoingAway(Wire):
    retry_after_ms: int


# --- The tables: who may send what, what it answers ---

CUSTOMER_COMMANDS: dict[str, tuple[type[Wire], type[Wire]]] = {
    "session.open": (OpenCustomerSession, CustomerSession),
    "session.end": (Empty, Empty),
    "conversation.join": (Join, Joined),
    "conversation.request_human": (Empty, Changed),
    "conversation.close": (Empty, Changed),
    "conversation.take_callback": (Empty, Changed),
    "conversation.answer_by_mail": (AnswerByMail, Changed),
    "conversation.rate": (Rate, Changed),
    "message.post": (PostToBotOrAgent, Posted),
    "message.read": (Read, Empty),
    "typing.set": (SetTyping, Empty),
    "ping": (Empty, Pong),
}

AGENT_COMMANDS: dict[str, tuple[type[Wire], type[Wire]]] = {
    "session.open": (OpenAgentSession, AgentSession),
    "availability.set": (SetAvailability, AgentSession),
    "conversation.list": (ListConversations, ConversationList),
    "conversation.join": (Join, DeskJoined),
    "conversation.leave": (OfConversation, Empty),
    "conversation.accept": (OfConversation, DeskChanged),
    "conversation.decline": (Decline, Empty),
    "conversation.release": (OfConversation, DeskChanged),
    "conversation.take_up": (OfConversation, DeskChanged),
    "conversation.pick": (OfConversation, DeskChanged),
    "conversation.transfer": (Transfer, DeskChanged),
    "conversation.step_in": (OfConversation, DeskChanged),
    "conversation.step_out": (OfConversation, DeskChanged),
    "conversation.take_over": (OfConversation, DeskChanged),
    "conversation.return_to_bot": (ReturnToBot, DeskChanged),
    "conversation.close": (Close, DeskChanged),
    "conversation.note": (AddNote, Noted),
    "message.post": (PostToCustomer, Posted),
    "message.read": (ReadIn, Empty),
    "typing.set": (SetTypingIn, Empty),
    "handoff.score": (ScoreHandoff, DeskChanged),
    "ping": (Empty, Pong),
}

CUSTOMER_PUSHES: dict[str, type[Wire]] = {
    "message.posted": Message,
    "conversation.changed": ConversationChanged,
    "queue.moved": QueueMoved,
    "typing.changed": TypingChanged,
    "read.changed": ReadChanged,
    "resync": Empty,
    "ping": Empty,
    "going_away": GoingAway,
}

AGENT_PUSHES: dict[str, type[Wire]] = {
    "message.posted": Message,
    "note.posted": Note,
    "conversation.changed": DeskConversationChanged,
    "offer.made": OfferMade,
    "offer.withdrawn": OfferWithdrawn,
    "typing.changed": TypingChanged,
    "read.changed": ReadChanged,
    "promise.at_risk": PromiseAtRisk,
    "reach.fell": ReachFell,
    "presence.changed": PresenceChanged,
    "resync": Empty,
    "ping": Empty,
    "going_away": GoingAway,
}

MEANINGS: dict[str, str] = {
    "session.open": "First command of every socket. A customer is anonymous unless `identity` says otherwise.",
    "session.end": "Signs the customer out: the token is revoked and refused from then on.",
    "conversation.join": "The timeline after `after_seq`, one page; from then on its pushes arrive.",
    "conversation.leave": "Stops the pushes of a joined conversation.",
    "conversation.request_human": "Always works: hands the conversation (opened if need be) to a person.",
    "conversation.close": "Ends the conversation.",
    "conversation.take_callback": "Leaves the queue for a date by which a person gets back, as the customer wishes.",
    "conversation.answer_by_mail": "Answers that the customer is not there to read are also mailed to this address.",
    "conversation.rate": "A score of 1 to 5 for the latest conversation; sent again, it replaces the first.",
    "conversation.list": "One page of a view, oldest wait first for the queue, latest message first elsewhere.",
    "conversation.accept": "Takes the conversation that was offered to this agent.",
    "conversation.decline": "Passes the offer on to the next agent.",
    "conversation.release": "Puts an assigned conversation back into the queue, in its old place.",
    "conversation.take_up": "An agent takes a conversation out of the callbacks.",
    "conversation.pick": "An agent who may takes a conversation out of the queue, instead of waiting for an offer.",
    "conversation.transfer": "Hands the conversation to another agent, team or skill, with a note for them.",
    "conversation.step_in": "A supervisor takes part: may write beside the assignee, who keeps the conversation.",
    "conversation.step_out": "Takes part no more.",
    "conversation.take_over": "A supervisor takes the conversation from its assignee.",
    "conversation.return_to_bot": "Gives the conversation back to the bot.",
    "conversation.note": "A note that only agents see; `whisper`: a supervisor's to the assignee, told at once.",
    "message.post": "`ok` means committed. Safe to send again with the same `client_id`.",
    "message.read": "Everything up to `seq` has been seen.",
    "message.posted": "A new message. A `seq` that is not the next one means: join again.",
    "conversation.changed": "A whole snapshot; ignore it if its `version` is older than the one held.",
    "typing.set": "Shown to the other side for a few seconds.",
    "availability.set": "Whether this agent is offered conversations.",
    "handoff.score": "Was handing over right, too late, or needless?",
    "offer.made": "A conversation is offered to this agent until `offer.expires_at`.",
    "offer.withdrawn": "The offer is over.",
    "note.posted": "A new note.",
    "read.changed": "The other side has read up to `seq`.",
    "typing.changed": "The other side types or stopped.",
    "promise.at_risk": "A promised date comes near: somebody should take the conversation.",
    "reach.fell": "Too few of today's customers had a person in time; told once a day and inbox.",
    "presence.changed": "Somebody came or went.",
    "queue.moved": "The customer's place and expected wait.",
    "resync": "Pushes may have been lost: join again with `after_seq`.",
    "ping": "Are you there? As a command it is answered; as a push, answer with a `ping` command.",
    "going_away": "The server is about to close; connect again after `retry_after_ms`.",
}
