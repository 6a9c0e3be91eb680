"""A letter's words: all of the agent's, escaped, with a way to answer and a way to stop."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mail.composing import Frame, compose
from mail.due import Line
from mail.quoting import own_words
from mail.words import WORDS, words_in

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
STOP = "https://desk.example/mail/stop/abc/"


def frame(language: str = "en", *, can_answer: bool = True, link: str = "https://shop.example/lamps") -> Frame:
    return Frame("Lumen & Oak", words_in(language), link, STOP, can_answer)


def line(text: str) -> Line:
    return Line(3, "agent", "Bob <b>", text, None, NOON)


def test_everything_is_escaped() -> None:
    written = compose([line('<script>alert(1)</script> & "more"\nnext')], frame())
    assert "<script>" not in written.html
    assert "Bob <b>" not in written.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;<br>next" in written.html
    assert '<script>alert(1)</script> & "more"\nnext' in written.text


@pytest.mark.parametrize("language", sorted(WORDS))
def test_it_says_how_to_answer_and_how_to_stop_in_every_language(language: str) -> None:
    written = compose([line("Hello")], frame(language))
    for text in (written.text, written.html):
        assert STOP in text
        assert "https://shop.example/lamps" in text
    assert written.text.startswith("##- ")
    assert "{" not in written.text + written.subject
    assert f'<a href="{STOP}">' in written.html


@pytest.mark.parametrize("link", ["", "https://shop.example/"])
def test_where_nobody_reads_answers_it_says_so(link: str) -> None:
    written = compose([line("Hello")], frame(can_answer=False, link=link))
    assert "not read" in written.text
    assert "##-" not in written.text + written.html
    assert link in written.text


def test_a_language_nobody_translated_is_english() -> None:
    assert words_in("tlh") is WORDS["en"]


@pytest.mark.parametrize("language", sorted(WORDS))
def test_an_answer_on_top_of_it_is_found_again(language: str) -> None:
    sent = compose([line("Hello\nAna")], frame(language)).text
    quoted = "\n".join(f"> {part}" for part in sent.split("\n"))
    assert own_words(f"Thank you!\n\nOn 24 Nov 2026, at 12:00, Bob <b@shop.example> wrote:\n\n{quoted}") == "Thank you!"
    assert own_words(f"Thank you!\n\n{sent}") == "Thank you!"
