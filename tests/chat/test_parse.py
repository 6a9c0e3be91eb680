"""Whatever a stranger sends becomes a command or one error with a code."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.protocol import AGENT_COMMANDS, CUSTOMER_COMMANDS, FRAME_BYTES, TEXT_CHARS
from chat.sockets.parse import Command, Refused, parse
from chat.sockets.rate import Bucket


def frame(type: str, data: object, id: object = 1) -> str:  # noqa: A002  # the protocol's words
    return json.dumps({"id": id, "type": type, "data": data})


POST = {"client_id": "abcdefgh", "text": "hi"}

BAD: list[tuple[str, str]] = [
    ("", "bad_json"),
    ("hello", "bad_json"),
    ('{"id": 1', "bad_json"),
    ("[1, 2]", "bad_json"),
    ("null", "bad_json"),
    ("[" * 30_000, "bad_json"),
    ('{"id": 1, "type": "ping", "data": {"x": NaN}}', "bad_json"),
    ('{"type": "ping"}', "bad_frame"),
    ('{"id": true, "type": "ping"}', "bad_frame"),
    ('{"id": 1.5, "type": "ping"}', "bad_frame"),
    ('{"id": -1, "type": "ping"}', "bad_frame"),
    ('{"id": "", "type": "ping"}', "bad_frame"),
    (frame("ping", {}, "x" * 65), "bad_frame"),
    ('{"id": 1, "type": 7}', "bad_frame"),
    ('{"id": 1, "type": "ping", "data": []}', "bad_frame"),
    ('{"id": 1, "type": "ping", "extra": 1}', "bad_frame"),
    (frame("message.delete", {}), "unknown_type"),
    (frame("__class__", {}), "unknown_type"),
    (frame("ping", {"x": 1}), "unknown_field"),
    (frame("message.post", {**POST, "bold": True}), "unknown_field"),
    (frame("message.post", {"text": "hi"}), "missing_field"),
    (frame("message.post", {"client_id": "abcdefgh"}), "missing_field"),
    (frame("message.post", {**POST, "text": 7}), "bad_value"),
    (frame("message.post", {**POST, "text": None}), "bad_value"),
    (frame("message.post", {**POST, "client_id": "short"}), "bad_value"),
    (frame("message.post", {**POST, "client_id": "with space"}), "bad_value"),
    (frame("message.post", {**POST, "client_id": "x" * 65}), "bad_value"),
    (frame("message.post", {**POST, "text": ""}), "empty_text"),
    (frame("message.post", {**POST, "text": " \n\t\u3000"}), "empty_text"),
    (frame("message.post", {**POST, "text": "x" * (TEXT_CHARS + 1)}), "text_too_long"),
    (frame("message.post", {**POST, "text": "nul \x00"}), "bad_text"),
    (frame("conversation.join", {"conversation_id": "no-uuid", "after_seq": 0}), "bad_value"),
    (frame("conversation.join", {"conversation_id": "0" * 32, "after_seq": -1}), "bad_value"),
    (frame("conversation.join", {"conversation_id": "0" * 32, "after_seq": "0"}), "bad_value"),
    (frame("conversation.join", {"conversation_id": "0" * 32, "after_seq": True}), "bad_value"),
    (frame("conversation.join", {"conversation_id": "0" * 32, "after_seq": 2**40}), "bad_value"),
    (frame("conversation.rate", {"score": 6}), "bad_value"),
    (frame("conversation.rate", {"score": 0}), "bad_value"),
    (frame("typing.set", {"typing": "yes"}), "bad_value"),
    (frame("session.open", {}), "missing_field"),
    (frame("session.open", {"site_key": "x", "locale": "../../etc"}), "bad_value"),
    (frame("message.post", {**POST, "text": "x" * FRAME_BYTES}), "frame_too_large"),
]


@pytest.mark.parametrize(("text", "code"), BAD, ids=[f"{code}-{n}" for n, (_, code) in enumerate(BAD)])
def test_a_bad_frame_is_refused_with_its_code(text: str, code: str) -> None:
    found = parse(text, CUSTOMER_COMMANDS)
    assert isinstance(found, Refused)
    assert found.error.code == code
    assert found.error.message


@pytest.mark.parametrize("escaped", ['"\\ud800"', '"a\\udfff b"'])
def test_half_a_surrogate_pair_is_refused(escaped: str) -> None:
    found = parse(
        f'{{"id":1,"type":"message.post","data":{{"client_id":"abcdefgh","text":{escaped}}}}}', CUSTOMER_COMMANDS
    )
    assert isinstance(found, Refused)
    assert found.error.code in ("bad_text", "bad_json")


def test_the_frames_id_is_told_back_where_it_can_be_read() -> None:
    for identifier in (7, "seven"):
        found = parse(frame("nothing", {}, identifier), CUSTOMER_COMMANDS)
        assert isinstance(found, Refused)
        assert found.id == identifier


@pytest.mark.parametrize(
    "text", ["👩‍👩‍👧‍👦", "שלום עולם", "e\u0301", "\u202eabc", "a\r\nb", "x" * TEXT_CHARS, "  padded  "]
)
def test_text_of_every_script_arrives_exactly(text: str) -> None:
    found = parse(frame("message.post", {"client_id": "abcdefgh", "text": text}), CUSTOMER_COMMANDS)
    assert isinstance(found, Command)
    assert found.fields.model_dump()["text"] == text


def test_an_agents_command_is_unknown_on_the_customers_socket() -> None:
    text = frame("conversation.accept", {"conversation_id": "0" * 32})
    assert isinstance(parse(text, CUSTOMER_COMMANDS), Refused)
    assert isinstance(parse(text, AGENT_COMMANDS), Command)


@given(st.text(max_size=300))
def test_any_text_at_all_is_survived(text: str) -> None:
    assert isinstance(parse(text, CUSTOMER_COMMANDS), Refused | Command)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from([*AGENT_COMMANDS, "nothing"]),
    st.dictionaries(st.sampled_from(["client_id", "text", "seq", "conversation_id", "score", "x"]), _json),
)
def test_any_fields_at_all_are_survived(type: str, data: dict[str, object]) -> None:  # noqa: A002  # the protocol's word
    assert isinstance(parse(frame(type, data), AGENT_COMMANDS), Refused | Command)


def test_a_bucket_lets_a_burst_pass_then_the_rate() -> None:
    bucket = Bucket(0.0)
    passed = [bucket.take(0.0) for _ in range(1000)]
    assert passed.count(0) == 60
    assert min(wait for wait in passed if wait) >= 1
    assert bucket.take(1.0) == 0
    assert not bucket.is_flooded()
