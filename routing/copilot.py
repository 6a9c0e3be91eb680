"""Help for an agent, on request: a summary, the passages that apply, a draft reply. Nothing here is ever sent.

Without a language model the draft is the best passage's own words. With one, its draft is judged like any answer of
the bot; one that is refused leaves the passage's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from chat import handoff
from chat.models import Conversation, Message
from knowledge.search import Hit, search
from routing import asking
from routing.brains.contract import BrainFailed, Question
from routing.brains.knowledge import bounded
from routing.models import BotBrain

LINES = 60
PASSAGES = 4
FLOOR = 0.2
"""Less than the bot's: an agent judges for himself."""


@dataclass(frozen=True, slots=True)
class Help:
    """`draft` is empty where the articles say nothing; `drafted_by` is `passage`, `model` or empty."""

    summary: str
    hits: tuple[Hit, ...]
    draft: str
    drafted_by: str


def help_with(conversation: Conversation) -> Help:
    """Takes seconds where the inbox has a language model."""
    lines = list(conversation.messages.order_by("-seq")[:LINES])[::-1]
    asked = last_question(lines)
    hits = tuple(hit for hit in _found(conversation, asked) if hit.score >= FLOOR)
    draft, by = _drafted(conversation, asked, hits)
    return Help(summary(conversation, lines), hits, draft, by)


def last_question(lines: Sequence[Message]) -> str:
    """What the customer has written since anybody answered, else his last message."""
    said: list[str] = []
    for line in reversed(lines):
        if line.author_kind == Message.Author.CUSTOMER:
            said.append(line.text)
        elif said and line.author_kind != Message.Author.SYSTEM:
            break
    return "\n".join(reversed(said))


def summary(conversation: Conversation, lines: Sequence[Message]) -> str:
    """The customer's words, what the bot and people said last, and what a flow has collected."""
    parts = [f"Customer: {handoff.summarise(lines)}"]
    for kind, name in ((Message.Author.BOT, "Bot"), (Message.Author.AGENT, "Agent")):
        last = next((line.text for line in reversed(lines) if line.author_kind == kind), None)
        if last is not None:
            parts.append(f"{name}, last: “{bounded(' '.join(last.split()), 160)}”")
    if conversation.collected:
        parts.append("Known: " + ", ".join(f"{name} {value}" for name, value in conversation.collected.items()))
    return "\n".join(parts)


def _found(conversation: Conversation, asked: str) -> list[Hit]:
    languages = dict.fromkeys(
        [conversation.language, conversation.inbox.locale.replace("_", "-").split("-")[0].lower()]
    )
    for language in languages if asked else ():
        hits = search(conversation.inbox_id, asked, language, PASSAGES)
        if hits:
            return hits
    return []


def _drafted(conversation: Conversation, asked: str, hits: Sequence[Hit]) -> tuple[str, str]:
    if not hits:
        return "", ""
    own = bounded(hits[0].text)
    brain = BotBrain.objects.filter(inbox=conversation.inbox, kind=BotBrain.Kind.LLM).first()
    if brain is None:
        return own, "passage"
    url = f"{settings.PUBLIC_URL}/help/{conversation.inbox.site_key}"
    passages = tuple(asking.passage(number, hit, url) for number, hit in enumerate(hits, 1))
    question = Question(
        conversation.id, conversation.last_seq, conversation.inbox.name, conversation.language, asked, passages
    )
    try:
        said = asking.ask(brain, question)
    except BrainFailed:
        return own, "passage"
    return (said.text, "model") if said.action == "answer" else (own, "passage")
