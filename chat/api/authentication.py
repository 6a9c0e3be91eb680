"""`Authorization: Customer TOKEN`: a customer's session for clients without sockets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from chat import sessions
from chat.errors import BadToken
from chat.models import Customer
from supportdesk.api.throttles import take_forged


@dataclass(frozen=True, slots=True)
class CustomerCaller:
    """`key` names the customer to the limits."""

    customer: Customer
    token: str
    key: str


def customer_of(request: Request) -> Customer:
    caller = request.auth
    assert isinstance(caller, CustomerCaller), "a view without IsCustomer has no customer"
    return caller.customer


class CustomerAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[AnonymousUser, CustomerCaller] | None:
        scheme, _, given = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"customer":
            return None
        token = given.strip().decode("latin-1")
        try:
            customer = sessions.customer_of(token)
        except BadToken:
            take_forged(request)
            raise
        return AnonymousUser(), CustomerCaller(customer, token, f"customer:{customer.id}")

    def authenticate_header(self, request: Request) -> str:
        return "Customer"


class IsCustomer(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, CustomerCaller)
