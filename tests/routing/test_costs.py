"""What a model may cost, asked of a real HTTP peer: charged as the provider counts, stopped in time, and told."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from chat.lifecycle import State
from chat.models import Conversation, Customer, Inbox
from routing import asking, decisions
from routing.brains import budget, llm
from routing.brains.budget import Ceilings, Price, Use
from routing.brains.contract import BrainFailed, BudgetSpent, Said
from routing.models import BotBrain, BrainConversation, BrainDay, Decision
from supportdesk.clock import now
from tests.cast import says
from tests.peers import Peer, hangs_up
from tests.routing.test_brains import completion, impatient, kind, model, question, routed, rule, word

__all__ = ["impatient", "kind", "model"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("flushed")]

PRICE = Price(Decimal("2.50"), Decimal(10))
USED = Decimal("0.00045")
"""Of 100 tokens read and 20 written, which is what `completion` says was used."""


@pytest.fixture
def priced(model: BotBrain) -> BotBrain:
    model.price_asked, model.price_answered, model.tokens_a_day = PRICE.asked, PRICE.answered, 1_000_000
    model.money_a_day = Decimal(1)
    model.save()
    return model


def unknown(**usage: Any) -> tuple[int, dict[str, Any]]:
    answer = completion(json.dumps(word("unknown")))
    return 200, {**answer, **usage}


def spent(brain: BotBrain) -> Decimal:
    return budget.spent_today(brain.inbox_id)[1]


def test_what_the_provider_counts_is_charged(priced: BotBrain, peer: Peer) -> None:
    peer.gives(unknown())
    for _ in range(3):
        assert asking.ask(priced, question()) == Said("unknown")
    assert budget.spent_today(priced.inbox_id) == (360, 3 * USED)
    assert BrainConversation.objects.get().money == 3 * USED


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        {"prompt_tokens": -900, "completion_tokens": "many", "total_tokens": None},
        {"prompt_tokens": 10**30, "completion_tokens": 10**30, "total_tokens": 10**31},
    ],
)
def test_where_the_provider_does_not_count_an_estimate_is_charged(priced: BotBrain, peer: Peer, usage: Any) -> None:
    peer.gives(unknown(usage=usage))
    asking.ask(priced, question())
    (asked,) = peer.asked
    read = len(asked.json()["messages"][0]["content"]) + len(asked.json()["messages"][1]["content"])
    assert PRICE.of(Use(read // 4, 5)) < spent(priced) < PRICE.of(Use(read, llm.ANSWER_TOKENS))


def test_what_a_model_thought_is_charged_where_only_the_total_holds_it() -> None:
    class Usage:
        prompt_tokens, completion_tokens, total_tokens = 100, 20, 700

    assert llm.used(Usage()) == Use(100, 600)


def test_a_refusal_costs_nothing_and_a_broken_line_costs_what_it_may_have(priced: BotBrain, peer: Peer) -> None:
    peer.gives((500, {}))
    with pytest.raises(BrainFailed):
        asking.ask(priced, question())
    assert spent(priced) == 0
    peer.gives(hangs_up)
    with pytest.raises(BrainFailed):
        asking.ask(priced, question())
    assert spent(priced) > PRICE.of(Use(0, llm.ANSWER_TOKENS))


def set_spent(brain: BotBrain, **columns: Any) -> None:
    BrainDay.objects.update_or_create(inbox=brain.inbox, day=now().date(), defaults=columns)


@pytest.mark.parametrize("kind", ["llm"], indirect=True)
@pytest.mark.parametrize(
    ("ceiling", "says_so"),
    [
        ({"money_a_day": Decimal("0.02")}, "of the 0.02 that the model may cost in a day 0.0199 are spent"),
        ({"money_a_conversation": Decimal("0.001")}, "of the 0.001 that the model may cost in a conversation 0.00 are"),
        ({"tokens_a_day": 500}, "of the 500 tokens that the model may use in a day 0 are used"),
    ],
    ids=["day", "conversation", "tokens"],
)
def test_a_spent_budget_hands_over_and_says_why(
    kind: Any, peer: Peer, ana: Customer, ceiling: dict[str, Any], says_so: str
) -> None:
    """The model is not asked; the customer is with people, and a supervisor reads why."""
    peer.gives(unknown())
    BotBrain.objects.update(price_asked=PRICE.asked, price_answered=PRICE.answered, **ceiling)
    if "money_a_day" in ceiling:
        set_spent(kind.brain, money=Decimal("0.0199"))
    conversation = routed(ana)
    assert (conversation.state, rule(conversation)) == (State.QUEUED, "budget_spent")
    assert peer.asked == []
    told = decisions.explanation_of(Decision.objects.latest("id"))
    assert f"budget does not hold another one: {says_so}" in told.because
    assert told.is_confirmed


def test_what_was_spent_is_remembered_without_redis(priced: BotBrain, peer: Peer) -> None:
    from supportdesk.redis import redis

    peer.gives(unknown())
    asking.ask(priced, question())
    redis().flushdb()
    BotBrain.objects.update(money_a_day=USED)
    priced.refresh_from_db()
    with pytest.raises(BudgetSpent):
        asking.ask(priced, question())


def test_a_new_day_and_another_inbox_have_budgets_of_their_own(priced: BotBrain, peer: Peer) -> None:
    peer.gives(unknown())
    yesterday = now().date() - timedelta(days=1)
    BrainDay.objects.create(inbox=priced.inbox, day=yesterday, money=1, tokens=10**9)
    BrainDay.objects.create(inbox=Inbox.objects.create(name="Other"), day=now().date(), money=1, tokens=10**9)
    assert asking.ask(priced, question()) == Said("unknown")


def test_a_call_that_was_dearer_than_any_stops_the_next(priced: BotBrain, peer: Peer) -> None:
    peer.gives(unknown(usage={"prompt_tokens": 100, "completion_tokens": 200_000, "total_tokens": 200_100}))
    asking.ask(priced, question())
    assert spent(priced) > 1
    with pytest.raises(BudgetSpent):
        asking.ask(priced, question())


@pytest.mark.django_db(transaction=True)
def test_calls_at_the_same_moment_never_pass_a_ceiling_together(model: BotBrain) -> None:
    conversation_id = Conversation.objects.get().pk
    use, start = Use(1_000, 400), Barrier(8)
    of = Ceilings(1_000_000, money_a_day=5 * PRICE.of(use))

    def at_once(reserve: Callable[[], Any]) -> int:
        try:
            start.wait()
            reserve()
            return 1
        except budget.Spent:
            return 0
        finally:
            connection.close()

    def of_day() -> Any:
        return budget.reserve(model.inbox_id, conversation_id, use, PRICE, of)

    def of_conversation() -> Any:
        bound = replace(of, money_a_day=None, money_a_conversation=8 * PRICE.of(use))
        return budget.reserve(model.inbox_id, conversation_id, use, PRICE, bound)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(at_once, [of_day] * 8)) == 5
        assert sum(pool.map(at_once, [of_conversation] * 8)) == 3
    assert spent(model) == BrainConversation.objects.get().money == 8 * PRICE.of(use)


# --- What an operator types ---


def told(*words: str) -> str:
    out = StringIO()
    call_command("brain", *words, stdout=out)
    return out.getvalue()


def test_an_operator_sets_prices_and_ceilings_and_sees_what_is_spent(inbox: Inbox, ana: Customer) -> None:
    assert "the articles' own words" in told(inbox.site_key)
    says(ana, "Hello", "ana-000001")
    told(inbox.site_key, "--llm", "https://model.example/v1", "m", "--price-asked", "2.5", "--price-answered", "10")
    said = told(inbox.site_key, "--money-a-day", "5", "--money-a-conversation", "0.25")
    assert "m at https://model.example/v1" in said
    assert "today (UTC): 0.00 of 5.00, 0 of 2000000 tokens" in said
    assert "a conversation: 0.25" in said
    assert "a conversation: no ceiling" in told(inbox.site_key, "--money-a-conversation", "none")
    assert "the articles' own words" in told(inbox.site_key, "--articles")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--money-a-day", "5"], "name one with --llm"),
        (["--llm", "https://model.example/v1", "m", "--money-a-day", "5"], "a ceiling in money needs both prices"),
        (["--llm", "ftp://model.example", "m"], "must begin with http"),
        (["--llm", "https://model.example/v1", "m", "--price-asked", "-1"], "invalid price value"),
        (["--llm", "https://model.example/v1", "m", "--price-asked", "NaN"], "invalid price value"),
        (["--llm", "https://model.example/v1", "m", "--price-asked", "1e9"], "digits"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(inbox: Inbox, words: list[str], problem: str) -> None:
    with pytest.raises(CommandError, match=problem):
        told(inbox.site_key, *words)
    assert not BotBrain.objects.exists()
