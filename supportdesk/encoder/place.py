"""Where the built encoder lies: beside the packages it was installed with, one folder for each way of building it."""

from __future__ import annotations

import sys
from pathlib import Path

BUILD = "minilm-l6-v2-8bit-2"
"""Named anew whenever graph.py writes other bytes: a model trained on one build must not be read with another."""
FOLDER = Path(sys.prefix) / "encoder" / BUILD
GRAPH, VOCABULARY, MARK = FOLDER / "graph.onnx", FOLDER / "vocabulary.txt", FOLDER / "sha256"


def is_built() -> bool:
    return MARK.exists() and GRAPH.exists() and VOCABULARY.exists()
