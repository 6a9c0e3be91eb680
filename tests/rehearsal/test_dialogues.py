"""Scripts: what is read, what is refused, and that a seed decides the order."""

from pathlib import Path

import pytest

from supportdesk.rehearsal.dialogues import SHIPPED, BadScript, choose_dialogues, read_dialogues


def test_the_shipped_script_is_a_small_shops_day() -> None:
    dialogues = read_dialogues(SHIPPED)
    assert len(dialogues) >= 25
    assert all(dialogue.turns for dialogue in dialogues)


def test_turns_come_in_their_order_and_further_columns_are_ignored(tmp_path: Path) -> None:
    file = tmp_path / "script.csv"
    file.write_text("domain,conv,turn,text,intent\nx,a,10,second,i\nx,b,0,ciao,i\nx,a,2,first,i\nx,a,11,  ,i\n")
    assert [(d.name, d.turns) for d in read_dialogues(file)] == [("a", ("first", "second")), ("b", ("ciao",))]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("conv,text\na,hello\n", "no column turn"),
        ("", "no column conv, turn, text"),
        ("conv,turn,text\n", "no dialogue"),
        ("conv,turn,text\na,first,hello\n", "line 2"),
    ],
)
def test_a_file_that_is_no_script_is_refused_with_the_reason(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "script.csv"
    file.write_text(content)
    with pytest.raises(BadScript, match=says):
        read_dialogues(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadScript, match="cannot be read"):
        read_dialogues(tmp_path / "none.csv")


def test_a_seed_decides_the_order_and_every_dialogue_is_played_before_one_comes_again() -> None:
    dialogues = read_dialogues(SHIPPED)
    chosen = choose_dialogues(dialogues, chats=2 * len(dialogues) + 3, seed=7)
    assert chosen == choose_dialogues(dialogues, chats=2 * len(dialogues) + 3, seed=7)
    assert chosen != choose_dialogues(dialogues, chats=2 * len(dialogues) + 3, seed=8)
    assert set(chosen[: len(dialogues)]) == set(dialogues)
    assert len(chosen) == 2 * len(dialogues) + 3
