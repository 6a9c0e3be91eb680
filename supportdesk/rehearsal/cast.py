"""The rehearsal's agents: users rehearse-1..N with every skill, hired for one run and dismissed after it.

They have no password; each gets a session made here, which ends with the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction

from agents.models import Agent, Availability, Skill, Team
from chat import actions
from chat.facts import DESK
from chat.lifecycle import State
from chat.models import Conversation, Inbox

USERNAME = "rehearse-"
CAPACITY = 6
LANGUAGES = ["de", "en", "es", "fr"]
SESSION_S = 6 * 3600
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Hired:
    agent_id: int
    name: str
    cookie: str
    session_key: str

    def __repr__(self) -> str:
        return f"Hired({self.name})"


@transaction.atomic
def hire(count: int) -> list[Hired]:
    """Makes sure that `count` rehearsal agents exist, signed in and away; their own sockets make them available."""
    skills, teams = list(Skill.objects.all()), list(Team.objects.all())
    return [_hire_one(number, skills, teams) for number in range(1, count + 1)]


def _hire_one(number: int, skills: list[Skill], teams: list[Team]) -> Hired:
    user, is_new = User.objects.get_or_create(username=f"{USERNAME}{number}")
    if is_new:
        user.set_unusable_password()
    user.is_active = True
    user.save()
    agent, _ = Agent.objects.update_or_create(
        user=user,
        defaults={
            "name": f"Rehearsal {number}",
            "capacity": CAPACITY,
            "languages": LANGUAGES,
            "availability": Availability.AWAY,
            "missed_offers": 0,
        },
    )
    agent.skills.set(skills)
    agent.teams.set(teams)
    key = _signed_in(user)
    return Hired(agent.pk, agent.name, f"{settings.SESSION_COOKIE_NAME}={key}", key)


def _signed_in(user: User) -> str:
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    session = store()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.set_expiry(SESSION_S)
    session.save()
    assert session.session_key is not None
    return session.session_key


def dismiss(hired: list[Hired]) -> None:
    """Away, signed out and unable to sign in until the next rehearsal; what they still held is closed, not requeued."""
    _sign_out(hired)
    held = Conversation.objects.filter(agent__user__username__startswith=USERNAME, state=State.ASSIGNED)
    for conversation_id in held.values_list("id", flat=True):
        actions.close(conversation_id=conversation_id, actor=DESK, why="the rehearsal is over")


@transaction.atomic
def _sign_out(hired: list[Hired]) -> None:
    Session.objects.filter(session_key__in=[one.session_key for one in hired]).delete()
    Agent.objects.filter(user__username__startswith=USERNAME).update(availability=Availability.AWAY)
    User.objects.filter(username__startswith=USERNAME).update(is_active=False)


def default_site_key(wanted: str | None) -> str:
    """`wanted`, or the desk's only or first inbox.

    Raises:
        Inbox.DoesNotExist: there is no such inbox.
    """
    inboxes = Inbox.objects.filter(site_key=wanted) if wanted else Inbox.objects.order_by("id")
    inbox = inboxes.first()
    if inbox is None:
        raise Inbox.DoesNotExist
    return inbox.site_key
