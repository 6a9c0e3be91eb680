"""Readers, gate and figures on small sets of the test's own; the encoder itself where it is built."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from routing.learning import figures
from routing.signals import intent
from supportdesk.encoder import place
from supportdesk.encoder.wordpiece import WordPiece, words

needs_encoder = pytest.mark.skipif(not place.is_built(), reason="the encoder is not built")


def test_words_are_split_as_bert_splits_them() -> None:
    assert list(words("Où's my\tCARD?")) == ["ou", "'", "s", "my", "card", "?"]
    pieces = {each: n for n, each in enumerate(["[UNK]", "[CLS]", "[SEP]", "un", "##know", "##n", "a"])}
    tokenizer = WordPiece(pieces)
    assert tokenizer.ids("unknown xyz a", 9) == [1, 3, 4, 5, 0, 6, 2]
    assert tokenizer.ids("unknown a", 3) == [1, 3, 2]
    assert tokenizer.ids("unknow a a", 4) == [1, 3, 4, 2]


@needs_encoder
def test_meaning_is_nearer_than_words() -> None:
    from supportdesk.encoder.minilm import MiniLM

    lost, gone, pizza = MiniLM().vectors(["I lost my card", "my bank card is gone", "I would like a pizza"])
    assert lost @ gone > lost @ pizza + 0.3
    assert np.array_equal(MiniLM().vectors(["I lost my card"])[0], lost)


def test_figures_on_cases_worked_by_hand() -> None:
    score, right = np.array([3.0, 2.0, 1.0]), np.array([True, False, True])
    assert figures.auroc(score, right) == 0.5
    assert figures.aurc(score, right) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert figures.ece(np.array([0.5, 0.5]), np.array([True, False]), np.ones(2)) == 0
    assert figures.ece(np.array([1.0, 1.0]), np.array([True, False]), np.ones(2)) == 0.5
    weight = figures.to_share(np.array([True, False, False, False]), 0.5)
    assert weight[0] == weight[1:].sum()


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Three files of the shipped examples; what has no intent is of another world."""
    texts, names = intent.examples()
    outside = [(f"what is the {a} of the {b}", "oos") for a in ("mass", "age", "moon") for b in ("sun", "king", "sea")]
    pairs = [*zip(texts, names, strict=True), *outside]
    made = {}
    for name, quarters in (("train", (0, 1)), ("dev", (2,)), ("test", (3,))):
        path = tmp_path / f"{name}.csv"
        kept = [pair for n, pair in enumerate(pairs) if n % 4 in quarters]
        path.write_text("text,intent\n" + "".join(f'"{text}",{named}\n' for text, named in kept))
        made[name] = str(path)
    return made


@pytest.mark.parametrize(("subject", "figure"), [("intents", "accuracy"), ("oos", "auroc"), ("handoff", "missed_90")])
def test_evaluate_writes_each_figure_with_its_interval(subject: str, figure: str, files: dict[str, str]) -> None:
    out = Path(files["train"]).with_name("out.json")
    call_command("evaluate", subject, encoder="none", json=out, **{k: Path(v) for k, v in files.items()})
    found = json.loads(out.read_text())
    assert all(0 <= each["low"] <= each["high"] <= 1 and 0 <= each["value"] <= 1 for each in found.values())
    assert figure in found


def test_a_bad_file_is_named_with_its_line(files: dict[str, str]) -> None:
    Path(files["dev"]).write_text("text,intent\nhello,greeting\n ,greeting\n")
    with pytest.raises(CommandError, match=r"dev\.csv: line 3"):
        call_command("evaluate", "intents", encoder="none", **{k: Path(v) for k, v in files.items()})
