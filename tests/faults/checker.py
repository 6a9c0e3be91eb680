"""The judge, in the manner of Jepsen: client logs and database rows in, named violations out. Pure.

A post that was never acknowledged may be stored or not; one that was is stored exactly once, as acknowledged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chat.lifecycle import OWNER, State
from supportdesk.rehearsal.ledger import Seen
from tests.faults.records import Acked, Log, Message, Row, Truth, View

SWEEP_S = 3.0
"""The sweeper runs each second; a deadline or an unrouted message older than this was forgotten."""
HEARSAY_S = 8.0
"""Within this a client of a calm desk has every message: by push, or by the next pong and a join."""

KINDS = (
    "lost", "doubled", "out of order", "invented", "unseen", "stale", "regressed",
    "unowned", "overdue", "unrouted", "over capacity", "stuck",
)  # fmt: skip


@dataclass(frozen=True)
class Violation:
    kind: str
    who: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.who}: {self.what}"


def check(logs: Sequence[Log], truth: Truth) -> list[Violation]:
    """Everything that is wrong after the calm. An empty list is the promise kept."""
    stored = {id_: tuple(m.seen for m in messages) for id_, messages in (truth.messages or {}).items()}
    found: list[Violation] = []
    found += _timelines(stored)
    found += _counted(truth.conversations, stored)
    found += _invented(logs, stored)
    for log in logs:
        found += _acknowledged(log, stored)
        found += _order_of_posts(log, stored)
        found += _snapshots(log, truth)
        found += (Violation("stuck", log.who, trouble) for trouble in log.troubles)
        for view in log.views:
            found += _view(log, view, stored.get(view.conversation_id, ()))
            found += _stale(log, view, (truth.messages or {}).get(view.conversation_id, ()))
    found += at_any_time(truth)
    found += forgotten(truth)
    return found


def at_any_time(truth: Truth) -> list[Violation]:
    """What no moment may show, not even one in the middle of a fault: one owner, one deadline, no agent overfull."""
    found = [Violation("unowned", row.id, why) for row in truth.conversations for why in _unowned(row)]
    overfull = (one for one in truth.loads if one.load > one.capacity)
    found += (Violation("over capacity", f"agent {one.agent_id}", f"{one.load} of {one.capacity}") for one in overfull)
    return found


def forgotten(truth: Truth) -> list[Violation]:
    """What a desk that has recovered must have seen to."""
    found: list[Violation] = []
    for row in truth.conversations:
        late = truth.at - (row.deadline or truth.at)
        if row.state != State.CLOSED and late > SWEEP_S:
            found.append(Violation("overdue", row.id, f"{row.state}, {late:.1f} s past its deadline"))
        waited = truth.at - (row.to_route_since or 0.0)
        if row.state == State.BOT and row.to_route_seq > row.routed_seq and waited > SWEEP_S:
            found.append(Violation("unrouted", row.id, f"#{row.to_route_seq} waits, routed up to #{row.routed_seq}"))
    return found


def _unowned(row: Row) -> Iterator[str]:
    if row.state == State.CLOSED:
        return
    if row.owner != OWNER[State(row.state)]:
        yield f"{row.state} with the owner {row.owner}"
    if row.deadline is None:
        yield f"{row.state} without a deadline"
    if (row.state == State.ASSIGNED) != (row.agent_id is not None):
        yield f"{row.state} with the agent {row.agent_id}"
    if row.live_offers != (row.state == State.OFFERED):
        yield f"{row.state} with {row.live_offers} live offers"


# --- The stored timelines ---------------------------------------------------------------------------------------------


def _timelines(stored: Mapping[str, Sequence[Seen]]) -> Iterator[Violation]:
    for id_, messages in stored.items():
        seqs = Counter(message.seq for message in messages)
        for seq, times in seqs.items():
            if times > 1:
                yield Violation("doubled", id_, f"#{seq} is stored {times} times")
        for seq in sorted(set(range(1, max(seqs, default=0) + 1)) - set(seqs)):
            yield Violation("out of order", id_, f"the stored timeline has no #{seq}")
        names = Counter((message.author, message.client_id) for message in messages)
        for (author, client_id), times in names.items():
            if times > 1:
                yield Violation("doubled", id_, f"{client_id} by {author} is stored {times} times")


def _counted(rows: Iterable[Row], stored: Mapping[str, Sequence[Seen]]) -> Iterator[Violation]:
    for row in rows:
        newest = max((message.seq for message in stored.get(row.id, ())), default=row.last_seq)
        if newest != row.last_seq:
            yield Violation("out of order", row.id, f"counts #{row.last_seq} as its last, and #{newest} is")


def _invented(logs: Sequence[Log], stored: Mapping[str, Sequence[Seen]]) -> Iterator[Violation]:
    """Stored in a client's name, but sent by none: also how a message looks that was doubled under a new name.

    Texts are unique, so a text that is there twice was doubled, whatever the names say.
    """
    sent = {(log.author, post.client_id): post.text for log in logs for post in log.posted}
    known = {(log.author, post.text) for log in logs for post in log.posted}
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for id_, messages in stored.items():
        for message in messages:
            if message.author not in ("customer", "agent"):
                continue
            text = sent.get((message.author, message.client_id))
            if text is None:
                yield Violation("invented", id_, f"#{message.seq}: no {message.author} sent {message.client_id}")
            elif text != message.text:
                yield Violation("lost", id_, f"#{message.seq} is stored with another text than {message.client_id} had")
            if (message.author, message.text) in known:
                places[message.author, message.text].append(f"{id_} #{message.seq}")
    for (author, text), found in places.items():
        if len(found) > 1:
            yield Violation("doubled", author, f"{text!r} is stored as {' and '.join(found)}")


# --- One client's side ------------------------------------------------------------------------------------------------


def _acknowledged(log: Log, stored: Mapping[str, Sequence[Seen]]) -> Iterator[Violation]:
    texts = {post.client_id: post.text for post in log.posted}
    answers: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for ack in log.acked:
        answers[ack.client_id].add((ack.conversation_id, ack.seq))
    for client_id, told in answers.items():
        if len(told) > 1:
            yield Violation("doubled", log.who, f"{client_id} was acknowledged as {sorted(told)}")
        for conversation_id, seq in told:
            wanted = Seen(seq, log.author, client_id, texts.get(client_id, ""))
            if wanted not in stored.get(conversation_id, ()):
                yield Violation("lost", log.who, f"{client_id} was acknowledged as {conversation_id} #{seq}")


def _order_of_posts(log: Log, stored: Mapping[str, Sequence[Seen]]) -> Iterator[Violation]:
    """A client sends one after the other, so that is the order in which a conversation keeps them."""
    places = {
        message.client_id: (id_, message.seq)
        for id_, messages in stored.items()
        for message in messages
        if message.author == log.author
    }
    newest: dict[str, int] = {}
    for post in log.posted:
        if post.client_id in places:
            id_, seq = places[post.client_id]
            if seq < newest.get(id_, 0):
                yield Violation("out of order", log.who, f"{post.client_id} (#{seq}) stands before an earlier post")
            newest[id_] = max(seq, newest.get(id_, 0))


def _view(log: Log, view: View, truth: Sequence[Seen]) -> Iterator[Violation]:
    where = f"{log.who} in {view.conversation_id}"
    kept, expected = set(truth), 1
    for entry in view.applied:
        if entry not in kept:
            yield Violation("lost", where, f"#{entry.seq} by {entry.author} was shown and is not stored like that")
        if entry.seq < expected:
            yield Violation("doubled", where, f"#{entry.seq} was shown again after #{expected - 1}")
        elif entry.seq > expected:
            yield Violation("out of order", where, f"#{entry.seq} was shown where #{expected} belongs")
        expected = max(expected, entry.seq + 1)
    if view.through is not None:
        shown = {entry.seq for entry in view.applied}
        for message in truth:
            if message.seq <= view.through and message.seq not in shown:
                yield Violation("unseen", where, f"#{message.seq} by {message.author} was never shown")


def _stale(log: Log, view: View, truth: Iterable[Message]) -> Iterator[Violation]:
    for message in truth if view.held is not None else ():
        age = view.held_at - max(message.at, view.since)
        if message.seen.seq > (view.held or 0) and age > HEARSAY_S:
            where = f"{log.who} in {view.conversation_id}"
            yield Violation("stale", where, f"#{message.seen.seq} had not arrived after {age:.1f} s")


def _snapshots(log: Log, truth: Truth) -> Iterator[Violation]:
    """An answer is never older than what was known when it was asked for, and one version is one state."""
    final = {row.id: row for row in truth.conversations}
    states: dict[tuple[str, int], tuple[str, int | None]] = {}
    for shown in log.snapshots:
        where = f"{log.who} in {shown.conversation_id}"
        if shown.version < shown.floor:
            yield Violation("regressed", where, f"version {shown.version} was answered after {shown.floor} was known")
        state = states.setdefault((shown.conversation_id, shown.version), (shown.state, shown.agent_id))
        if state != (shown.state, shown.agent_id):
            yield Violation("regressed", where, f"version {shown.version} was {state[0]} and then {shown.state}")
        row = final.get(shown.conversation_id)
        if row is not None and shown.version > row.version:
            yield Violation("regressed", where, f"version {shown.version} was shown, the database has {row.version}")


def acks_in_order(logs: Iterable[Log]) -> list[Acked]:
    return sorted((ack for log in logs for ack in log.acked), key=lambda ack: ack.at)
