"""Every command, time-out and loss in any order: after each step all promises about owners, offers and room hold."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from agents import actions as agent_actions
from agents.models import Agent, Availability
from chat import actions
from chat.facts import Actor
from chat.lifecycle import Reason, State
from chat.models import Conversation, Offer
from routing import dispatch, drain, queue
from routing.sweeper import sweep
from supportdesk.redis import redis
from tests.cast import replies, says
from tests.races import floor_of_three as floor

EXAMPLES = int(os.environ.get("STATEFUL_EXAMPLES", "10"))
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(120 + 10 * EXAMPLES)]
STEPS = 40
WAITS_S = (1, 5, 31, 61, 130, 200, 700, 2000, 4000)
SKILLS = ("fraud", "juggling")
TEXTS = ("hello", "I want to talk to a person", "my husband has died")


MOVES = (
    "writes", "asks_for_a_person", "leaves", "is_handed_over", "is_handed_over", "comes", "falls_silent",
    "closes_the_browser", "chooses_availability", "accepts", "accepts", "accepts", "accepts_what_is_not_his",
    "declines", "releases", "returns_to_the_bot", "picks", "takes_up", "steps_in", "steps_out", "takes_over",
    "transfers_to_a_skill", "transfers_to_an_agent", "transfers_to_a_team", "answers", "resolves", "dispatch_runs",
    "dispatch_runs", "dispatch_runs", "routing_runs", "the_sweeper_runs", "time_passes", "time_passes",
    "redis_is_flushed", "what_was_late_is_told",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One thing that happens: by whom, to whose conversation, and what becomes of the facts it tells."""

    move: str
    who: int
    which: int
    number: int
    told: str


class TheDesk(RuleBasedStateMachine):
    """One rule with all moves: hypothesis would leave out some of many rules in each run, and most need each other."""

    floor: floor.Floor

    @initialize()
    def opens(self) -> None:
        self.floor = floor.Floor()
        for who in range(3):
            self.comes(Step("comes", who, 0, 0, "now"))
        for which in range(5):
            self.writes(Step("writes", 0, which, 0, "now"))
            self.is_handed_over(Step("is_handed_over", 0, which, 3 * which, "now"))
        self.dispatch_runs(Step("dispatch_runs", 0, 0, 0, "now"))

    def teardown(self) -> None:
        if hasattr(self, "floor"):
            try:
                self.all_end_well()
            finally:
                self.floor.close()

    @rule(
        step=st.builds(
            Step,
            move=st.sampled_from(MOVES),
            who=st.integers(0, 2),
            which=st.integers(0, 4),
            number=st.integers(0, 17),
            told=st.sampled_from(["now", "now", "now", "later", "never"]),
        )
    )
    def happens(self, step: Step) -> None:
        getattr(self, step.move)(step)

    # --- Customers ---

    def writes(self, step: Step) -> None:
        customer, client_id = self.floor.customers[step.which], f"id-{next(self.floor.ids):08}"
        self._do(says, step, customer=customer, text=TEXTS[step.number % 3], client_id=client_id)

    def asks_for_a_person(self, step: Step) -> None:
        self._do(actions.request_human, step, customer_id=self.floor.customers[step.which].id)

    def leaves(self, step: Step) -> None:
        self._do(actions.close_current, step, customer_id=self.floor.customers[step.which].id)

    def is_handed_over(self, step: Step) -> None:
        """By the desk's API, with a need of its own."""
        team = (None, *self.floor.teams)[step.number % 3]
        known = {"units": 1 + step.number % 2, "team_id": team.id if team else None, "priority": step.number}
        self._of(actions.hand_off, step, reason=Reason.POLICY, why="x", **known)

    # --- Agents ---

    def comes(self, step: Step) -> None:
        agent_id = self.floor.agents[step.who].id
        self.floor.online.add(agent_id)
        self._do(agent_actions.came_online, step, agent_id=agent_id, socket_id="tab")

    def falls_silent(self, step: Step) -> None:
        self.floor.online.discard(self.floor.agents[step.who].id)

    def closes_the_browser(self, step: Step) -> None:
        self.falls_silent(step)
        self._do(agent_actions.socket_gone, step, agent_id=self.floor.agents[step.who].id, socket_id="tab")

    def chooses_availability(self, step: Step) -> None:
        choice = Availability.AWAY if step.number % 3 == 0 else Availability.AVAILABLE
        self._do(agent_actions.set_availability, step, agent_id=self.floor.agents[step.who].id, availability=choice)

    def accepts(self, step: Step) -> None:
        self._of(actions.accept, step, agent=self._asked(step))

    def accepts_what_is_not_his(self, step: Step) -> None:
        self._of(actions.accept, step, agent=self.floor.agents[step.who])

    def declines(self, step: Step) -> None:
        self._of(actions.decline, step, agent=self._asked(step))

    def releases(self, step: Step) -> None:
        self._of(actions.release, step, agent=self._having(step))

    def returns_to_the_bot(self, step: Step) -> None:
        self._of(actions.return_to_bot, step, agent=self._having(step))

    def picks(self, step: Step) -> None:
        self._of(actions.pick, step, agent=self.floor.agents[2])

    def takes_up(self, step: Step) -> None:
        self._of(actions.take_up, step, agent=self.floor.agents[step.who])

    def steps_in(self, step: Step) -> None:
        self._of(actions.step_in, step, agent=self.floor.agents[2])

    def steps_out(self, step: Step) -> None:
        self._of(actions.step_out, step, agent=self.floor.agents[2])

    def takes_over(self, step: Step) -> None:
        self._of(actions.take_over, step, agent=self.floor.agents[2])

    def transfers_to_a_skill(self, step: Step) -> None:
        self._of(actions.transfer, step, agent=self._having(step), to_skill=SKILLS[step.number % len(SKILLS)])

    def transfers_to_an_agent(self, step: Step) -> None:
        self._of(actions.transfer, step, agent=self._having(step), to_agent_id=self.floor.agents[step.who].id)

    def transfers_to_a_team(self, step: Step) -> None:
        to_team_id = self.floor.teams[step.number % 2].id
        self._of(actions.transfer, step, agent=self._having(step), to_team_id=to_team_id, note="please")

    def answers(self, step: Step) -> None:
        client_id = f"id-{next(self.floor.ids):08}"
        self._of(replies, step, agent=self._having(step), text="How can I help?", client_id=client_id)

    def resolves(self, step: Step) -> None:
        agent = self._having(step)
        self._of(actions.close, step, agent=agent, actor=Actor("agent", str(agent.id)))

    # --- The desk, its processes and its clock ---

    def dispatch_runs(self, step: Step) -> None:
        for _ in range(1 + step.number % 2):
            self._do(dispatch.dispatch, step)

    def routing_runs(self, step: Step) -> None:
        self._do(drain.drain, step)

    def the_sweeper_runs(self, step: Step) -> None:
        self._do(sweep, step)

    def time_passes(self, step: Step) -> None:
        self.floor.passes(WAITS_S[step.number % len(WAITS_S)])

    def redis_is_flushed(self, step: Step) -> None:
        redis().flushdb()

    def what_was_late_is_told(self, step: Step) -> None:
        """In order or backwards, once or twice."""
        late = self.floor.untold[:: -1 if step.number % 2 else 1] * (1 + step.number % 3 // 2)
        self.floor.untold = []
        self.floor.tell(late)

    # --- What holds ---

    @invariant()
    def all_promises_hold(self) -> None:
        if hasattr(self, "floor"):
            floor.nobody_is_offered_twice()
            floor.nobody_has_more_than_he_can()
            floor.everything_is_numbered_without_gaps()
            floor.every_open_one_has_an_owner_and_a_deadline_that_is_acted_on(sweep)

    def all_end_well(self) -> None:
        """However it went: once all agents are back, everybody is served, whatever was lost on the way."""
        lost = Step("all_end_well", 0, 0, 0, "never")
        self.floor.untold = []
        for who in range(3):
            self.comes(replace(lost, who=who))
        for _ in range(90):
            if not self.floor.open_ones():
                return
            self.floor.passes(31)
            Agent.objects.update(availability=Availability.AVAILABLE)
            for verb in (sweep, drain.drain, dispatch.dispatch):
                self._do(verb, lost)
            self.all_promises_hold()
            for live in Offer.objects.filter(outcome=None).select_related("agent"):
                self._do(actions.accept, lost, conversation_id=live.conversation_id, agent=live.agent)
            for row in Conversation.objects.filter(state=State.ASSIGNED).select_related("agent"):
                self._do(actions.close, lost, conversation_id=row.id, actor=Actor("agent"), agent=row.agent)
        assert not self.floor.open_ones(), [(row.state, row.deadline) for row in self.floor.open_ones()]

    def _do(self, verb: Any, step: Step, **asked: Any) -> None:
        self.floor.does(verb, told=step.told, **asked)

    def _of(self, verb: Any, step: Step, **asked: Any) -> None:
        """On this customer's latest conversation, if there is one."""
        row = self._row(step)
        if row is not None:
            self._do(verb, step, conversation_id=row.id, **asked)

    def _row(self, step: Step) -> Conversation | None:
        return self.floor.customers[step.which].conversations.order_by("-opened_at", "-id").first()

    def _having(self, step: Step) -> Agent:
        """Whoever has it, so that most of what is tried is possible."""
        row = self._row(step)
        return row.agent if row is not None and row.agent is not None else self.floor.agents[step.who]

    def _asked(self, step: Step) -> Agent:
        row = self._row(step)
        live = row.live_offer() if row is not None else None
        return live.agent if live is not None else self.floor.agents[step.who]


def test_in_any_order_nothing_is_stuck_doubled_or_too_much() -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        TheDesk,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=checks,
            database=None,
            phases=[Phase.generate],
        ),
    )
    assert queue.rebuild() == 0
