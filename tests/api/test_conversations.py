"""Conversations by REST: what agents and programs read and do."""

import base64
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from agents.models import Agent, Skill, Team
from chat import actions
from chat.models import Customer, Inbox
from knowledge.actions import save_article
from tests import cast
from tests.api import speakers

WORDS = {"client_id": "bob-000001", "text": "Hello Ana, I am Bob."}


def test_bob_accepts_reads_answers_notes_and_closes(ana: Customer, bob: Agent) -> None:
    held = cast.offered(ana, bob)
    rest, path = speakers.agent(bob), f"conversations/{held.id}/"
    assert rest.get(path)["offer"]["agent_id"] == bob.id
    assert rest.does(path + "accept/")["state"] == "assigned"
    assert rest.does(path + "accept/")["agent"] == {"id": bob.id, "name": "Bob"}
    first = rest.says("POST", path + "messages/", WORDS)
    assert (first[0], rest.says("POST", path + "messages/", WORDS)) == (201, (200, first[1]))
    timeline = rest.get(path + "messages/")["messages"]
    assert [m["seq"] for m in timeline] == list(range(1, len(timeline) + 1))
    assert timeline[-1]["author"] == {"kind": "agent", "id": str(bob.id), "name": "Bob"}
    note = rest.does(path + "notes/", {"client_id": "note-00001", "text": "broken lamp"})
    assert rest.get(path + "notes/")["notes"] == [note]
    assert rest.does(path + "read/", {"seq": first[1]["seq"]})["agent_read_seq"] == first[1]["seq"]
    assert rest.get(path + "handoff/")["reason"] == "policy"
    assert rest.does(path + "handoff/score/", {"score": "right"})["handoff"]["score"] == "right"
    assert rest.does(path + "close/", {"resolution": "sent a new one"})["state"] == "closed"
    events = rest.get(path + "events/")["events"]
    assert [e["trigger"] for e in events] == ["opened", "handoff_requested", "offered", "accepted", "resolved"]
    assert events[-1]["actor_id"] == str(bob.id)
    assert events[-1]["why"] == "sent a new one"
    assert [e["version"] for e in rest.get(path + "events/", after_version=3)["events"]] == [4, 5]


def test_bob_declines_and_releases(ana: Customer, bob: Agent) -> None:
    held = cast.offered(ana, bob)
    rest, path = speakers.agent(bob), f"conversations/{held.id}/"
    assert rest.does(path + "decline/", {"reason": "lunch"})["state"] == "queued"
    actions.offer(conversation_id=held.id, agent_id=bob.id, why="again")
    rest.does(path + "accept/")
    assert rest.does(path + "release/")["state"] == "queued"


def test_bob_transfers_to_carol_and_to_a_team(ana: Customer, bob: Agent, carol: Agent) -> None:
    held = cast.assigned(ana, bob)
    rest, path = speakers.agent(bob), f"conversations/{held.id}/"
    assert rest.is_refused(path + "transfer/", {}) == (400, "bad_value")
    assert rest.is_refused(path + "transfer/", {"agent_id": bob.id}) == (400, "bad_value")
    moved = rest.does(path + "transfer/", {"agent_id": carol.id, "note": "she knows lamps"})
    assert moved["state"] == "queued"
    assert "she knows lamps" in rest.get(path + "notes/")["notes"][0]["text"]
    actions.offer(conversation_id=held.id, agent_id=carol.id, why="wanted")
    actions.accept(conversation_id=held.id, agent=carol)
    team = Team.objects.create(name="Payments")
    assert speakers.agent(carol).does(path + "transfer/", {"team_id": team.id})["state"] == "queued"


def test_bob_returns_it_to_the_bot_and_it_is_handed_to_people_again(ana: Customer, bob: Agent) -> None:
    held = cast.assigned(ana, bob)
    rest, path = speakers.agent(bob), f"conversations/{held.id}/"
    assert rest.does(path + "return_to_bot/", {"reason": "only an order status"})["state"] == "bot"
    queued = rest.does(path + "handoff/", {"why": "VIP", "skills": ["returns"], "priority": 5})
    assert (queued["state"], queued["priority"]) == ("queued", 5)
    assert queued["handoff"]["need"]["skills"] == ["returns"]
    assert rest.does(path + "handoff/", {"why": "VIP"})["version"] == queued["version"]


def test_bob_takes_up_a_callback(ana: Customer, bob: Agent) -> None:
    held = cast.called_back(ana)
    assert speakers.agent(bob).does(f"conversations/{held.id}/take_up/")["state"] == "assigned"


def test_views_hold_what_they_say(ana: Customer, dan: Customer, bob: Agent) -> None:
    mine, waiting = cast.assigned(ana, bob), cast.queued(dan)
    rest = speakers.agent(bob)

    def ids(view: str) -> list[str]:
        return [item["id"] for item in rest.get("conversations/", view=view)["items"]]

    assert ids("mine") == [str(mine.id)]
    assert ids("queue") == [str(waiting.id)]
    assert set(ids("open")) == {str(mine.id), str(waiting.id)}
    assert ids("callbacks") == ids("closed") == []
    assert rest.get("conversations/")["counts"] == {"queue": 1, "mine": 1, "callbacks": 0, "open": 2}
    assert speakers.desk().get("conversations/", view="mine")["items"] == []


def test_lists_are_paged_without_gaps(inbox: Inbox, bob: Agent) -> None:
    for number in range(53):
        cast.says(Customer.objects.create(inbox=inbox, name=f"C{number}"), "hello", f"client-{number:04}")
    rest = speakers.agent(bob)
    first = rest.get("conversations/")
    second = rest.get("conversations/", cursor=first["cursor"])
    seen = [item["id"] for item in first["items"] + second["items"]]
    assert (len(seen), len(set(seen)), second["cursor"]) == (53, 53, None)
    page = rest.get("customers/")
    rest_of = rest.get("customers/", cursor=page["cursor"])
    assert len({c["id"] for c in page["items"] + rest_of["items"]}) == 53


@pytest.mark.parametrize("path", ["conversations/", "customers/", "agents/", "articles/"])
def test_a_longer_list_costs_no_more_queries(
    inbox: Inbox, bob: Agent, django_assert_num_queries: DjangoAssertNumQueries, path: str
) -> None:
    rest = speakers.agent(bob)

    def grow(number: int) -> None:
        customer = Customer.objects.create(inbox=inbox, name=f"C{number}")
        agent = cast.make_agent(f"agent{number}", capacity=9)
        agent.skills.add(Skill.objects.create(name=f"skill{number}"))
        save_article(inbox_id=inbox.id, title=f"Article {number}", body="Words.")
        cast.offered(customer, agent)

    grow(1)
    rest.get(path)
    with CaptureQueriesContext(connection) as few:
        rest.get(path)
    for number in range(2, 7):
        grow(number)
    with django_assert_num_queries(len(few)):
        rest.get(path)


# --- Refusals -------------------------------------------------------------------------------------------------------


def test_an_unknown_conversation_is_not_found_everywhere(bob: Agent) -> None:
    rest, path = speakers.agent(bob), f"conversations/{uuid4()}/"
    for read in ("", "messages/", "notes/", "events/", "handoff/"):
        assert rest.is_refused(path + read, method="GET") == (404, "not_found")
    for verb in ("accept/", "decline/", "release/", "take_up/", "return_to_bot/", "close/"):
        assert rest.is_refused(path + verb) == (404, "not_found")
    assert rest.is_refused(path + "messages/", WORDS) == (404, "not_found")
    assert rest.is_refused(path + "notes/", WORDS) == (404, "not_found")
    assert rest.is_refused(path + "handoff/", {"why": "x"}) == (404, "not_found")
    assert rest.is_refused(path + "read/", {"seq": 1}) == (404, "not_found")
    assert rest.is_refused("conversations/not-a-uuid/", method="GET") == (404, "not_found")


def test_only_the_assigned_agent_writes_and_moves(ana: Customer, bob: Agent, carol: Agent) -> None:
    held = cast.assigned(ana, bob)
    rest, path = speakers.agent(carol), f"conversations/{held.id}/"
    assert rest.is_refused(path + "messages/", WORDS) == (403, "not_assigned")
    for verb in ("release/", "return_to_bot/", "close/"):
        assert rest.is_refused(path + verb) == (403, "not_assigned")
    assert rest.is_refused(path + "transfer/", {"agent_id": bob.id}) == (403, "not_assigned")
    assert rest.does(path + "notes/", WORDS)["author"]["name"] == "Carol"


def test_what_came_too_late_is_a_conflict(ana: Customer, bob: Agent, carol: Agent) -> None:
    held = cast.offered(ana, bob)
    late, path = speakers.agent(carol), f"conversations/{held.id}/"
    assert late.is_refused(path + "accept/") == (409, "already_taken")
    assert late.is_refused(path + "decline/") == (409, "already_taken")
    assert late.is_refused(path + "take_up/") == (409, "illegal_transition")
    in_time = speakers.agent(bob)
    in_time.does(path + "accept/")
    in_time.does(path + "messages/", WORDS)
    assert in_time.is_refused(path + "messages/", {**WORDS, "text": "other"}) == (409, "client_id_reused")
    in_time.does(path + "close/")
    assert in_time.is_refused(path + "messages/", {**WORDS, "client_id": "bob-000002"}) == (409, "conversation_closed")
    assert in_time.is_refused(path + "handoff/", {"why": "late"}) == (409, "illegal_transition")


def test_a_conversation_never_handed_over_has_no_packet(ana: Customer, bob: Agent) -> None:
    cast.says(ana, "hello", "ana-000001")
    rest, path = speakers.agent(bob), f"conversations/{cast.conversation_of(ana).id}/"
    assert rest.is_refused(path + "handoff/", method="GET") == (404, "not_found")
    assert rest.is_refused(path + "handoff/score/", {"score": "right"}) == (409, "illegal_transition")


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("", {"view": "all"}, "bad_value"),
        ("", {"cursor": "bm9uc2Vuc2U="}, "bad_value"),
        ("", {"page": 2}, "unknown_field"),
    ],
)
def test_a_bad_query_has_a_code(bob: Agent, path: str, query: dict[str, object], code: str) -> None:
    assert speakers.agent(bob).is_refused("conversations/" + path, method="GET", **query) == (400, code)


def test_a_hostile_cursor_is_a_bad_value(bob: Agent) -> None:
    rest, someone = speakers.agent(bob), str(uuid4())
    for place in (
        f'[1e400, "2026-01-01T00:00:00+00:00", "{someone}"]',
        f'[99999999, "2026-01-01T00:00:00+00:00", "{someone}"]',
        f'[1, "0001-01-01T00:00:00+14:00", "{someone}"]',
        '[1, "2026-01-01T00:00:00+00:00", 5]',
        "{}",
        "7",
    ):
        cursor = base64.urlsafe_b64encode(place.encode()).decode()
        refused = rest.is_refused("conversations/", method="GET", view="queue", cursor=cursor)
        assert refused == (400, "bad_value"), place
