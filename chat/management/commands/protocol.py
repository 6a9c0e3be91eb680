"""`manage.py protocol` writes what is generated from chat/protocol.py; with `--check` it only says what has drifted."""

from argparse import ArgumentParser
from difflib import unified_diff
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat.protocol_render import GENERATED

ROOT = Path(__file__).resolve().parents[3]
DIFF_LINES = 12
"""How much of each difference `--check` shows."""


class Command(BaseCommand):
    help = "Write docs/protocol.md, docs/protocol.schema.json and frontend/src/protocol from chat/protocol.py."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file has drifted")
        parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: this one)")

    def handle(self, *args: Any, **options: Any) -> None:
        root: Path = options["root"]
        stale = [(root / path, render()) for path, render in GENERATED.items()]
        stale = [(path, text) for path, text in stale if _held(path) != text]
        if options["check"] and stale:
            self.stderr.write("\n".join(_difference(path, text) for path, text in stale))
            names = ", ".join(str(path.relative_to(root)) for path, _ in stale)
            raise CommandError(f"Drifted from chat/protocol.py: {names}. Run `manage.py protocol` and commit.")
        for path, text in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"wrote {path.relative_to(root)}")
        if not stale:
            self.stdout.write("The generated protocol files are up to date.")


def _held(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _difference(path: Path, text: str) -> str:
    lines = list(
        unified_diff(_held(path).splitlines(), text.splitlines(), path.name, "chat/protocol.py", lineterm="", n=1)
    )
    more = f"\n… and {len(lines) - DIFF_LINES} lines more" if len(lines) > DIFF_LINES else ""
    return "\n".join(lines[:DIFF_LINES]) + more
