"""Versions of the model that reads intents: kept, promoted, rolled back. Workers follow (routing.live)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from agents.models import Agent
from routing.models import ModelVersion, Promotion
from supportdesk import planned

if TYPE_CHECKING:
    from routing.learning.crossed import Learned

HEAVY = ("content", "held_out", "requests")
"""Columns of a version that its list does without."""
LIVE = "SELECT version_id FROM routing_promotion ORDER BY id DESC LIMIT 1"


class NothingBefore(Exception):
    """No promotion is left to take back."""


class PromotedMeanwhile(Exception):
    """Somebody else promoted or rolled back at the same moment: look again."""


def live_number() -> int | None:
    """The promoted version's number; None: the reader of the shipped examples."""
    rows = planned.run(LIVE)
    return rows[0][0] if rows else None


def keep(learned: Learned, learned_from: dict[str, Any], requests: bytes | None = None) -> ModelVersion:
    """Stored, and not live yet. `requests`: what reads wishes for a person, from routing.learning.wishes."""
    from routing.learning import stored  # numpy: the web processes never need it

    content = stored.written(learned.model)
    sha256 = stored.sha256_of(content)
    with transaction.atomic():
        row = ModelVersion.objects.create(
            name=f"new-{sha256[:10]}-{ModelVersion.objects.count()}", encoder=learned.model.encoder, sha256=sha256,
            content=content, learned_from=learned_from, metrics=learned.metrics,
            held_out=learned.held_out, requests=requests,
        )  # fmt: skip
        row.name = f"model-{row.pk}-{sha256[:10]}"
        row.save(update_fields=["name"])
    return row


def promote(*, version: ModelVersion, by: Agent | None = None) -> Promotion:
    """`version` reads from the next batch of each worker on; promoting what is live changes nothing.

    Raises:
        PromotedMeanwhile: somebody was faster.
    """
    live = newest()
    if live is not None and live.version_id == version.pk:
        return live
    return follow(live, version, back_to=live, by=by)


def rollback(*, by: Agent | None = None) -> Promotion:
    """What was live before the live version was promoted; twice goes back twice.

    Raises:
        NothingBefore: the shipped reader is live.
        PromotedMeanwhile: somebody was faster.
    """
    live = newest()
    if live is None or live.version_id is None:
        raise NothingBefore
    before = live.back_to
    return follow(live, before.version if before else None, back_to=before.back_to if before else None, by=by)


def newest() -> Promotion | None:
    return Promotion.objects.select_related("version", "back_to__version").order_by("-pk").first()


def follow(
    live: Promotion | None, version: ModelVersion | None, *, back_to: Promotion | None, by: Agent | None
) -> Promotion:
    try:
        with transaction.atomic():  # whoever saw `live` as the newest and is first has it
            return Promotion.objects.create(version=version, after=live, back_to=back_to, by=by)
    except IntegrityError:
        raise PromotedMeanwhile from None
