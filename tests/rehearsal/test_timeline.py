"""A client's memory: repeats are harmless, gaps are noticed, contradictions are kept for the judge."""

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from supportdesk.rehearsal.ledger import Seen, View, judge
from supportdesk.rehearsal.timeline import Applied, Timeline


def message(seq: int, text: str = "hello") -> dict[str, Any]:
    return {"seq": seq, "author": {"kind": "customer"}, "client_id": f"ana-{seq:05}", "text": text}


def test_a_repeat_changes_nothing_and_a_gap_is_noticed() -> None:
    timeline = Timeline("c1")
    applied = [timeline.apply(message(seq)) for seq in (1, 1, 2, 4, 3, 4)]
    assert applied == [Applied.NEW, Applied.REPEATED, Applied.NEW, Applied.GAP, Applied.NEW, Applied.NEW]
    assert [entry.seq for entry in timeline.entries] == [1, 2, 3, 4]
    assert timeline.gaps == 1


def test_another_message_under_a_held_number_is_kept_so_that_the_judge_sees_it() -> None:
    timeline = Timeline("c1")
    for one in (message(1), message(2), message(1, "something else")):
        timeline.apply(one)
    view = View("ana", "customer", "c1", (), tuple(timeline.entries), through=2)
    stored = [Seen(1, "customer", "ana-00001", "hello"), Seen(2, "customer", "ana-00002", "hello")]
    assert judge([view], {"c1": stored}).doubled


@given(st.integers(1, 12), st.integers(0, 2**32))
def test_any_order_of_pushes_with_a_join_at_each_gap_ends_whole_and_in_order(count: int, seed: int) -> None:
    chance = random.Random(seed)
    pushes = [message(chance.randint(1, count)) for _ in range(count * 2)]
    timeline = Timeline("c1")
    for push in pushes:
        if timeline.apply(push) is Applied.GAP:
            for seq in range(timeline.last_seq + 1, push["seq"] + 1):
                timeline.apply(message(seq))
    assert [entry.seq for entry in timeline.entries] == list(range(1, max(push["seq"] for push in pushes) + 1))
