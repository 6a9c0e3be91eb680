"""Thinking: from turns to what becomes of each. No transaction is open, nothing is stored, any number at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.conf import settings

from chat.lifecycle import Reason
from flows.turns import Move, Standing, standings
from knowledge.models import Article
from knowledge.search import Hit, Question, search_all
from routing import asking, flowing, limits, live, topics
from routing.brains import contract
from routing.brains.knowledge import BRAIN_VERSION, Reply, answer
from routing.claim import Turn
from routing.lines import MISS, line
from routing.models import BotBrain
from routing.policy import Decision, Kept, Need, Policy, decide, need_of_intent, needs_knowledge
from routing.signals.intent import Reader
from routing.signals.reading import Context, Signals, read_all
from routing.together import together
from supportdesk import planned

HITS = 3
NONE = Standing({})
SETTINGS = """
SELECT i.id, EXISTS (SELECT FROM routing_botbrain b WHERE b.inbox_id = i.id),
  (SELECT max(t.id) FROM routing_topicrules t),
  p.intent, p.people_only, p.skills, p.team_id, p.priority, p.preferred_skills, p.units
FROM unnest($1::bigint[]) AS i(id) LEFT JOIN routing_intentpolicy p ON p.inbox_id = i.id
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an inbox's operators have set for single intents, and who words its answers where not the articles do.
    `topics`: the version of the desk's human-only rules, the same for all inboxes of one batch."""

    intents: dict[str, Kept]
    brain: BotBrain | None = None
    topics: int = topics.SHIPPED


@dataclass(frozen=True, slots=True)
class Bars:
    """What follows for one turn from what may go wrong."""

    sureness: dict[str, float]
    wish: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What thinking came to. `reply` is there when the bot speaks; `signals` are None where it failed."""

    turn: Turn
    decision: Decision
    signals: Signals | None = None
    policy: Policy | None = None
    reply: Reply | None = None
    moves: tuple[Move, ...] = ()
    """Steps of flows, stored with what the bot says or with the handoff."""
    brain: str = BRAIN_VERSION
    work: Callable[[], Outcome] | None = None
    """What must be done before it is known, and may take seconds: a mail, a call to the merchant."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A turn whose signals are known."""

    turn: Turn
    signals: Signals
    policy: Policy
    hits: Sequence[Hit] = ()
    standing: Standing = NONE
    brain: BotBrain | None = None
    moves: tuple[Move, ...] = ()

    def becomes(
        self, decision: Decision, reply: Reply | None = None, moves: tuple[Move, ...] = (), brain: str = BRAIN_VERSION,
        work: Callable[[], Outcome] | None = None,
    ) -> Outcome:  # fmt: skip
        return Outcome(self.turn, decision, self.signals, self.policy, reply, moves, brain, work)


def think(turns: Sequence[Turn], by: Reader | None = None) -> list[Outcome]:
    """Signals, then the policy's decision, then the bot's words, for each turn in the order given; read by the model
    that is live, or by another.

    A fixed number of queries, however many turns. Any failure but the database's becomes a handoff of that turn
    alone: a customer never waits on a broken bot.

    Raises:
        OperationalError, InterfaceError: PostgreSQL is away.
    """
    if not turns:
        return []
    reader = by or live.reader()

    def thought(some: Sequence[Turn]) -> list[Outcome]:
        return _think(some, reader)

    return together(thought, turns, broken)


def broken(turn: Turn, error: Exception) -> Outcome:
    return Outcome(turn, Decision("human", "bot_failed", type(error).__name__, reason=Reason.BOT_FAILED))


def _think(turns: Sequence[Turn], reader: Reader) -> list[Outcome]:
    inbox_ids = {turn.shop.inbox_id for turn in turns}
    settled = settings_of(inbox_ids)
    allowed = limits.live(inbox_ids)
    standing = standings([(turn.conversation_id, turn.shop.inbox_id) for turn in turns])
    book = topics.opened(next(iter(settled.values())).topics)
    signals = read_all([(turn.text, context_of(turn)) for turn in turns], reader, book.find)
    reads = []
    for turn, said in zip(turns, signals, strict=True):
        inbox_id = turn.shop.inbox_id
        bars = bars_of(allowed.get(inbox_id, limits.NOTHING_SAID), said, reader)
        reads.append(_read(turn, said, standing[turn.conversation_id], settled[inbox_id], bars))
    return [_decided(each) for each in with_knowledge(with_languages(reads))]


def context_of(turn: Turn) -> Context:
    return Context(
        turn.language, turn.misses, turn.frustration, turn.earlier, turn.verified, turn.value, turn.bot_turns
    )


def bars_of(allowed: limits.Allowed, signals: Signals, reader: Reader) -> Bars:
    """How sure the bot must be; nothing is known of a reader whose encoder is silent."""
    as_measured = signals.model == reader.version
    sureness = limits.sureness_needed(allowed.wrong, reader.held_out if as_measured else None)
    return Bars(sureness, limits.wish_bar(allowed.missed_requests, reader.requests, signals.wish))


def _read(
    turn: Turn, signals: Signals, standing: Standing, settled: Settings, bars: Bars
) -> _Read:  # fmt: skip
    part = flowing.go_on(standing, signals, turn.text)
    brain = settled.brain
    own_bot = brain is not None and brain.kind == BotBrain.Kind.WEBHOOK
    policy = Policy(
        turn.shop.support_floor, turn.shop.max_misses, settled.intents, own_bot, bars.sureness, bars.wish,
        standing.speaking(part.signals.language), topics=settled.topics, valued_from=turn.shop.valued_from,
        valued_priority=turn.shop.valued_priority,
    )  # fmt: skip
    return _Read(turn, part.signals, policy, standing=standing, brain=brain, moves=part.moves)


def _decided(each: _Read) -> Outcome:
    decision = decide(each.signals, each.policy)
    if decision.reply == "flow":
        return _stepped(each, decision)
    if decision.reply == "answer" and each.brain is not None:
        question = partial(asking.question_of, each.turn, each.signals, each.hits, help_url(each.turn))
        return each.becomes(decision, work=partial(_asked, each, decision, each.brain, question))
    return each.becomes(decision, say(decision, each.signals, each.hits, each.turn), each.moves)


def _asked(each: _Read, decision: Decision, brain: BotBrain, question: Callable[[], contract.Question]) -> Outcome:
    try:
        said = asking.ask(brain, question())
    except contract.BrainFailed as failure:
        after = asking.failed(failure, need_of_intent(each.signals, each.policy))
        return each.becomes(after, moves=each.moves, brain=str(brain))
    after = asking.decided(said, decision, each.signals, each.policy)
    reply = Reply(said.text, said.sources) if said.action == "answer" else say(after, each.signals, (), each.turn)
    return each.becomes(after, reply, each.moves, brain=str(brain))


def _stepped(each: _Read, decision: Decision) -> Outcome:
    moves = flowing.steps_of(decision, each.signals, each.moves, each.standing, each.turn)
    if flowing.needs_work(moves):
        waiting = each.becomes(decision, moves=moves)
        return replace(waiting, work=partial(_worked, each, decision, moves))
    return _told(each, decision, moves)


def _worked(each: _Read, decision: Decision, moves: tuple[Move, ...]) -> Outcome:
    return _told(each, decision, flowing.worked(moves))


def _told(each: _Read, decision: Decision, moves: tuple[Move, ...]) -> Outcome:
    after = flowing.after(decision, moves, need_of_intent(each.signals, each.policy))
    reply = Reply(moves[-1].next.text) if after.route == "bot" else None
    return each.becomes(after, reply, moves)


def settings_of(inbox_ids: set[int]) -> dict[int, Settings]:
    """By inbox, all of them by one query; a brain, whose shop waits for others anyway, costs another."""
    kept: dict[int, dict[str, Kept]] = {inbox_id: {} for inbox_id in inbox_ids}
    with_brain: set[int] = set()
    version = topics.SHIPPED
    rows = planned.run(SETTINGS, sorted(inbox_ids))
    for inbox_id, has_brain, newest, name, people_only, skills, team_id, priority, preferred, units in rows:
        version = newest or topics.SHIPPED
        if has_brain:
            with_brain.add(inbox_id)
        if name is not None:
            kept[inbox_id][name] = Kept(people_only, Need(tuple(skills), team_id, priority, tuple(preferred), units))
    brains = BotBrain.objects.in_bulk(with_brain, field_name="inbox_id") if with_brain else {}
    return {inbox_id: Settings(intents, brains.get(inbox_id), version) for inbox_id, intents in kept.items()}


def with_languages(reads: Sequence[_Read]) -> list[_Read]:
    """With the languages of the shop's articles, where a turn is in a foreign one."""
    spoken = article_languages({each.turn.shop.inbox_id for each in reads if each.signals.foreign is not None})
    return [
        replace(each, policy=replace(each.policy, articles_in=frozenset(spoken[each.turn.shop.inbox_id])))
        if each.signals.foreign is not None
        else each
        for each in reads
    ]


def article_languages(inbox_ids: set[int]) -> dict[int, set[str]]:
    spoken: dict[int, set[str]] = defaultdict(set)
    if inbox_ids:
        published = Article.objects.filter(inbox_id__in=inbox_ids, status=Article.Status.PUBLISHED)
        for inbox_id, language in published.values_list("inbox_id", "language").distinct():
            spoken[inbox_id].add(language)
    return spoken


def with_knowledge(reads: Sequence[_Read]) -> list[_Read]:
    """With what the articles say, for the turns that get as far as asking."""
    asking = [each for each in reads if needs_knowledge(each.signals, each.policy)]
    found = {each.turn.conversation_id: hits for each, hits in zip(asking, look_up(asking), strict=True)}
    return [_knowing(each, found.get(each.turn.conversation_id)) for each in reads]


def _knowing(each: _Read, hits: Sequence[Hit] | None) -> _Read:
    if hits is None:
        return each
    support = round(hits[0].score, 3) if hits else 0.0
    return replace(each, hits=hits, signals=replace(each.signals, support=support))


def look_up(asking: Sequence[_Read]) -> list[list[Hit]]:
    """In the language written, else in the shop's own (a word or two may be shared: an article's name, a product)."""
    written = [Question(each.turn.shop.inbox_id, each.turn.text, each.signals.language) for each in asking]
    hits = search_all(written, HITS) if written else []
    own = [replace(asked, language=own_language(each)) for each, asked in zip(asking, written, strict=True)]
    again = [n for n, found in enumerate(hits) if not found and own[n] != written[n]]
    for n, found in zip(again, search_all([own[n] for n in again], HITS) if again else [], strict=True):
        hits[n] = found
    return hits


def own_language(each: _Read) -> str:
    return each.turn.shop.locale.replace("_", "-").split("-")[0].lower()


def say(decision: Decision, signals: Signals, hits: Sequence[Hit], turn: Turn) -> Reply | None:
    if decision.reply == "answer":
        return answer(hits, help_url(turn))
    if decision.reply == "smalltalk" and signals.smalltalk is not None:
        return Reply(line(signals.smalltalk, signals.language))
    if decision.reply == "miss":
        return Reply(line(MISS, signals.language))
    return None


def help_url(turn: Turn) -> str:
    return f"{settings.PUBLIC_URL}/help/{turn.shop.site_key}"
