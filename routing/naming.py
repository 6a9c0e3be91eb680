"""Ids as people read them: intents, languages, the rules' edition, who read and who worded. Pure."""

from __future__ import annotations

import re
from calendar import month_name

from django.conf.locale import LANG_INFO

_EDITION = re.compile(r"(\d{4})-(\d\d)\.(\d+)")
_TRAINED = re.compile(r"model-(\d+)-\w+")
UNREAD = "unread"


def quoted(name: str | None) -> str:
    return f"“{(name or '').replace('_', ' ')}”"


def language(code: str | None) -> str:
    known = LANG_INFO.get(code or "") or LANG_INFO.get((code or "").split("-")[0]) or {}
    return str(known.get("name") or code or "an unknown language")


def edition(policy_version: str) -> str:
    """`2026-11.7`: edition 7 of November 2026."""
    found = _EDITION.fullmatch(policy_version)
    if found is None or not 1 <= int(found.group(2)) <= 12:
        return policy_version
    return f"edition {found.group(3)} of {month_name[int(found.group(2))]} {found.group(1)}"


def reader(model_version: str) -> str:
    """Of `model-3-2f901e3cd1 words passages-1`: who read, and who worded if not the articles."""
    first, *rest = model_version.split() or [UNREAD]
    trained = _TRAINED.fullmatch(first)
    if first == UNREAD:
        read = "read by nobody"
    elif trained is not None:
        read = f"read by the desk's own model {trained.group(1)}"
    else:
        read = "read by the examples that come with the desk"
    by_words = rest[:1] == ["words"]
    worded = " ".join(rest[by_words:])
    return read + (" (words alone)" if by_words else "") + _worded(worded)


def _worded(brain: str) -> str:
    kind, _, name = brain.partition(" ")
    if kind == "llm":
        return f", worded by the language model {name}".rstrip()
    return ", worded by the merchant's own bot" if kind == "webhook" else ""
