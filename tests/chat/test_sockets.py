"""Through real Daphne, worker and Redis: what a stranger sends is answered with a code and the connection lives."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from websockets import ConnectionClosed

from chat.protocol import CLOSE_GOING_AWAY, CLOSE_UNAUTHENTICATED, FRAME_BYTES, RATE_BURST, RATE_PER_SECOND, TEXT_CHARS
from supportdesk.demo import DEMO_SITE_KEY
from tests.desk import Desk, until
from tests.wire import AgentClient, Client, CustomerClient, Refusal, sign_in


@pytest.fixture
def ana(desk: Desk) -> Iterator[CustomerClient]:
    client = CustomerClient(desk)
    yield client
    client.close()


@pytest.fixture
def stranger(desk: Desk) -> Iterator[Client]:
    client = Client(desk, "/ws/customer/")
    yield client
    client.close()


def is_alive(client: Client) -> bool:
    return client.ask("ping") is not None


def timeline(client: Client, conversation_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.ask("conversation.join", conversation_id=conversation_id, after_seq=0)[
        "messages"
    ]
    return found


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("no json", "bad_json"),
        (b"\x00\x01", "binary_frame"),
        ('{"id":1,"type":"message.shred","data":{}}', "unknown_type"),
        ('{"id":1,"type":"ping","data":{"x":1}}', "unknown_field"),
        ('{"id":1,"type":"message.post","data":{"text":"x"}}', "missing_field"),
        ('{"id":1,"type":"message.post","data":{"client_id":"abcdefgh","text":5}}', "bad_value"),
        ('{"id":1,"type":"message.post","data":{"client_id":"abcdefgh","text":"  "}}', "empty_text"),
        ('{"id":1,"type":"message.post","data":{"client_id":"abcdefgh","text":"a\\u0000"}}', "bad_text"),
        (json.dumps({"id": 1, "type": "ping", "data": {"x": "x" * FRAME_BYTES}}), "frame_too_large"),
        (
            json.dumps(
                {"id": 1, "type": "message.post", "data": {"client_id": "abcdefgh", "text": "x" * (TEXT_CHARS + 1)}}
            ),
            "text_too_long",
        ),
        ('{"id":1,"type":"conversation.join","data":{"conversation_id":"x","after_seq":0}}', "bad_value"),
        (
            '{"id":1,"type":"conversation.join","data":{"conversation_id":"00000000000000000000000000000000","after_seq":-1}}',
            "bad_value",
        ),
    ],
)
def test_a_bad_frame_is_answered_with_its_code_and_nothing_is_stored(
    ana: CustomerClient, frame: str | bytes, code: str
) -> None:
    reply = ana.raw(frame)
    assert (reply["ok"], reply["error"]["code"]) == (False, code)
    assert is_alive(ana)
    posted = ana.says("hello")
    assert [m["text"] for m in timeline(ana, posted["conversation_id"]) if m["author"]["kind"] == "customer"] == [
        "hello"
    ]


@pytest.mark.parametrize(
    ("command", "data"),
    [
        ("message.post", {"client_id": "abcdefgh", "text": "x"}),
        ("conversation.request_human", {}),
        ("typing.set", {"typing": True}),
    ],
)
def test_any_command_before_session_open_is_refused(stranger: Client, command: str, data: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        stranger.ask(command, **data)
    assert refused.value.code == "session_required"
    assert is_alive(stranger)


@pytest.mark.parametrize(
    ("opening", "code"),
    [
        ({"site_key": "site_nobody"}, "unknown_site"),
        ({"site_key": "site_\x00"}, "bad_text"),
        ({"site_key": DEMO_SITE_KEY, "locale": "abc-abcdefgh-abcdefgh"}, "bad_value"),
        ({"site_key": DEMO_SITE_KEY, "token": "forged"}, "bad_token"),
        ({"site_key": DEMO_SITE_KEY, "identity": "a.b.c"}, "bad_identity"),
        (
            {
                "site_key": DEMO_SITE_KEY,
                "identity": jwt.encode({"sub": "x", "exp": datetime.now(UTC) + timedelta(hours=1)}, "k" * 40),
            },
            "bad_identity",
        ),
    ],
)
def test_a_session_that_does_not_hold_is_refused_and_can_be_tried_again(
    stranger: Client, opening: dict[str, str], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        stranger.ask("session.open", **opening)
    assert refused.value.code == code
    assert stranger.ask("session.open", site_key=DEMO_SITE_KEY)["token"]


def test_a_foreign_page_is_refused(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        CustomerClient(desk, origin="https://evil.example")
    assert refused.value.code == "origin_not_allowed"


def test_a_second_session_on_one_socket_is_refused(ana: CustomerClient) -> None:
    with pytest.raises(Refusal) as refused:
        ana.ask("session.open", site_key=DEMO_SITE_KEY)
    assert refused.value.code == "session_already_open"


def test_an_ended_session_cannot_be_reused(desk: Desk, ana: CustomerClient) -> None:
    ana.ask("session.end")
    with pytest.raises(Refusal) as refused:
        ana.says("still me?")
    assert refused.value.code == "session_required"
    with pytest.raises(Refusal) as refused:
        CustomerClient(desk, token=ana.session["token"])
    assert refused.value.code == "bad_token"


def test_foreign_and_unknown_conversations_are_the_same_answer(desk: Desk, ana: CustomerClient) -> None:
    dan = CustomerClient(desk)
    posted = dan.says("mine alone")
    answers = []
    for where in (posted["conversation_id"], str(uuid4())):
        with pytest.raises(Refusal) as refused:
            ana.ask("conversation.join", conversation_id=where, after_seq=0)
        answers.append(refused.value.error)
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "not_found"
    dan.close()


def test_a_foreign_conversation_is_not_heard_even_while_joining_it(desk: Desk, ana: CustomerClient) -> None:
    foreign = ana.says("a word for the desk alone")["conversation_id"]
    other = CustomerClient(desk)
    try:
        for number in range(1000, 1020):
            other.socket.send(
                json.dumps({"id": number, "type": "conversation.join", "data": {"conversation_id": foreign}})
            )
            ana.says(f"secret {number}")
        other.ask("ping")
        assert "message.posted" not in [push["type"] for push in other.pushes]
    finally:
        other.close()


def test_the_next_session_of_a_socket_begins_without_the_last_ones_conversation(ana: CustomerClient) -> None:
    before = ana.says("hello")["conversation_id"]
    ana.ask("session.end")
    ana.ask("session.open", site_key=DEMO_SITE_KEY)
    assert ana.ask("ping")["last_seq"] == {}
    with pytest.raises(Refusal, match="not_found"):
        ana.ask("message.read", seq=1)
    assert ana.says("somebody else")["conversation_id"] != before


def test_a_client_id_is_answered_again_and_refused_for_another_text(ana: CustomerClient) -> None:
    first = ana.ask("message.post", client_id="same-same-1", text="hello")
    assert ana.ask("message.post", client_id="same-same-1", text="hello") == first
    with pytest.raises(Refusal) as refused:
        ana.ask("message.post", client_id="same-same-1", text="other")
    assert refused.value.code == "client_id_reused"


def test_joining_from_the_future_is_refused(ana: CustomerClient) -> None:
    posted = ana.says("hello")
    with pytest.raises(Refusal) as refused:
        ana.ask("conversation.join", conversation_id=posted["conversation_id"], after_seq=9999)
    assert refused.value.code == "seq_from_future"


@pytest.mark.parametrize("text", ["👩‍👩‍👧‍👦 🇺🇦", "שלום, איפה ההזמנה שלי?", "e\u0301 n\u0303", "  kept \r\n exactly\t "])
def test_text_is_kept_exactly(ana: CustomerClient, text: str) -> None:
    posted = ana.says(text)
    assert timeline(ana, posted["conversation_id"])[0]["text"] == text


def test_a_thousand_frames_in_a_second_are_limited_and_the_connection_lives(ana: CustomerClient) -> None:
    frames = [json.dumps({"id": n, "type": "ping", "data": {}}) for n in range(1000)]
    begun = time.monotonic()
    for frame in frames:
        ana.socket.send(frame)
    replies: list[dict[str, Any]] = []
    while len(replies) < len(frames):
        heard = json.loads(ana.socket.recv(timeout=30))
        replies += [heard] if "ok" in heard else []  # a push may come between
    refused = [r for r in replies if not r["ok"]]
    assert refused  # sent at a stroke; a slow machine lets more through, as the rate allows and no more
    assert len(replies) - len(refused) <= RATE_BURST + RATE_PER_SECOND * (time.monotonic() - begun) + 1
    assert {r["error"]["code"] for r in refused} == {"rate_limited"}
    assert all(r["error"]["retry_after_ms"] > 0 for r in refused)
    time.sleep(refused[-1]["error"]["retry_after_ms"] / 1000)
    assert is_alive(ana)


def test_an_agents_socket_needs_a_signed_in_agent(desk: Desk) -> None:
    nobody = Client(desk, "/ws/agent/")
    with pytest.raises(Refusal) as refused:
        nobody.ask("session.open")
    assert refused.value.code == "unauthenticated"
    with pytest.raises(Refusal):
        nobody.ask("session.open", token="sd_forged")  # forged on purpose
    nobody.close()


def test_another_sites_page_cannot_use_an_agents_cookie(desk: Desk) -> None:
    evil = Client(desk, "/ws/agent/", headers={"Cookie": sign_in(desk, "bob")}, origin="https://evil.example")
    with pytest.raises(Refusal) as refused:
        evil.ask("session.open")
    assert refused.value.code == "unauthenticated"
    evil.close()


def test_a_customer_and_an_agent_talk_and_each_sees_the_other_once_in_order(desk: Desk, ana: CustomerClient) -> None:
    bob = AgentClient(desk, "bob")
    bob.available()
    where = ana.ask("conversation.request_human")["conversation"]["id"]
    offer = bob.expect("offer.made", lambda d: d["conversation"]["id"] == where)
    assert offer["conversation"]["handoff"]["reason"] == "asked"
    bob.ask("conversation.accept", conversation_id=where)
    ana.expect("conversation.changed", lambda d: d["conversation"]["state"] == "assigned")
    for n in range(5):
        bob.ask("message.post", conversation_id=where, client_id=uuid4().hex, text=f"from bob {n}")
        ana.says(f"from ana {n}")
    said = [m["text"] for m in timeline(ana, where) if m["author"]["kind"] != "system"]
    assert said == [f"from {who} {n}" for n in range(5) for who in ("bob", "ana")]
    heard = [ana.expect("message.posted", lambda d: d["author"]["kind"] == "agent")["text"] for _ in range(5)]
    assert heard == [f"from bob {n}" for n in range(5)]
    bob.ask("conversation.close", conversation_id=where)
    ana.expect("conversation.changed", lambda d: d["conversation"]["state"] == "closed")
    bob.away()
    bob.close()


def test_a_customer_who_was_gone_joins_after_the_last_seq_held(desk: Desk, ana: CustomerClient) -> None:
    posted = ana.says("are you open on sundays?")
    ana.close()
    again = CustomerClient(desk, token=ana.session["token"])
    assert again.session["conversation"]["id"] == posted["conversation_id"]
    missed = again.ask("conversation.join", conversation_id=posted["conversation_id"], after_seq=1)["messages"]
    assert [m["seq"] for m in missed] == list(range(2, 2 + len(missed)))
    again.close()


def test_a_pong_tells_the_last_seq(ana: CustomerClient) -> None:
    posted = ana.says("hello")
    assert ana.ask("ping")["last_seq"][posted["conversation_id"]] >= posted["seq"]


def closes_with(client: Client, seconds: float = 15) -> int:
    """The code the server hangs up with."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            client._next(end - time.monotonic())
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0
        except TimeoutError:
            break
    return pytest.fail(f"still open after {seconds} s")


def test_a_session_that_ended_in_one_tab_ends_in_the_others(desk: Desk, ana: CustomerClient) -> None:
    tab = CustomerClient(desk, token=ana.session["token"])
    ana.ask("session.end")
    assert closes_with(tab) == CLOSE_UNAUTHENTICATED


def test_a_signed_out_agents_socket_is_closed(desk: Desk) -> None:
    bob = AgentClient(desk, "bob")
    with desk.database() as database:
        database.execute("DELETE FROM django_session")
    assert closes_with(bob) == CLOSE_UNAUTHENTICATED


def test_a_repeated_message_is_not_stored_again_in_a_later_conversation(desk: Desk, ana: CustomerClient) -> None:
    first = ana.ask("message.post", client_id="once-and-only", text="hello")
    ana.ask("conversation.close")
    with desk.database() as database:
        database.execute("UPDATE chat_conversation SET closed_at = now() - interval '9 days' WHERE state = 'closed'")
    other = CustomerClient(desk, token=ana.session["token"])
    assert other.says("something new")["conversation_id"] != first["conversation_id"]
    late = CustomerClient(desk, token=ana.session["token"])
    assert late.ask("message.post", client_id="once-and-only", text="hello") == first
    other.close()
    late.close()


def test_a_process_that_stops_says_so_and_nothing_is_missed(desk: Desk, ana: CustomerClient) -> None:
    posted = ana.says("before the restart")
    stopping = desk.pids()["web"]
    os.kill(stopping, signal.SIGTERM)
    assert 0 <= ana.expect("going_away")["retry_after_ms"] <= 3_000
    assert closes_with(ana) == CLOSE_GOING_AWAY
    until(lambda: desk.pids().get("web", stopping) != stopping, 20, "the process did not stop")
    desk.wait_ready()
    again = CustomerClient(desk, token=ana.session["token"])
    assert timeline(again, posted["conversation_id"])[0]["text"] == "before the restart"
    again.close()


def test_a_reader_who_does_not_read_is_cut(desk: Desk, ana: CustomerClient) -> None:
    where = ana.says("x" * TEXT_CHARS)["conversation_id"]
    for _ in range(40):
        ana.says("x" * TEXT_CHARS)
        time.sleep(0.03)  # as fast as a customer may
    with deaf_socket(desk) as deaf:
        opening = {"site_key": DEMO_SITE_KEY, "token": ana.session["token"]}
        deaf.sendall(masked(json.dumps({"id": 1, "type": "session.open", "data": opening})))
        join = {"id": 2, "type": "conversation.join", "data": {"conversation_id": where, "after_seq": 0}}
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            asks_on(deaf, masked(json.dumps(join)))


def asks_on(deaf: socket.socket, frame: bytes) -> None:
    for _ in range(400):
        deaf.sendall(frame)
        time.sleep(0.05)  # the rate limit


def deaf_socket(desk: Desk) -> socket.socket:
    """A WebSocket that is opened and never read from again."""
    host, port = desk.url.removeprefix("http://").split(":")
    raw = socket.create_connection((host, int(port)), timeout=10)
    key = base64.b64encode(os.urandom(16)).decode()
    raw.sendall(
        f"GET /ws/customer/ HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert b" 101 " in raw.recv(2048)
    return raw


def masked(text: str) -> bytes:
    """One client's text frame of up to 64 KiB (RFC 6455, 5.2)."""
    body, key = text.encode(), os.urandom(4)
    head = struct.pack("!BBH", 0x81, 0x80 | 126, len(body))
    return head + key + bytes(byte ^ key[n % 4] for n, byte in enumerate(body))
