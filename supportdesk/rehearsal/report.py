"""What a rehearsal found: counts, times and faults, as JSON and as the tables an operator reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from rich.console import Console
from rich.table import Table

from supportdesk.rehearsal.ledger import Verdict
from supportdesk.rehearsal.stage import Chat, Stage

FAULTS_SHOWN = 10
TIMES = {
    "post_ok_ms": "post -> ok",
    "post_routed_ms": "post -> routed",
    "handoff_offer_ms": "handoff -> offer",
    "offer_reply_ms": "offer -> first reply",
}


@dataclass(frozen=True)
class Faults:
    """One sentence a fault; all empty is what a desk promises."""

    lost: Sequence[str]
    doubled: Sequence[str]
    out_of_order: Sequence[str]
    unowned: Sequence[str]
    overdue: Sequence[str]

    def counts(self) -> dict[str, int]:
        return {name: len(found) for name, found in vars(self).items()}


@dataclass(frozen=True)
class Report:
    stage: Stage
    faults: Faults
    handoff_reasons: dict[str, str]
    """Conversation id -> the reason of its first handoff, as stored."""
    seconds: float
    outages: int

    @property
    def unfinished(self) -> list[str]:
        return [f"chat {c.number} ({c.conversation_id}): {c.trouble}" for c in self.stage.chats if c.trouble]

    @property
    def is_clean(self) -> bool:
        return not any(self.faults.counts().values()) and not self.unfinished and not self.stage.troubles

    def as_json(self) -> dict[str, Any]:
        chats = self.stage.chats
        by_bot = sum(self.is_answered_by_bot(chat) for chat in chats)
        return {
            "chats": len(chats),
            "answered_by_bot": by_bot,
            "answered_by_bot_share": round(by_bot / len(chats), 4) if chats else 0.0,
            "handed_off": sum(self.is_handed_off(chat) for chat in chats),
            **self.faults.counts(),
            "unfinished": len(self.unfinished),
            "seconds": round(self.seconds, 1),
            **{name: summary(values) for name, values in self.times().items()},
            "ended": dict(Counter(chat.ended or "unfinished" for chat in chats).most_common()),
            "handoff_reasons": dict(Counter(self.handoff_reasons.values()).most_common()),
            "reconnects": self.stage.reconnects,
            "gaps_filled": self.stage.gaps,
            "outages": self.outages,
        }

    def is_handed_off(self, chat: Chat) -> bool:
        return chat.handoff_at is not None or chat.conversation_id in self.handoff_reasons

    def is_answered_by_bot(self, chat: Chat) -> bool:
        """The bot spoke and nobody else was needed."""
        return chat.bot_answers > 0 and not self.is_handed_off(chat)

    def times(self) -> dict[str, list[float]]:
        """Milliseconds, as the players' one clock saw them."""
        chats = self.stage.chats
        posts = [(chat, post) for chat in chats for post in chat.posts]
        routed = [(post, chat.routed_at(post)) for chat, post in posts if post.to_bot]
        return {
            "post_ok_ms": [(post.ok_at - post.sent_at) * 1000 for _, post in posts if post.ok_at],
            "post_routed_ms": [(at - post.sent_at) * 1000 for post, at in routed if at],
            "handoff_offer_ms": [wait for chat in chats if (wait := self._offer_wait(chat)) is not None],
            "offer_reply_ms": [wait for chat in chats if (wait := self._reply_wait(chat)) is not None],
        }

    def _offer_wait(self, chat: Chat) -> float | None:
        """From the customer's notice to the first offer; 0 when the agent heard of it first."""
        offers = self.stage.offers.get(chat.conversation_id or "", [])
        if chat.handoff_at is None or not offers:
            return None
        return max(0.0, offers[0] - chat.handoff_at) * 1000

    def _reply_wait(self, chat: Chat) -> float | None:
        """From the offer that led to it until the customer saw an agent's first message."""
        if chat.human_at is None:
            return None
        before = [at for at in self.stage.offers.get(chat.conversation_id or "", []) if at < chat.human_at]
        return (chat.human_at - before[-1]) * 1000 if before else None

    def show(self, console: Console) -> None:
        found = self.as_json()
        console.print(_ended_table(found))
        if found["handoff_reasons"]:
            console.print(_count_table("Handed off because", found["handoff_reasons"]))
        console.print(_times_table(found))
        console.print(_faults_table(self.faults, self.unfinished))
        for line in [*self._samples(), *self.stage.troubles[:FAULTS_SHOWN]]:
            console.print(f"  {line}", style="red", markup=False, highlight=False)
        console.print(
            f"{found['seconds']} s; {found['reconnects']} reconnects, {found['gaps_filled']} gaps filled, "
            f"{found['outages']} outages of the desk."
        )

    def _samples(self) -> Iterable[str]:
        for name, found in {**vars(self.faults), "unfinished": self.unfinished}.items():
            for line in found[:FAULTS_SHOWN]:
                yield f"{name}: {line}"
            if len(found) > FAULTS_SHOWN:
                yield f"{name}: and {len(found) - FAULTS_SHOWN} more"


def faults_of(verdict: Verdict, *, unowned: Iterable[str], overdue: Iterable[str]) -> Faults:
    return Faults(verdict.lost, verdict.doubled, verdict.out_of_order, list(unowned), list(overdue))


def summary(values: Sequence[float]) -> dict[str, float | int | None]:
    """p50, p95 and p99 by nearest rank."""
    ordered = sorted(values)
    return {**{f"p{p}": percentile(ordered, p) for p in (50, 95, 99)}, "n": len(ordered)}


def percentile(ordered: Sequence[float], percent: int) -> float | None:
    """Nearest rank of ascending values; None of nothing."""
    return round(ordered[max(0, ceil(len(ordered) * percent / 100) - 1)], 1) if ordered else None


def _ended_table(found: dict[str, Any]) -> Table:
    table = _count_table("How chats ended", found["ended"])
    share = f"{found['answered_by_bot_share']:.0%}"
    table.add_section()
    table.add_row("answered by the bot alone", f"{found['answered_by_bot']} ({share})")
    table.add_row("handed off to people", str(found["handed_off"]))
    table.add_row("all chats", str(found["chats"]))
    return table


def _count_table(title: str, counts: dict[str, int]) -> Table:
    table = Table("", title, title_style="bold", show_header=False, title=title)
    for name, count in counts.items():
        table.add_row(name, str(count))
    return table


def _times_table(found: dict[str, Any]) -> Table:
    table = Table("ms", *(f"{column}" for column in ("p50", "p95", "p99", "n")), title="How long it took")
    for name, words in TIMES.items():
        table.add_row(
            words, *("-" if found[name][p] is None else f"{found[name][p]}" for p in ("p50", "p95", "p99", "n"))
        )
    return table


def _faults_table(faults: Faults, unfinished: Sequence[str]) -> Table:
    table = Table("", "", title="What went wrong", show_header=False)
    for name, count in {**faults.counts(), "unfinished": len(unfinished)}.items():
        table.add_row(name.replace("_", " "), f"[red]{count}[/red]" if count else "[green]0[/green]")
    return table
