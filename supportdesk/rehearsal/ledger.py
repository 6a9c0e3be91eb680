"""The judge: what clients sent and saw, held against what is stored. Pure; every fault is a sentence.

Sending again and joining again are part of the protocol, so a client's *applied* timeline is judged, as the widget
applies it: a repeated identical message changes nothing, a gap is filled by a join, anything else is a fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sent:
    """A post of this client; `seq` is what its `ok` said, None while there was none."""

    client_id: str
    text: str
    seq: int | None


@dataclass(frozen=True)
class Seen:
    """One entry of a timeline, in a client's memory or in the database."""

    seq: int
    author: str
    client_id: str
    text: str


@dataclass(frozen=True)
class View:
    """One client's side of one conversation. `through`: whole up to this seq, or None for one that left early."""

    who: str
    author: str
    conversation_id: str
    sent: tuple[Sent, ...]
    applied: tuple[Seen, ...]
    through: int | None


@dataclass(frozen=True)
class Verdict:
    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    out_of_order: tuple[str, ...] = ()


def judge(views: Iterable[View], stored: Mapping[str, Sequence[Seen]]) -> Verdict:
    """Holds every view against the stored timelines (conversation id -> messages, in any order)."""
    lost: list[str] = []
    doubled: list[str] = []
    disorder: list[str] = []
    for conversation_id, messages in stored.items():
        doubled += _stored_twice(conversation_id, messages)
        disorder += _stored_gaps(conversation_id, messages)
    for view in views:
        truth = stored.get(view.conversation_id, ())
        lost += _acknowledged_but_gone(view, truth)
        lost += _never_seen(view, truth)
        lost += _seen_but_not_stored(view, truth)
        doubled += _applied_twice(view)
        disorder += _applied_out_of_order(view)
        disorder += _posts_out_of_order(view, truth)
    return Verdict(tuple(lost), tuple(doubled), tuple(disorder))


def _acknowledged_but_gone(view: View, truth: Sequence[Seen]) -> Iterator[str]:
    kept = {(m.client_id, m.text) for m in truth if m.author == view.author}
    for sent in view.sent:
        if sent.seq is not None and (sent.client_id, sent.text) not in kept:
            yield f"{_name(view)}: {sent.client_id} was acknowledged as #{sent.seq} and is not stored"


def _never_seen(view: View, truth: Sequence[Seen]) -> Iterator[str]:
    if view.through is None:
        return
    seen = {entry.seq for entry in view.applied}
    for message in truth:
        if message.seq <= view.through and message.seq not in seen:
            yield f"{_name(view)}: #{message.seq} by {message.author} is stored and was never seen"


def _seen_but_not_stored(view: View, truth: Sequence[Seen]) -> Iterator[str]:
    kept = set(truth)
    for entry in view.applied:
        if entry not in kept:
            yield f"{_name(view)}: #{entry.seq} by {entry.author} was seen and is not stored like that"


def _applied_twice(view: View) -> Iterator[str]:
    for seq, times in Counter(entry.seq for entry in view.applied).items():
        if times > 1:
            yield f"{_name(view)}: #{seq} was shown {times} times"
    for (author, client_id), seqs in _seqs_by_client_id(view.applied).items():
        if len(seqs) > 1:
            yield f"{_name(view)}: {client_id} by {author} was shown as {_numbers(seqs)}"


def _stored_twice(conversation_id: str, messages: Sequence[Seen]) -> Iterator[str]:
    for seq, times in Counter(message.seq for message in messages).items():
        if times > 1:
            yield f"{conversation_id}: #{seq} is stored {times} times"
    for (author, client_id), seqs in _seqs_by_client_id(messages).items():
        if len(seqs) > 1:
            yield f"{conversation_id}: {client_id} by {author} is stored as {_numbers(seqs)}"


def _stored_gaps(conversation_id: str, messages: Sequence[Seen]) -> Iterator[str]:
    held = {message.seq for message in messages}
    for seq in sorted(set(range(1, max(held, default=0) + 1)) - held):
        yield f"{conversation_id}: #{seq} is missing from the stored timeline"


def _applied_out_of_order(view: View) -> Iterator[str]:
    expected = 1
    for entry in view.applied:
        if entry.seq != expected:
            yield f"{_name(view)}: #{entry.seq} was shown where #{expected} belongs"
        expected = max(expected, entry.seq + 1)


def _posts_out_of_order(view: View, truth: Sequence[Seen]) -> Iterator[str]:
    """A client posts one after the other, so the stored order of its posts is the order in which it sent them."""
    first = sorted(truth, key=lambda message: -message.seq)  # a double is counted elsewhere
    place = {message.client_id: message.seq for message in first if message.author == view.author}
    before = 0
    for sent in view.sent:
        seq = place.get(sent.client_id)
        if seq is None:
            continue
        if sent.seq is not None and sent.seq != seq:
            yield f"{_name(view)}: {sent.client_id} was acknowledged as #{sent.seq} and is stored as #{seq}"
        if seq < before:
            yield f"{_name(view)}: {sent.client_id} (#{seq}) is stored before an earlier post (#{before})"
        before = max(before, seq)


def _seqs_by_client_id(messages: Sequence[Seen]) -> dict[tuple[str, str], set[int]]:
    """The seqs under which each author's client_id stands; repeats of one seq are counted elsewhere."""
    seqs: dict[tuple[str, str], set[int]] = {}
    for message in messages:
        seqs.setdefault((message.author, message.client_id), set()).add(message.seq)
    return seqs


def _numbers(seqs: set[int]) -> str:
    return " and ".join(f"#{seq}" for seq in sorted(seqs))


def _name(view: View) -> str:
    return f"{view.who} in {view.conversation_id}"
