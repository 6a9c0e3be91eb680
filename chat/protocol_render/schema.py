"""docs/protocol.schema.json: every frame of both sockets in JSON Schema 2020-12."""

import json

from chat import protocol
from chat.protocol_render.catalog import SOCKETS, Socket, definitions, type_schema


def render_schema() -> str:
    defs: dict[str, type_schema] = dict(sorted(definitions().items()))
    for socket in SOCKETS:
        defs |= _frames_of(socket)
    defs["ErrorReply"] = _frame({"id": _frame_id(), "ok": {"const": False}, "error": _ref(protocol.Error)})
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Supportdesk wire protocol",
        "description": "Generated from chat/protocol.py by `manage.py protocol`. A client sends commands, and receives "
        "the reply its command's type names, an ErrorReply, or a push.",
        "anyOf": [
            {"$ref": f"#/$defs/{name}"}
            for name in ("CustomerCommand", "CustomerPush", "AgentCommand", "AgentPush", "ErrorReply")
        ],
        "$defs": defs,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _frames_of(socket: Socket) -> dict[str, type_schema]:
    name = socket.name.capitalize()
    return {
        f"{name}Command": {
            "oneOf": [
                _frame({"id": _frame_id(), "type": {"const": command}, "data": _ref(data)}, optional=("data",))
                for command, (data, _) in socket.commands.items()
            ]
        },
        f"{name}Replies": {
            "description": "By the command's type: the reply when it succeeded.",
            "type": "object",
            "properties": {
                command: _frame({"id": _frame_id(), "ok": {"const": True}, "data": _ref(reply)})
                for command, (_, reply) in socket.commands.items()
            },
        },
        f"{name}Push": {
            "oneOf": [_frame({"type": {"const": push}, "data": _ref(data)}) for push, data in socket.pushes.items()]
        },
    }


def _frame(properties: dict[str, type_schema], optional: tuple[str, ...] = ()) -> type_schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _frame_id() -> type_schema:
    schema: type_schema = definitions()["Frame"]["properties"]["id"]
    return schema


def _ref(model: type[protocol.Wire]) -> type_schema:
    return {"$ref": f"#/$defs/{model.__name__}"}
