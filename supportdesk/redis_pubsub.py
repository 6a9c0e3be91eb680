"""The words by which pushes are published and heard.

Ordinary pub/sub is passed on by a Cluster to each of its nodes. Where its servers know sharded pub/sub, all channels of
the desk are in one slot instead: the push stays with that slot's node, and a process still needs no more than one link
to publish and one to listen.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """`tag` stands before each channel's name."""

    publish: str
    subscribe: str
    unsubscribe: str
    tag: str


PLAIN = Words("PUBLISH", "SUBSCRIBE", "UNSUBSCRIBE", "")
SHARDED = Words("SPUBLISH", "SSUBSCRIBE", "SUNSUBSCRIBE", "{push}")
