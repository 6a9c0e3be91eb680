"""Bot or human: the table of rules, first match decides, each with its reason. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from chat.lifecycle import Reason
from routing.naming import language, quoted
from routing.risk import NEVER
from routing.signals.foreign import UNKNOWN
from routing.signals.reading import Signals

POLICY_VERSION = "2026-11.7"
FRUSTRATED = 0.6
SURE = 0.5
"""An intent kept for people is obeyed from this confidence on."""


@dataclass(frozen=True, slots=True)
class Need:
    """What the handoff asks of the agent."""

    skills: tuple[str, ...] = ()
    team_id: int | None = None
    priority: int = 0
    preferred: tuple[str, ...] = ()
    units: int = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """An intent the merchant knows something about: who should have it, and whether the bot may answer at all."""

    people_only: bool
    need: Need = Need()


@dataclass(frozen=True, slots=True)
class Policy:
    """What the inbox's merchant has set."""

    support_floor: float = 0.5
    max_misses: int = 2
    intents: Mapping[str, Kept] = field(default_factory=dict)
    has_own_bot: bool = False
    """A bot of the merchant's own, with knowledge of its own, is asked whatever the articles say."""
    bars: Mapping[str, float] = field(default_factory=dict)
    """How sure the bot must be of an intent, by its name; that of "" where it has none of its own (routing.risk)."""
    wish_bar: float = NEVER
    """How likely a message asks for a person before it goes to one, by the model beside the rules (routing.risk)."""
    flows: frozenset[str] = frozenset()
    """Intents that the bot has a flow for."""
    articles_in: frozenset[str] = frozenset()
    """Languages of published articles; asked only of a turn in a foreign language."""
    topics: int = 0
    """The version of the desk's own rules of human-only topics that read the turn (routing.topics); 0: as shipped."""
    valued_from: int | None = None
    """Whoever is worth so much to the merchant goes ahead of others; None: nobody does."""
    valued_priority: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """`rule` names the row of RULES. `reply` is what the bot does; a handoff has a `reason` instead."""

    route: Literal["bot", "human"]
    rule: str
    why: str
    reason: Reason | None = None
    need: Need = Need()
    reply: Literal["answer", "smalltalk", "miss", "flow"] | None = None


Rule = Callable[[Signals, Policy], Decision | None]


def decide(signals: Signals, policy: Policy) -> Decision:
    """What becomes of a turn. The last rule always matches."""
    decision = next(decision for rule in RULES if (decision := rule(signals, policy)) is not None)
    return replace(decision, need=ahead(decision.need, signals, policy)) if decision.route == "human" else decision


def needs_knowledge(signals: Signals, policy: Policy) -> bool:
    """Whether the turn gets as far as asking what the help articles say."""
    return all(rule(signals, policy) is None for rule in BEFORE_KNOWLEDGE)


def human_only_topic(signals: Signals, policy: Policy) -> Decision | None:
    topic = signals.human_only
    if topic is None:
        return None
    need = Need(skills=topic.skills, priority=topic.priority)
    return _human("human_only_topic", Reason.HUMAN_ONLY, topic.about, need)


def asked_for_a_person(signals: Signals, policy: Policy) -> Decision | None:
    if signals.human_request is None:
        return None
    why = f"asked for a person in {language(signals.human_request.language)}"
    return _human("asked_for_a_person", Reason.ASKED, why, need_of_intent(signals, policy))


def seems_to_ask_for_a_person(signals: Signals, policy: Policy) -> Decision | None:
    wish = signals.wish
    if wish is None or wish.chance < policy.wish_bar:
        return None
    why = f"asks for a person, most likely ({wish.chance:.3f}, {policy.wish_bar:.3f} needed)"
    return _human("seems_to_ask_for_a_person", Reason.ASKED, why, need_of_intent(signals, policy))


def took_the_offer(signals: Signals, policy: Policy) -> Decision | None:
    """After a miss the bot has offered a person: yes means yes."""
    if signals.misses == 0 or signals.smalltalk not in ("yes", "ok"):
        return None
    return _human("took_the_offer", Reason.ASKED, "said yes to a person", need_of_intent(signals, policy))


def in_a_flow(signals: Signals, policy: Policy) -> Decision | None:
    if signals.flow is None:
        return None
    return Decision("bot", "in_a_flow", f"goes on with {quoted(signals.flow)}", reply="flow")


def kept_for_people(signals: Signals, policy: Policy) -> Decision | None:
    intent = signals.intent
    kept = policy.intents.get(intent.name) if intent else None
    if intent is None or kept is None or not kept.people_only or intent.confidence < SURE or signals.smalltalk:
        return None
    why = f"{quoted(intent.name)} ({intent.confidence:.0%} sure) is kept for people"
    return _human("kept_for_people", Reason.POLICY, why, kept.need)


def frustrated_after_a_miss(signals: Signals, policy: Policy) -> Decision | None:
    if signals.misses == 0 or signals.frustration < FRUSTRATED:
        return None
    why = f"annoyed ({signals.frustration:.2f}) after a miss"
    return _human("frustrated_after_a_miss", Reason.BOT_FAILED, why, need_of_intent(signals, policy))


def small_talk(signals: Signals, policy: Policy) -> Decision | None:
    if signals.smalltalk is None:
        return None
    return Decision("bot", "small_talk", f"small talk: {signals.smalltalk}", reply="smalltalk")


def in_a_language_not_spoken(signals: Signals, policy: Policy) -> Decision | None:
    """An answer in another language, or that there is none, would help nobody."""
    if signals.foreign is None or signals.foreign in policy.articles_in:
        return None
    known = f" ({language(signals.foreign)})" if signals.foreign != UNKNOWN else ""
    why = f"writes in a language the bot does not speak{known}"
    return _human("in_a_language_not_spoken", Reason.POLICY, why, Need())


def not_sure_enough(signals: Signals, policy: Policy) -> Decision | None:
    """The operator has said what may go wrong: below the bar that follows from it people answer. Nothing known is no
    certainty."""
    bar = policy.bars.get(signals.intent.name if signals.intent else "", policy.bars.get(""))
    if bar is None or (signals.right is not None and signals.right >= bar):
        return None
    sure = f"{signals.right:.3f} sure" if signals.right is not None else "not known how sure"
    why = f"{sure}, {bar:.3f} needed" if bar <= 1 else f"{sure}, and no bar holds the limit"
    return _human("not_sure_enough", Reason.POLICY, why, need_of_intent(signals, policy))


def begins_a_flow(signals: Signals, policy: Policy) -> Decision | None:
    intent = signals.intent
    if intent is None or intent.name not in policy.flows or intent.confidence < SURE:
        return None
    return Decision(
        "bot", "begins_a_flow", f"{quoted(intent.name)} ({intent.confidence:.0%} sure) has a flow", reply="flow"
    )


def asks_the_merchants_bot(signals: Signals, policy: Policy) -> Decision | None:
    return (
        Decision("bot", "asks_the_merchants_bot", "the merchant's own bot", reply="answer")
        if policy.has_own_bot
        else None
    )


def supported(signals: Signals, policy: Policy) -> Decision | None:
    support = signals.support or 0.0
    if support < policy.support_floor:
        return None
    return Decision("bot", "supported", f"support {support:.2f}, floor {policy.support_floor:.2f}", reply="answer")


def missed_too_often(signals: Signals, policy: Policy) -> Decision | None:
    if signals.misses + 1 < policy.max_misses:
        return None
    why = f"{signals.misses + 1} questions in a row without an answer"
    return _human("missed_too_often", Reason.BOT_FAILED, why, need_of_intent(signals, policy))


def missed(signals: Signals, policy: Policy) -> Decision:
    why = f"support {signals.support or 0.0:.2f} is below the floor {policy.support_floor:.2f}"
    return Decision("bot", "missed", why, reply="miss")


BEFORE_KNOWLEDGE: tuple[Rule, ...] = (
    human_only_topic,
    asked_for_a_person,
    seems_to_ask_for_a_person,
    took_the_offer,
    in_a_flow,
    kept_for_people,
    frustrated_after_a_miss,
    small_talk,
    in_a_language_not_spoken,
    not_sure_enough,
    begins_a_flow,
)
RULES: tuple[Rule, ...] = (*BEFORE_KNOWLEDGE, asks_the_merchants_bot, supported, missed_too_often, missed)


def _human(rule: str, reason: Reason, why: str, need: Need) -> Decision:
    return Decision("human", rule, why, reason=reason, need=need)


def need_of_intent(signals: Signals, policy: Policy) -> Need:
    """The skills an intent asks for are only asked for when the intent is sure."""
    intent = signals.intent
    if intent is None or intent.confidence < SURE or intent.name not in policy.intents:
        return ahead(Need(), signals, policy)
    return ahead(policy.intents[intent.name].need, signals, policy)


def ahead(need: Need, signals: Signals, policy: Policy) -> Need:
    """With the place in the queue that the customer's value gives, where that is a better one."""
    if not is_valued(signals, policy):
        return need
    return replace(need, priority=max(need.priority, policy.valued_priority))


def is_valued(signals: Signals, policy: Policy) -> bool:
    return policy.valued_from is not None and signals.value is not None and signals.value >= policy.valued_from
