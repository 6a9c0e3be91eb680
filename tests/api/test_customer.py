"""The customer's side of REST: the whole way without a socket."""

from datetime import timedelta

import jwt
import pytest

from chat.models import CustomerSession, Inbox, Message
from supportdesk.clock import now
from tests.api import speakers

HELLO = {"client_id": "ana-000001", "text": "Where is my order? 🛋️ مرحبا"}


def test_a_chat_from_the_first_message_to_the_rating(inbox: Inbox) -> None:
    ana = speakers.customer()
    posted = ana.does("customer/conversation/messages/", HELLO)
    assert posted["seq"] == 1
    assert ana.get("customer/conversation/messages/")["messages"][0]["text"] == HELLO["text"]
    waiting = ana.does("customer/conversation/request_human/")
    assert waiting["state"] == "queued"
    assert waiting["place"]["position"] == 1
    newer = ana.get("customer/conversation/messages/", after_seq=1)
    assert [m["notice"] for m in newer["messages"]] == ["handoff_requested"]
    assert newer["has_more"] is False
    assert ana.does("customer/conversation/read/", {"seq": 2})["customer_read_seq"] == 2
    assert ana.does("customer/conversation/close/")["state"] == "closed"
    assert ana.does("customer/conversation/rate/", {"score": 5, "comment": "quick"})["score"] == 5
    assert ana.get("customer/conversation/")["id"] == posted["conversation_id"]


def test_the_same_client_id_again_is_the_same_answer(inbox: Inbox) -> None:
    ana = speakers.customer()
    first = ana.says("POST", "customer/conversation/messages/", HELLO)
    again = ana.says("POST", "customer/conversation/messages/", HELLO)
    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]
    assert Message.objects.count() == 1


def test_a_message_after_the_end_goes_on(inbox: Inbox) -> None:
    ana = speakers.customer()
    first = ana.does("customer/conversation/messages/", HELLO)
    ana.does("customer/conversation/close/")
    later = ana.does("customer/conversation/messages/", {"client_id": "ana-000002", "text": "One more thing"})
    assert later["conversation_id"] == first["conversation_id"]
    assert ana.get("customer/conversation/")["state"] == "bot"


def test_a_kept_token_is_the_same_customer_and_an_ended_one_is_refused(inbox: Inbox) -> None:
    opened = speakers.stranger().does("customer/session/", {"site_key": inbox.site_key})
    again = speakers.stranger().does("customer/session/", {"site_key": inbox.site_key, "token": opened["token"]})
    assert again["customer"] == opened["customer"]
    ana = speakers.Speaker(f"Customer {opened['token']}")
    ana.does("customer/session/", method="DELETE")
    assert ana.is_refused("customer/conversation/", method="GET") == (401, "bad_token")


def test_a_signed_identity_is_a_verified_customer(inbox: Inbox) -> None:
    claims = {"sub": "cust-7", "name": "Ana", "exp": now() + timedelta(minutes=5)}
    signed = jwt.encode(claims, inbox.identity_secret, "HS256")
    forged = jwt.encode(claims, "x" * 43, "HS256")
    old = jwt.encode({**claims, "exp": now() - timedelta(minutes=5)}, inbox.identity_secret, "HS256")
    body = {"site_key": inbox.site_key}
    dan = speakers.stranger()
    assert dan.does("customer/session/", {**body, "identity": signed})["verified"] is True
    assert dan.is_refused("customer/session/", {**body, "identity": forged}) == (400, "bad_identity")
    assert dan.is_refused("customer/session/", {**body, "identity": old}) == (400, "identity_expired")


@pytest.mark.parametrize("path", ["", "messages/"])
def test_without_a_session_there_is_nothing_to_read(inbox: Inbox, bob: object, path: str) -> None:
    assert speakers.stranger().is_refused(f"customer/conversation/{path}", method="GET") == (401, "unauthenticated")
    assert speakers.desk().is_refused(f"customer/conversation/{path}", method="GET") == (401, "unauthenticated")


def test_forged_and_expired_tokens_are_refused(inbox: Inbox) -> None:
    assert speakers.Speaker("Customer forged").is_refused("customer/conversation/", method="GET") == (401, "bad_token")
    ana = speakers.customer()
    CustomerSession.objects.update(expires_at=now() - timedelta(seconds=1))
    assert ana.is_refused("customer/conversation/", method="GET") == (401, "token_expired")


def test_an_unknown_site_and_a_foreign_page_are_refused(inbox: Inbox) -> None:
    dan = speakers.stranger()
    assert dan.is_refused("customer/session/", {"site_key": "nobodys"}) == (400, "unknown_site")
    dan._headers["Origin"] = "https://elsewhere.example"
    assert dan.is_refused("customer/session/", {"site_key": inbox.site_key}) == (403, "origin_not_allowed")
    dan._headers["Origin"] = "https://shop.example"
    assert dan.does("customer/session/", {"site_key": inbox.site_key})["conversation"] is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"client_id": "ana-000002"}, "missing_field"),
        ({"client_id": "ana-000002", "text": "x", "seq": 4}, "unknown_field"),
        ({"client_id": "short", "text": "x"}, "bad_value"),
        ({"client_id": "ana-000002", "text": 7}, "bad_value"),
        ({"client_id": "ana-000002", "text": ""}, "empty_text"),
        ({"client_id": "ana-000002", "text": " \n\t "}, "empty_text"),
        ({"client_id": "ana-000002", "text": "x" * 4001}, "text_too_long"),
        ({"client_id": "ana-000002", "text": "a\x00b"}, "bad_text"),
        ({"client_id": "ana-000002", "text": "a\ud800b"}, "bad_text"),
    ],
)
def test_a_bad_message_has_a_code_and_is_not_stored(inbox: Inbox, body: dict[str, object], code: str) -> None:
    ana = speakers.customer()
    assert ana.is_refused("customer/conversation/messages/", body) == (400, code)
    assert not Message.objects.exists()


def test_what_does_not_fit_the_conversation_is_refused(inbox: Inbox) -> None:
    ana = speakers.customer()
    own = "customer/conversation/"
    for path in ("close/", "rate/", "read/"):
        body = {"rate/": {"score": 3}, "read/": {"seq": 1}}.get(path)
        assert ana.is_refused(own + path, body) == (404, "not_found")
    ana.does(own + "messages/", HELLO)
    assert ana.is_refused(own + "messages/", {**HELLO, "text": "another"}) == (409, "client_id_reused")
    assert ana.is_refused(own + "messages/", method="GET", after_seq=2) == (400, "seq_from_future")
    assert ana.is_refused(own + "messages/", method="GET", after_seq=-1) == (400, "bad_value")
    assert ana.is_refused(own + "messages/", method="GET", after="1") == (400, "unknown_field")
    assert ana.is_refused(own + "read/", {"seq": 9}) == (400, "seq_from_future")
    assert ana.is_refused(own + "rate/", {"score": 6}) == (400, "bad_value")
    assert ana.is_refused(own + "close/", {"why": "x"}) == (400, "unknown_field")


def test_one_customer_never_reads_another(inbox: Inbox) -> None:
    ana, dan = speakers.customer(), speakers.customer()
    ana.does("customer/conversation/messages/", HELLO)
    assert dan.is_refused("customer/conversation/", method="GET") == (404, "not_found")
    assert dan.is_refused("customer/conversation/messages/", method="GET") == (404, "not_found")
    assert ana.is_refused("conversations/", method="GET") == (401, "unauthenticated")
