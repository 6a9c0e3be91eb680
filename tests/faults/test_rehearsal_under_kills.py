"""A rehearsal goes on while processes of the desk are killed -9, and no client sees anything lost, doubled or stuck."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk import Desk, until

CHATS = 40
OPTIONS = f"--chats {CHATS} --parallel 10 --agents 5 --pace 0.6 --think 0.3 --seed 4".split()


@pytest.mark.fault
@pytest.mark.parametrize("victims", [(), ("worker", "web", "redis")], ids=["calm", "killed"])
def test_nothing_is_lost_doubled_reordered_unowned_or_overdue(
    desk: Desk, tmp_path: Path, victims: tuple[str, ...]
) -> None:
    report, said = tmp_path / "report.json", tmp_path / "said.txt"
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    with said.open("w") as out:
        rehearsal = subprocess.Popen(
            [sys.executable, "manage.py", "rehearse", *OPTIONS, "--url", desk.url, "--json", str(report)],
            env={**environment, "SUPPORTDESK_VAR": str(desk.var), "PORT": desk.url.rsplit(":", 1)[1]},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        for number, victim in enumerate(victims, 1):
            talking = CHATS * number // 2
            until(lambda least=talking: stored(desk) >= least or rehearsal.poll() is not None, 60, "nobody talks")
            desk.kill(victim)
        assert rehearsal.wait(110) == 0, said.read_text()
    finally:
        if rehearsal.poll() is None:
            rehearsal.terminate()
            rehearsal.wait(20)
    found = json.loads(report.read_text())
    assert {k: found[k] for k in ("chats", "lost", "doubled", "out_of_order", "unowned", "overdue")} == {
        "chats": CHATS, "lost": 0, "doubled": 0, "out_of_order": 0, "unowned": 0, "overdue": 0,
    }  # fmt: skip
    assert found["handed_off"] > 0
    assert found["answered_by_bot"] > 0
    desk.wait_ready()


def stored(desk: Desk) -> int:
    """Messages that customers have posted in the last minute."""
    with desk.database() as database:
        row = database.execute(
            "SELECT count(*) FROM chat_message"
            " WHERE author_kind = 'customer' AND posted_at > now() - interval '1 minute'"
        ).fetchone()
    assert row is not None
    return int(str(row[0]))
