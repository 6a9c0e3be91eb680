"""A turn's decision in the worker: signals, knowledge and policy against the real database; loading is left out.

Each reader has a process of its own, so that its memory is its own: `shipped` as on a fresh desk, `words` trained
without the encoder, `encoder` trained with it. `one` times a turn alone; `batch` thinks 32 at once, as a busy worker
does, and counts the processor time of this process alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil

from bench.rows import Row, rank
from bench.stage import Stage

READERS = ("shipped", "words", "encoder")
ONES, BATCHES, BATCH = 600, 30, 32
WARM_UP = 60
MEGABYTE = 1 << 20
ROOT = Path(__file__).resolve().parent.parent

Tell = Callable[[str], None]


class ReaderFailed(Exception):
    """The process that was measured ended early; the text is its own."""


def run(stage: Stage, report: Tell, rounds: int = 1) -> list[Row]:
    """Three rows a reader, of the last round."""
    versions = {"shipped": "", "words": trained(report, words_only=True), "encoder": trained(report, words_only=False)}
    found: list[Row] = []
    for _ in range(rounds):
        found = [row for name in READERS for row in measured(name, versions[name], report)]
    return found


def trained(report: Tell, *, words_only: bool) -> str:
    from django.core.management import call_command

    from routing.models import ModelVersion

    began = time.perf_counter()
    call_command("train", words_only=words_only, stdout=open(os.devnull, "w"))  # noqa: SIM115  # for as long as we live
    report(f"  trained in {time.perf_counter() - began:.1f} s")
    return str(ModelVersion.objects.latest("pk").pk)


def measured(name: str, version: str, report: Tell) -> list[Row]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.decision", version], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ReaderFailed(done.stderr[-2_000:])
    seen = json.loads(done.stdout.splitlines()[-1])
    one = sorted(seen["one_ms"])
    rows = [
        Row(
            f"{name}, one", round(1000 * len(one) / sum(one), 1), "turns/s", round(rank(one, 0.5), 2),
            round(rank(one, 0.99), 2), 1, {"p95_ms": round(rank(one, 0.95), 2), "rss_mb": seen["rss_mb"]},
        ),
        Row(f"{name}, batch of {BATCH}", round(seen["batched_per_s"], 1), "turns/s and core", None, None, 1),
        reading_row(name, sorted(seen["reading_ms"])),
    ]  # fmt: skip
    report(
        "  " + "; ".join(f"{row.name}: {row.value} {row.unit}, p50 {row.p50_ms} ms {dict(row.more)}" for row in rows)
    )
    return rows


def reading_row(name: str, times: Sequence[float]) -> Row:
    """The intent alone: the encoder's and the model's share."""
    p50, p95, p99 = (round(rank(times, share), 2) for share in (0.5, 0.95, 0.99))
    return Row(
        f"{name}, intent alone", round(1000 * len(times) / sum(times), 1), "texts/s", p50, p99, 1, {"p95_ms": p95}
    )


# --- In the process that is measured ---


def main() -> None:
    import django

    django.setup()
    from routing import live, versions
    from routing.claim import Shop, Turn
    from routing.models import ModelVersion, Promotion
    from routing.turn import think

    version = sys.argv[1] if len(sys.argv) > 1 else ""
    if version:
        versions.promote(version=ModelVersion.objects.get(pk=version))
    elif (last := versions.newest()) is not None and last.version_id is not None:
        Promotion.objects.create(version=None, after=last)
    live.warm_up()
    inbox = with_articles()
    shop = Shop(inbox.pk, inbox.name, inbox.site_key, inbox.locale, inbox.support_floor, inbox.max_misses)
    turns = [Turn(uuid4(), shop, text, 1) for text in texts(ONES + WARM_UP)]
    for turn in turns[:WARM_UP]:
        think([turn])
    one = [timed(lambda turn=turn: think([turn])) for turn in turns[WARM_UP:]]  # type: ignore[misc]  # bound at once
    reader = live.reader()
    reading = [timed(lambda turn=turn: reader.find([turn.text])) for turn in turns[WARM_UP:]]  # type: ignore[misc]
    began = time.process_time()
    for number in range(BATCHES):
        think([turns[(number * BATCH + n) % len(turns)] for n in range(BATCH)])
    spent = time.process_time() - began
    rss = psutil.Process().memory_info().rss // MEGABYTE
    figures = {"one_ms": one, "reading_ms": reading, "batched_per_s": BATCHES * BATCH / spent, "rss_mb": rss}
    print(json.dumps(figures))


def timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return 1000 * (time.perf_counter() - began)


def texts(many: int) -> list[str]:
    """Shipped examples, each said in another way."""
    from routing.signals import intent

    said, _ = intent.examples()
    ways = ("{}", "hello, {}", "{} please")
    return [ways[n % len(ways)].format(said[(n * 7) % len(said)]) for n in range(many)]


def with_articles() -> Any:
    """An inbox; its class may only be imported once Django is set up."""
    from chat.models import Inbox
    from knowledge import actions

    inbox = Inbox.objects.create(name="bench decision")
    for number in range(20):
        body = f"## How long delivery number {number} takes\nLamps arrive within {number} to 40 working days."
        article = actions.save_article(
            inbox_id=inbox.pk, title=f"Delivery {number}", body=body, slug=f"delivery-{number}"
        )
        actions.publish(article_id=article.pk)
    return inbox


if __name__ == "__main__":
    main()
