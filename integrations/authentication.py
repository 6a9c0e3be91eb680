"""`Authorization: Bearer TOKEN`: the API token of a program."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from agents.api.caller import Caller
from integrations.tokens import caller_of_token
from supportdesk.api.refused import Refused
from supportdesk.api.throttles import take_forged

UNAUTHORIZED = 401


class ApiTokenAuthentication(BaseAuthentication):
    """The caller is in `request.auth`; `request.user` is its agent's, or nobody's for a token of the whole desk."""

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser | AnonymousUser, Caller] | None:
        scheme, _, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        caller = caller_of_token(token.strip().decode("latin-1"))
        if caller is None:
            take_forged(request)
            raise Refused("bad_token", "This API token is unknown or was revoked.", status=UNAUTHORIZED)
        return (caller.agent.user if caller.agent else AnonymousUser()), caller

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
