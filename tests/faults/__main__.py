"""`make faults SEED=n [SECONDS=60]`, or SEEDS=1-30: a desk of its own, one run a seed, the verdict as exit code."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.faults import report
from tests.faults.rig import Rig, started
from tests.faults.run import Run
from tests.faults.schedule import schedule

AGENTS = 6
KEPT = Path(__file__).resolve().parents[2] / "var" / "faults"


def main(words: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="make faults", description=__doc__)
    asked.add_argument("--seeds", default="1", help="one (7) or several (1-30)")
    asked.add_argument("--seconds", type=float, default=60.0, help="how long faults strike")
    given = asked.parse_args(words)
    first, _, last = given.seeds.partition("-")
    for stop in (signal.SIGINT, signal.SIGTERM):  # in the background, too, what was started is stopped and unmounted
        signal.signal(stop, signal.default_int_handler)
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, started(Path(folder)) as rig:
        say(f"the disk fills by {rig.disk.means}")
        runs = asyncio.run(played(rig, range(int(first), int(last or first) + 1), given.seconds))
    if len(runs) > 1:
        say(*report.table(runs))
    return 1 if any(run["violations"] for run in runs) else 0


async def played(rig: Rig, seeds: range, seconds: float) -> list[dict[str, Any]]:
    """Every seed on the one rig; each report is kept and shown as it comes."""
    hired, runs = await asyncio.to_thread(rig.hire, AGENTS), []
    for seed in seeds:
        run = report.as_json(await Run(rig, hired, seed, schedule(seed, seconds)).play())
        (KEPT / f"{seed}.json").write_text(json.dumps(run, indent=1))
        say(*report.lines(run))
        runs.append(run)
    return runs


def say(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)  # noqa: T201  # a command's result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
