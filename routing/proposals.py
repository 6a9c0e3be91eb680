"""Draft articles from chats that people resolved after the bot had no answer. A person reads and publishes them.

What is personal is not proposed: a reply with an address, a number of many digits or the customer's name in it is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from agents.models import Agent
from chat.lifecycle import State
from chat.models import Inbox, Message
from knowledge import actions
from knowledge.models import Article
from knowledge.search import search
from routing.models import Decision
from routing.unanswered import ALIKE, MISSES, alike, content
from supportdesk.clock import now

DAYS = 30
PROPOSED_MOST = 50
WORDS_LEAST = 8
KNOWN_FROM = 0.7
"""An article that answers this much of the question is there already."""
PERSONAL = re.compile(r"@|\d{4,}|\b[A-Z]{2}-\d")
SLUG = "from-chat-"


def propose(inbox: Inbox) -> list[Article]:
    """New drafts, at most PROPOSED_MOST; a chat is proposed from once."""
    proposed: list[Article] = []
    known = [content(title) for title in Article.objects.filter(inbox=inbox).values_list("title", flat=True)]
    names = [content(name) for name in Agent.objects.values_list("name", flat=True)]
    for decision in _resolved(inbox):
        question, reply = _said(decision)
        words, language = content(question), str(decision.signals.get("language", "en"))
        if not is_proposable(question, reply, names) or any(alike(words, each) >= ALIKE for each in known):
            continue
        if _is_known(inbox, question, language):
            continue
        slug = f"{SLUG}{decision.conversation_id.hex[-12:]}"
        if Article.objects.filter(inbox=inbox, slug=slug).exists():
            continue
        body = f"## {question}\n\n{reply}\n"
        language = str(decision.signals.get("language", "en"))
        proposed.append(
            actions.save_article(inbox_id=inbox.pk, title=question, body=body, slug=slug, language=language)
        )
        known.append(words)
        if len(proposed) == PROPOSED_MOST:
            break
    return proposed


def is_proposable(question: str, reply: str, names: Iterable[frozenset[str]] = ()) -> bool:
    """Long enough to help somebody else, and about nobody. Pure."""
    if len(reply.split()) < WORDS_LEAST or len(content(question)) < 2:
        return False
    return not PERSONAL.search(f"{question} {reply}") and not any(name and name <= content(reply) for name in names)


def _resolved(inbox: Inbox) -> Iterable[Decision]:
    return (
        Decision.objects.filter(
            conversation__inbox=inbox, conversation__state=State.CLOSED, rule__in=MISSES,
            decided_at__gt=now() - timedelta(days=DAYS), conversation__handoffs__isnull=False,
        )
        .distinct()
        .order_by("-id")[:500]
    )  # fmt: skip


def _said(decision: Decision) -> tuple[str, str]:
    """The question without an answer, and the longest that a person wrote after it."""
    lines = Message.objects.filter(conversation_id=decision.conversation_id, seq__gte=decision.upto_seq).order_by("seq")
    rows = list(lines.values_list("author_kind", "text"))
    question = " ".join(rows[0][1].split())[:200] if rows else ""
    replies = [text for kind, text in rows if kind == Message.Author.AGENT]
    return question, max(replies, key=len, default="")


def _is_known(inbox: Inbox, question: str, language: str) -> bool:
    hits = search(inbox.pk, question, language, 1)
    return bool(hits) and hits[0].score >= KNOWN_FROM
