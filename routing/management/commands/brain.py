"""manage.py brain SITE_KEY: who words an inbox's answers, and what a language model costs, may cost and has cost."""

from __future__ import annotations

from argparse import ArgumentParser
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from chat.models import Inbox
from routing.brains import budget
from routing.models import BotBrain
from supportdesk import outward

NONE = "none"
PRICES = ("price_asked", "price_answered")
CEILINGS = ("money_a_day", "money_a_conversation")


class Command(BaseCommand):
    help = "Shows or changes the brain of an inbox, its prices and its budget: docs/brains.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("site_key")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--llm", nargs=2, metavar=("URL", "MODEL"), help="an OpenAI-compatible API")
        which.add_argument("--webhook", metavar="URL", help="a bot of the merchant's own")
        which.add_argument("--articles", action="store_true", help="the articles' own words again")
        parser.add_argument("--price-asked", type=price, metavar="P", help="of a million tokens that the model reads")
        parser.add_argument("--price-answered", type=price, metavar="P", help="of a million tokens that it writes")
        parser.add_argument("--money-a-day", type=ceiling, metavar="M", help="in the same currency; none: no ceiling")
        parser.add_argument("--money-a-conversation", type=ceiling, metavar="M", help="likewise")
        parser.add_argument("--tokens-a-day", type=int, metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        inbox = Inbox.objects.filter(site_key=options["site_key"]).first()
        if inbox is None:
            raise CommandError(f"there is no inbox with the site key {options['site_key']}")
        if options["articles"]:
            BotBrain.objects.filter(inbox=inbox).delete()
        brain = BotBrain.objects.filter(inbox=inbox).first()
        changed = _changed(brain or BotBrain(inbox=inbox), options)
        if changed is not None:
            _check(changed)
            changed.save()
        self.stdout.write(_shown(inbox, changed or brain))


def price(text: str) -> Decimal:
    """Raises ValueError."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not found.is_finite() or found < 0:
        raise ValueError(text)
    return found


def ceiling(text: str) -> Decimal | str:
    """Raises ValueError."""
    return NONE if text == NONE else price(text)


def _changed(brain: BotBrain, options: dict[str, Any]) -> BotBrain | None:
    """None: nothing was to be changed."""
    given = {name: options[name] for name in (*PRICES, *CEILINGS, "tokens_a_day") if options[name] is not None}
    given = {name: None if value == NONE else value for name, value in given.items()}
    if options["llm"]:
        given |= {"kind": BotBrain.Kind.LLM, "url": options["llm"][0], "model": options["llm"][1]}
    if options["webhook"]:
        given |= {"kind": BotBrain.Kind.WEBHOOK, "url": options["webhook"], "model": ""}
    for name, value in given.items():
        setattr(brain, name, value)
    return brain if given else None


def _check(brain: BotBrain) -> None:
    """Raises CommandError."""
    if not brain.url:
        raise CommandError("this inbox has no brain: name one with --llm URL MODEL")
    try:
        outward.check(brain.url)
        brain.full_clean(validate_unique=False, validate_constraints=False)
    except outward.NotAllowed as problem:
        raise CommandError(f"{brain.url}: {problem}") from None
    except ValidationError as problem:
        raise CommandError("; ".join(problem.messages)) from None
    has_ceiling = any(getattr(brain, name) is not None for name in CEILINGS)
    if has_ceiling and not all(getattr(brain, name) > 0 for name in PRICES):
        raise CommandError("a ceiling in money needs both prices: --price-asked P --price-answered P")


def _shown(inbox: Inbox, brain: BotBrain | None) -> str:
    if brain is None:
        return f"{inbox.name}: the articles' own words"
    if brain.kind == BotBrain.Kind.WEBHOOK:
        return f"{inbox.name}: the merchant's own bot at {brain.url}"
    tokens, money = budget.spent_today(inbox.pk)
    lines = [
        f"{inbox.name}: {brain.model} at {brain.url}",
        f"a million tokens: {brain.price_asked:f} read, {brain.price_answered:f} written",
        f"today (UTC): {budget.in_words(money)} of {_most(brain.money_a_day)}, {tokens} of {brain.tokens_a_day} tokens",
        f"a conversation: {_most(brain.money_a_conversation)}",
    ]
    return "\n".join(lines)


def _most(money: Decimal | None) -> str:
    return "no ceiling" if money is None else budget.in_words(money)
