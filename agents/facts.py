"""What has happened to agents, told after the commit. supportdesk.wiring says what follows from each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AvailabilityChanged:
    """An agent chose to be available or away."""

    agent_id: int
    availability: str
    reason: str


@dataclass(frozen=True, slots=True)
class AgentPresenceChanged:
    """An agent's first socket opened, or the last one has been silent for too long."""

    agent_id: int
    online: bool
