"""An answer without what it answers, as mail programs of several languages write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.quoting import own_words

OURS = "##- Please write your answer above this line -##\n\nBob:\nHello Ana\n\n--\nTo answer, …"
QUOTED = "\n".join(f"> {line}" for line in OURS.split("\n"))
ANSWER = "Yes please.\n\nThe blue one: 2 pieces."

OPENINGS = [
    "On Tue, 24 Nov 2026 at 12:00, Lumen & Oak <no-reply@shop.example> wrote:",
    "On Tue, 24 Nov 2026 at 12:00, Lumen & Oak <\nno-reply@shop.example> wrote:",
    "Am Di., 24. Nov. 2026 um 12:00 Uhr schrieb Lumen & Oak <no-reply@shop.example>:",
    "Am 24.11.2026 um 12:00 schrieb Lumen & Oak\n<no-reply@shop.example>:",
    "Le mar. 24 nov. 2026 à 12:00, Lumen & Oak <no-reply@shop.example> a écrit :",
    "El mar, 24 nov 2026 a las 12:00, Lumen & Oak (<no-reply@shop.example>)\nescribió:",
    "Il giorno mar 24 nov 2026 alle ore 12:00 Lumen & Oak <no-reply@shop.example> ha scritto:",
    "Op di 24 nov 2026 om 12:00 schreef Lumen & Oak <no-reply@shop.example>:",
    "Em ter., 24 de nov. de 2026 às 12:00, Lumen & Oak <no-reply@shop.example> escreveu:",
    "wt., 24 lis 2026 o 12:00 Lumen & Oak <no-reply@shop.example> napisał(a):",
    "Den tis 24 nov. 2026 kl 12:00 skrev Lumen & Oak <no-reply@shop.example>:",
    "вт, 24 нояб. 2026 г. в 12:00, Lumen & Oak <no-reply@shop.example>:",
    "24 Kas 2026 Sal, saat 12:00 tarihinde Lumen & Oak şunu yazdı:",
    "2026年11月24日(火) 12:00 Lumen & Oak <no-reply@shop.example>:",
    "Lumen & Oak <no-reply@shop.example> 于2026年11月24日周二 12:00写道：",
    "-----Original Message-----\nFrom: Lumen & Oak <no-reply@shop.example>\nSent: Tuesday, 24 November 2026 12:00"
    "\nTo: Ana\nSubject: Your conversation",
    "________________________________\nVon: Lumen & Oak <no-reply@shop.example>"
    "\nGesendet: Dienstag, 24. November 2026 12:00\nAn: Ana\nBetreff: Ihre Unterhaltung",
    "De : Lumen & Oak <no-reply@shop.example>\nEnvoyé : mardi 24 novembre 2026 12:00\nÀ : Ana"
    "\nObjet : Votre conversation",
    "",
]  # fmt: skip


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("quoted", [QUOTED, OURS], ids=["quoted", "as it was"])
def test_only_his_own_words_are_kept(opening: str, quoted: str) -> None:
    assert own_words(f"{ANSWER}\n\n{opening}\n\n{quoted}\n") == ANSWER


@pytest.mark.parametrize("opening", OPENINGS[:15])
def test_a_quotation_without_our_marker_is_known_by_its_form(opening: str) -> None:
    assert own_words(f"{ANSWER}\n\n{opening}\n> Bob:\n> Hello Ana\n") == ANSWER


def test_answers_between_quoted_lines_are_kept() -> None:
    text = f"Hello,\n\n{OPENINGS[0]}\n{QUOTED}\n> Which one?\nThe blue one.\n> How many?\nTwo."
    assert own_words(text) == "Hello,\nThe blue one.\nTwo."


def test_a_signature_is_left_out() -> None:
    assert own_words(f"Yes.\n-- \nAna\nLumen Street 1\n\n{QUOTED}") == "Yes."


@pytest.mark.parametrize(
    "text",
    ["Name: Ana\nOrder: LO-1\nStreet: Oak 1", "You wrote on 3 May 2026:\nit comes on Monday.", "5 > 3", "a -- b",
     "First line\n\n\nlast line", "Hello:"],
)  # fmt: skip
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert own_words(text) == text


def test_who_only_quotes_says_nothing() -> None:
    assert own_words(f"{OPENINGS[0]}\n\n{QUOTED}") == ""


@given(st.text(alphabet=st.sampled_from(list("a1 >:#-_\n：<@.")), max_size=400))
def test_it_never_fails_and_never_adds(text: str) -> None:
    own = own_words(text)
    assert set(own.split()) <= set(text.split())
