"""`manage.py simulate`: plays the desk for a day, or as measured lately, and says what people would wait.

The same seed prints the same. `--plot` writes an SVG. It reads the desk's history only with `--history`.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from routing.erlang import erlang_a, erlang_c
from routing.history import History, measured
from routing.simulation import Plan, Shift, simulate
from routing.simulation_plot import svg

RUNS_MOST, HOURS_MOST, AGENTS_MOST, ARRIVALS_MOST = 1_000, 24 * 7, 1_000, 2_000_000


class Command(BaseCommand):
    help = "Simulates arrivals, agents and waits by the functions that route, and compares with Erlang's formulas."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--arrivals", type=float, default=60.0, help="customers an hour (60)")
        parser.add_argument("--handling", type=float, default=240.0, help="mean seconds a conversation takes (240)")
        parser.add_argument("--patience", type=float, help="mean seconds until who waits leaves; nobody leaves without")
        parser.add_argument("--agents", type=int, default=5)
        parser.add_argument("--capacity", type=int, default=1, help="conversations at once an agent (1)")
        parser.add_argument("--hours", type=float, default=8.0, help="how long a run is (8), after a tenth to warm up")
        parser.add_argument("--runs", type=int, default=20)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--target", type=float, default=180.0, help="the promise: a person within so many seconds")
        parser.add_argument(
            "--history", type=int, metavar="DAYS", help="arrivals and handling of the last DAYS instead"
        )
        parser.add_argument("--plot", type=Path, metavar="FILE.svg")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = self._plan(options)
        runs = [run for number in range(options["runs"]) if (run := simulate(plan, options["seed"] + number)).visits]
        if not runs:
            raise CommandError("Nobody came in any run, so there is no wait to tell: take more --hours or --arrivals.")
        self.stdout.write(f"{len(runs)} runs, seeds from {options['seed']}; 95 % of such means are within ±")
        self._say("mean wait, s", [run.mean_wait_s() for run in runs])
        self._say("left, %", [100 * run.left_share() for run in runs])
        self._say(f"a person within {options['target']:g} s, %", [100 * run.within(options["target"]) for run in runs])
        seconds = (plan.for_s - plan.warm_up_s) * sum(shift.agents * shift.capacity for shift in plan.shifts)
        self._say("load, %", [100 * run.busy_s / seconds for run in runs])
        covered = [share for run in runs if (share := run.covered()) is not None]
        if covered:
            self._say("waits within the interval told, %", [100 * share for share in covered])
        self.stdout.write(self._erlang(plan))
        if options["plot"]:
            options["plot"].write_text(svg(runs[0], options["target"]))
            self.stdout.write(f"written to {options['plot']}")

    def _plan(self, options: dict[str, Any]) -> Plan:
        for name, most in (("runs", RUNS_MOST), ("hours", HOURS_MOST), ("agents", AGENTS_MOST), ("capacity", 100)):
            if not 0 < options[name] <= most:
                raise CommandError(f"--{name} must be above 0 and at most {most}.")
        seen = History(options["arrivals"] / 3600, options["handling"], ())
        if options["history"]:
            found = measured(options["history"])
            if found is None:
                raise CommandError(f"People ended no conversation in the last {options['history']} days to learn from.")
            seen = found
        for_s = options["hours"] * 3600
        if not 0 < seen.arrivals_per_s * for_s * options["runs"] <= ARRIVALS_MOST:
            raise CommandError(f"That is not between 1 and {ARRIVALS_MOST} arrivals; take fewer --runs or --hours.")
        if seen.handling_s <= 0 or (options["patience"] is not None and options["patience"] <= 0):
            raise CommandError("--handling and --patience must be above 0.")
        return Plan(
            seen.arrivals_per_s, seen.handling_s, (Shift(options["agents"], capacity=options["capacity"]),),
            for_s=for_s * 1.1, warm_up_s=for_s * 0.1, patience_s=options["patience"], handling=seen.handling,
        )  # fmt: skip

    def _say(self, what: str, figures: list[float]) -> None:
        spread = 1.96 * stdev(figures) / len(figures) ** 0.5 if len(figures) > 1 else float("nan")
        self.stdout.write(f"  {what:36} {mean(figures):9.2f} ± {spread:.2f}")

    def _erlang(self, plan: Plan) -> str:
        (shift,) = plan.shifts
        known = {
            "arrivals_per_s": plan.arrivals_per_s,
            "handling_s": plan.handling_s,
            "agents": shift.agents * shift.capacity,
        }
        try:
            if plan.patience_s is None:
                name, expected = "Erlang C", erlang_c(**known)  # type: ignore[arg-type]  # a dict of int and float
            else:
                name, expected = "Erlang A", erlang_a(**known, patience_s=plan.patience_s)  # type: ignore[arg-type]  # as above
        except ValueError as error:
            return f"  Erlang C: {error}; the wait grows as long as it goes on."
        return f"  {name}: mean wait {expected.wait_s:.2f} s, left {100 * expected.left:.2f} %"
