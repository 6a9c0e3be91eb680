"""The embeddings endpoint against a real HTTP peer, whatever that says or does not."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import numpy as np
import pytest

from supportdesk.encoder.choice import Silent, chosen
from supportdesk.encoder.endpoint import Endpoint
from tests.peers import Peer, drips


@pytest.fixture
def endpoint(peer: Peer, settings: Any) -> Callable[[], Endpoint]:
    return lambda: Endpoint(f"{peer.url}/v1", "a-model", "sk-test", within_s=0.3)


def row(n: int, *numbers: Any) -> dict[str, Any]:
    return {"object": "embedding", "index": n, "embedding": list(numbers)}


def test_vectors_come_in_the_order_asked_at_one_length(peer: Peer, endpoint: Callable[[], Endpoint]) -> None:
    peer.gives((200, {"data": [row(1, 0.0, 5.0), row(0, 3.0, 4.0)]}))
    found = endpoint().vectors(["a", "b"])
    assert np.allclose(found / np.sqrt(2), [[0.6, 0.8], [0.0, 1.0]], atol=1e-6)
    (asked,) = peer.asked
    assert asked.path == "/v1/embeddings"
    assert asked.json() == {"model": "a-model", "input": ["a", "b"], "encoding_format": "float"}
    assert asked.headers["Authorization"] == "Bearer sk-test"


def test_many_texts_are_asked_in_parts(peer: Peer, endpoint: Callable[[], Endpoint]) -> None:
    def answers(handler: BaseHTTPRequestHandler) -> None:
        import json

        count = len(peer.asked[-1].json()["input"])
        body = json.dumps({"data": [row(n, 1.0, float(n)) for n in range(count)]}).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    peer.gives(answers)
    assert endpoint().vectors([f"text {n}" for n in range(130)]).shape == (130, 2)
    assert [len(asked.json()["input"]) for asked in peer.asked] == [64, 64, 2]


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}),
        (401, {"error": "no"}),
        (200, b"not json"),
        (200, []),
        (200, {"data": []}),
        (200, {"data": [row(0, 1.0)]}),
        (200, {"data": [row(0, 1.0), row(1, 1.0, 2.0)]}),
        (200, {"data": [row(0, 1.0), row(1, "x")]}),
        (200, {"data": [row(0, 1.0), row(1, 0.0)]}),
        (200, {"data": [row(0, 1.0), row(1, None)]}),
        (200, b'{"data": [{"index": 0, "embedding": [NaN]}, {"index": 1, "embedding": [1]}]}'),
        (200, b" " * 2_000_000),
        drips,
    ],
)
def test_whatever_else_it_says_is_silence(peer: Peer, endpoint: Callable[[], Endpoint], answer: Any) -> None:
    peer.gives(answer)
    with pytest.raises(Silent):
        endpoint().vectors(["a", "b"])


def test_after_a_failure_it_is_left_alone_for_a_while(peer: Peer, endpoint: Callable[[], Endpoint]) -> None:
    peer.gives((500, {}))
    one = endpoint()
    for _ in range(3):
        with pytest.raises(Silent):
            one.vectors(["a"])
    assert len(peer.asked) == 1


def test_an_address_inside_is_not_asked(peer: Peer, settings: Any) -> None:
    settings.PRIVATE_PEERS = set()
    settings.ENCODER, settings.ENCODER_URL, settings.ENCODER_MODEL = "endpoint", peer.url, "m"
    encoder = chosen()
    assert encoder is not None
    assert encoder.name == "endpoint/m"
    with pytest.raises(Silent, match="private network"):
        encoder.vectors(["a"])
    assert peer.asked == []
