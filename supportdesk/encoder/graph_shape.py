"""The sizes of MiniLM that both its builder and its reader must agree on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

LAYERS, HEADS, WIDTH = 6, 12, 384
