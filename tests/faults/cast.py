"""Prints the rehearsal's agents as JSON, signed in at the desk that the environment names.

`python -m tests.faults.cast 6`: a process of its own, because Django's settings of a test run name another database.
"""

from __future__ import annotations

import json
import os
import sys

import django


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings")
    django.setup()
    from supportdesk.rehearsal.cast import hire  # Django must be set up first

    hired = [{"agent_id": one.agent_id, "name": one.name, "cookie": one.cookie} for one in hire(count)]
    sys.stdout.write(json.dumps(hired))


if __name__ == "__main__":
    main(int(sys.argv[1]))
