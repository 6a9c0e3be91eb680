"""HTML of a stranger as plain text: the words and the line breaks, nothing else. Pure.

Not the library's parser: what is not closed costs it quadratic time. This one looks at each character once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

BREAKS = frozenset({
    "p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre", "hr", "table", "ul", "ol",
})  # fmt: skip
UNSEEN = frozenset({"script", "style", "title", "template"})
UNSEEN_ENDS = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in UNSEEN}
QUOTED = ("gmail_quote", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote")
"""Classes of what mail programs put around what they quote."""
NAME_CHARS = 12
SPACES = re.compile(r"\s+")


def text_of_html(html: str) -> str:
    lines = (SPACES.sub(" ", unescape(line)).strip() for line in "".join(_words(html)).split("\n"))
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


def _words(html: str) -> Iterator[str]:
    """The text between the tags, and a line break for each tag that makes one."""
    at = 0
    while True:
        opened = html.find("<", at)
        yield SPACES.sub(" ", html[at : opened if opened >= 0 else len(html)])
        if opened < 0:
            return
        if html.startswith("<!--", opened):
            at = _after(html, "-->", opened + 4)
            continue
        at = _after(html, ">", opened)
        tag = html[opened + 1 : at - 1]
        name = _name(tag)
        if name in UNSEEN and not tag.startswith("/"):
            closed = UNSEEN_ENDS[name].search(html, at)
            at = _after(html, ">", closed.end()) if closed else len(html)
        elif any(quoted in tag for quoted in QUOTED):
            return
        elif name in BREAKS:
            yield "\n"


def _name(tag: str) -> str:
    return tag[: NAME_CHARS + 1].strip("/").split(maxsplit=1)[0].rstrip("/").lower() if tag.strip("/ \t\r\n") else ""


def _after(html: str, mark: str, start: int) -> int:
    """Behind the next `mark`; the end where there is none: what is not closed is not shown."""
    found = html.find(mark, start)
    return found + len(mark) if found >= 0 else len(html)
