"""What a model may cost: reserved before the call, settled after, counted in PostgreSQL for all workers together.

Tokens and money of an inbox's day (UTC), and money of one conversation. The longest answer is reserved, so that calls
at the same moment cannot together pass a ceiling; a process that dies leaves its reservation: never less is counted
than was spent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

from django.db import transaction

from supportdesk import planned
from supportdesk.clock import now

MILLION = 1_000_000
SMALLEST = Decimal("1e-9")
"""Money is counted to so little, and rounded up to it."""
NOTHING = Decimal(0)

# Each is one statement: it adds and checks under the row's lock, or does nothing. The day's row is always locked first.
TAKE_OF_DAY = """
INSERT INTO routing_brainday AS d (inbox_id, day, tokens, money) VALUES ($1::bigint, $2::date, $3::bigint, $4::numeric)
ON CONFLICT (inbox_id, day) DO UPDATE SET tokens = d.tokens + excluded.tokens, money = d.money + excluded.money
  WHERE d.tokens + excluded.tokens <= $5::bigint AND ($6::numeric IS NULL OR d.money + excluded.money <= $6::numeric)
RETURNING 1
"""
TAKE_OF_CONVERSATION = """
INSERT INTO routing_brainconversation AS c (conversation_id, money) VALUES ($1::uuid, $2::numeric)
ON CONFLICT (conversation_id) DO UPDATE SET money = c.money + excluded.money
  WHERE $3::numeric IS NULL OR c.money + excluded.money <= $3::numeric
RETURNING 1
"""
SETTLE = """
WITH day AS (
  UPDATE routing_brainday SET tokens = greatest(0, tokens + $3::bigint), money = greatest(0, money + $4::numeric)
  WHERE inbox_id = $1::bigint AND day = $2::date RETURNING 1
)
UPDATE routing_brainconversation SET money = greatest(0, money + $4::numeric)
WHERE conversation_id = $5::uuid AND (SELECT count(*) FROM day) >= 0
"""
SPENT = "SELECT tokens, money FROM routing_brainday WHERE inbox_id = $1::bigint AND day = $2::date"
SPENT_ON = "SELECT money FROM routing_brainconversation WHERE conversation_id = $1::uuid"


class Spent(Exception):
    """The budget does not hold another answer; the text says which and how much of it is gone."""


@dataclass(frozen=True, slots=True)
class Price:
    """Of a million tokens, in the currency of the ceilings."""

    asked: Decimal = NOTHING
    answered: Decimal = NOTHING

    def of(self, use: Use) -> Decimal:
        exact = (self.asked * use.asked + self.answered * use.answered) / MILLION
        return exact.quantize(SMALLEST, rounding=ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Use:
    """Tokens of one call."""

    asked: int
    answered: int

    @property
    def tokens(self) -> int:
        return self.asked + self.answered


@dataclass(frozen=True, slots=True)
class Ceilings:
    """None: without one."""

    tokens_a_day: int
    money_a_day: Decimal | None = None
    money_a_conversation: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    inbox_id: int
    conversation_id: UUID
    day: date
    use: Use
    price: Price


def reserve(inbox_id: int, conversation_id: UUID, use: Use, price: Price, of: Ceilings) -> Reservation:
    """Takes the most that a call may use.

    Raises:
        Spent: nothing was taken.
    """
    day, money = now().date(), price.of(use)
    with transaction.atomic(durable=True):  # else the rows would be held locked while the model thinks
        fits = use.tokens <= of.tokens_a_day and (of.money_a_day is None or money <= of.money_a_day)
        taken = (inbox_id, day, use.tokens, money, of.tokens_a_day, of.money_a_day)
        if not fits or not planned.run(TAKE_OF_DAY, *taken):
            raise Spent(_day_in_words(inbox_id, money, of))
        fits = of.money_a_conversation is None or money <= of.money_a_conversation
        if not fits or not planned.run(TAKE_OF_CONVERSATION, conversation_id, money, of.money_a_conversation):
            raise Spent(_conversation_in_words(conversation_id, of))
    return Reservation(inbox_id, conversation_id, day, use, price)


def settle(reserved: Reservation, used: Use | None) -> None:
    """Gives back what was not used, or adds what was used beyond; None: nothing was."""
    used = used or Use(0, 0)
    tokens, money = used.tokens - reserved.use.tokens, reserved.price.of(used) - reserved.price.of(reserved.use)
    planned.run(SETTLE, reserved.inbox_id, reserved.day, tokens, money, reserved.conversation_id)


def spent_today(inbox_id: int) -> tuple[int, Decimal]:
    """Tokens and money."""
    rows = planned.run(SPENT, inbox_id, now().date())
    return (rows[0][0], rows[0][1]) if rows else (0, NOTHING)


def in_words(money: Decimal) -> str:
    """Two digits behind the point, and two more where there is something to say."""
    whole, _, rest = f"{money:.4f}".partition(".")
    return f"{whole}.{rest[:2]}{rest[2:].rstrip('0')}"


def _day_in_words(inbox_id: int, money: Decimal, of: Ceilings) -> str:
    tokens, so_far = spent_today(inbox_id)
    if of.money_a_day is not None and so_far + money > of.money_a_day:
        return f"of the {in_words(of.money_a_day)} that the model may cost in a day {in_words(so_far)} are spent"
    return f"of the {of.tokens_a_day} tokens that the model may use in a day {tokens} are used"


def _conversation_in_words(conversation_id: UUID, of: Ceilings) -> str:
    rows = planned.run(SPENT_ON, conversation_id)
    so_far, most = rows[0][0] if rows else NOTHING, of.money_a_conversation or NOTHING
    return f"of the {in_words(most)} that the model may cost in a conversation {in_words(so_far)} are spent"
