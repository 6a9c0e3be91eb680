"""When Python looks for cycles of garbage in a web process: among young objects often, among all of them seldom.

As it comes, Python walks every object it has each few seconds. With 5,000 sockets one such walk took half a second, in
which nobody was answered, and found nothing. Sockets that closed are looked for by chat.sockets.pulse, as many at a
time as are open, so that the walks cost no more than the sockets themselves did.
"""

from __future__ import annotations

import gc

YOUNG = 10_000
"""Objects made and kept before the young are looked at; a walk over so many takes a millisecond or two."""
MIDDLE, OLD = 10, 200
"""So many looks at the young make one at the middle-aged, and so many of those one at all."""


def settle() -> None:
    """Once, when all is loaded and nothing is served yet: what is there now stays, and is not walked again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
