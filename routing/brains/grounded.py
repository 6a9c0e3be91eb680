"""Whether what a brain wrote may be said: it cites passages it was given and brings in nothing of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from routing.brains.contract import TEXT_CHARS, BrainFailed, Question, Said

LINK = re.compile(
    r"(?:https?://|www\.)[^\s)>\]]+|[\w.+-]+@[\w-]+\.[\w.]+|\b[a-z0-9-]+\.(?:com|net|org|io|example)\b", re.I
)
NUMBER = re.compile(r"\d[\d.,]*\d|\d")
PROMISE = re.compile(r"\b(transferring|connecting|forwarding) you\b|\bI (have|am) (transferr|forward|escalat)\w+", re.I)


def checked(question: Question, action: str, text: str, cited: Sequence[int]) -> Said:
    """The brain's word as `Said`.

    Raises:
        BrainFailed: an answer that is empty, too long, without a source, or with links, numbers or promises of its own.
    """
    if action in ("handoff", "unknown"):
        return Said("handoff" if action == "handoff" else "unknown")
    given = {passage.number: passage for passage in question.passages}
    used = [given[number] for number in dict.fromkeys(cited) if number in given]
    said = text.strip()
    if action != "answer" or not said or len(said) > TEXT_CHARS:
        raise BrainFailed("the answer is empty or too long")
    if not used:
        raise BrainFailed("the answer cites none of the passages")
    known = " ".join([question.text, *(f"{each.title} {each.text}" for each in used)])
    if _of(LINK, said) - _of(LINK, known):
        raise BrainFailed("the answer leads to an address that no passage names")
    if _of(NUMBER, said) - _of(NUMBER, known):
        raise BrainFailed("the answer names a number that no passage names")
    if PROMISE.search(said):
        raise BrainFailed("the answer promises what only the desk can do")
    return Said("answer", said, tuple({each.source.article_id: each.source for each in used}.values()))


def _of(pattern: re.Pattern[str], text: str) -> set[str]:
    return {found.casefold().rstrip(".,") for found in pattern.findall(text)}
