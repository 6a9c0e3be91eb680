"""A flow, step by step, without anything around it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from flows import steps
from flows.demo import FLOWS
from flows.lines import ENGLISH
from flows.spec import Spec
from flows.steps import Do, Ended, Known, Next, State

SPECS = {intent: Spec.model_validate(spec) for intent, _, _, _, spec in FLOWS}
STATUS, PAYMENT = SPECS["order_status"], SPECS["payment_date"]
TODAY = date(2026, 11, 24)
STRANGER, KNOWN = Known(TODAY, False), Known(TODAY, True)
MAILED = Known(TODAY, False, "123456")


def say(spec: Spec, before: Next, said: str, known: Known = KNOWN) -> Next:
    return steps.step(spec, before.state, said, known)


def test_what_is_said_at_once_is_not_asked_again() -> None:
    assert steps.begin(STATUS, "where is LO-48213", KNOWN).do is Do.CALL
    asked = steps.begin(PAYMENT, "move my payment to 15 December", KNOWN)
    assert asked.state.asking == "order"
    confirm = say(PAYMENT, asked, "LO-48301")
    assert "LO-48301 to 2026-12-15" in confirm.text
    assert say(PAYMENT, confirm, "yes please").do is Do.CALL


def test_a_bad_answer_is_asked_again_and_the_third_goes_to_a_person() -> None:
    asked = steps.begin(STATUS, "where is my order", KNOWN)
    again = say(STATUS, asked, "the blue one")
    assert "five digits" in again.text
    third = say(STATUS, say(STATUS, again, "dunno"), "dunno")
    assert (third.do, third.ended) == (Do.HUMAN, Ended.HANDED_OVER)


def test_a_stranger_proves_an_address_first() -> None:
    asked = steps.begin(STATUS, "where is LO-48213", STRANGER)
    assert asked.state.stage == "email"
    mailed = say(STATUS, asked, "ana@example.com", STRANGER)
    assert (mailed.do, mailed.state.email) == (Do.MAIL, "ana@example.com")
    wrong = say(STATUS, mailed, "654321", MAILED)
    assert wrong.text == ENGLISH.code_wrong
    right = say(STATUS, wrong, "it is 123456", MAILED)
    assert (right.do, right.is_code_right) == (Do.CALL, True)


def test_three_wrong_codes_or_three_mails_are_enough() -> None:
    state = Next(Do.SAY, State(stage="code", email="ana@example.com", codes=1))
    for _ in range(2):
        state = say(STATUS, state, "000000", MAILED)
        assert state.do is Do.SAY
    assert say(STATUS, state, "000000", MAILED).do is Do.HUMAN
    resent = Next(Do.SAY, State(stage="code", email="ana@example.com", codes=3))
    assert say(STATUS, resent, "resend", MAILED).do is Do.HUMAN


def test_a_code_that_is_too_old_is_no_code() -> None:
    state = Next(Do.SAY, State(stage="code", email="ana@example.com", codes=1))
    assert say(STATUS, state, "123456", STRANGER).text == ENGLISH.code_old


def test_another_address_gets_another_code() -> None:
    state = Next(Do.SAY, State(stage="code", email="ana@example.com", codes=1))
    after = say(STATUS, state, "sorry, it was ana@other.example", MAILED)
    assert (after.do, after.state.email, after.state.codes) == (Do.MAIL, "ana@other.example", 2)


def test_no_leaves_everything_as_it_was_and_a_correction_asks_again() -> None:
    confirm = steps.begin(PAYMENT, "move the payment of LO-48301 to 15 December", KNOWN)
    assert (say(PAYMENT, confirm, "no").ended, say(PAYMENT, confirm, "never mind").ended) == (Ended.LEFT, Ended.LEFT)
    corrected = say(PAYMENT, confirm, "rather 18 December")
    assert "2026-12-18" in corrected.text
    assert corrected.do is Do.SAY


def test_something_else_leaves_the_flow_unless_it_is_an_answer() -> None:
    asked = steps.begin(STATUS, "where is my order", KNOWN)
    assert steps.step(STATUS, asked.state, "do you sell gift cards", KNOWN, elsewhere=True).do is Do.ASIDE
    assert steps.step(STATUS, asked.state, "LO-48213, is it paid", KNOWN, elsewhere=True).do is Do.CALL


def test_a_refusal_asks_for_the_slot_again_ends_or_hands_over() -> None:
    state = State({"order": "LO-11111"}, "call")
    again = steps.refused(STATUS, state, "not_found")
    assert (again.do, again.state.asking, again.state.values) == (Do.SAY, "order", {})
    assert "LO-11111" in again.text
    assert steps.refused(SPECS["payment_date"], state, "nothing_due").ended is Ended.REFUSED
    assert steps.refused(STATUS, state, "what_is_this").do is Do.HUMAN


@given(st.lists(st.text(max_size=30) | st.sampled_from(["yes", "LO-48301", "ana@example.com", "123456", "resend"])))
def test_whatever_is_said_a_flow_ends_or_asks_within_bounds(said: list[str]) -> None:
    now = steps.begin(PAYMENT, "move my payment", STRANGER)
    for text in said:
        if now.ended or now.do is Do.CALL:
            break
        now = say(PAYMENT, now, text, MAILED if now.state.stage == "code" else STRANGER)
        assert now.text or now.do is Do.CALL
        assert now.state.tries <= steps.TRIES_MOST
        assert now.state.codes <= steps.CODES_MOST
    if now.do is Do.CALL:
        assert any("123456" in "".join(c for c in text if c.isdigit()) for text in said)
