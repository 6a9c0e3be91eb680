"""The search in articles is measured on the demo's questions, and changes nothing of the desk."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chat.models import Inbox
from knowledge import embedding
from knowledge.models import Article
from routing.learning import retrieval
from routing.learning.retrieval import Asked
from routing.management.commands import load_demo

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every third of the demo's, for the time's sake."""
    head, *rows = (load_demo.ARTICLES / "questions.csv").read_text().splitlines()
    path = tmp_path_factory.mktemp("asked") / "questions.csv"
    path.write_text("\n".join([head, *[row for row in rows if ",fr," not in row][::3]]) + "\n")
    return path


def test_words_meaning_and_both_have_their_figures_and_the_desk_is_as_before(questions: Path, tmp_path: Path) -> None:
    call_command(
        "evaluate", "retrieval", questions=questions, json=tmp_path / "figures.json", stdout=(out := StringIO())
    )
    figures = json.loads((tmp_path / "figures.json").read_text())
    for name in ("words_en_recall_1", "meaning_en_recall_3", "both_en_mrr", "both_de_recall_1", "search_ms_p95"):
        assert figures[name]["low"] <= figures[name]["value"] <= figures[name]["high"]
    assert figures["both_en_recall_3"]["value"] >= figures["both_en_recall_1"]["value"] >= 0.5
    assert "fitted on en" in out.getvalue()
    assert (Article.objects.count(), Inbox.objects.count()) == (0, 0)


def test_both_find_no_less_than_words_alone_on_questions_not_fitted_on(db: None) -> None:
    inbox = load_demo.load_inbox()
    load_demo.load_articles(inbox)
    embedding.embed(100)
    asked = retrieval.ask(inbox.pk, retrieval.read(load_demo.ARTICLES / "questions.csv", "test"), "en")
    found = retrieval.figures(asked, inbox.support_floor)
    for figure in ("en_recall_1", "en_mrr", "de_recall_1", "en_auroc_answerable"):
        assert found[f"both_{figure}"]["value"] >= found[f"words_{figure}"]["value"], figure


def test_an_article_counts_once_and_one_not_found_counts_nothing() -> None:
    assert Asked("?", "en", "a", (), (), 0).place(()) == float("inf")


@pytest.mark.parametrize("text", ["question,slug\na,b\n", "split,language,question,slug\nfit,en,a,b\n"])
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str) -> None:
    (tmp_path / "questions.csv").write_text(text)
    with pytest.raises(CommandError, match=r"columns|split"):
        call_command("evaluate", "retrieval", questions=tmp_path / "questions.csv", stdout=StringIO())
