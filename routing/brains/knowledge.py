"""The bot, version 1: it says what the best passage says, word for word, and names the article. It invents nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chat.protocol import Source
from knowledge.passages import sentences
from knowledge.search import Hit

BRAIN_VERSION = "passages-1"
ANSWER_CHARS = 600


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    sources: tuple[Source, ...] = ()


def answer(hits: Sequence[Hit], help_url: str) -> Reply:
    """The best hit's passage, bounded; `help_url` is the address under which the articles are read.

    Raises:
        IndexError: there is no hit; policy should not have chosen to answer.
    """
    best = hits[0]
    source = Source(article_id=best.article_id, title=best.title, url=f"{help_url}/{best.slug}/")
    return Reply(bounded(best.text), (source,))


def bounded(text: str, most: int = ANSWER_CHARS) -> str:
    """`text` if it fits, else as many whole sentences from its start as do; a first one that is too long is cut."""
    if len(text) <= most:
        return text
    kept = ""
    for sentence in sentences(text):
        if len(kept) + len(sentence) + 1 > most:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or text[: most - 1].rsplit(" ", 1)[0] + "…"
