"""A Cluster's client whose every failure is a RedisError, as a single server's is: redis-py raises, while no node
answers, an exception that is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from redis.cluster import ClusterNode, RedisCluster
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import RedisClusterException


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except RedisClusterException as problem:
        raise NoConnection(str(problem)) from problem


class Cluster(RedisCluster):
    def execute_command(self, *args: Any, **kwargs: Any) -> Any:
        with translated():
            return super().execute_command(*args, **kwargs)  # type: ignore[no-untyped-call]  # redis-py types half of it

    def home(self, key: str) -> tuple[str, int]:
        """Host and port of the master that has the key at this moment."""
        with translated():
            self.nodes_manager.initialize()
            node = self.get_node_from_key(key)  # type: ignore[no-untyped-call]  # as above
        return node.host, node.port

    def knows(self, command: str, key: str) -> bool:
        """Whether the master that has the key has the command."""
        with translated():
            node = self.get_node_from_key(key)  # type: ignore[no-untyped-call]  # as above
        return any(self.execute_command("COMMAND INFO", command, target_nodes=node))

    def pipeline(self, transaction: Any = None, shard_hint: Any = None) -> Any:
        """Not one pipeline but one for each node; `transaction` only for keys of one slot."""
        pipe: Any = super().pipeline(transaction, shard_hint)  # type: ignore[no-untyped-call]  # as above
        execute: Callable[..., Any] = pipe.execute

        def executed(*args: Any, **kwargs: Any) -> Any:
            with translated():
                return execute(*args, **kwargs)

        pipe.execute = executed
        return pipe


def cluster(hosts: tuple[tuple[str, int], ...], **options: Any) -> Cluster:
    """Raises NoConnection if none of the hosts answers now. Without all slots it serves those it has."""
    nodes = [ClusterNode(*place) for place in hosts]  # type: ignore[no-untyped-call]  # as above
    with translated():
        return Cluster(startup_nodes=nodes, require_full_coverage=False, **options)
