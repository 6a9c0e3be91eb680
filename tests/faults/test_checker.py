"""The checker can fail: a healthy history passes, and each kind of planted wrong is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.rehearsal.ledger import Seen
from tests.faults.checker import HEARSAY_S, SWEEP_S, check
from tests.faults.records import Acked, Load, Log, Message, Posted, Row, Snapshot, Truth, View

NOW = 1_000_000.0
CHAT = "chat 1"


@dataclass(frozen=True)
class History:
    """Ana and bob talk in one conversation; `place` is the message that a plant is done to."""

    ana: Log
    bob: Log
    truth: Truth
    place: int

    def kinds(self) -> set[str]:
        return {violation.kind for violation in check([self.ana, self.bob], self.truth)}

    @property
    def stored(self) -> list[Message]:
        return list((self.truth.messages or {})[CHAT])

    def keeping(self, messages: list[Message]) -> History:
        return replace(self, truth=replace(self.truth, messages={CHAT: tuple(messages)}))

    def with_row(self, **changes: object) -> History:
        (row,) = self.truth.conversations
        return replace(self, truth=replace(self.truth, conversations=(replace(row, **changes),)))  # type: ignore[arg-type]  # a row's fields

    def with_view(self, applied: tuple[Seen, ...]) -> History:
        return replace(self, ana=replace(self.ana, views=(replace(self.ana.views[0], applied=applied),)))


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Two to twelve messages, the first and the last by ana."""
    between = draw(st.lists(st.sampled_from(["customer", "agent", "bot", "system"]), max_size=10))
    authors = ["customer", *between, "customer"]
    seen = tuple(Seen(n, author, f"{author}-{n:04}", f"says {n}") for n, author in enumerate(authors, 1))
    stored = tuple(Message(one, NOW - 100 + one.seq) for one in seen)
    view = View(CHAT, seen, held=len(seen), held_at=NOW, through=len(seen))
    shown = (Snapshot(CHAT, 1, "bot", None, 0), Snapshot(CHAT, 4, "assigned", 7, 1))
    mine = [s.seq for s in seen if s.author == "customer"]
    return History(
        ana=_log("ana", "customer", seen, view, shown),
        bob=_log("bob", "agent", seen, view, shown),
        truth=Truth(
            NOW,
            (Row(CHAT, "assigned", "agent", NOW + 5, 7, 0, 4, len(seen), mine[0], mine[0], NOW - 90),),
            (Load(7, 1, 4),),
            {CHAT: stored},
        ),
        place=draw(st.sampled_from(mine)) - 1,
    )


def _log(who: str, author: str, seen: tuple[Seen, ...], view: View, shown: tuple[Snapshot, ...]) -> Log:
    own = [one for one in seen if one.author == author]
    posted = tuple(Posted(one.client_id, one.text, float(one.seq)) for one in own)
    acked = tuple(Acked(one.client_id, CHAT, one.seq, one.seq + 0.1) for one in own)
    return Log(who, author, posted, acked, (view,), shown)


@given(histories())
def test_a_history_in_which_all_went_well_has_no_violation(history: History) -> None:
    assert check([history.ana, history.bob], history.truth) == []


@given(histories())
def test_who_has_only_just_begun_to_follow_is_not_late(history: History) -> None:
    view = replace(history.ana.views[0], held=0, since=NOW - 1, held_at=NOW)
    assert replace(history, ana=replace(history.ana, views=(view,))).kinds() == set()


@given(histories())
def test_a_message_that_was_never_acknowledged_may_be_stored_or_not(history: History) -> None:
    unsure = Posted("customer-unsure", "did it arrive?", 99.0)
    history = replace(history, ana=replace(history.ana, posted=(*history.ana.posted, unsure)))
    assert history.kinds() == set()
    seq = len(history.stored) + 1
    arrived = Message(Seen(seq, "customer", unsure.client_id, unsure.text), NOW - 1)
    assert history.keeping([*history.stored, arrived]).with_row(last_seq=seq).kinds() == set()


def acknowledged_and_then_lost(history: History) -> History:
    return history.keeping([m for n, m in enumerate(history.stored) if n != history.place])


def stored_with_another_text(history: History) -> History:
    messages = history.stored
    one = messages[history.place]
    messages[history.place] = replace(one, seen=replace(one.seen, text="something else"))
    return history.keeping(messages)


def stored_twice_under_a_second_client_id(history: History) -> History:
    one = history.stored[history.place]
    again = Seen(len(history.stored) + 1, one.seen.author, "another-name", one.seen.text)
    return history.keeping([*history.stored, replace(one, seen=again)])


def stored_twice_under_the_same_client_id(history: History) -> History:
    one = history.stored[history.place]
    return history.keeping([*history.stored, replace(one, seen=replace(one.seen, seq=len(history.stored) + 1))])


def two_have_changed_places(history: History) -> History:
    messages = history.stored
    first, last = messages[0], messages[-1]
    messages[0] = replace(first, seen=replace(first.seen, seq=last.seen.seq))
    messages[-1] = replace(last, seen=replace(last.seen, seq=first.seen.seq))
    return history.keeping(messages)


def a_seq_was_left_out(history: History) -> History:
    last = history.stored[-1]
    return history.keeping([*history.stored[:-1], replace(last, seen=replace(last.seen, seq=last.seen.seq + 1))])


def two_answers_to_one_post(history: History) -> History:
    other = replace(history.ana.acked[0], seq=history.ana.acked[0].seq + 1)
    return replace(history, ana=replace(history.ana, acked=(*history.ana.acked, other)))


def never_shown(history: History) -> History:
    view = history.ana.views[0].applied
    return history.with_view(tuple(one for n, one in enumerate(view) if n != history.place))


def shown_twice(history: History) -> History:
    view = history.ana.views[0].applied
    return history.with_view((*view, view[history.place]))


def shown_in_another_order(history: History) -> History:
    view = history.ana.views[0].applied
    return history.with_view((view[-1], *view[1:-1], view[0]))


def shown_and_never_stored(history: History) -> History:
    view = history.ana.views[0].applied
    return history.with_view((*view, Seen(len(view) + 1, "bot", "turn-99", "a ghost")))


def heard_of_too_late(history: History) -> History:
    view = replace(history.ana.views[0], held=history.place, held_at=NOW + HEARSAY_S)
    return replace(history, ana=replace(history.ana, views=(view,)))


def an_answer_older_than_what_was_known(history: History) -> History:
    old = Snapshot(CHAT, 2, "queued", None, 4)
    return replace(history, ana=replace(history.ana, snapshots=(*history.ana.snapshots, old)))


def one_version_in_two_states(history: History) -> History:
    other = Snapshot(CHAT, 4, "queued", None, 0)
    return replace(history, ana=replace(history.ana, snapshots=(*history.ana.snapshots, other)))


def a_version_that_was_rolled_back(history: History) -> History:
    return history.with_row(version=3)


PLANTS: list[tuple[Callable[[History], History], str]] = [
    (acknowledged_and_then_lost, "lost"),
    (acknowledged_and_then_lost, "out of order"),
    (stored_with_another_text, "lost"),
    (stored_twice_under_a_second_client_id, "doubled"),
    (stored_twice_under_a_second_client_id, "invented"),
    (stored_twice_under_the_same_client_id, "doubled"),
    (two_have_changed_places, "out of order"),
    (a_seq_was_left_out, "out of order"),
    (two_answers_to_one_post, "doubled"),
    (never_shown, "unseen"),
    (shown_twice, "doubled"),
    (shown_in_another_order, "out of order"),
    (shown_and_never_stored, "lost"),
    (heard_of_too_late, "stale"),
    (an_answer_older_than_what_was_known, "regressed"),
    (one_version_in_two_states, "regressed"),
    (a_version_that_was_rolled_back, "regressed"),
    (lambda h: h.with_row(owner=None), "unowned"),
    (lambda h: h.with_row(owner="queue"), "unowned"),
    (lambda h: h.with_row(agent_id=None), "unowned"),
    (lambda h: h.with_row(deadline=None), "unowned"),
    (lambda h: h.with_row(live_offers=1), "unowned"),
    (lambda h: h.with_row(state="offered", owner="queue", agent_id=None), "unowned"),
    (lambda h: h.with_row(deadline=NOW - SWEEP_S - 1), "overdue"),
    (lambda h: h.with_row(state="bot", owner="bot", agent_id=None, to_route_seq=9, routed_seq=8), "unrouted"),
    (lambda h: replace(h, truth=replace(h.truth, loads=(Load(7, 5, 4),))), "over capacity"),
    (lambda h: replace(h, ana=replace(h.ana, troubles=("live: not done",))), "stuck"),
]


@pytest.mark.parametrize(("plant", "kind"), PLANTS)
@settings(max_examples=20)
@given(history=histories())
def test_a_planted_wrong_is_named(plant: Callable[[History], History], kind: str, history: History) -> None:
    assert kind in plant(history).kinds()
