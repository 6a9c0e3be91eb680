"""How annoyed a turn sounds, 0 to 1: shouting, marks in a row, hard words, complaints about the conversation itself."""

from __future__ import annotations

import re

from routing.signals.words import plain

SHOUTED_FROM = 8
"""Fewer letters than this cannot be told from an abbreviation."""
KEPT = 0.5
"""How much of the earlier frustration is left after one more turn."""

_HARD = re.compile(
    r"(?<!\w)(?:f+u+c+k\w*|shit\w*|damn\w*|bullshit|wtf|crap|bloody|idiots?|stupid|useless|pathetic|ridiculous|terrible|"
    r"horrible|awful|worst|disgrace\w*|unacceptable|scheiss\w*|verdammt|nutzlos|unverschamt\w*|frechheit|merde|inutile|inadmissible|scandal\w*|"
    r"mierda|inutil|inaceptable|verguenza|cazzo|inaccettabile|vergogna|merda|inaceitavel|kut|waardeloos|belachelijk)(?!\w)"
)
_TIRED = re.compile(
    r"(?<!\w)(?:frustrat\w+|angry|furious|annoy\w+|fed up|sick of|tired of|disappointed|"
    r"upset|(?:third|fourth|fifth|3rd|4th|5th) time|"
    r"already (?:told|said|asked|explained)|still (?:no|not|nothing|waiting)|"
    r"(?:not|isn't|aren't) (?:helping|helpful|listening)|"
    r"(?:do not|don't|can't|cannot) understand|makes no sense|wrong answer|how many times|waste of (?:my )?time|"
    r"wutend|genervt|enttauscht|zum dritten mal|immer noch (?:nicht|kein)|enerve\w*|decu\w*|toujours pas|enfadad[oa]|"
    r"hart[oa] de|"
    r"todavia no|arrabbiat[oa]|delus[oa]|irritad[oa]|boos|teleurgesteld)(?!\w)"
)


def level(text: str, *, repeats: bool = False) -> float:
    """`repeats`: the customer says it once more, which weighs as much as a complaint."""
    folded = plain(text)
    letters = [c for c in text if c.isalpha()]
    shouted = len(letters) >= SHOUTED_FROM and sum(c.isupper() for c in letters) > 0.7 * len(letters)
    marks = bool(re.search(r"[!?]{3,}", text))
    hard, tired = len(_HARD.findall(folded)), len(_TIRED.findall(folded)) + repeats
    return min(1.0, 0.3 * shouted + 0.2 * marks + 0.35 * min(hard, 2) + 0.35 * min(tired, 2))


def carried(before: float, now: float) -> float:
    """What a conversation's frustration is after a turn: the new one, or what is left of the old."""
    return round(max(now, before * KEPT), 3)
