"""Signing in and out by REST."""

from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from agents.api.session import BY_BOTH
from agents.models import Agent

URL = "/api/v1/session/"
PASSWORD = "correct horse battery"


def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def signs_in(client: Client, username: str = "bob", password: str = PASSWORD) -> Any:
    token = client.get(URL).json()["csrf_token"]
    return client.post(
        URL,
        {"username": username, "password": password},
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )


def test_nobody_is_signed_in_but_gets_the_csrf_cookie(db: None) -> None:
    answer = browser().get(URL)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthenticated"
    assert answer.json()["csrf_token"]
    assert settings.CSRF_COOKIE_NAME in answer.cookies


def test_bob_signs_in_is_known_and_signs_out(bob: Agent) -> None:
    client = browser()
    answer = signs_in(client)
    assert answer.status_code == 200, answer.content
    assert answer.json()["agent"] == {"id": bob.id, "name": "Bob", "role": "agent"}
    assert client.get(URL).json()["agent"]["name"] == "Bob"
    left = client.delete(URL, headers={"X-CSRFToken": answer.json()["csrf_token"]})
    assert left.status_code == 204
    assert client.get(URL).status_code == 401


@pytest.mark.parametrize(("username", "password"), [("bob", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_are_the_same_answer(bob: Agent, username: str, password: str) -> None:
    answer = signs_in(browser(), username, password)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_credentials")


def test_a_user_who_is_no_agent_cannot_sign_in(db: None) -> None:
    User.objects.create_user("dora", password=PASSWORD)
    client = browser()
    assert signs_in(client, "dora").json()["error"]["code"] == "not_an_agent"
    assert client.get(URL).status_code == 401


def test_a_dismissed_agent_cannot_sign_in(bob: Agent) -> None:
    User.objects.filter(pk=bob.user_id).update(is_active=False)
    assert signs_in(browser()).json()["error"]["code"] == "bad_credentials"


def test_signing_in_without_the_csrf_token_is_refused(bob: Agent) -> None:
    body = {"username": "bob", "password": PASSWORD}
    answer = browser().post(URL, body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrf_failed")


@time_machine.travel("2030-01-01T12:00:10Z", tick=False)
def test_guessing_is_slowed_down_and_good_sign_ins_are_not_counted(bob: Agent) -> None:
    for _ in range(BY_BOTH.times + 2):
        assert signs_in(browser()).status_code == 200
    for _ in range(BY_BOTH.times):
        assert signs_in(browser(), "bob", "wrong").status_code == 400
    refused = signs_in(browser())
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "rate_limited"
    assert 0 < refused.json()["error"]["retry_after_ms"] <= 60_000
    assert int(refused["Retry-After"]) >= 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"username": "bob"', "bad_json"),
        ("[1]", "bad_json"),
        ('"x"', "bad_json"),
        ('{"username": NaN, "password": "x"}', "bad_json"),
        ("[" * 60_000, "bad_json"),
        ('{"username": "bob"}', "missing_field"),
        ('{"username": "bob", "password": "x", "admin": true}', "unknown_field"),
        ('{"username": 7, "password": "x"}', "bad_value"),
        ('{"username": "b\\u0000b", "password": "x"}', "bad_text"),
        ('{"username": "b\\ud800b", "password": "x"}', "bad_text"),
    ],
)
def test_bad_bodies_have_a_code_each(db: None, body: str, code: str) -> None:
    client = Client()
    answer = client.post(URL, body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_a_body_over_the_limit_is_refused(db: None) -> None:
    answer = Client().post(URL, '"' + "x" * 70_000 + '"', content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "frame_too_large")


def test_other_media_types_methods_and_addresses_have_a_code_each(db: None) -> None:
    form = Client().post(URL, {"username": "bob"})
    assert (form.status_code, form.json()["error"]["code"]) == (415, "unsupported_media_type")
    put = Client().put(URL, "{}", content_type="application/json")
    assert (put.status_code, put.json()["error"]["code"]) == (405, "method_not_allowed")
    nowhere = Client().get("/api/v1/nowhere/")
    assert (nowhere.status_code, nowhere.json()["error"]["code"]) == (404, "not_found")
