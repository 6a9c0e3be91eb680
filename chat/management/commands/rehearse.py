"""`manage.py rehearse`: plays dialogues through the running desk and judges what its clients saw."""

from __future__ import annotations

import asyncio
import json
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from chat.models import Inbox
from supportdesk.rehearsal.cast import default_site_key
from supportdesk.rehearsal.dialogues import SHIPPED, BadScript, choose_dialogues, read_dialogues
from supportdesk.rehearsal.report import Report
from supportdesk.rehearsal.run import NobodyCame, Rehearsal
from supportdesk.rehearsal.stage import Desk, Manner, Stage

PLAIN_LINE_EVERY_S = 5.0


class Command(BaseCommand):
    help = "Plays dialogues through the running desk, as customers and as agents, and says what was lost or late."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", type=_web_address, default=None, help="the desk (default: this one)")
        parser.add_argument("--site-key", default=None, help="the inbox (default: the desk's first)")
        parser.add_argument(
            "--dialogues",
            type=Path,
            default=SHIPPED,
            metavar="FILE",
            help="CSV with conv, turn, text (default: a small shop script)",
        )
        parser.add_argument("--chats", type=_count, default=300)
        parser.add_argument("--parallel", type=_count, default=50, help="chats at the same time")
        parser.add_argument("--agents", type=_count, default=15)
        parser.add_argument("--pace", type=_seconds, default=1.0, help="median seconds between a customer's turns")
        parser.add_argument("--think", type=_seconds, default=1.0, help="median seconds before an agent's reply")
        parser.add_argument("--decline", type=_share, default=0.04, help="share of offers that agents decline")
        parser.add_argument("--ignore", type=_share, default=0.02, help="share of offers that agents let pass")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--timeout", type=_seconds, default=300.0, help="seconds after which a chat has failed")
        parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="write the figures there, too")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console()
        rehearsal = _rehearsal(options)
        report = _play(rehearsal, console)
        report.show(console)
        if options["json"]:
            options["json"].write_text(json.dumps(report.as_json(), indent=2) + "\n")
        if not report.is_clean:
            raise CommandError("the desk did not keep its promises in this rehearsal.", returncode=1)


def _rehearsal(options: dict[str, Any]) -> Rehearsal:
    try:
        site_key = default_site_key(options["site_key"])
        dialogues = choose_dialogues(read_dialogues(options["dialogues"]), chats=options["chats"], seed=options["seed"])
    except BadScript as problem:
        raise CommandError(str(problem)) from problem
    except Inbox.DoesNotExist as problem:
        raise CommandError("there is no such inbox: give --site-key, or run manage.py load_demo.") from problem
    except DatabaseError as problem:
        raise CommandError(f"the desk's database does not answer; is the desk running? ({problem})") from problem
    return Rehearsal(
        desk=Desk(options["url"] or settings.PUBLIC_URL, site_key),
        dialogues=dialogues,
        parallel=options["parallel"],
        agents=options["agents"],
        seed=options["seed"],
        timeout_s=options["timeout"],
        manner=Manner(
            pace_s=options["pace"], think_s=options["think"], decline=options["decline"], ignore=options["ignore"]
        ),
    )


def _play(rehearsal: Rehearsal, console: Console) -> Report:
    console.print(
        f"{len(rehearsal.dialogues)} chats, {rehearsal.parallel} at a time, {rehearsal.agents} agents, "
        f"seed {rehearsal.seed}, at {rehearsal.desk.url}"
    )
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[words]}"))
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        rehearsal.progress = _Teller(bar, bar.add_task("chats", total=len(rehearsal.dialogues), words=""), console)
        try:
            return asyncio.run(rehearsal.run())
        except NobodyCame as problem:
            raise CommandError(str(problem)) from problem
        except KeyboardInterrupt:
            raise CommandError("stopped; the rehearsal's agents are away again.", returncode=130) from None


class _Teller:
    """Shows how far it is: a bar in a terminal, a line every few seconds elsewhere."""

    def __init__(self, bar: Progress, task: TaskID, console: Console) -> None:
        self.bar, self.task, self.console, self.told_at = bar, task, console, time.monotonic()

    def __call__(self, stage: Stage) -> None:
        over = sum(bool(chat.ended or chat.trouble) for chat in stage.chats)
        handed = sum(chat.handoff_at is not None for chat in stage.chats)
        posts = sum(len(chat.posts) for chat in stage.chats)
        words = f"{posts} messages, {handed} handed off, {stage.reconnects} reconnects"
        self.bar.update(self.task, completed=over, words=words)
        if not self.console.is_terminal and time.monotonic() - self.told_at > PLAIN_LINE_EVERY_S:
            self.told_at = time.monotonic()
            self.console.print(f"{over}/{len(stage.chats)} chats over, {words}")


def _web_address(given: str) -> str:
    parts = urlsplit(given)
    if parts.scheme in {"http", "https"} and parts.hostname:
        return f"{parts.scheme}://{parts.netloc}"
    raise ArgumentTypeError(f"{given!r} is not an address like http://localhost:8000")


def _count(given: str) -> int:
    if given.isascii() and given.isdigit() and int(given) > 0:
        return int(given)
    raise ArgumentTypeError(f"{given!r} is not a whole number above 0")


def _seconds(given: str) -> float:
    try:
        seconds = float(given)
    except ValueError:
        seconds = -1.0
    if 0 < seconds < 86_400:
        return seconds
    raise ArgumentTypeError(f"{given!r} is not a number of seconds above 0")


def _share(given: str) -> float:
    try:
        share = float(given)
    except ValueError:
        share = -1.0
    if 0 <= share <= 1:
        return share
    raise ArgumentTypeError(f"{given!r} is not a share from 0 to 1")
