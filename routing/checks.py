"""What `manage.py check` says about reading intents."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage

from supportdesk.encoder import place


def encoder_is_there(**_: Any) -> list[CheckMessage]:
    if settings.ENCODER == "endpoint" and not (settings.ENCODER_URL and settings.ENCODER_MODEL):
        hint = "Set both, or ENCODER=minilm."
        return [checks.Error("ENCODER=endpoint needs ENCODER_URL and ENCODER_MODEL.", hint, id="routing.E001")]
    if settings.ENCODER == "none":
        return [
            checks.Warning("Intents are read by words alone (ENCODER=none).", "Set ENCODER=minilm.", id="routing.W001")
        ]
    if settings.ENCODER == "minilm" and not place.is_built():
        hint = "Run `make build`; until then intents are read by words alone."
        return [checks.Warning("The encoder is not built.", hint, id="routing.W002")]
    return []
