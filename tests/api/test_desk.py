"""Customers, agents, inboxes and articles by REST; tokens, scopes, limits and outages."""

from io import StringIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError
from redis import RedisError

from agents import presence
from agents.models import Agent, Role, Skill
from chat.api.customer import REQUESTS
from chat.models import Customer, Inbox
from integrations.models import ApiToken
from knowledge.models import Passage
from supportdesk import limits
from tests import cast
from tests.api import speakers

# --- Customers, agents, inboxes ---------------------------------------------------------------------------------------


def test_customers_are_found_read_and_followed(ana: Customer, dan: Customer, bob: Agent) -> None:
    cast.says(ana, "hello", "ana-000001")
    Customer.objects.filter(pk=dan.id).update(external_id="cust-9", email="dan@mail.example")
    rest = speakers.agent(bob)
    assert {c["name"] for c in rest.get("customers/")["items"]} == {"Ana", "Dan"}
    for words in ("an", "AN", "ana"):
        assert "Ana" in [c["name"] for c in rest.get("customers/", search=words)["items"]]
    for words in ("cust-9", "mail.example"):
        assert [c["name"] for c in rest.get("customers/", search=words)["items"]] == ["Dan"]
    assert rest.get(f"customers/{dan.id}/")["external_id"] == "cust-9"
    (conversation,) = rest.get(f"customers/{ana.id}/conversations/")["items"]
    assert conversation["preview"] == "hello"
    assert rest.is_refused(f"customers/{uuid4()}/", method="GET") == (404, "not_found")
    assert rest.is_refused(f"customers/{uuid4()}/conversations/", method="GET") == (404, "not_found")
    assert rest.is_refused("customers/", method="GET", search="a\x00") == (400, "bad_text")
    assert rest.is_refused("customers/", method="GET", cursor="7") == (400, "bad_value")


def test_agents_are_listed_with_presence_and_choose_availability(bob: Agent, carol: Agent) -> None:
    bob.skills.add(Skill.objects.create(name="fraud"))
    presence.heard(bob.id, "a-socket")
    rest = speakers.agent(bob)
    listed = {a["name"]: a for a in rest.get("agents/")["items"]}
    assert (listed["Bob"]["online"], listed["Bob"]["skills"]) == (True, ["fraud"])
    assert listed["Carol"]["online"] is False
    away = rest.does("availability/", {"availability": "away", "reason": "lunch"}, method="PUT")
    assert away == {"availability": "away", "reason": "lunch", "online": True}
    assert rest.get("availability/") == away
    assert Agent.objects.get(pk=bob.id).availability == "away"
    refused = rest.is_refused("availability/", {"availability": "asleep"}, method="PUT")
    assert refused == (400, "bad_value")
    assert speakers.desk().is_refused("availability/", method="GET") == (403, "forbidden")


def test_inboxes_are_for_supervisors_and_keep_their_secret(inbox: Inbox, bob: Agent, carol: Agent) -> None:
    Agent.objects.filter(pk=carol.id).update(role=Role.SUPERVISOR)
    assert speakers.agent(bob).is_refused("inboxes/", method="GET") == (403, "forbidden")
    (shown,) = speakers.agent(carol).get("inboxes/")["items"]
    assert (shown["site_key"], shown["queue_s"], shown["is_open"]) == ("site_test", 180, True)
    assert inbox.identity_secret not in str(shown)


def test_a_supervisor_sets_who_goes_ahead_of_others(inbox: Inbox, carol: Agent) -> None:
    Agent.objects.filter(pk=carol.id).update(role=Role.SUPERVISOR)
    path, rest = f"inboxes/{inbox.pk}/", speakers.agent(carol)
    set_to = rest.does(path, {"valued_from": 70, "valued_priority": 15}, method="PATCH")
    assert (set_to["valued_from"], set_to["valued_priority"]) == (70, 15)
    assert rest.does(path, {"queue_s": 60}, method="PATCH")["valued_from"] == 70
    assert rest.does(path, {"valued_from": None}, method="PATCH")["valued_from"] is None
    for bad in ({"valued_from": 0}, {"valued_from": 101}, {"valued_priority": 21}, {"valued_priority": "15"}):
        assert rest.is_refused(path, bad, method="PATCH") == (400, "bad_value")


# --- Articles -------------------------------------------------------------------------------------------------------

RETURNS = {"title": "Returns", "body": "# Returns\n\nYou can return a lamp within 30 days.", "language": "en"}


def test_an_article_from_draft_to_published_to_gone(inbox: Inbox) -> None:
    desk = speakers.desk()
    made = desk.does("articles/", {**RETURNS, "inbox_id": inbox.id})
    path = f"articles/{made['id']}/"
    assert (made["status"], made["slug"], made["version"]) == ("draft", "returns", 1)
    assert desk.does(path + "publish/")["status"] == "published"
    assert Passage.objects.filter(article_id=made["id"]).exists()
    saved = desk.does(path, {**RETURNS, "title": "Returning things"}, method="PUT")
    assert (saved["version"], saved["status"], saved["slug"]) == (2, "published", "returns")
    assert desk.get(path)["body"] == RETURNS["body"]
    assert [a["title"] for a in desk.get("articles/", status="published", inbox_id=inbox.id)["items"]] == [
        "Returning things"
    ]
    assert desk.get("articles/", status="draft")["items"] == []
    assert desk.does(path + "unpublish/")["status"] == "draft"
    desk.does(path, method="DELETE")
    for method, verb in (("GET", ""), ("DELETE", ""), ("POST", "publish/"), ("POST", "unpublish/")):
        assert desk.is_refused(path + verb, method=method) == (404, "not_found")
    assert desk.is_refused(path, RETURNS, method="PUT") == (404, "not_found")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": " "}, "empty_text"),
        ({"body": "a\x00"}, "bad_text"),
        ({"body": "x" * 100_001}, "bad_value"),
        ({"slug": "No Good"}, "bad_value"),
        ({"inbox_id": 10**30}, "bad_value"),
        ({"inbox_id": 404}, "bad_value"),
        ({"status": "published"}, "unknown_field"),
    ],
)
def test_a_bad_article_has_a_code(inbox: Inbox, change: dict[str, object], code: str) -> None:
    body = {**RETURNS, "inbox_id": inbox.id, **change}
    assert speakers.desk().is_refused("articles/", body) == (400, code)


def test_two_articles_do_not_share_a_slug(inbox: Inbox) -> None:
    desk = speakers.desk()
    desk.does("articles/", {**RETURNS, "inbox_id": inbox.id})
    assert desk.is_refused("articles/", {**RETURNS, "inbox_id": inbox.id}) == (409, "slug_taken")
    assert desk.is_refused("articles/" + "9" * 30 + "/", method="GET") == (404, "not_found")


# --- Tokens and scopes ------------------------------------------------------------------------------------------------


def test_a_command_makes_a_token_that_works_until_it_is_revoked(bob: Agent) -> None:
    out = StringIO()
    call_command("create_api_token", "CRM sync", "--agent", "bob", stdout=out)
    rest = speakers.Speaker(f"Bearer {out.getvalue().strip()}")
    assert rest.get("availability/")["availability"] == "available"
    row = ApiToken.objects.get(name="CRM sync")
    assert row.last_used_at is not None
    assert out.getvalue().strip() not in str(vars(row))
    with pytest.raises(CommandError, match="named"):
        call_command("create_api_token", "CRM sync")
    with pytest.raises(CommandError, match="username"):
        call_command("create_api_token", "other", "--agent", "nobody")
    call_command("revoke_api_token", "CRM sync", stdout=StringIO())
    assert rest.is_refused("agents/", method="GET") == (401, "bad_token")
    with pytest.raises(CommandError, match="No live token"):
        call_command("revoke_api_token", "CRM sync")


def test_a_dismissed_agents_token_is_refused(bob: Agent) -> None:
    rest = speakers.agent(bob)
    User.objects.filter(pk=bob.user_id).update(is_active=False)
    assert rest.is_refused("agents/", method="GET") == (401, "bad_token")


def test_a_scope_is_needed(inbox: Inbox, ana: Customer, bob: Agent) -> None:
    held = cast.queued(ana)
    reader, writer = speakers.agent(bob, "read"), speakers.agent(bob, "write")
    assert reader.get("conversations/")["items"]
    assert reader.is_refused(f"conversations/{held.id}/accept/") == (403, "forbidden")
    assert writer.is_refused("conversations/", method="GET") == (403, "forbidden")
    assert writer.is_refused("articles/", {**RETURNS, "inbox_id": inbox.id}) == (403, "forbidden")


def test_the_desk_itself_may_close_and_hand_over_but_not_speak(ana: Customer, bob: Agent) -> None:
    cast.says(ana, "hello", "ana-000001")
    desk, path = speakers.desk(), f"conversations/{cast.conversation_of(ana).id}/"
    assert desk.does(path + "handoff/", {"why": "the CRM says so"})["state"] == "queued"
    words = {"client_id": "desk-00001", "text": "hi"}
    assert desk.is_refused(path + "messages/", words) == (403, "forbidden")
    assert desk.is_refused(path + "notes/", words) == (403, "forbidden")
    assert desk.is_refused(path + "accept/") == (403, "forbidden")
    assert desk.does(path + "close/", {"resolution": "ticket closed"})["state"] == "closed"
    assert desk.get(path + "events/")["events"][-1]["actor_kind"] == "system"


@pytest.mark.parametrize("path", ["conversations/", "customers/", "agents/", "availability/", "inboxes/", "articles/"])
def test_a_stranger_and_a_forger_see_nothing(db: None, path: str) -> None:
    assert speakers.stranger().is_refused(path, method="GET") == (401, "unauthenticated")
    assert speakers.Speaker("Bearer desk_forged").is_refused(path, method="GET") == (401, "bad_token")
    assert speakers.Speaker("Bearer \xff").is_refused(path, method="GET") == (401, "bad_token")


@pytest.mark.parametrize(("scheme", "path"), [("Bearer desk_", "agents/"), ("Customer ", "customer/conversation/")])
def test_forged_tokens_are_counted_and_good_ones_still_served(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, scheme: str, path: str
) -> None:
    monkeypatch.setattr("supportdesk.api.throttles.FORGED", limits.Rate(2, per_s=3600))
    ana = speakers.customer()
    for n in range(2):
        assert speakers.Speaker(f"{scheme}forged{n}").is_refused(path, method="GET") == (401, "bad_token")
    assert speakers.Speaker(f"{scheme}forged").is_refused(path, method="GET") == (429, "rate_limited")
    assert ana.is_refused("customer/conversation/", method="GET") == (404, "not_found")


# --- Limits and outages -----------------------------------------------------------------------------------------------


def test_a_customer_who_asks_too_often_waits(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, dan = speakers.customer(), speakers.customer()
    monkeypatch.setattr("chat.api.customer.CustomerView.rate", limits.Rate(2, per_s=3600))
    for _ in range(2):
        assert ana.is_refused("customer/conversation/", method="GET") == (404, "not_found")
    assert ana.is_refused("customer/conversation/", method="GET") == (429, "rate_limited")
    assert dan.is_refused("customer/conversation/", method="GET") == (404, "not_found")
    assert REQUESTS.times > 2


def test_limits_hold_in_this_process_while_redis_is_away(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = speakers.customer()

    def gone() -> object:
        raise RedisError("away")

    monkeypatch.setattr(limits, "redis", gone)
    monkeypatch.setattr("chat.api.customer.CustomerView.rate", limits.Rate(1, per_s=3601))
    assert ana.is_refused("customer/conversation/", method="GET") == (404, "not_found")
    assert ana.is_refused("customer/conversation/", method="GET") == (429, "rate_limited")


def test_a_database_that_is_away_is_unavailable_and_what_nobody_expected_is_internal(
    bob: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = speakers.agent(bob)

    def away(**_: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("chat.lists.page", away)
    assert rest.is_refused("conversations/", method="GET") == (503, "unavailable")
    monkeypatch.setattr("chat.lists.page", lambda **_: 1 / 0)
    assert rest.is_refused("conversations/", method="GET") == (500, "internal")
