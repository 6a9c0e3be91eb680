"""A rehearsal at a real desk goes well, and its report says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.desk import Desk

CHATS = 40
OPTIONS = f"--chats {CHATS} --parallel 10 --agents 5 --pace 0.6 --think 0.3 --seed 4".split()


def test_nothing_is_lost_doubled_reordered_unowned_or_overdue(desk: Desk, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    rehearsal = subprocess.run(
        [sys.executable, "manage.py", "rehearse", *OPTIONS, "--url", desk.url, "--json", str(report)],
        env={**environment, "SUPPORTDESK_VAR": str(desk.var), "PORT": desk.url.rsplit(":", 1)[1]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=110,
        check=False,
    )
    assert rehearsal.returncode == 0, rehearsal.stdout.decode()
    found = json.loads(report.read_text())
    assert {k: found[k] for k in ("chats", "lost", "doubled", "out_of_order", "unowned", "overdue")} == {
        "chats": CHATS, "lost": 0, "doubled": 0, "out_of_order": 0, "unowned": 0, "overdue": 0,
    }  # fmt: skip
    assert found["handed_off"] > 0
    assert found["answered_by_bot"] > 0
