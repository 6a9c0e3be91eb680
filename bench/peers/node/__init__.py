"""server.js on the desk's own Node; its locked packages are installed on demand, under var/bench."""

from __future__ import annotations

import shutil
from pathlib import Path

from supportdesk.embedded import binaries, frontend

SOURCE = Path(__file__).resolve().parent
FILES = ("package.json", "package-lock.json", "server.js")


def command(var: Path) -> list[str]:
    folder = var / "node"
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(SOURCE / name, folder)
    frontend.install(folder)
    return [str(binaries.node_folder() / "node"), str(folder / "server.js")]
