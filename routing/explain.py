"""Why a turn went to the bot or to people, in sentences that a supervisor can check against the conversation. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from chat.models import VALUE_MOST
from routing import record
from routing.naming import edition, language, quoted, reader
from routing.policy import FRUSTRATED, POLICY_VERSION, SURE, Decision, Need, Policy, is_valued
from routing.record import Again, Row
from routing.signals import abuse
from routing.signals.foreign import UNKNOWN
from routing.signals.reading import Signals

TO_PEOPLE, BY_BOT = "It went to a person.", "The bot took it."
TALK = {
    "greeting": "a greeting", "thanks": "thanks", "bye": "a goodbye", "ok": "an okay", "yes": "a yes", "no": "a no",
    "done": "word that all is done", "presence": "a look whether anybody is there",
}  # fmt: skip
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """`because`: the rule that decided, in words. `also`: what else was noticed. `again`: whether the row decides the
    same once more. `is_confirmed`: it does. `ids`: what the words stand for, for whoever looks into rules or code."""

    route: str
    headline: str
    because: str
    also: tuple[str, ...]
    again: str
    is_confirmed: bool
    ids: dict[str, str]

    def text(self) -> str:
        return " ".join((self.headline, self.because, *self.also, self.again))


def explained(row: Row) -> Explanation:
    signals = record.signals_of(row) or Signals()
    policy = record.policy_of(row) or Policy()
    anew = record.again(row)
    because = BECAUSE[row.rule](row, signals, policy) if row.rule in BECAUSE else f"{row.why}."
    return Explanation(
        row.route,
        TO_PEOPLE if row.route == "human" else BY_BOT,
        because,
        tuple(also(row, signals, policy, anew)),
        again_in_words(row, anew),
        anew.verdict in ("same", "followed"),
        ids_of(row, signals),
    )


def ids_of(row: Row, signals: Signals) -> dict[str, str]:
    """Of those there are: the rule that decided, the patterns that found something, the versions, and the fault."""
    ids = {
        "rule": row.rule,
        "human_only": signals.human_only.rule if signals.human_only else "",
        "human_request": signals.human_request.rule if signals.human_request else "",
        "wish": signals.wish.model if signals.wish else "",
        "abuse": signals.abuse or "",
        "policy_version": row.policy_version,
        "model_version": row.model_version,
        "fault": row.why if row.rule == "bot_failed" and is_fault(row.why) else "",
    }
    return {name: found for name, found in ids.items() if found}


def is_fault(why: str) -> bool:
    """Whether a failure is told by the name of an exception alone."""
    return re.fullmatch(r"[A-Z]\w*", why) is not None


# --- The rule that decided --------------------------------------------------------------------------------------------


def _human_only(row: Row, signals: Signals, policy: Policy) -> str:
    topic = signals.human_only
    about = topic.about if topic else "what only people answer"
    return f"The message touches {about}, which only people answer, whatever the bot might know."


def _asked(row: Row, signals: Signals, policy: Policy) -> str:
    wish = signals.human_request
    if wish is None:
        return "The customer asked for a person, and whoever asks gets one."
    how = "with nothing but that" if wish.rule.endswith(".bare") else "in so many words"
    return f"The customer asked for a person {how}, understood in {language(wish.language)}, and whoever asks gets one."


def _seems_to_ask(row: Row, signals: Signals, policy: Policy) -> str:
    if signals.wish is None or policy.wish_bar == 0:
        return "Nothing shows that the inbox's limit for missed requests for a person holds: people answer everything."
    return (
        f"No rule found it, but the model beside the rules reads a wish for a person in it ({signals.wish.chance:.1%} "
        f"likely, from {policy.wish_bar:.1%} on people take over), and whoever asks gets one."
    )


def _took_the_offer(row: Row, signals: Signals, policy: Policy) -> str:
    return "The bot had no answer before and offered a person, and the customer said yes."


def _in_a_flow(row: Row, signals: Signals, policy: Policy) -> str:
    return f"The customer is in the middle of {quoted(signals.flow)}, and the bot goes on with it."


def _kept(row: Row, signals: Signals, policy: Policy) -> str:
    return f"{wants(signals)}, and this inbox keeps that for people."


def _annoyed(row: Row, signals: Signals, policy: Policy) -> str:
    return (
        f"The bot had no answer before, and the customer sounds annoyed ({signals.frustration:.2f} of 1; from "
        f"{FRUSTRATED:.2f} on people take over)."
    )


def _small_talk(row: Row, signals: Signals, policy: Policy) -> str:
    return f"It is {TALK.get(str(signals.smalltalk), 'small talk')}, which the bot returns without looking anything up."


def _foreign(row: Row, signals: Signals, policy: Policy) -> str:
    if signals.foreign in (None, UNKNOWN):
        return "It is written in a language that the bot does not know, so an answer would help nobody."
    return f"It is written in {language(signals.foreign)}, in which the inbox has no published article."


def _not_sure(row: Row, signals: Signals, policy: Policy) -> str:
    name = signals.intent.name if signals.intent else ""
    bar = policy.bars.get(name, policy.bars.get("", 1.0))
    limit = f"the limit for {quoted(name)}" if name in policy.bars and name else "the inbox's limit"
    if signals.right is None:
        return f"There is {limit} for wrong answers, and the model that reads has not shown how often it is right."
    if bar > 1:
        return f"No sureness has been shown to hold {limit} for wrong answers, so people answer."
    return (
        f"The bot was {signals.right:.1%} sure of what is wanted, and {limit} for wrong answers asks for {bar:.1%}: "
        "people answer."
    )


def _begins(row: Row, signals: Signals, policy: Policy) -> str:
    return f"{wants(signals)}, for which the bot has a flow: it asks for what is missing and then does it."


def _own_bot(row: Row, signals: Signals, policy: Policy) -> str:
    return "This inbox has a bot of its own, which is asked whatever no rule keeps for people."


def _supported(row: Row, signals: Signals, policy: Policy) -> str:
    return (
        f"An article answers it: the best passage supports an answer with {signals.support or 0.0:.2f}, and from "
        f"{policy.support_floor:.2f} on the bot answers in this inbox."
    )


def _missed_too_often(row: Row, signals: Signals, policy: Policy) -> str:
    nth = ORDINALS.get(signals.misses + 1, f"{signals.misses + 1}th")
    return (
        f"{_no_article(signals, policy)}, and it was the {nth} question in a row without an answer: this inbox then "
        "hands over."
    )


def _missed(row: Row, signals: Signals, policy: Policy) -> str:
    return f"{_no_article(signals, policy)}, so the bot said that it has no answer and offered a person."


def _no_article(signals: Signals, policy: Policy) -> str:
    if signals.support is None or signals.support >= policy.support_floor:
        return "The bot found no answer"
    if signals.support == 0:
        return "No article says anything about it"
    return (
        f"No article answers it well enough (the best passage supports an answer with {signals.support:.2f}, "
        f"{policy.support_floor:.2f} are needed)"
    )


def _flow_ended(row: Row, signals: Signals, policy: Policy) -> str:
    return f"The flow could not go on without a person: {row.why}. What was collected so far was handed over with it."


def _brain_asked(row: Row, signals: Signals, policy: Policy) -> str:
    return "The inbox's bot was asked and said that a person should answer."


def _spent(row: Row, signals: Signals, policy: Policy) -> str:
    return (
        f"The bot was to word an answer, but the language model's budget does not hold another one: {row.why}. "
        "People answer meanwhile."
    )


def _failed(row: Row, signals: Signals, policy: Policy) -> str:
    what = "a fault of the desk itself" if is_fault(row.why) else row.why
    return f"The bot failed while it worked on an answer ({what}), and whatever fails ends with a person."


BECAUSE: dict[str, Callable[[Row, Signals, Policy], str]] = {
    "human_only_topic": _human_only,
    "asked_for_a_person": _asked,
    "seems_to_ask_for_a_person": _seems_to_ask,
    "took_the_offer": _took_the_offer,
    "in_a_flow": _in_a_flow,
    "kept_for_people": _kept,
    "frustrated_after_a_miss": _annoyed,
    "small_talk": _small_talk,
    "in_a_language_not_spoken": _foreign,
    "not_sure_enough": _not_sure,
    "begins_a_flow": _begins,
    "asks_the_merchants_bot": _own_bot,
    "supported": _supported,
    "missed_too_often": _missed_too_often,
    "missed": _missed,
    "flow_needs_a_person": _flow_ended,
    "brain_wants_a_person": _brain_asked,
    "budget_spent": _spent,
    "bot_failed": _failed,
}
"""By the name of the rule in routing.policy, and of what may follow from the bot's own work."""
NAMES_THE_INTENT = ("kept_for_people", "begins_a_flow")


# --- What else --------------------------------------------------------------------------------------------------------


def also(row: Row, signals: Signals, policy: Policy, anew: Again) -> list[str]:
    said = []
    if signals.intent is not None and row.rule not in NAMES_THE_INTENT:
        said.append(f"{wants(signals)}.")
    elif signals.right is not None and signals.intent is None:
        said.append(f"What the customer wants is not clear (at most {signals.right:.0%} sure).")
    if row.signals and signals.language != "en" and row.rule != "in_a_language_not_spoken":
        said.append(f"It is written in {language(signals.language)}.")
    if signals.repeats:
        said.append("The customer says once more what was said just before.")
    if signals.abuse is not None:
        said.append(f"It abuses whoever answers ({abuse.about(signals.abuse)}).")
    if row.route == "human":
        said += worth(signals, policy)
    if row.route == "human" and anew.decision is not None and anew.verdict == "same":
        said += wish(anew.decision.need)
    return said


def worth(signals: Signals, policy: Policy) -> list[str]:
    if not is_valued(signals, policy):
        return []
    return [
        f"The merchant has signed that this customer is worth {signals.value} of {VALUE_MOST} to it; in this inbox "
        f"customers go ahead of others from {policy.valued_from} on (priority {policy.valued_priority})."
    ]


def wish(need: Need) -> list[str]:
    """Who should have it."""
    skills = [name.replace(":", " from level ") for name in need.skills]
    who = [f"somebody with the skill {' and '.join(skills)}"] if skills else []
    who += [f"a place ahead of others (priority {need.priority})"] if need.priority > 0 else []
    return [f"It asks for {' and '.join(who)}."] if who else []


def again_in_words(row: Row, anew: Again) -> str:
    by = f"by the rules' {edition(row.policy_version)}, {reader(row.model_version)}"
    match anew.verdict:
        case "same":
            return f"Decided again from what was stored, it comes out the same ({by})."
        case "followed":
            return f"Decided again from what was stored, the bot is asked first, as it was ({by})."
        case "other":
            return f"Decided again from what was stored, it does not come out the same ({by}): {_would(row, anew)}."
        case "rules_changed":
            return (
                f"The rules were others then ({edition(row.policy_version)}); by today's ({edition(POLICY_VERSION)}) "
                f"{_would(row, anew)}."
            )
        case "not_kept":
            return f"It cannot be decided again: the row does not hold what was read or set at the time ({by})."
        case _:
            assert_never(anew.verdict)


def _would(row: Row, anew: Again) -> str:
    decision = anew.decision or Decision("bot", "", "")
    if decision.rule == row.rule:
        return "it comes out the same"
    to = "a person" if decision.route == "human" else "the bot"
    return f"it goes to {to}: {decision.why}"


def wants(signals: Signals) -> str:
    intent = signals.intent
    if intent is None:
        return "What the customer wants is not clear"
    if intent.confidence < SURE:
        return f"What the customer wants is not clear; {quoted(intent.name)} comes closest ({intent.confidence:.0%})"
    return f"The customer most likely wants {quoted(intent.name)} ({intent.confidence:.0%})"
