"""A bot of the merchant's own, asked over HTTP: signed like every call to a merchant, and judged like every brain.

It may answer {"action", "text", "sources"}; a list of {"text"} (Rasa's REST channel) counts as one answer. It has
knowledge of its own, so it need not cite a passage; it can say only text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flows.calls import signature
from routing.brains.contract import LINE_CHARS, TEXT_CHARS, BrainFailed, Question, Said
from routing.brains.grounded import PROMISE
from supportdesk import outward
from supportdesk.clock import now

ANSWER_BYTES = 65_536
LINES = 20


@dataclass(frozen=True, slots=True)
class Hook:
    url: str
    secret: str


def ask(hook: Hook, question: Question, within_s: float) -> Said:
    """Raises BrainFailed for whatever goes wrong."""
    body = json.dumps(_asked(question)).encode()
    moment = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": f"{question.conversation_id}-{question.turn}",
        "Supportdesk-Timestamp": moment,
        "Supportdesk-Signature": signature(hook.secret, moment, body),
    }
    try:
        answer = outward.call(
            "POST", hook.url, within_s=within_s, most_bytes=ANSWER_BYTES, headers=headers, body=body
        )  # fmt: skip
    except (outward.NoAnswer, outward.NotAllowed) as error:
        raise BrainFailed(f"the bot gave no answer: {error}") from None
    if answer.status != 200:
        raise BrainFailed(f"the bot answered {answer.status}")
    return read(answer.body)


def read(body: bytes) -> Said:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise BrainFailed("the bot's answer is not JSON") from None
    if isinstance(said, list):
        texts = [each["text"] for each in said if isinstance(each, dict) and isinstance(each.get("text"), str)]
        said = {"action": "answer" if texts else "unknown", "text": "\n".join(texts)}
    action = said.get("action") if isinstance(said, dict) else None
    if action == "handoff":
        return Said("handoff")
    if action == "unknown":
        return Said("unknown")
    text = said.get("text") if isinstance(said, dict) else None
    if action != "answer" or not isinstance(text, str) or not 0 < len(text.strip()) <= TEXT_CHARS or "\x00" in text:
        raise BrainFailed("the bot's answer is not what was asked for")
    if PROMISE.search(text):
        raise BrainFailed("the answer promises what only the desk can do")
    return Said("answer", text.strip())


def _asked(question: Question) -> dict[str, Any]:
    return {
        "sender": str(question.conversation_id),
        "message": question.text[-LINE_CHARS * 4 :],
        "language": question.language,
        "transcript": [{"by": line.by, "text": line.text[:LINE_CHARS]} for line in question.transcript[-LINES:]],
        "passages": [{"title": each.title, "text": each.text} for each in question.passages],
    }
