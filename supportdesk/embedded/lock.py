"""One desk per var directory: a lock the kernel lets go of when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from supportdesk.embedded.places import Places
from supportdesk.embedded.problem import Problem


class Taken(Problem):
    pass


@contextmanager
def held(places: Places) -> Iterator[None]:
    with (places.run / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            file.seek(0)
            raise Taken(
                f"a desk already runs on {places.var} (process {file.read().strip() or 'unknown'}): "
                "stop it, or set SUPPORTDESK_VAR and PORT for a second one"
            ) from problem
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
