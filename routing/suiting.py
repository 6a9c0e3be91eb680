"""Whether anybody who is there could take a conversation: by the very need and candidates that routing offers by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from chat.lifecycle import State
from chat.models import Conversation
from routing.assignment import Candidate, Need, someone_suits
from routing.candidates import candidates
from routing.heads import skill_levels
from routing.targets import TeamRow, targets_of, teams
from supportdesk.clock import now


class Suiting:
    """The agents and teams of one moment. Raises RedisError where presence is not known."""

    def __init__(self, there: Sequence[Candidate] | None = None) -> None:
        self._there = candidates() if there is None else there
        self._teams: dict[int, TeamRow] | None = None

    def has(self, conversation: Conversation) -> bool:
        """For a date that comes near, or who has waited his time, anybody will do rather than nobody."""
        if not self._there:
            return False
        if self._teams is None:
            self._teams = teams()
        return someone_suits(need_of(conversation, self._teams), self._there, at_last=_is_pressing(conversation))


def need_of(conversation: Conversation, known: dict[int, TeamRow]) -> Need:
    """As routing.heads reads it for the walk, but for who has passed: all are asked again."""
    queue_s = conversation.inbox.queue_s
    return Need(
        skills=skill_levels(conversation.need_skills), preferred_skills=frozenset(conversation.preferred_skills),
        language=conversation.language, targets=targets_of(conversation.need_team_id, known, queue_s),
        agent_id=conversation.need_agent_id, agent_s=queue_s, preferred_agent_id=conversation.preferred_agent_id,
        units=conversation.units, since=conversation.need_since or conversation.waiting_since,
        relax_s=conversation.inbox.relax_s,
    )  # fmt: skip


def _is_pressing(conversation: Conversation) -> bool:
    """In the queue its deadline has passed. A callback goes back when the last resort can still open before it is due:
    between this look and the next lies one `queue_s`, and another until anybody may have it."""
    if conversation.state != State.CALLBACK or conversation.callback_due is None:
        return True
    return conversation.callback_due <= now() + timedelta(seconds=2 * conversation.inbox.queue_s)
