"""What is said of a version that reads poorly; that training and promoting say it is in test_versions."""

from __future__ import annotations

from routing.examples import Given
from routing.learning.remarks import remarks
from tests.routing.lessons import given, learned

NAMES = ("lost_parcel", "late_parcel", "torn_parcel", "open_parcel")
CITIES = [first + second for first in ("ber", "lin", "mar", "tol") for second in ("go", "na", "sk", "um", "wyk", "zi")]
ALIKE = [Given(f"where is my parcel to {city}", NAMES[n % 4], f"parcel {n}", "test") for n, city in enumerate(CITIES)]
"""Nothing tells these four apart."""


def test_intents_that_nothing_tells_apart_are_named_with_what_to_do() -> None:
    said = remarks(learned([*given(), *ALIKE]).metrics)
    assert said[0].startswith("This version reads poorly: of 100 messages that it had not seen it knows of ")
    assert said[1].startswith("Few examples, fewer than 20: “late parcel” (6), “lost parcel” (6), “open parcel” (6)")
    assert any(line.startswith("Read worst: “") and "parcel” (" in line for line in said)
    confused = [line for line in said if line.startswith("Confused: ")]
    assert confused
    assert all("parcel” are taken for “" in line for line in confused)
    assert any(line.startswith("Add messages as customers really write them") for line in said)
    assert any("intent oos" in line for line in said)


def test_of_a_good_reader_nothing_is_said() -> None:
    metrics = learned(given()).metrics | {"accuracy": {"value": 0.86, "low": 0.8, "high": 0.9}}
    assert remarks(metrics) == []
