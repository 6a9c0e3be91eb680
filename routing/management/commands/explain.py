"""`manage.py explain CONVERSATION/SEQ`: why the bot answered a message, or a person was called, in plain words."""

from __future__ import annotations

import textwrap
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from routing import decisions
from routing.models import Decision

LATEST_MOST = 1_000
SHOWN_CHARS = 200
WIDTH = 110
BIGGEST_SEQ = 2**31 - 1


class Command(BaseCommand):
    help = "Tells why a message went to the bot or to a person, and decides it again from what was stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("message", nargs="?", help="CONVERSATION/SEQ, or CONVERSATION for all its turns")
        parser.add_argument("--ids", action="store_true", help="also the ids of rules, patterns and versions")
        parser.add_argument("--latest", type=int, metavar="N", help="the desk's last N decisions instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["message"] is None) == (options["latest"] is None):
            raise CommandError("name one message (CONVERSATION/SEQ), one CONVERSATION, or --latest N")
        found = _latest(options["latest"]) if options["message"] is None else _named(options["message"])
        for decision in found:
            self._tell(decision, with_ids=options["ids"])

    def _tell(self, decision: Decision, *, with_ids: bool) -> None:
        said = textwrap.shorten(decisions.text_of(decision), SHOWN_CHARS, placeholder=" …")
        at = decision.decided_at.strftime("%Y-%m-%d %H:%M:%S UTC")
        self.stdout.write(f"{decision.conversation_id}/{decision.upto_seq}  {at}")
        self.stdout.write(f"  “{said}”")
        found = decisions.explanation_of(decision)
        self.stdout.write(textwrap.fill(found.text(), WIDTH, initial_indent="  ", subsequent_indent="  "))
        if with_ids:
            self.stdout.write("  " + ", ".join(f"{name} {each}" for name, each in found.ids.items()))
        self.stdout.write("\n")


def _latest(count: int) -> Sequence[Decision]:
    if not 1 <= count <= LATEST_MOST:
        raise CommandError(f"--latest takes 1 to {LATEST_MOST}")
    return list(Decision.objects.order_by("-pk")[:count])


def _named(words: str) -> Sequence[Decision]:
    name, _, seq = words.partition("/")
    try:
        conversation_id, number = UUID(name), int(seq) if seq else None
    except ValueError:
        raise CommandError(
            "a message is named CONVERSATION/SEQ: the conversation's id and the message's number"
        ) from None
    if number is None:
        found = list(Decision.objects.filter(conversation_id=conversation_id).order_by("upto_seq"))
        if not found:
            raise CommandError("nothing was decided in that conversation, or there is no such conversation")
        return found
    one = decisions.of_message(conversation_id, min(number, BIGGEST_SEQ))
    if one is None:
        raise CommandError(
            "that message was not routed: a person had the conversation or was called by the button, "
            "or there is no such message"
        )
    return [one]
