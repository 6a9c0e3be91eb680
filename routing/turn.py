"""One turn of a conversation with the bot: read, think without a transaction, then act under the lock or not at all.

A turn is everything the customer wrote since the last routed message. If more is written while the bot thinks, the
journal's outbox column has moved on, acting raises Stale, nothing is stored, and the turn is read again with it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from agents.models import Skill
from chat import actions
from chat.errors import Stale
from chat.lifecycle import IllegalTransition, Reason, State
from chat.models import Conversation, Message
from knowledge.models import Article
from knowledge.search import Hit, search
from routing import models
from routing.brain import BRAIN_VERSION, Reply, answer
from routing.lines import MISS, line
from routing.models import IntentPolicy
from routing.policy import POLICY_VERSION, Decision, Kept, Need, Policy, decide, needs_knowledge
from routing.signals import across, intent
from routing.signals.reading import Context, Signals, read

log = logging.getLogger(__name__)

RERUNS_MOST = 20
"""Turns made stale in a row before the wake-up ends; the sweeper wakes the conversation again."""
HITS = 3
EARLIER_WITHIN = timedelta(minutes=2)
"""How long before the turn a message may lie that is read together with it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be answered, read at one moment."""

    conversation: Conversation
    text: str
    upto_seq: int
    earlier: tuple[str, ...] = ()
    """What the customer wrote just before and the bot has routed, oldest first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What thinking came to. `reply` is there when the bot speaks."""

    decision: Decision
    signals: Signals | None
    reply: Reply | None


def drain(conversation_id: UUID) -> int:
    """Routes what waits in this conversation; returns how many turns were acted on. Run twice or late, it does nothing.

    Raises:
        OperationalError: PostgreSQL is away; nothing is stored and the sweeper will wake the conversation again.
    """
    acted = 0
    for _ in range(RERUNS_MOST):
        turn = next_turn(conversation_id)
        if turn is None:
            break
        try:
            act(turn, think_safely(turn))
            acted += 1
        except Stale:
            continue  # the customer wrote on, or a person has it: look again
        except IllegalTransition:
            break  # closed meanwhile
    return acted


def next_turn(conversation_id: UUID) -> Turn | None:
    """The customer's messages that wait for routing, as one turn; None when there are none or the bot has no say."""
    conversation = Conversation.objects.select_related("inbox").filter(pk=conversation_id).first()
    if conversation is None or conversation.state != State.BOT:
        return None
    if conversation.to_route_seq <= conversation.routed_seq:
        return None
    texts = conversation.messages.filter(
        author_kind=Message.Author.CUSTOMER, seq__gt=conversation.routed_seq, seq__lte=conversation.to_route_seq
    ).order_by("seq")
    text = "\n".join(texts.values_list("text", flat=True))
    return Turn(conversation, text, conversation.to_route_seq, said_before(conversation))


def said_before(conversation: Conversation) -> tuple[str, ...]:
    """The customer's last routed messages, none older than the bot's present say in the conversation."""
    if conversation.routed_seq == 0 or conversation.to_route_since is None:
        return ()
    since = conversation.to_route_since - EARLIER_WITHIN
    entered = conversation.events.exclude(trigger="opened").order_by("-version").values_list("at", flat=True).first()
    earlier = conversation.messages.filter(
        author_kind=Message.Author.CUSTOMER,
        seq__lte=conversation.routed_seq,
        posted_at__gte=max(since, entered) if entered else since,
    ).order_by("-seq")
    return tuple(reversed(earlier.values_list("text", flat=True)[: across.MESSAGES]))


def think_safely(turn: Turn) -> Outcome:
    """`think`, where any failure but the database's becomes a handoff: a customer never waits on a broken bot."""
    try:
        return think(turn)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("the bot failed on %s", turn.conversation.id)
        failed = Decision("human", "bot_failed", type(error).__name__, reason=Reason.BOT_FAILED)
        return Outcome(failed, None, None)


def think(turn: Turn) -> Outcome:
    """Signals, then the policy's decision, then the bot's words. Stores nothing."""
    conversation = turn.conversation
    before = Context(conversation.language, conversation.misses, conversation.frustration, turn.earlier)
    signals = read(turn.text, before)
    policy = policy_of(conversation)
    if signals.foreign is not None:
        policy = replace(policy, articles_in=article_languages(conversation.inbox_id))
    hits: list[Hit] = []
    if needs_knowledge(signals, policy):
        hits = look_up(conversation, turn.text, signals.language)
        signals = replace(signals, support=round(hits[0].score, 3) if hits else 0.0)
    decision = decide(signals, policy)
    return Outcome(decision, signals, say(decision, signals, hits, conversation))


def policy_of(conversation: Conversation) -> Policy:
    inbox = conversation.inbox
    rows = IntentPolicy.objects.filter(inbox=inbox)
    intents = {row.intent: Kept(row.people_only, Need(tuple(row.skills), row.team_id, row.priority)) for row in rows}
    return Policy(inbox.support_floor, inbox.max_misses, intents)


def article_languages(inbox_id: int) -> frozenset[str]:
    published = Article.objects.filter(inbox_id=inbox_id, status=Article.Status.PUBLISHED)
    return frozenset(published.values_list("language", flat=True).distinct())


def look_up(conversation: Conversation, text: str, language: str) -> list[Hit]:
    """In the language written, else in the shop's own (a word or two may be shared: an article's name, a product)."""
    own = conversation.inbox.locale.replace("_", "-").split("-")[0].lower()
    return search(conversation.inbox_id, text, language, HITS) or (
        search(conversation.inbox_id, text, own, HITS) if own != language else []
    )


def say(decision: Decision, signals: Signals, hits: list[Hit], conversation: Conversation) -> Reply | None:
    if decision.reply == "answer":
        return answer(hits, f"{settings.PUBLIC_URL}/help/{conversation.inbox.site_key}")
    if decision.reply == "smalltalk" and signals.smalltalk is not None:
        return Reply(line(signals.smalltalk, signals.language))
    if decision.reply == "miss":
        return Reply(line(MISS, signals.language))
    return None


@transaction.atomic
def act(turn: Turn, outcome: Outcome) -> None:
    """Answer or hand over, note what was recognised and why it was decided: all of it, or on Stale none of it."""
    conversation, decision = turn.conversation, outcome.decision
    versions = {"policy": POLICY_VERSION, "model": f"{intent.version()} {BRAIN_VERSION}"}
    known = recognised(outcome.signals)
    if known:
        Conversation.objects.filter(pk=conversation.pk).update(**known)  # takes the row's lock, first of all
    if outcome.reply is None:
        hand_over(turn, decision, outcome.signals, versions)
    else:
        actions.answer_as_bot(
            conversation_id=conversation.id, upto_seq=turn.upto_seq, text=outcome.reply.text,
            sources=outcome.reply.sources, missed=MISSED[decision.reply],
        )  # fmt: skip
    row = models.Decision(
        conversation=conversation, upto_seq=turn.upto_seq, route=decision.route, rule=decision.rule,
        signals=outcome.signals.as_json() if outcome.signals else {}, reason=decision.reason or "",
        why=decision.why[:500], policy_version=versions["policy"], model_version=versions["model"],
    )  # fmt: skip
    models.Decision.objects.bulk_create([row], ignore_conflicts=True)  # a second run of the same turn


MISSED: dict[str | None, bool | None] = {"answer": False, "miss": True, "smalltalk": None}
"""Small talk is neither an answer nor a miss: the count stays."""


def recognised(signals: Signals | None) -> dict[str, Any]:
    """The conversation's columns that a turn renews; an unknown intent leaves the last one that was known."""
    if signals is None:
        return {}
    columns: dict[str, Any] = {"language": signals.language, "frustration": signals.frustration}
    if signals.intent is not None:
        columns |= {"intent": signals.intent.name, "intent_confidence": signals.intent.confidence}
    return columns


def hand_over(turn: Turn, decision: Decision, signals: Signals | None, versions: dict[str, str]) -> None:
    need = decision.need
    actions.hand_off(
        conversation_id=turn.conversation.id, reason=decision.reason or Reason.BOT_FAILED, why=decision.why,
        upto_seq=turn.upto_seq, skills=skills_held(need.skills), team_id=need.team_id, priority=need.priority,
        versions=versions, policy_version=versions["policy"], model_version=versions["model"],
    )  # fmt: skip


def skills_held(wanted: tuple[str, ...]) -> list[str]:
    """Those of the skills that some agent has: nobody waits for a skill the desk does not know."""
    if not wanted:
        return []
    return list(Skill.objects.filter(name__in=wanted, agents__isnull=False).distinct().values_list("name", flat=True))
