"""Who a customer is: tokens and signed identities, and everything that is not one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from django.db import IntegrityError

from chat import sessions
from chat.errors import (
    BadIdentity,
    BadToken,
    ChatError,
    IdentityExpired,
    OriginNotAllowed,
    TokenExpired,
    TooManyVisitors,
    UnknownSite,
)
from chat.models import Customer, CustomerSession, Inbox
from supportdesk.clock import now
from supportdesk.limits import Rate


def sign(inbox: Inbox, algorithm: str = "HS256", **claims: Any) -> str:
    body = {"sub": "customer-7", "name": "Ana", "email": "ana@shop.example", "exp": now() + timedelta(hours=1)} | claims
    return jwt.encode({k: v for k, v in body.items() if v is not None}, inbox.identity_secret, algorithm=algorithm)


def test_an_anonymous_customer_is_found_again_by_the_token(inbox: Inbox) -> None:
    first = sessions.open_session(site_key="site_test")
    again = sessions.open_session(site_key="site_test", token=first.token)
    assert (first.customer.id, first.token) == (again.customer.id, again.token)
    assert Customer.objects.count() == 1


def test_only_the_hash_of_a_token_is_stored(inbox: Inbox) -> None:
    token = sessions.open_session(site_key="site_test").token
    assert token not in str(CustomerSession.objects.values())


def test_an_unknown_site_is_refused(inbox: Inbox) -> None:
    with pytest.raises(UnknownSite):
        sessions.open_session(site_key="site_nobody")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://shop.example", "https://shop.example.evil.example", "null"]
)
def test_a_foreign_origin_is_refused(inbox: Inbox, origin: str) -> None:
    with pytest.raises(OriginNotAllowed):
        sessions.open_session(site_key="site_test", origin=origin)
    assert not Customer.objects.exists()


def test_the_shops_own_origin_is_allowed(inbox: Inbox) -> None:
    assert sessions.open_session(site_key="site_test", origin="https://shop.example").customer.inbox == inbox


@pytest.mark.parametrize("token", ["forged", "", "x" * 512, "\x00", "ünï"])
def test_a_forged_token_is_refused(inbox: Inbox, token: str) -> None:
    with pytest.raises(BadToken):
        sessions.customer_of(token)


def test_an_ended_session_is_not_reused(inbox: Inbox) -> None:
    token = sessions.open_session(site_key="site_test").token
    sessions.end_session(token)
    with pytest.raises(BadToken):
        sessions.open_session(site_key="site_test", token=token)


def test_a_token_of_another_site_is_refused(inbox: Inbox) -> None:
    Inbox.objects.create(name="Other", site_key="site_other")
    token = sessions.open_session(site_key="site_test").token
    with pytest.raises(BadToken):
        sessions.open_session(site_key="site_other", token=token)


def test_an_old_token_has_expired(inbox: Inbox) -> None:
    token = sessions.open_session(site_key="site_test").token
    CustomerSession.objects.update(expires_at=now() - timedelta(seconds=1))
    with pytest.raises(TokenExpired):
        sessions.open_session(site_key="site_test", token=token)


def test_a_signed_identity_verifies_the_customer(inbox: Inbox) -> None:
    opened = sessions.open_session(site_key="site_test", identity=sign(inbox))
    assert (opened.customer.verified, opened.customer.name, opened.customer.email) == (True, "Ana", "ana@shop.example")
    assert sessions.open_session(site_key="site_test", identity=sign(inbox)).customer.id == opened.customer.id


def test_a_visitor_who_signs_in_keeps_the_conversation(inbox: Inbox) -> None:
    visitor = sessions.open_session(site_key="site_test")
    signed_in = sessions.open_session(site_key="site_test", token=visitor.token, identity=sign(inbox))
    assert signed_in.customer.id == visitor.customer.id


def test_a_visitor_who_turns_out_to_be_known_gets_another_token_and_the_old_one_ends(inbox: Inbox) -> None:
    known = sessions.open_session(site_key="site_test", identity=sign(inbox))
    visitor = sessions.open_session(site_key="site_test")
    signed_in = sessions.open_session(site_key="site_test", token=visitor.token, identity=sign(inbox))
    assert signed_in.customer.id == known.customer.id
    with pytest.raises(BadToken):
        sessions.customer_of(visitor.token)


def unsigned() -> str:
    return jwt.encode({"sub": "x", "exp": now() + timedelta(hours=1)}, "", algorithm="none")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"exp": timedelta(hours=-1)}, IdentityExpired),
        ({"exp": timedelta(days=3)}, BadIdentity),
        ({"exp": None}, BadIdentity),
        ({"sub": None}, BadIdentity),
        ({"sub": ""}, BadIdentity),
        ({"sub": "x" * 201}, BadIdentity),
        ({"sub": "\ud800"}, BadIdentity),
        ({"exp": 10**30}, BadIdentity),
        ({"algorithm": "HS512"}, BadIdentity),
    ],
)
def test_an_identity_that_does_not_hold_is_refused(
    inbox: Inbox, change: dict[str, Any], error: type[ChatError]
) -> None:
    moved: dict[str, Any] = {k: now() + v if isinstance(v, timedelta) else v for k, v in change.items()}
    with pytest.raises(error):
        sessions.open_session(site_key="site_test", identity=sign(inbox, **moved))
    assert not Customer.objects.exists()


def test_a_forged_identity_is_refused(inbox: Inbox) -> None:
    other = Inbox(identity_secret="the-secret-of-somebody-else-is-not-ours")  # made up
    for identity in (sign(other), unsigned(), "a.b.c", "x"):
        with pytest.raises(BadIdentity):
            sessions.open_session(site_key="site_test", identity=identity)


def test_the_page_is_kept_without_what_may_be_secret_in_it(inbox: Inbox) -> None:
    page = "https://me:secret@shop.example/cart?token=abc#frag"
    assert sessions.open_session(site_key="site_test", page=page).customer.page == "https://shop.example/cart"
    assert sessions.without_query("javascript:alert(1)") == ""


def test_a_flood_of_new_visitors_from_one_address_is_stopped_and_known_ones_still_come_in(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "NEW_VISITORS", Rate(2, per_s=3600))
    address = uuid4().hex
    known = sessions.open_session(site_key="site_test", address=address)
    sessions.open_session(site_key="site_test", address=address)
    with pytest.raises(TooManyVisitors):
        sessions.open_session(site_key="site_test", address=address)
    assert sessions.open_session(site_key="site_test", token=known.token, address=address).customer == known.customer
    assert sessions.open_session(site_key="site_test", address=uuid4().hex).customer != known.customer


# --- What a customer is worth to the merchant ---


def worth(inbox: Inbox, **claims: Any) -> int | None:
    sessions.open_session(site_key="site_test", identity=sign(inbox, **claims))
    return Customer.objects.get(external_id="customer-7").value


@pytest.mark.parametrize("value", [0, 70, 100])
def test_the_merchant_signs_what_a_customer_is_worth(inbox: Inbox, value: int) -> None:
    assert worth(inbox, value=value) == value
    assert worth(inbox) is None, "the newest signature counts, and it says nothing"


@pytest.mark.parametrize("value", [-1, 101, 10**30, 70.5, "70", True, [70], {"value": 70}])
def test_a_value_that_cannot_be_counts_for_nothing_and_keeps_nobody_out(
    inbox: Inbox, value: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert worth(inbox, value=value) is None
    assert "the `value` of a signed identity is no whole number from 0 to 100" in caplog.text


def test_a_value_that_nobody_signed_cannot_be_stored(inbox: Inbox) -> None:
    with pytest.raises(IntegrityError, match="customer_value_is_signed"):
        Customer.objects.create(inbox=inbox, value=70)


def test_a_forged_value_is_refused_with_its_token(inbox: Inbox) -> None:
    other = Inbox(identity_secret="another-shops-secret-that-is-long-enough")  # made up
    with pytest.raises(BadIdentity):
        sessions.open_session(site_key="site_test", identity=sign(other, value=100))
    assert not Customer.objects.exists()
