"""Following by REST: what a client whose sockets are blocked reads, and that asking for news is being there."""

from datetime import timedelta
from uuid import uuid4

from agents import presence
from agents.models import Agent
from chat import actions
from chat.models import Customer, Inbox
from supportdesk.clock import now
from tests import cast
from tests.api import speakers

PAGE = "page-0001"


def test_a_customer_follows_by_asking_for_news_and_reading_on(inbox: Inbox) -> None:
    ana = speakers.customer()
    assert ana.does("customer/news/") == {"conversation": None}
    where = ana.does("customer/conversation/messages/", {"client_id": "ana-000001", "text": "Hello"})
    news = ana.does("customer/news/")["conversation"]
    assert (news["id"], news["last_seq"]) == (where["conversation_id"], 1)
    joined = ana.get(f"customer/conversations/{news['id']}/timeline/", after_seq=0)
    assert [m["text"] for m in joined["messages"]] == ["Hello"]
    assert (joined["conversation"]["id"], joined["has_more"]) == (news["id"], False)
    path = f"customer/conversations/{news['id']}/timeline/"
    assert ana.get(path, after_seq=1)["messages"] == []
    assert ana.is_refused(path, method="GET", after_seq=2) == (400, "seq_from_future")


def test_a_customer_who_asks_for_news_is_online_and_reads_nobody_elses_timeline(ana: Customer, inbox: Inbox) -> None:
    cast.says(ana, "private", "ana-000001")
    dan = speakers.stranger().does("customer/session/", {"site_key": inbox.site_key})
    rest = speakers.Speaker(f"Customer {dan['token']}")
    assert not presence.is_customer_online(dan["customer"])
    rest.does("customer/news/")
    assert presence.is_customer_online(dan["customer"])
    foreign = f"customer/conversations/{cast.conversation_of(ana).id}/timeline/"
    assert rest.is_refused(foreign, method="GET") == (404, "not_found")
    assert speakers.stranger().is_refused("customer/news/") == (401, "unauthenticated")


def test_an_agent_who_asks_for_news_is_online_and_is_told_offers_and_changes(ana: Customer, bob: Agent) -> None:
    held = cast.offered(ana, bob)
    rest = speakers.agent(bob)
    assert not presence.is_online(bob.id)
    news = rest.does("news/", {"page": PAGE, "following": {str(held.id): held.version}})
    assert presence.is_online(bob.id)
    assert [c["id"] for c in news["session"]["offers"]] == [str(held.id)]
    assert news["conversations"] == []
    assert news["last_seq"] == {str(held.id): held.last_seq}
    actions.accept(conversation_id=held.id, agent=bob)
    (changed,) = rest.does("news/", {"page": PAGE, "following": {str(held.id): held.version}})["conversations"]
    assert (changed["state"], changed["version"]) == ("assigned", held.version + 1)
    joined = rest.get(f"conversations/{held.id}/timeline/", after_seq=1)
    assert joined["conversation"]["id"] == str(held.id)
    assert [m["seq"] for m in joined["messages"]] == list(range(2, held.last_seq + 2))
    assert joined["notes"] == []


def test_a_page_that_nobody_looks_at_counts_until_its_browser_wakes_it_again(bob: Agent) -> None:
    rest = speakers.agent(bob)
    rest.does("news/", {"page": PAGE})
    assert bob.id not in presence.online_ids(now() + timedelta(seconds=62))
    rest.does("news/", {"page": PAGE, "hidden": True})
    assert bob.id in presence.online_ids(now() + timedelta(seconds=62))


def test_news_need_an_agent_and_follow_what_there_is(bob: Agent) -> None:
    assert speakers.desk().is_refused("news/", {"page": PAGE}) == (403, "forbidden")
    rest = speakers.agent(bob)
    assert rest.does("news/", {"page": PAGE, "following": {str(uuid4()): 1}})["last_seq"] == {}
    assert rest.is_refused("news/", {"page": "?"}) == (400, "bad_value")
    assert rest.is_refused(f"conversations/{uuid4()}/timeline/", method="GET") == (404, "not_found")


def test_the_widgets_own_frame_may_open_a_session_whatever_the_port(inbox: Inbox) -> None:
    dan = speakers.stranger()
    body = {"site_key": inbox.site_key}
    own, foreign = {"Origin": "http://testserver"}, {"Origin": "http://testserver.evil.example"}
    assert dan.says("POST", "customer/session/", body, headers=own)[0] == 201
    assert dan.says("POST", "customer/session/", body, headers=foreign)[0] == 403
