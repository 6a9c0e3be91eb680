"""Whatever arrives in whatever batches, the journal does what a few plain rules say, by either of its ways in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agents.models import Agent
from chat import journal
from chat.entries import Who
from chat.errors import ChatError, ClientIdReused, ConversationClosed, NotAssigned, NotFound, Stale
from chat.journal import Outcome, Post, Stored
from chat.lane import Lane
from chat.lifecycle import OWNER, State
from chat.models import Conversation, Customer, Inbox, Message
from supportdesk.clock import now
from tests.cast import make_agent

ANYTHING = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
STATES = [State.BOT, State.QUEUED, State.ASSIGNED, State.CLOSED]
AUTHORS = ["owner", "stranger", "assignee", "beside", "other_agent", "bot", "desk"]
CLIENT_IDS = ["same-one", "same-two", "same-three"]
MOST = 3
"""Conversations of an example."""


@dataclass(frozen=True)
class Said:
    conversation: int
    """MOST: one that does not exist."""
    author: str
    client_id: str
    text: str


@dataclass
class Row:
    """A conversation as the rules see it: the columns the journal reads and writes."""

    state: State
    last_seq: int = 0
    to_route_seq: int = 0
    routed_seq: int = 0
    to_route_since: datetime | None = None
    unanswered: bool = False
    replied: bool = False
    customer_read_seq: int = 0
    agent_read_seq: int = 0
    deadline: datetime | None = None
    messages: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)


COLUMNS = [name for name in Row.__dataclass_fields__ if name != "messages"]
BACKLOG = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(sorted)
ROWS = st.builds(
    lambda state, routed, unanswered, replied: Row(
        state, last_seq=4, routed_seq=routed[0], to_route_seq=routed[1], unanswered=unanswered, replied=replied
    ),
    st.sampled_from(STATES), BACKLOG, st.booleans(), st.booleans(),
)  # fmt: skip
SAID = st.builds(
    Said, st.sampled_from([0, 0, 0, 1, 1, 2, MOST]), st.sampled_from([*AUTHORS, "owner", "assignee", "bot"]),
    st.one_of(st.sampled_from(CLIENT_IDS), st.uuids().map(str)), st.sampled_from(["a", "a", "b"]),
)  # fmt: skip
BATCHES = st.lists(st.lists(SAID, max_size=8), min_size=1, max_size=4)


class Cast:
    """Who writes, and where, in one example."""

    def __init__(self, inbox: Inbox, rows: Sequence[Row]) -> None:
        self.inbox = inbox
        self.began = now() - timedelta(minutes=1)
        self.agents = [one.pk for one in Agent.objects.order_by("pk")]
        self.owners = [Customer.objects.create(inbox=inbox) for _ in rows]
        self.stranger = Customer.objects.create(inbox=inbox)
        self.ids = [self._open(row, owner) for row, owner in zip(rows, self.owners, strict=True)] + [uuid4()]

    def _open(self, row: Row, owner: Customer) -> UUID:
        is_assigned, is_closed = row.state == State.ASSIGNED, row.state == State.CLOSED
        row.deadline = None if is_closed else self.began
        made = Conversation.objects.create(
            inbox=self.inbox, customer=owner, owner=OWNER[row.state], waiting_since=self.began,
            agent_id=self.agents[0] if is_assigned else None, beside=[self.agents[1]] if is_assigned else [],
            closed_at=self.began if is_closed else None, **{name: getattr(row, name) for name in COLUMNS},
        )  # fmt: skip
        return made.pk

    def who(self, said: Said) -> Who:
        if said.author == "bot":
            return journal.author_of_bot("Lumen & Oak")
        if said.author == "desk":
            return journal.author_of_desk()
        if said.author in ("owner", "stranger"):
            is_owner = said.author == "owner" and said.conversation < MOST
            return journal.author("customer", self.owners[said.conversation].pk if is_owner else self.stranger.pk, "x")
        return journal.author("agent", self.agents[["assignee", "beside", "other_agent"].index(said.author)], "y")

    def post(self, said: Said) -> Post:
        return Post(self.ids[said.conversation], self.who(said), said.client_id, said.text)


def judged(row: Row | None, said: Said, kind: str, before: dict[tuple[str, str], tuple[int, str]]) -> str:
    """What becomes of a post, were it alone. Note what is asked first."""
    if row is None or said.author == "stranger":
        return NotFound.code
    if (kind, said.client_id) in before:
        return "again" if before[kind, said.client_id][1] == said.text else ClientIdReused.code
    if kind != "system" and row.state == State.CLOSED:
        return ConversationClosed.code
    if kind == "agent" and (row.state != State.ASSIGNED or said.author == "other_agent"):
        return NotAssigned.code
    if kind == "bot" and row.state != State.BOT:
        return Stale.code
    return "new"


def play(rows: list[Row], batch: Sequence[tuple[Said, str]], moment: datetime, inbox: Inbox) -> list[tuple[str, int]]:
    """Verdict and seq of each post; `rows` go on. In a batch what is there twice has what became of the first."""
    found: dict[tuple[int, str, str], tuple[str, int, str]] = {}
    outcomes = []
    last: list[dict[str, int]] = [{} for _ in rows]
    for said, kind in batch:
        row = rows[said.conversation] if said.conversation < MOST else None
        key = (said.conversation, kind, said.client_id)
        if key in found:
            verdict, seq, text = found[key]
            if verdict in ("new", "again"):
                verdict = "again" if said.text == text else ClientIdReused.code
        else:
            verdict = judged(row, said, kind, row.messages if row else {})
            seq = 0
            if row is not None and verdict == "new":
                row.last_seq = seq = row.last_seq + 1
                row.messages[kind, said.client_id] = (seq, said.text)
                last[said.conversation][kind] = seq
            elif row is not None and verdict == "again":
                seq = row.messages[kind, said.client_id][0]
            found[key] = (verdict, seq, said.text)
        outcomes.append((verdict, seq if verdict in ("new", "again") else 0))
    for row, spoke in zip(rows, last, strict=True):
        follow(row, spoke, moment, inbox)
    return outcomes


def follow(row: Row, spoke: dict[str, int], moment: datetime, inbox: Inbox) -> None:
    """What a batch's messages do to their conversation; `spoke` has the seq of each author's last."""
    customer, agent, bot = (spoke.get(kind, 0) for kind in ("customer", "agent", "bot"))
    if row.state == State.BOT and customer:
        if row.to_route_seq <= row.routed_seq:
            row.to_route_since, row.deadline = moment, moment + timedelta(seconds=inbox.bot_turn_s)
        row.to_route_seq = customer
    elif row.state == State.ASSIGNED and agent > customer:
        row.deadline = moment + timedelta(seconds=inbox.idle_s)
    elif row.state == State.ASSIGNED and customer and row.replied and not row.unanswered:
        row.deadline = moment + timedelta(seconds=inbox.reply_s)
    if customer or agent or bot:
        row.unanswered = customer > max(agent, bot)
    row.replied = row.replied or bool(agent)
    row.customer_read_seq = max(row.customer_read_seq, customer)
    row.agent_read_seq = max(row.agent_read_seq, agent)


def shown(outcome: Outcome) -> tuple[str, int]:
    if isinstance(outcome, ChatError):
        return outcome.code, 0
    return "new" if outcome.is_new else "again", outcome.message.seq


Way = Callable[[Sequence[Post]], list[Outcome]]


def holds(inbox: Inbox, rows: list[Row], batches: list[list[Said]], store: Way) -> None:
    cast = Cast(inbox, rows)
    for batch in batches:
        posts = [cast.post(said) for said in batch]
        found = store(posts)
        moments = {o.message.posted_at for o in found if isinstance(o, Stored) and o.is_new}
        assert len(moments) <= 1
        moment = next(iter(moments), cast.began)
        pairs = [(said, post.author.kind) for said, post in zip(batch, posts, strict=True)]
        assert [shown(outcome) for outcome in found] == play(rows, pairs, moment, inbox)
        for row, pk in zip(rows, cast.ids[:MOST], strict=True):
            now_there = Conversation.objects.values(*COLUMNS).get(pk=pk)
            assert replace(row, messages={}) == Row(**now_there)
            stored = Message.objects.filter(conversation_id=pk).values_list("author_kind", "client_id", "seq", "text")
            assert {(kind, client_id): (seq, text) for kind, client_id, seq, text in stored} == row.messages


THREE = st.lists(ROWS, min_size=MOST, max_size=MOST)


@ANYTHING
@given(rows=THREE, batches=BATCHES)
def test_within_a_transaction(
    inbox: Inbox, bob: Agent, carol: Agent, erin: Agent, rows: list[Row], batches: list[list[Said]]
) -> None:
    def store(posts: Sequence[Post]) -> list[Outcome]:
        with transaction.atomic():
            return journal.write(posts)

    holds(inbox, rows, batches, store)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.mark.django_db(transaction=True)
def test_by_the_writers_lane(
    inbox: Inbox, bob: Agent, carol: Agent, erin: Agent, loop: asyncio.AbstractEventLoop
) -> None:
    lane = Lane()

    @ANYTHING
    @given(rows=THREE, batches=BATCHES)
    def anything(rows: list[Row], batches: list[list[Said]]) -> None:
        holds(inbox, rows, batches, lambda posts: loop.run_until_complete(lane.write(posts)))

    anything()
    lane.hang_up()


@pytest.fixture
def erin(db: None) -> Agent:
    return make_agent("erin")
