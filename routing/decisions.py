"""Stored decisions as they are asked for: by message, by conversation, or the latest of the desk."""

from __future__ import annotations

from uuid import UUID

from chat.models import Message
from routing.explain import Explanation, explained
from routing.models import Decision
from routing.record import Row

ASKED = "handoff_requested"


def of_message(conversation_id: UUID, seq: int) -> Decision | None:
    """The decision that a customer's message was part of, or that a bot's message or a handoff's notice came from."""
    known = Decision.objects.filter(conversation_id=conversation_id)
    written = Message.objects.filter(conversation_id=conversation_id, seq=seq).first()
    if written is not None and written.author_kind == Message.Author.SYSTEM:
        return _of_notice(written)
    if written is not None and written.author_kind == Message.Author.BOT:
        return known.filter(upto_seq__lt=seq, route="bot").order_by("-upto_seq").first()
    return known.filter(upto_seq__gte=seq).order_by("upto_seq").first()


def _of_notice(notice: Message) -> Decision | None:
    """The decision just before, where it called people; nothing was decided where the customer pressed the button."""
    before = Decision.objects.filter(conversation_id=notice.conversation_id, upto_seq__lt=notice.seq)
    last = before.order_by("-upto_seq").first()
    if last is None or last.route != "human":
        return None
    between = Message.objects.filter(
        conversation_id=notice.conversation_id, seq__gt=last.upto_seq, seq__lt=notice.seq, notice=ASKED
    )
    return None if notice.notice == ASKED and between.exists() else last


def explanation_of(decision: Decision) -> Explanation:
    return explained(
        Row(
            decision.route, decision.rule, decision.why, decision.reason, decision.policy_version,
            decision.model_version, decision.signals, decision.policy,
        )
    )  # fmt: skip


def text_of(decision: Decision) -> str:
    """What the customer had written: the messages since the decision before, joined."""
    before = (
        Decision.objects.filter(conversation_id=decision.conversation_id, upto_seq__lt=decision.upto_seq)
        .order_by("-upto_seq")
        .values_list("upto_seq", flat=True)
        .first()
    )
    said = Message.objects.filter(
        conversation_id=decision.conversation_id, author_kind=Message.Author.CUSTOMER, seq__lte=decision.upto_seq,
        seq__gt=before or 0,
    )  # fmt: skip
    return "\n".join(said.order_by("seq").values_list("text", flat=True))
