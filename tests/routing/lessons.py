"""A small world to learn: three intents, five ways to say each, three times of day."""

from __future__ import annotations

import numpy as np

from routing.examples import Given
from routing.learning import crossed
from routing.lesson import material_of

TEXTS = {
    "weather": ("will it rain {}", "is it sunny {}", "how cold is it {}", "the forecast for {}", "does it snow {}"),
    "music": ("play a song {}", "turn the music up {}", "which band is this {}", "skip the track {}", "sing to me {}"),
    "travel": ("book a flight {}", "a train to Rome {}", "find me a hotel {}", "rent a car {}", "when is boarding {}"),
}
WHEN = ("today", "tomorrow", "on Friday")


def given() -> list[Given]:
    return [
        Given(said.format(when), name, f"{name} {when}", "test")
        for name, texts in TEXTS.items()
        for said in texts
        for when in WHEN
    ]


def learned(texts: list[Given] | None = None) -> crossed.Learned:
    material = material_of(texts or given())
    return crossed.learn(material, np.zeros((len(material.texts), 0)), "", lambda line: None)
