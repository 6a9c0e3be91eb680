"""Signing in and out with a session cookie. Failed tries are counted by address and by username; good ones are not."""

from __future__ import annotations

from typing import Annotated

from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from pydantic import StringConstraints
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api.caller import AgentSessionAuthentication, Caller
from agents.models import Agent
from supportdesk.api.refused import Refused
from supportdesk.api.shapes import Shape, Storable, answer, read_body
from supportdesk.api.throttles import address_of, take
from supportdesk.limits import Rate, give_back

BY_ADDRESS = Rate(30)
BY_USERNAME = Rate(100)
"""High: a stranger who guesses must not lock the owner out."""
BY_BOTH = Rate(10)


class SignIn(Shape):
    username: Annotated[Storable, StringConstraints(min_length=1)]
    password: Annotated[Storable, StringConstraints(min_length=1)]


class SignedInAgent(Shape):
    id: int
    name: str
    role: str


class SignedIn(Shape):
    agent: SignedInAgent
    csrf_token: str


class SessionView(APIView):
    """GET also sets the CSRF cookie, signed in or not; a browser sends its token back as X-CSRFToken."""

    authentication_classes = [AgentSessionAuthentication]
    permission_classes = [AllowAny]

    @extend_schema(operation_id="session_read", responses=SignedIn)
    def get(self, request: Request) -> Response:
        """Who is signed in. 401 if nobody is; its body carries `csrf_token` too."""
        if isinstance(request.auth, Caller) and request.auth.agent is not None:
            return _signed_in(request, request.auth.agent)
        error = {"code": "unauthenticated", "message": "Sign in first."}
        return Response({"error": error, "csrf_token": get_token(request._request)}, status=401)

    @extend_schema(operation_id="session_open", request=SignIn, responses=SignedIn)
    def post(self, request: Request) -> Response:
        """Signs in. Wrong username or password: 400 `bad_credentials`."""
        SessionAuthentication().enforce_csrf(request)
        wanted = read_body(request, SignIn)
        address, username = address_of(request), wanted.username.casefold()
        take("login-address", address, BY_ADDRESS)
        take("login-username", username, BY_USERNAME)
        take("login-both", f"{address} {username}", BY_BOTH)
        user = authenticate(request._request, username=wanted.username, password=wanted.password)
        if user is None:
            raise Refused("bad_credentials", "Username or password is wrong. Capital letters matter.")
        agent = Agent.objects.filter(user_id=user.pk).first()
        if agent is None:
            raise Refused("not_an_agent", "This account answers no customers. An administrator can make it an agent.")
        give_back("login-address", address, BY_ADDRESS)
        give_back("login-username", username, BY_USERNAME)
        give_back("login-both", f"{address} {username}", BY_BOTH)
        login(request._request, user)
        return _signed_in(request, agent)

    @extend_schema(operation_id="session_close", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Signs out. Signing out twice is signing out once."""
        logout(request._request)
        return Response(status=204)


def _signed_in(request: Request, agent: Agent) -> Response:
    card = SignedInAgent(id=agent.pk, name=agent.name, role=agent.role)
    return answer(SignedIn(agent=card, csrf_token=get_token(request._request)))
