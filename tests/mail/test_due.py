"""What goes out as a letter, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mail.due import SETTLED_AT_MOST, Line, Reader, letter_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SETTLES = timedelta(seconds=20)
AWAY = timedelta(minutes=3)
GONE = Reader(is_online=False, asked=False, heard=False, away=AWAY)
ASKED = Reader(is_online=False, asked=True, heard=False, away=AWAY)
HEARD = Reader(is_online=False, asked=True, heard=True, away=AWAY)


def line(seq: int, ago_s: float, kind: str = "agent", notice: str | None = None) -> Line:
    return Line(seq, kind, "Bob", f"answer {seq}", notice, NOON - timedelta(seconds=ago_s))


def seqs(reader: Reader, *unread: Line) -> list[int]:
    return [found.seq for found in letter_of(unread, reader, NOON, SETTLES)]


def test_who_asked_gets_it_as_soon_as_the_agent_has_done_writing() -> None:
    assert seqs(ASKED, line(3, 19)) == []
    assert seqs(ASKED, line(3, 60), line(4, 19)) == []
    assert seqs(ASKED, line(3, 60), line(4, 20)) == [3, 4]


def test_who_writes_on_and_on_does_not_hold_it_up_for_ever() -> None:
    assert seqs(ASKED, line(3, SETTLED_AT_MOST.total_seconds()), line(4, 1)) == [3, 4]


def test_who_did_not_ask_is_given_time_to_come_back() -> None:
    assert seqs(GONE, line(3, 179)) == []
    assert seqs(GONE, line(3, 180)) == [3]


def test_where_the_inbox_says_so_only_who_asked_gets_letters() -> None:
    never = Reader(is_online=False, asked=False, heard=False, away=timedelta())
    assert seqs(never, line(3, 10_000)) == []


def test_an_open_tab_gets_no_letter_unless_he_asked_and_has_forgotten_it() -> None:
    here = Reader(is_online=True, asked=False, heard=False, away=AWAY)
    forgotten = Reader(is_online=True, asked=True, heard=False, away=AWAY)
    assert seqs(here, line(3, 10_000)) == []
    assert seqs(forgotten, line(3, 100)) == []
    assert seqs(forgotten, line(3, 180)) == [3]


@pytest.mark.parametrize(
    ("kind", "notice", "is_for_heard"),
    [("bot", None, True), ("system", "callback_promised", True), ("system", "letter_cut", True),
     ("system", "agent_joined", False), ("customer", None, False)],
)  # fmt: skip
def test_the_bot_and_the_desk_write_only_to_who_wrote_by_mail(
    kind: str, notice: str | None, is_for_heard: bool
) -> None:
    assert seqs(ASKED, line(3, 60, kind, notice)) == []
    assert seqs(HEARD, line(3, 60, kind, notice)) == ([3] if is_for_heard else [])
