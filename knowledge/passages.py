"""Cuts an article's Markdown into passages of plain text, by headings and then by paragraphs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

PASSAGE_WORDS = 120
"""A passage is closed before the paragraph that would take it past this; one long paragraph is cut at sentences."""

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Piece:
    heading: str
    text: str


def split(body: str) -> list[Piece]:
    """The passages of `body` in order; headings without text under them are left out."""
    pieces: list[Piece] = []
    heading, kept = "", list[str]()
    for kind, text in _blocks(body):
        if kind == "heading":
            pieces += _closed(heading, kept)
            heading, kept = text, []
        elif kept and _words("\n".join([*kept, text])) > PASSAGE_WORDS:
            pieces += _closed(heading, kept)
            kept = [text]
        else:
            kept.append(text)
    return pieces + _closed(heading, kept)


def html(body: str) -> str:
    """`body` as safe HTML: tags written in it are escaped, and links other than http(s), mailto and paths refused."""
    return str(_markdown.render(body))


def sentences(text: str) -> list[str]:
    """`text` cut after sentence ends and at line breaks; nothing is lost but white space."""
    found: list[str] = []
    for line in text.splitlines():
        start = 0
        for at, sign in enumerate(line):
            if sign in ".!?…" and line[at + 1 : at + 2] == " " and not line[at + 2 : at + 3].islower():
                found.append(line[start : at + 1].strip())
                start = at + 1
        found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def _closed(heading: str, kept: list[str]) -> list[Piece]:
    text = "\n".join(kept).strip()
    return [Piece(heading, part) for part in _cut(text)] if text else []


def _cut(text: str) -> list[str]:
    if _words(text) <= PASSAGE_WORDS * 3 // 2:
        return [text]
    parts: list[str] = [""]
    for sentence in sentences(text):
        if parts[-1] and _words(f"{parts[-1]} {sentence}") > PASSAGE_WORDS:
            parts.append(sentence)
        else:
            parts[-1] = f"{parts[-1]} {sentence}".strip()
    return parts


def _words(text: str) -> int:
    return len(text.split())


def _blocks(body: str) -> Iterator[tuple[str, str]]:
    """("heading" | "text", plain text) of each block; list items keep a mark."""
    kind, mark, numbers = "text", "", list[int | None]()
    for token in _markdown.parse(body):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            numbers.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
        elif token.type == "list_item_open":
            number = numbers[-1]
            mark = "• " if number is None else f"{number}. "
            numbers[-1] = None if number is None else number + 1
        elif token.type in ("heading_open", "heading_close"):
            kind = "heading" if token.type == "heading_open" else "text"
        elif token.type in ("inline", "fence", "code_block"):
            yield kind, mark + (_plain(token) if token.type == "inline" else token.content.strip())
            mark = ""


def _plain(inline: Token) -> str:
    words = (" " if child.type in ("softbreak", "hardbreak") else child.content for child in inline.children or ())
    return " ".join("".join(words).split())
