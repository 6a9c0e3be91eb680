"""Articles cut into passages, as plain text that loses nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.passages import PASSAGE_WORDS, Piece, html, sentences, split
from routing.brains.knowledge import ANSWER_CHARS, bounded


def test_each_heading_is_a_passage_of_plain_text() -> None:
    body = "Intro with **bold** and a [link](https://a.example).\n\n"
    body += "## One\nFirst\nline.\n\n## Empty\n\n## Two\n- a\n- b\n\n1. x\n2. y"
    assert split(body) == [
        Piece("", "Intro with bold and a link."),
        Piece("One", "First line."),
        Piece("Two", "• a\n• b\n1. x\n2. y"),
    ]


def test_long_texts_are_cut_at_paragraphs_and_sentences() -> None:
    paragraph = "This sentence has exactly six words. " * 40
    pieces = split(f"## Long\n{paragraph}\n\nShort end.")
    assert len(pieces) > 2
    assert all(len(piece.text.split()) <= PASSAGE_WORDS * 1.5 for piece in pieces)
    assert " ".join(" ".join(piece.text for piece in pieces).split()) == " ".join(f"{paragraph} Short end.".split())


def test_sentences_end_where_a_reader_would_end_them() -> None:
    assert sentences("It costs €4.90 today. Is it free? Yes!\nNext line") == [
        "It costs €4.90 today.", "Is it free?", "Yes!", "Next line",
    ]  # fmt: skip


@given(st.text(max_size=3000))
def test_an_answer_is_bounded_and_never_empty(text: str) -> None:
    assert len(bounded(text)) <= ANSWER_CHARS
    assert bool(bounded(text)) == bool(text) or not text.strip()


@given(st.text(max_size=500))
def test_any_body_can_be_cut_and_shown(body: str) -> None:
    assert all(piece.text for piece in split(body))
    html(body)


def test_written_html_is_shown_as_text_and_scripted_links_are_refused() -> None:
    shown = html("<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=y>")
    assert "<script" not in shown
    assert "<img" not in shown
    assert "href" not in shown
