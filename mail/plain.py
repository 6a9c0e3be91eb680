"""HTML of a stranger as plain text: the words and the line breaks, nothing else. Pure and linear in its length."""

from __future__ import annotations

from contextlib import suppress
from html.parser import HTMLParser

BREAKS = frozenset(
    ["p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre", "hr", "table", "ul", "ol"]
)
UNSEEN = frozenset({"script", "style", "head", "title", "template"})
QUOTED = "gmail_quote", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote"
"""Classes of what mail programs put around what they quote."""


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0
        self.is_quoting = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = next((value or "" for name, value in attrs if name == "class"), "")
        if any(name in classes for name in QUOTED):
            self.is_quoting = True
        if tag in UNSEEN:
            self._unseen += 1
        if tag in BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN and self._unseen:
            self._unseen -= 1
        if tag in BREAKS and tag != "br":
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen and not self.is_quoting:
            self.words.append(" ".join(data.split(" ")) if data.strip() else " ")


def text_of_html(html: str) -> str:
    parser = _Words()
    with suppress(AssertionError, ValueError):  # the library's words for markup beyond it: what it read so far is kept
        parser.feed(html)
        parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.words).split("\n"))
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
