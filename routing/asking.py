"""Asking an inbox's own brain: from a turn to its question, and from what it said to the decision. Takes seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from django.conf import settings

from chat.lifecycle import Reason
from chat.models import Message
from chat.protocol import Source
from knowledge.search import Hit
from routing.brains import llm, webhook
from routing.brains.budget import Ceilings, Price
from routing.brains.contract import BrainFailed, BudgetSpent, Line, Passage, Question, Said
from routing.claim import Turn
from routing.models import BotBrain
from routing.policy import Decision, Need, Policy, missed, missed_too_often, need_of_intent
from routing.signals.reading import Signals

WORK_S = 7.0
"""Of the bot's deadline (10 s): routing before, and storing after, need the rest."""
LINES = 20


def ask(brain: BotBrain, question: Question) -> Said:
    """What the brain says within its time.

    Raises:
        BrainFailed.
    """
    if brain.kind == BotBrain.Kind.WEBHOOK:
        return webhook.ask(webhook.Hook(brain.url, brain.secret), question, WORK_S)
    return llm.ask(model_of(brain), question, WORK_S)


def model_of(brain: BotBrain) -> llm.Model:
    price = Price(brain.price_asked, brain.price_answered)
    ceilings = Ceilings(brain.tokens_a_day, brain.money_a_day, brain.money_a_conversation)
    return llm.Model(brain.inbox_id, brain.url, brain.model, settings.LLM_API_KEY, price, ceilings)


def question_of(turn: Turn, signals: Signals, hits: Sequence[Hit], help_url: str) -> Question:
    passages = tuple(passage(number, hit, help_url) for number, hit in enumerate(hits, 1))
    return Question(
        turn.conversation_id, turn.upto_seq, turn.shop.name, signals.language, turn.text, passages, transcript(turn)
    )


def passage(number: int, hit: Hit, help_url: str) -> Passage:
    source = Source(article_id=hit.article_id, title=hit.title, url=f"{help_url}/{hit.slug}/")
    return Passage(number, hit.title, hit.text, source)


def transcript(turn: Turn) -> tuple[Line, ...]:
    """What was said before the turn, without the desk's notices."""
    by = (Message.Author.CUSTOMER, Message.Author.BOT, Message.Author.AGENT)
    said = Message.objects.filter(conversation_id=turn.conversation_id, seq__lte=turn.upto_seq, author_kind__in=by)
    rows = list(said.order_by("-seq").values_list("author_kind", "text")[: LINES + 1])[::-1]
    return tuple(Line(cast('Literal["customer", "bot", "agent"]', kind), text) for kind, text in rows[:-1])


def decided(said: Said, decision: Decision, signals: Signals, policy: Policy) -> Decision:
    """The decision once the brain has spoken: what it cannot answer is a miss like any other."""
    if said.action == "handoff":
        need = need_of_intent(signals, policy)
        return Decision("human", "brain_wants_a_person", "the bot wants a person", reason=Reason.POLICY, need=need)
    if said.action == "unknown":
        return missed_too_often(signals, policy) or missed(signals, policy)
    return decision


def failed(failure: BrainFailed, need: Need) -> Decision:
    if isinstance(failure, BudgetSpent):
        return Decision("human", "budget_spent", str(failure), reason=Reason.POLICY, need=need)
    return Decision("human", "bot_failed", str(failure), reason=Reason.BOT_FAILED, need=need)
