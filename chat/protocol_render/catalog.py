"""What chat.protocol defines, as plain data: the sockets, the JSON Schema of every type, named literals and limits."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from chat import protocol

type_schema = dict[str, Any]


@dataclass(frozen=True)
class Socket:
    name: str
    path: str
    commands: dict[str, tuple[type[protocol.Wire], type[protocol.Wire]]]
    pushes: dict[str, type[protocol.Wire]]


SOCKETS = (
    Socket("customer", "/ws/customer/", protocol.CUSTOMER_COMMANDS, protocol.CUSTOMER_PUSHES),
    Socket("agent", "/ws/agent/", protocol.AGENT_COMMANDS, protocol.AGENT_PUSHES),
)


@cache
def definitions() -> dict[str, type_schema]:
    """Every frame's data by its name. Commands as a sender may write them, the rest as the server writes it."""
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for socket in SOCKETS:
        for data, reply in socket.commands.values():
            wanted[data, "validation"] = None
            wanted[reply, "serialization"] = None
        for push in socket.pushes.values():
            wanted[push, "serialization"] = None
    wanted[protocol.Frame, "validation"] = None
    wanted[protocol.Error, "serialization"] = None
    _, schema = models_json_schema(list(wanted), ref_template="#/$defs/{model}")
    return cast("dict[str, type_schema]", schema["$defs"])


def literals() -> dict[str, tuple[str, ...]]:
    """The named choices of the protocol, such as ConversationState."""
    return {name: get_args(value) for name, value in vars(protocol).items() if get_origin(value) is Literal}


def literal_name(choices: list[str]) -> str | None:
    """The protocol's own name for exactly these choices, if it has one."""
    return next((name for name, values in literals().items() if list(values) == choices), None)


def limits() -> dict[str, int]:
    return {name: value for name, value in vars(protocol).items() if name.isupper() and isinstance(value, int)}


def alternatives(schema: type_schema) -> list[type_schema]:
    return cast("list[type_schema]", schema.get("anyOf", [schema]))


def ref_name(schema: type_schema) -> str | None:
    ref = schema.get("$ref")
    return None if ref is None else str(ref).removeprefix("#/$defs/")
