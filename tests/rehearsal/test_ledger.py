"""Each fault that a desk must not have, planted once: the judge has to find exactly that one."""

from dataclasses import replace

import pytest

from supportdesk.rehearsal.ledger import Seen, Sent, Verdict, View, judge

HELLO = Seen(1, "customer", "ana-00001", "hello")
ANSWER = Seen(2, "bot", "bot-00001", "Within 30 days. (Returns)")
THANKS = Seen(3, "customer", "ana-00002", "thanks")
TRUTH = [HELLO, ANSWER, THANKS]
ANA = View(
    who="ana",
    author="customer",
    conversation_id="c1",
    sent=(Sent("ana-00001", "hello", 1), Sent("ana-00002", "thanks", 3)),
    applied=tuple(TRUTH),
    through=3,
)


def counts(view: View = ANA, truth: list[Seen] | None = None) -> tuple[int, int, int]:
    verdict = judge([view], {"c1": TRUTH if truth is None else truth})
    return len(verdict.lost), len(verdict.doubled), len(verdict.out_of_order)


def test_a_chat_that_everybody_saw_as_it_is_stored_has_no_fault() -> None:
    assert judge([ANA], {"c1": TRUTH}) == Verdict()


def test_an_acknowledged_message_that_is_not_stored_is_lost() -> None:
    view = replace(ANA, applied=(HELLO, ANSWER), through=2)
    assert counts(view, [HELLO, ANSWER]) == (1, 0, 0)


def test_an_acknowledged_message_stored_with_other_text_is_lost() -> None:
    other = replace(THANKS, text="thank")
    assert counts(replace(ANA, applied=(HELLO, ANSWER, other)), [HELLO, ANSWER, other]) == (1, 0, 0)


def test_a_message_without_an_ok_may_be_missing() -> None:
    view = replace(ANA, sent=(ANA.sent[0], Sent("ana-00002", "thanks", None)), applied=(HELLO, ANSWER), through=2)
    assert counts(view, [HELLO, ANSWER]) == (0, 0, 0)


def test_a_stored_message_that_a_client_who_stayed_never_saw_is_lost() -> None:
    lost, _, _ = counts(replace(ANA, applied=(HELLO, ANSWER)))
    assert lost == 1


def test_a_client_that_left_early_owes_nothing_after_its_last_message() -> None:
    assert counts(replace(ANA, applied=(HELLO,), through=None)) == (0, 0, 0)


def test_a_message_shown_but_never_stored_is_lost() -> None:
    ghost = Seen(4, "bot", "bot-00002", "You are welcome")
    assert counts(replace(ANA, applied=(*TRUTH, ghost))) == (1, 0, 0)


def test_one_message_under_two_numbers_is_doubled() -> None:
    again = replace(THANKS, seq=4)
    assert counts(replace(ANA, applied=(*TRUTH, again), through=4), [*TRUTH, again]) == (0, 2, 0)  # shown and stored


def test_one_number_shown_twice_is_doubled() -> None:
    _, doubled, _ = counts(replace(ANA, applied=(HELLO, ANSWER, ANSWER, THANKS)))
    assert doubled == 1


def test_the_same_client_id_of_two_authors_is_not_a_double() -> None:
    echo = Seen(4, "agent", "ana-00002", "thanks to you")
    assert counts(replace(ANA, applied=(*TRUTH, echo), through=4), [*TRUTH, echo]) == (0, 0, 0)


def test_messages_shown_in_another_order_are_out_of_order() -> None:
    _, doubled, disorder = counts(replace(ANA, applied=(HELLO, THANKS, ANSWER)))
    assert (doubled, disorder) == (0, 2)


def test_a_gap_that_was_never_filled_is_out_of_order_and_lost() -> None:
    assert counts(replace(ANA, applied=(HELLO, THANKS))) == (1, 0, 1)


def test_a_gap_in_what_is_stored_is_out_of_order() -> None:
    late = replace(THANKS, seq=4)
    view = replace(ANA, sent=(ANA.sent[0],), applied=(HELLO, ANSWER), through=2)
    assert counts(view, [HELLO, ANSWER, late]) == (0, 0, 1)


def test_posts_stored_in_another_order_than_they_were_sent_are_out_of_order() -> None:
    swapped = [replace(THANKS, seq=1), ANSWER, replace(HELLO, seq=3)]
    sent = (Sent("ana-00001", "hello", 3), Sent("ana-00002", "thanks", 1))
    assert counts(replace(ANA, sent=sent, applied=tuple(swapped)), swapped) == (0, 0, 1)


def test_an_ok_that_named_another_number_than_the_stored_one_is_out_of_order() -> None:
    assert counts(replace(ANA, sent=(ANA.sent[0], Sent("ana-00002", "thanks", 2)))) == (0, 0, 1)


@pytest.mark.parametrize("stored", [{}, {"c2": TRUTH}])
def test_a_conversation_that_is_not_there_at_all_is_lost(stored: dict[str, list[Seen]]) -> None:
    lost = judge([ANA], stored).lost
    assert sum("acknowledged" in fault for fault in lost) == 2
