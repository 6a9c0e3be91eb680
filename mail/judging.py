"""Whether a letter is a customer's own answer: no programs, no circles, nobody in his name. Pure.

What lets it in is the signed address, which only a letter to this customer ever named, with the customer's address as
sender. The sender is verified where the desk's own mail server (`authserv`) says so, by SPF, DKIM or DMARC.
"""

from __future__ import annotations

import re
from contextlib import suppress

from chat.mailing import is_own
from mail.mime import Headers, Letter, Refused

BOUNCE, STRANGER = "a bounce", "not the customer's address"
LISTS = ("list-id", "list-unsubscribe", "list-post")
REPLIERS = ("x-autoreply", "x-autorespond", "x-auto-response-suppress", "x-autoresponse")
BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
PROGRAMS = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+@-]|$)", re.IGNORECASE)
VERDICT = re.compile(r"\b(dmarc|dkim|spf)=pass\b([^;]{0,500})", re.IGNORECASE)
DOMAIN = re.compile(
    r"\b(?:header\.d|header\.i|header\.from|smtp\.mailfrom)=\"?(?:[^@\s;\"]{0,64}@)?([A-Za-z0-9.-]{1,255})"
)


def refuse_programs(letter: Letter) -> None:
    """
    Raises:
        Refused: a bounce, an automatic answer, a mailing list, or a letter of our own come back.
    """
    headers = letter.headers
    if headers.has("x-supportdesk") or is_own(letter.sender):
        raise Refused("our own letter")
    if headers.content_type() == "multipart/report" or headers.first("return-path").strip() == "<>":
        raise Refused(BOUNCE)
    submitted = headers.first("auto-submitted").partition(";")[0].strip().lower()
    precedence = headers.first("precedence").strip().lower()
    if submitted not in ("", "no") or precedence in BULK or any(headers.has(name) for name in REPLIERS):
        raise Refused("an automatic answer")
    if any(headers.has(name) for name in LISTS):
        raise Refused("a mailing list")
    if PROGRAMS.match(letter.sender):
        raise Refused("a program")


def refuse_strangers(letter: Letter, email: str, authserv: str) -> bool:
    """Whether the sender is verified; without `authserv` nobody says so, and the signed address alone lets it in.

    Raises:
        Refused: the sender is not the customer, or the mail server could not confirm it.
    """
    if not is_same_box(letter.sender, email):
        raise Refused(STRANGER)
    if authserv and not _is_confirmed(letter.headers, letter.sender, authserv):
        raise Refused("not confirmed by SPF, DKIM or DMARC")
    return bool(authserv)


def is_same_box(sender: str, email: str) -> bool:
    """Also where he left `ana+shop@…` and his mail program writes as `ana@…`, or a domain of other letters in ASCII."""
    (wrote, there), (left, here) = _parts(sender), _parts(email)
    return there == here and wrote in (left, left.partition("+")[0])


def _parts(address: str) -> tuple[str, str]:
    local, _, domain = address.casefold().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return local, domain


def _is_confirmed(headers: Headers, sender: str, authserv: str) -> bool:
    """By the topmost result of our own server (RFC 8601): those below may be the sender's invention."""
    results = (value for value in headers.all("authentication-results"))
    ours = next((value for value in results if value.partition(";")[0].split()[:1] == [authserv]), "")
    domain = sender.rpartition("@")[2].lower()
    for method, details in VERDICT.findall(ours):
        found = [name.lower() for name in DOMAIN.findall(details)]
        if any(_is_aligned(name, domain) for name in found) or (method.lower() == "dmarc" and not found):
            return True
    return False


def _is_aligned(found: str, domain: str) -> bool:
    return found == domain or (domain.endswith(f".{found}") and "." in found)
