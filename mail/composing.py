"""A letter's text, plain and as simple HTML, from the lines it carries. Pure; everything is escaped.

What the customer wrote is not repeated: nobody can have words of his sent to a stranger's address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from mail.due import Line
from mail.words import Words

MARKER = "##- {words} -##"
"""What is below it in an answer was ours (`mail.quoting` looks for it)."""
PAGE = (
    '<div style="font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;color:#1c1c1c;max-width:36em">{}</div>'
)
SAID = '<p style="margin:16px 0 4px"><b>{}</b></p><div dir="auto">{}</div>'
FAINT = "color:#767676;font-size:12px"


@dataclass(frozen=True, slots=True)
class Frame:
    """`link`: where the chat is, or ""; `can_answer`: whether answers to the letter are read."""

    shop: str
    words: Words
    link: str
    stop_link: str
    can_answer: bool


@dataclass(frozen=True, slots=True)
class Written:
    subject: str
    text: str
    html: str


def compose(lines: Sequence[Line], frame: Frame) -> Written:
    words = frame.words
    marker = MARKER.format(words=words.write_above) if frame.can_answer else ""
    how, why = _how(frame), words.why.format(shop=frame.shop)
    stop = words.stop.format(link=frame.stop_link)
    said = [(f"{line.name or frame.shop}:", line.text.strip()) for line in lines]
    parts = (marker, *(f"{who}\n{what}" for who, what in said), f"--\n{how}", why, stop)
    text = "\n\n".join(part for part in parts if part)
    body = "".join(SAID.format(escape(who), _lines(what)) for who, what in said)
    foot = "".join(f'<p style="{FAINT}">{_linked(part, frame)}</p>' for part in (how, why, stop))
    top = f'<p style="{FAINT}">{escape(marker)}</p>' if marker else ""
    return Written(words.subject.format(shop=frame.shop), text + "\n", PAGE.format(f"{top}{body}<hr>{foot}"))


def _how(frame: Frame) -> str:
    words = frame.words
    if frame.can_answer:
        return words.answer_or_chat.format(link=frame.link) if frame.link else words.answer
    return words.chat.format(link=frame.link) if frame.link else words.unread


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _linked(text: str, frame: Frame) -> str:
    shown = escape(text)
    for link in {frame.link, frame.stop_link} - {""}:
        shown = shown.replace(escape(link), f'<a href="{escape(link)}">{escape(link)}</a>')
    return shown
