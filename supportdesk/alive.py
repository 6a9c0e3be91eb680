"""Signs of life of the worker and of beat: a file each touches as it works, for health checks that must be cheap.

The worker takes a sweep every second, so a file older than half a minute means that it hangs or is cut off.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path

from celery import signals
from django.conf import settings

OLDEST_S = 30.0


def sign_of(name: str) -> Path:
    return Path(settings.SUPPORTDESK_VAR) / "run" / f"{name}.alive"


def touch(name: str) -> None:
    with suppress(OSError):  # a full disk must not stop the desk
        sign_of(name).parent.mkdir(parents=True, exist_ok=True)
        sign_of(name).touch()


@signals.task_prerun.connect
def worker_lives(**_: object) -> None:
    touch("worker")


@signals.beat_init.connect
def watch_beat(**_: object) -> None:
    signals.after_task_publish.connect(beat_lives)


def beat_lives(**_: object) -> None:
    touch("beat")


def main(name: str) -> int:
    """Exit code 0 if `worker` or `beat` gave a sign of life lately: python -m supportdesk.alive worker."""
    try:
        return int(time.time() - sign_of(name).stat().st_mtime > OLDEST_S)
    except FileNotFoundError:
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
