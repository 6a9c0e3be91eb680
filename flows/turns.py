"""Flows as routing takes them: read before thinking, moved with the bot's words, performed with no transaction open."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from chat.models import Conversation
from flows import calls, codes, steps
from flows.models import EmailProof, Flow, Run
from flows.spec import Spec, filled
from flows.steps import Do, Ended, Known, Next, State
from supportdesk import planned
from supportdesk.clock import now

STANDINGS = """
SELECT f.inbox_id, f.intent, f.language, f.id, NULL::uuid
FROM flows_flow f WHERE f.inbox_id = ANY($1::bigint[]) AND f.enabled
UNION ALL
SELECT NULL, NULL, NULL, NULL, r.id
FROM flows_run r JOIN chat_conversation c ON c.id = r.conversation_id AND c.version = r.conversation_version
WHERE r.conversation_id = ANY($2::uuid[]) AND r.ended_at IS NULL
  AND EXISTS (SELECT FROM flows_flow f WHERE f.inbox_id = c.inbox_id AND f.enabled)
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What flows say of a conversation: the ids of its inbox's by intent and language, and the one under way."""

    flows: dict[tuple[str, str], int]
    run: Run | None = None

    def speaking(self, language: str) -> frozenset[str]:
        """The intents of the flows that speak `language`."""
        return frozenset(intent for intent, spoken in self.flows if spoken == language)


@dataclass(frozen=True, slots=True)
class Move:
    """A turn's step, not yet stored. `run_id` is the key of all that it does."""

    conversation_id: UUID
    run_id: UUID
    flow: Flow
    next: Next
    is_new: bool
    proof_id: UUID | None = None

    def with_next(self, after: Next) -> Move:
        return replace(self, next=after)

    def fields(self) -> dict[str, str]:
        """What has been collected, for the handoff's packet."""
        email = {"email": self.next.state.email} if self.next.state.email else {}
        return {**self.next.state.values, **email}


def standings(conversations: Sequence[tuple[UUID, int]]) -> dict[UUID, Standing]:
    """By conversation, for (conversation id, inbox id): one query, and one more where a flow is under way."""
    flows: dict[int, dict[tuple[str, str], int]] = {}
    under_way: list[UUID] = []
    ids, inboxes = [pk for pk, _ in conversations], {inbox_id for _, inbox_id in conversations}
    for inbox_id, intent, language, flow_id, run_id in planned.run(STANDINGS, sorted(inboxes), ids):
        if run_id is None:
            flows.setdefault(inbox_id, {})[intent, language] = flow_id
        else:
            under_way.append(run_id)
    open_runs = Run.objects.filter(pk__in=under_way).select_related("flow__action") if under_way else []
    runs = {run.conversation_id: run for run in open_runs}
    return {pk: Standing(flows.get(inbox_id, {}), runs.get(pk)) for pk, inbox_id in conversations}


def go_on(run: Run, said: str, *, elsewhere: bool, switches: bool) -> Move:
    """The next step of a run."""
    state = State(**run.state)
    lost = codes.problem_with(run.pk, state.codes) if state.stage == "code" else ""
    if lost:
        after = Next(Do.HUMAN, state, f"the code could not be mailed ({lost})", Ended.HANDED_OVER)
        return Move(run.conversation_id, run.pk, run.flow, after, is_new=False)
    known, proof_id = _known(run.conversation_id, run.flow, state)
    after = steps.step(spec_of(run.flow), state, said, known, elsewhere=elsewhere, switches=switches)
    return Move(run.conversation_id, run.pk, run.flow, after, is_new=False, proof_id=proof_id)


def begin(flow_id: int, conversation_id: UUID, said: str) -> Move:
    """The first step. The run's id follows from what is stored, so that a turn taken twice begins the same run.

    Raises:
        Flow.DoesNotExist: somebody has just taken it away.
    """
    flow = Flow.objects.select_related("action").get(pk=flow_id)
    known, _ = _known(conversation_id, flow, State())
    number = Run.objects.filter(conversation_id=conversation_id).count()
    run_id = uuid5(conversation_id, f"run-{number}")
    return Move(conversation_id, run_id, flow, steps.begin(spec_of(flow), said, known), is_new=True)


def _known(conversation_id: UUID, flow: Flow, state: State) -> tuple[Known, UUID | None]:
    today = now().date()
    if flow.action.identity == flow.action.Identity.NONE:
        return Known(today, is_proven=True), None
    customer = Conversation.objects.select_related("customer").get(pk=conversation_id).customer
    if customer.verified or codes.proven_email(customer.pk):
        return Known(today, is_proven=True), None
    proof = codes.open_code(customer.pk, state.email) if state.stage == "code" else None
    return Known(today, False, codes.code_of(proof.pk) if proof else None), proof.pk if proof else None


def spec_of(flow: Flow) -> Spec:
    return Spec.model_validate(flow.spec)


def perform(moved: Move, within_s: float) -> Move:
    """Puts the code into the outbox or calls the merchant. Its end is a `Next` that speaks or hands over.

    It never raises for them.
    """
    if moved.next.do is Do.MAIL:
        return moved.with_next(_mail(moved))
    if moved.next.do is Do.CALL:
        return moved.with_next(replace(_call(moved, within_s), is_code_right=moved.next.is_code_right))
    return moved


def _mail(moved: Move) -> Next:
    conversation = Conversation.objects.select_related("customer", "inbox").get(pk=moved.conversation_id)
    state = moved.next.state
    try:
        codes.mail_code(
            customer=conversation.customer, email=state.email, run_id=moved.run_id, number=state.codes,
            shop=conversation.inbox.name, language=moved.flow.language,
        )  # fmt: skip
    except codes.TooManyCodes as error:
        return Next(Do.HUMAN, state, f"too many codes were mailed for {error}", Ended.HANDED_OVER)
    return replace(moved.next, do=Do.SAY)


def _call(moved: Move, within_s: float) -> Next:
    spec, state = spec_of(moved.flow), moved.next.state
    caller = _caller(moved)
    inputs = dict(state.values)
    key = uuid5(moved.run_id, json.dumps(inputs, sort_keys=True))
    outcome = calls.perform(moved.flow.action, inputs, caller, key, within_s, spec.language)
    if isinstance(outcome, calls.Failed):
        return Next(Do.HUMAN, state, f"{moved.flow.action.name}: {outcome.why}", Ended.HANDED_OVER)
    if isinstance(outcome, calls.Refused):
        return steps.refused(spec, state, outcome.code)
    said: dict[str, Any] = {**state.values, **outcome.output}
    return Next(Do.SAY, state, filled(spec.done, said), Ended.DONE)


def _caller(moved: Move) -> calls.Caller:
    customer = Conversation.objects.select_related("customer").get(pk=moved.conversation_id).customer
    if customer.verified:
        return calls.Caller(customer.external_id, customer.email or None, "signed_identity")
    email = moved.next.state.email if moved.next.is_code_right else codes.proven_email(customer.pk)
    return calls.Caller(None, email or None, "email_code" if email else None)


def store(moved: Move, upto_seq: int) -> None:
    """Within the transaction that stores the bot's words or the handoff: the state, and what it proved.

    The caller holds the conversation's lock.
    """
    after = moved.next
    changes: dict[str, Any] = {
        "state": after.state.as_json(),
        "upto_seq": upto_seq,
        "outcome": after.ended or "",
        "ended_at": now() if after.ended else None,
    }
    if moved.is_new:
        _end_others(moved)
        version = Conversation.objects.values_list("version", flat=True).get(pk=moved.conversation_id)
        Run.objects.create(
            pk=moved.run_id, conversation_id=moved.conversation_id, flow=moved.flow, flow_version=moved.flow.version,
            conversation_version=version, **changes,
        )  # fmt: skip
    else:
        Run.objects.filter(pk=moved.run_id, upto_seq__lt=upto_seq).update(**changes)
    if after.is_code_right and moved.proof_id is not None:
        EmailProof.objects.filter(pk=moved.proof_id, proven_at=None).update(proven_at=now())
    collected = {} if after.ended in (Ended.DONE, Ended.LEFT) else moved.fields()
    Conversation.objects.filter(pk=moved.conversation_id).update(collected=collected)


def _end_others(moved: Move) -> None:
    """Runs that the conversation has left behind, so that there is never a second open one."""
    Run.objects.filter(conversation_id=moved.conversation_id, ended_at=None).update(ended_at=now(), outcome=Ended.LEFT)
