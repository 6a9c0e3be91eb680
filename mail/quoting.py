"""What somebody wrote, without the letter that he answers. Pure; a few looks at each line, no language's grammar.

Our letters begin with a marker, so what a mail program quotes begins with it too, and what it puts right above (a line
that ends in a colon, or a block of From, Sent, To) is known by its form. Answers between quoted lines are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MARKED = re.compile(r"^[>\s]*##-.{0,200}-##\s*$")
DIVIDER = re.compile(r"^[>\s]*(?:_{10,}|-{5,}[^-].{0,60}-{5,})\s*$")
"""`-----Original Message-----`, in any language."""
FIELD = re.compile(r"^[>\s*]*[^\W\d_][\w .-]{0,25}\*?\s?[:：]\*?\s*\S")
"""`Sent: Tuesday`, likewise."""
MOMENT = re.compile(r"\d{1,2}[:.]\d{2}|\d{4}")
LINE_CHARS = 400
WRAPPED_MOST, FIELDS_LEAST, FIELDS_MOST = 3, 3, 6


def own_words(text: str) -> str:
    """May be empty: he quoted only."""
    lines = [line.rstrip() for line in text.split("\n")]
    marker = next((at for at, line in enumerate(lines) if len(line) <= LINE_CHARS and MARKED.match(line)), None)
    if marker is not None:
        own = _without_opening(lines[:marker])
        rest = lines[marker:] if _is_quoted(lines[marker]) else []
    else:
        divider = next((at for at, line in enumerate(lines) if len(line) <= LINE_CHARS and DIVIDER.match(line)), None)
        lines = lines[:divider]
        quoted = next((at for at, line in enumerate(lines) if _is_quoted(line)), len(lines))
        own = _without_opening(lines[:quoted]) if quoted < len(lines) else lines
        rest = lines[quoted:]
    own = [*_without_signature(own), *_without_signature([line for line in rest if not _is_quoted(line)])]
    return "\n".join(own).strip()


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _without_signature(lines: Sequence[str]) -> Sequence[str]:
    """A line of two hyphens begins it (RFC 3676)."""
    return lines[: lines.index("--")] if "--" in lines else lines


def _without_opening(lines: Sequence[str]) -> Sequence[str]:
    """Less what a mail program wrote right before the quotation."""
    kept = list(lines)
    _drop_empty(kept)
    while kept and _is_quoted(kept[-1]):
        kept.pop()
        _drop_empty(kept)
    fields = 0
    while fields < min(len(kept), FIELDS_MOST) and FIELD.match(kept[-1 - fields][:LINE_CHARS]):
        fields += 1
    if fields >= FIELDS_LEAST:
        del kept[-fields:]
    elif kept and kept[-1].endswith((":", "：")) and len(kept[-1]) <= LINE_CHARS:
        _drop_attribution(kept)
    _drop_empty(kept)
    if kept and len(kept[-1]) <= LINE_CHARS and DIVIDER.match(kept[-1]):
        kept.pop()
    return kept


def _drop_attribution(kept: list[str]) -> None:
    """`On 24 Nov 2026 at 12:00, Bob <bob@shop.example> wrote:`, broken over lines: back to the one with a date."""
    for back in range(1, min(WRAPPED_MOST, len(kept)) + 1):
        line = kept[-back]
        if not line:
            return
        if MOMENT.search(line[:LINE_CHARS]):
            del kept[-back:]
            return


def _drop_empty(kept: list[str]) -> None:
    while kept and not kept[-1].strip():
        kept.pop()
