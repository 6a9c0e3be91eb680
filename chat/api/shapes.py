"""What only REST says or hears: bodies without the conversation's id (it is in the address), queries and pages.

Texts, lines and ids are the protocol's own types, so that REST refuses what the sockets refuse.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from agents.api.staffing import HoursGiven
from chat.models import VALUE_MOST, VALUED_PRIORITY_MOST
from chat.protocol import (
    AgentSession,
    ClientId,
    Conversation,
    CustomerCard,
    DeskConversation,
    Flag,
    HandoffScore,
    Line,
    ListView,
    Message,
    Note,
    Text,
    Wire,
)

Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""Of a query string, where everything is text."""
Cursor = Annotated[str, StringConstraints(max_length=200)]
Identifier = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]

# --- Bodies ---------------------------------------------------------------------------------------------------------


class NewMessage(Wire):
    client_id: ClientId
    text: Text


class NewNote(NewMessage):
    """`whisper`: a supervisor's, to the assignee."""

    whisper: Flag = False


class WithReason(Wire):
    reason: Line = ""


class TransferTo(Wire):
    """Exactly one of an agent, a team or a skill."""

    agent_id: Identifier | None = None
    team_id: Identifier | None = None
    skill: Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,60}$")] | None = None
    note: Line = ""


class Resolution(Wire):
    resolution: Line = ""


class ToPeople(Wire):
    """Hands the conversation to people, by policy of the desk."""

    why: Annotated[Line, StringConstraints(min_length=1)]
    skills: list[Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,60}(:[1-5])?$")]] = Field(
        default_factory=list, max_length=20, description="`fraud`, or `fraud:4` for somebody of that level or above."
    )
    preferred_skills: list[Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,60}$")]] = Field(
        default_factory=list, max_length=20
    )
    units: Annotated[int, Field(strict=True, ge=1, le=10)] | None = Field(
        default=None, description="How much of an agent's capacity it takes."
    )
    priority: Annotated[int, Field(strict=True, ge=0, le=100)] | None = None


class Verdict(Wire):
    score: HandoffScore


class AskDeskNews(Wire):
    """`page` tells an agent's open pages apart; `following` is each followed conversation's version as held.

    `hidden`: nobody looks at the page, and browsers let such a page ask only once a minute.
    """

    page: ClientId
    following: Annotated[dict[UUID, Number], Field(max_length=50)] = Field(default_factory=dict)
    hidden: bool = False


# --- Queries --------------------------------------------------------------------------------------------------------


class ViewQuery(Wire):
    view: ListView = "open"
    cursor: Cursor | None = None


class AfterSeq(Wire):
    after_seq: Number = 0


class AfterVersion(Wire):
    after_version: Number = 0


class PageQuery(Wire):
    cursor: UUID | None = None


class CustomerQuery(PageQuery):
    search: Line = ""


# --- Answers --------------------------------------------------------------------------------------------------------


class Messages(Wire):
    """One page of the timeline; `has_more` tells to ask again after the last seq."""

    messages: list[Message]
    has_more: bool


class CustomerNews(Wire):
    conversation: Conversation | None


class DeskNews(Wire):
    """`conversations` are those of a higher version than the one held; `last_seq` is of all that were asked for."""

    session: AgentSession
    conversations: list[DeskConversation]
    last_seq: dict[str, int]


class Notes(Wire):
    notes: list[Note]


class EventEntry(Wire):
    """One transition: who, when and why."""

    version: int
    trigger: str
    from_state: str
    to_state: str
    actor_kind: str
    actor_id: str | None
    why: str
    versions: dict[str, Any]
    at: datetime


class Events(Wire):
    events: list[EventEntry]
    has_more: bool


class CustomerEntry(CustomerCard):
    inbox: str
    external_id: str | None
    created_at: datetime


class Customers(Wire):
    items: list[CustomerEntry]
    cursor: UUID | None


class ConversationsOfCustomer(Wire):
    items: list[DeskConversation]
    cursor: UUID | None


class InboxEntry(Wire):
    """A site and its policy; times are in seconds. The identity secret is never shown."""

    id: int
    name: str
    site_key: str
    allowed_origins: list[str]
    locale: str
    greeting: str
    color: str
    hours: dict[str, Any]
    is_open: bool
    bot_turn_s: int
    offer_s: int
    first_reply_s: int
    reply_s: int
    queue_s: int
    reach_percent: int
    callback_s: int
    idle_s: int
    reopen_s: int
    reopen_to: str
    support_floor: float
    max_misses: int
    valued_from: int | None
    valued_priority: int


class ChangeInbox(Wire):
    """The target (a person within `queue_s` for `reach_percent` in a hundred of those who ask in hours), the hours, how
    long an offer stands, a callback may take, and who has what its customer reopens; and who goes ahead of others with
    `valued_priority`: customers whose signed value is `valued_from` or more; null: nobody. What is left out stays."""

    queue_s: Annotated[int, Field(strict=True, ge=10, le=86_400)] | None = None
    reach_percent: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None
    hours: HoursGiven | None = None
    offer_s: Annotated[int, Field(strict=True, ge=5, le=3_600)] | None = None
    callback_s: Annotated[int, Field(strict=True, ge=60, le=604_800)] | None = None
    reopen_s: Annotated[int, Field(strict=True, ge=0, le=2_592_000)] | None = None
    reopen_to: Literal["bot", "person"] | None = None
    valued_from: Annotated[int, Field(strict=True, ge=1, le=VALUE_MOST)] | None = None
    valued_priority: Annotated[int, Field(strict=True, ge=1, le=VALUED_PRIORITY_MOST)] | None = None

    def changes(self) -> dict[str, Any]:
        """What was named; of what was named null only `valued_from` is changed."""
        named = self.model_dump(exclude_unset=True)
        return {name: value for name, value in named.items() if value is not None or name == "valued_from"}


class Inboxes(Wire):
    items: list[InboxEntry]


class PromiseEntry(Wire):
    """A person by `due`, asked for since `asked_at`; `outcome` is null while it is open."""

    conversation_id: UUID
    customer: str
    kind: str
    asked_at: datetime
    made_at: datetime
    due: datetime
    outcome: str | None
    outcome_at: datetime | None


class Promises(Wire):
    open: int
    kept: int
    broken: int
    items: list[PromiseEntry]


class ReachQuery(Wire):
    """The last `days` days, one by one or by weeks that begin on Monday."""

    inbox_id: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    length: Literal["day", "week"] = "day"
    days: Annotated[int, Field(ge=1, le=400)] = 28


class ReachPeriod(Wire):
    """Who asked for a person in hours: with one in time (`met`), not (`missed`), gone before it could be told (`left`);
    the rest still waits within the target. `share` is `met` of `met` and `missed`, null where nobody is judged yet.
    Waits are until a person, of those without a date; with somebody `waiting` they are at least so long. Promises
    count on the day they are due; of those past due none is open."""

    begins: date
    target_s: int | None
    target_percent: int | None
    asked: int
    met: int
    missed: int
    left: int
    waiting: int
    chose_date: int
    given_date: int
    share: float | None
    median_s: float | None
    p95_s: float | None
    kept: int
    broken: int
    released: int
    open: int


class ReachOfInbox(Wire):
    """A person within `target_s` for `target_percent` in a hundred, as it is set now; periods have their own."""

    inbox_id: int
    name: str
    target_s: int
    target_percent: int
    tz: str
    since: date
    until: date
    periods: list[ReachPeriod]


class Reach(Wire):
    items: list[ReachOfInbox]
