"""From the bytes of a letter to what the desk needs of it, or Refused. Pure; anybody may have written the bytes.

Bounded before it is parsed: only the first MiB is looked at, and few parts. Headers are read one by one, each cut.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

from mail.plain import text_of_html

READ_BYTES = 1_048_576
"""The words of a letter come first; beyond this are its attachments."""
HEADER_CHARS = 2_000
PARTS_MOST = 60
ADDRESSES_MOST = 50
HOPS_MOST = 50
_PARTS = re.compile(rb"\b(?:multipart|message)/", re.IGNORECASE)
_TYPED = re.compile(rb"^content-(?:type|disposition)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_LINE_END = re.compile(rb"\r\n?|\n")
_SLOW_CHARSETS = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"})
"""No mail program's; some take quadratic time."""
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
ADDRESSED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")


class Refused(Exception):
    """Why a letter does not come in: a word for the log and for whoever delivered it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


NAMED_MOST, NAME_CHARS = 10, 80
"""Attachments of which the agent is told, and how much of their names."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with it and is not kept. `size` in bytes; None where it goes on beyond what was read."""

    name: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Letter:
    """`text` still has what was quoted. `is_cut`: attachments, or more than was read."""

    sender: str
    to: tuple[str, ...]
    message_id: str
    text: str
    is_cut: bool
    headers: Headers
    attachments: tuple[Attachment, ...] = ()


class Headers:
    """What was said in a letter's head, without the letter: each at most HEADER_CHARS, decoded."""

    def __init__(self, message: Message) -> None:
        self._message = message

    def raw(self, name: str) -> list[str]:
        """As written: an address is read from this, for what is encoded may look like another one."""
        return [_line(str(value)) for value in (self._message.get_all(name) or [])[:ADDRESSES_MOST]]

    def all(self, name: str) -> list[str]:
        return [_decoded(value) for value in self.raw(name)]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def has(self, name: str) -> bool:
        return name in self._message

    def content_type(self) -> str:
        return self._message.get_content_type()


def read(raw: bytes, *, is_whole: bool = True) -> Letter:
    """`is_whole`: nothing comes after `raw`.

    Raises:
        Refused: too many parts, no single sender, or not a letter at all.
    """
    head = raw[:READ_BYTES]
    if len(_PARTS.findall(head)) > PARTS_MOST:
        raise Refused("too many parts")
    if any(_header_bytes(head, found.start()) > HEADER_CHARS for found in _TYPED.finditer(head)):
        raise Refused("a header too long")  # the library reads their parameters in quadratic time
    try:
        message = message_from_bytes(head, policy=policy.compat32)
        parts = list(message.walk())
    except (RecursionError, MessageError, ValueError, LookupError):
        raise Refused("not a letter") from None
    headers = Headers(message)
    if len(headers.all("received")) >= HOPS_MOST:
        raise Refused("too many hops")
    text, attachments = _text_of(parts)
    return Letter(
        sender=_sender(headers),
        to=tuple(_addresses([value for name in ADDRESSED for value in headers.raw(name)])),
        message_id=" ".join(headers.first("message-id").split())[:200],
        text=text,
        is_cut=bool(attachments) or len(raw) > READ_BYTES,
        headers=headers,
        attachments=_named(attachments, is_whole=len(raw) <= READ_BYTES and is_whole),
    )


def _header_bytes(head: bytes, start: int) -> int:
    """Of the header that begins there, with the lines that go on with it."""
    at = start
    while at - start <= HEADER_CHARS:
        end = _LINE_END.search(head, at)
        if end is None:
            return len(head) - start
        if head[end.end() : end.end() + 1] not in (b" ", b"\t"):
            return end.start() - start
        at = end.end()
    return at - start


def _sender(headers: Headers) -> str:
    said = headers.raw("from")
    found = _addresses(said)
    if len(said) != 1 or len(found) != 1:
        raise Refused("not one sender")
    return found[0]


def _addresses(values: list[str]) -> list[str]:
    """Bare addresses, in order, each once."""
    try:
        found = [address for _, address in getaddresses(values) if "@" in address]
    except (ValueError, IndexError, RecursionError):
        return []
    return list(dict.fromkeys(found))[:ADDRESSES_MOST]


def _decoded(line: str) -> str:
    text = line
    with suppress(MessageError, LookupError, ValueError):  # then it stays as it was written
        text = str(make_header(decode_header(line)))
    return _line(text)


def _line(text: str) -> str:
    return _UNSTORABLE.sub("", text[:HEADER_CHARS].replace("\r", " ").replace("\n", " "))


def _text_of(parts: list[Message]) -> tuple[str, list[Message]]:
    """The first plain text, else the first HTML as text; and the files that came with it."""
    plain = html = None
    attachments: list[Message] = []
    for part in parts:
        if part.is_multipart():
            continue
        kind, disposition = part.get_content_type(), (part.get_content_disposition() or "")
        if disposition == "attachment" or (kind not in ("text/plain", "text/html") and not part.get("content-id")):
            attachments.append(part)
        elif kind == "text/plain" and plain is None:
            plain = _payload(part)
        elif kind == "text/html" and html is None:
            html = _payload(part)
    if plain is not None and plain.strip():
        return plain, attachments
    return text_of_html(html) if html else "", attachments


def _named(parts: list[Message], *, is_whole: bool) -> tuple[Attachment, ...]:
    """The first NAMED_MOST; of a letter that goes on, the last file read may go on, too."""
    found = []
    for part in parts[:NAMED_MOST]:
        raw = part.get_payload(decode=True)
        is_known = isinstance(raw, bytes) and (is_whole or part is not parts[-1])
        found.append(Attachment(_file_name(part), len(raw) if is_known and isinstance(raw, bytes) else None))
    return tuple(found)


def _file_name(part: Message) -> str:
    """Without folders and signs that turn the reading direction: a name is shown, never opened."""
    try:
        said = part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        said = ""
    bare = re.split(r"[/\\\\]", _decoded(said))[-1]
    shown = " ".join("".join(c for c in bare if c.isprintable()).split())
    return shown if len(shown) <= NAME_CHARS else f"{shown[: NAME_CHARS // 2]}…{shown[-NAME_CHARS // 2 + 1 :]}"


def _payload(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        charset = codecs.lookup(part.get_content_charset("utf-8")).name
        text = raw.decode("utf-8" if charset in _SLOW_CHARSETS else charset, "replace")
    except (LookupError, ValueError):
        text = raw.decode("utf-8", "replace")
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
