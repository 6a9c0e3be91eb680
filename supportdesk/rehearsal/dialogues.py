"""What customers say: dialogues read from a CSV file, or the small script that ships with the desk."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from pathlib import Path

from chat.protocol import TEXT_CHARS

SHIPPED = Path(__file__).with_name("dialogues.csv")
COLUMNS = ("conv", "turn", "text")


class BadScript(Exception):
    """The file is not a script of dialogues; the message says what is wrong and where."""


@dataclass(frozen=True)
class Dialogue:
    """The customer's side of one chat, in order."""

    name: str
    turns: tuple[str, ...]


def read_dialogues(path: Path) -> list[Dialogue]:
    """Every dialogue of a CSV with the columns conv, turn and text; others (domain, intent) are ignored.

    Raises:
        BadScript: the file cannot be read, lacks a column, or holds no turn.
    """
    turns: dict[str, list[tuple[float, str]]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
            if missing:
                raise BadScript(f"{path}: no column {', '.join(missing)}; needed are {', '.join(COLUMNS)}.")
            for row in rows:
                if text := _postable(row["text"]):
                    turns.setdefault(row["conv"], []).append((float(row["turn"]), text))
    except (OSError, UnicodeDecodeError) as problem:
        raise BadScript(f"{path} cannot be read: {problem}.") from problem
    except (ValueError, csv.Error) as problem:
        raise BadScript(f"{path}: line {rows.line_num} is not a turn of a dialogue: {problem}.") from problem
    if not turns:
        raise BadScript(f"{path} holds no dialogue.")
    return [Dialogue(name, tuple(text for _, text in sorted(said, key=lambda t: t[0]))) for name, said in turns.items()]


def choose_dialogues(dialogues: list[Dialogue], *, chats: int, seed: int) -> list[Dialogue]:
    """`chats` of them in a seeded order; none comes again before each has been played once."""
    order = random.Random(seed)
    chosen: list[Dialogue] = []
    while len(chosen) < chats:
        chosen += order.sample(dialogues, len(dialogues))
    return chosen[:chats]


def _postable(text: str | None) -> str:
    return (text or "").replace("\x00", "").strip()[:TEXT_CHARS]
