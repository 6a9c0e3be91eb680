"""A call to the merchant: signed, bounded, repeated under one idempotency key, cut off while he keeps failing."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jsonschema
from django.conf import settings

from flows import breaker
from flows.models import Action
from supportdesk import outward
from supportdesk.clock import now

ANSWER_BYTES = 65_536
TRIES = 2
REFUSED = {403, 404, 409, 410, 422}
"""The merchant's well-formed no: {"problem": code}. It is an answer, not a failure."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who the merchant is told is asking. `proof`: how the desk knows, or None."""

    external_id: str | None
    email: str | None
    proof: str | None


@dataclass(frozen=True, slots=True)
class Given:
    output: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    code: str


@dataclass(frozen=True, slots=True)
class Failed:
    why: str


def perform(
    action: Action, inputs: dict[str, str], caller: Caller, key: UUID, within_s: float, language: str = "en"
) -> Given | Refused | Failed:
    """Never raises for what the merchant does; the same `key` is the same deed however often it is sent.

    `language` is what the customer is answered in: the merchant may put his words into it.
    """
    wrong = problem(action.takes, inputs)
    if wrong:
        return Failed(f"the flow's fields do not fit the action: {wrong}")
    if breaker.is_open(action.pk):
        return Failed("the merchant's system has failed repeatedly and is given a rest")
    body = json.dumps(
        {
            "action": action.name,
            "customer": {"external_id": caller.external_id, "email": caller.email, "proof": caller.proof},
            "input": inputs,
        }
    ).encode()
    end = time.monotonic() + within_s
    failed = Failed("there was no time left")
    for _ in range(TRIES):
        left = min(action.timeout_s, end - time.monotonic())
        if left <= 0.1:
            break
        outcome = _once(action, body, key, left, language)
        if not isinstance(outcome, Failed):
            breaker.worked(action.pk)
            return outcome
        failed = outcome
    breaker.failed(action.pk)
    return failed


def _once(action: Action, body: bytes, key: UUID, within_s: float, language: str) -> Given | Refused | Failed:
    moment = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Accept-Language": language,
        "Idempotency-Key": str(key),
        "Supportdesk-Timestamp": moment,
        "Supportdesk-Signature": signature(action.secret, moment, body),
    }
    url = action.url.replace("{desk}", settings.DEMO_SHOP_URL)
    try:
        answer = outward.call("POST", url, within_s=within_s, most_bytes=ANSWER_BYTES, headers=headers, body=body)
    except (outward.NotAllowed, outward.NoAnswer) as error:
        return Failed(str(error))
    return read(action, answer.status, answer.body)


def signature(secret: str, moment: str, body: bytes) -> str:
    """v1=HEX of HMAC-SHA256(secret, timestamp "." body)."""
    return "v1=" + hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def read(action: Action, status: int, body: bytes) -> Given | Refused | Failed:
    """What the merchant's answer says. What does not fit the action's schema is no answer."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if status in REFUSED and isinstance(said, dict) and isinstance(said.get("problem"), str):
        return Refused(said["problem"][:60])
    if status != 200:
        return Failed(f"the merchant's system answered {status}")
    if not isinstance(said, dict) or not isinstance(said.get("output"), dict):
        return Failed('the merchant\'s answer is not {"output": {…}}')
    wrong = problem(action.gives, said["output"])
    return Failed(f"the merchant's answer does not fit the action: {wrong}") if wrong else Given(said["output"])


def problem(schema: dict[str, Any], value: Any) -> str | None:
    """What is wrong with `value`, without quoting it: it may be a customer's."""
    found = next(iter(jsonschema.Draft202012Validator(schema).iter_errors(value)), None)
    return f"{found.json_path} ({found.validator})" if found else None
