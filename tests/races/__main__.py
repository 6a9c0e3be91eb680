"""`make races`: ten dispatchers, 200 conversations and 20 agents against each other, many times over, Redis flushed
meanwhile and, in every fifth round, processes that dispatch killed by -9; then every command in any order."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.races", description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--examples", type=int, default=100, help="of the stateful test")
    asked = parser.parse_args()
    environment = {**os.environ, "RACE_ROUNDS": str(asked.rounds), "STATEFUL_EXAMPLES": str(asked.examples)}
    return subprocess.run([sys.executable, "-m", "pytest", "tests/races"], cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
