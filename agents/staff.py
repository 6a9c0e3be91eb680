"""Who is of the desk at all, as an admin changes it: hired, with a role, let go and taken back."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agents.models import Agent, Role

User = get_user_model()


class NotHired(ValueError):
    """The message says what is wrong with the username or the password."""


@transaction.atomic
def hire(*, username: str, password: str, name: str, role: str = Role.AGENT) -> Agent:
    """A new user, who is an agent.

    Raises:
        NotHired: the username is taken or cannot be one, or the password is too easy to guess.
    """
    user = User(username=User.normalize_username(username))
    try:
        user.clean_fields(exclude=["password"])
        validate_password(password, user)
    except ValidationError as problem:
        raise NotHired(" ".join(problem.messages)) from None
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise NotHired("This username is taken. It may be one of somebody who was let go: take him back.") from None
    return Agent.objects.create(user=user, name=name, role=Role(role))


@transaction.atomic
def employ(*, agent_id: int, role: str | None = None, is_active: bool | None = None) -> None:
    """Changes the role, lets him go or takes him back. Who was let go is signed out everywhere, and what he had goes
    back to its old place as of any agent who is gone.

    Raises:
        Agent.DoesNotExist.
    """
    agent = Agent.objects.select_for_update(of=("self",), no_key=True).get(pk=agent_id)
    if role is not None:
        Agent.objects.filter(pk=agent_id).update(role=Role(role))
    if is_active is not None:
        User.objects.filter(pk=agent.user_id).update(is_active=is_active)
