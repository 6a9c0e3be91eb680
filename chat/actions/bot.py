"""The bot's turn: what it recognised, and the answers that still find their turn waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from chat import journal
from chat.entries import Who
from chat.journal import Post
from chat.protocol import Source
from supportdesk import planned
from supportdesk.clock import now


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a turn renews on its conversation; an unknown intent leaves the last one that was known."""

    language: str
    frustration: float
    intent: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class BotAnswer:
    """The bot's one message for the turn that ends at `upto_seq`.

    `missed`: False is an answer and True a miss; None (small talk) is neither, and the misses in a row stay.
    """

    conversation_id: UUID
    upto_seq: int
    author: Who
    text: str
    recognised: Recognised
    sources: tuple[Source, ...] = ()
    missed: bool | None = False


STILL_WAITING_FOR = """
SELECT c.id FROM chat_conversation c JOIN unnest($1::uuid[], $2::int[]) AS t(id, upto) ON t.id = c.id
WHERE c.state = 'bot' AND c.to_route_seq = t.upto AND c.routed_seq < t.upto ORDER BY c.id FOR NO KEY UPDATE OF c
"""

ANSWERED = """
UPDATE chat_conversation c SET routed_seq = c.to_route_seq, routing_until = NULL,
  misses = CASE t.missed WHEN true THEN c.misses + 1 WHEN false THEN 0 ELSE c.misses END,
  deadline = $1::timestamptz + i.idle_s * interval '1 s', language = t.language, frustration = t.frustration,
  intent = coalesce(t.intent, c.intent),
  intent_confidence = CASE WHEN t.intent IS NULL THEN c.intent_confidence ELSE t.confidence END
FROM unnest($2::uuid[], $3::bool[], $4::text[], $5::float8[], $6::text[], $7::float8[])
  AS t(id, missed, language, frustration, intent, confidence), chat_inbox i
WHERE c.id = t.id AND i.id = c.inbox_id
"""


@transaction.atomic
def answer_as_bot(*, answers: Sequence[BotAnswer]) -> set[UUID]:
    """Stores each answer whose turn still waits for it, all as one transaction; returns their conversations.

    The others are dropped: people have it, the customer has written since, or the turn was answered before.
    """
    rows = planned.run(STILL_WAITING_FOR, [a.conversation_id for a in answers], [a.upto_seq for a in answers])
    held = {pk for (pk,) in rows}
    given = [answer for answer in answers if answer.conversation_id in held]
    if given:
        journal.write([_post(answer) for answer in given], is_locked=True)
        known = [answer.recognised for answer in given]
        planned.run(
            ANSWERED, now(), [a.conversation_id for a in given], [a.missed for a in given],
            [k.language for k in known], [k.frustration for k in known],
            [k.intent for k in known], [k.confidence for k in known],
        )  # fmt: skip
    return held


def _post(answer: BotAnswer) -> Post:
    return Post(answer.conversation_id, answer.author, f"turn-{answer.upto_seq}", answer.text, sources=answer.sources)
