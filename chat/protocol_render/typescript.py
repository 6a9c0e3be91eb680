"""frontend/src/protocol/index.ts: a type for every frame, the command and push tables, limits and codes."""

import json
from collections.abc import Iterator

from chat import protocol
from chat.protocol_render.catalog import (
    SOCKETS,
    Socket,
    alternatives,
    definitions,
    limits,
    literal_name,
    literals,
    ref_name,
    type_schema,
)

HEADER = """\
// Every frame that crosses a socket. Generated from chat/protocol.py by `manage.py protocol`; do not edit.

export type FrameId = number | string;
export type CommandFrame = { readonly id: FrameId; readonly type: string; readonly data?: unknown };
export type ReplyFrame<T = unknown> =
  | { readonly id: FrameId; readonly ok: true; readonly data: T }
  | { readonly id: FrameId | null; readonly ok: false; readonly error: WireError };
export type PushFrame = { readonly type: string; readonly data: unknown };
"""
RENAMED = {"Error": "WireError"}
"""Names that TypeScript already gives another meaning."""
PRIMITIVES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
CONSTRAINTS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "pattern": "matches {}",
}


def render_typescript() -> str:
    types = [_declaration(name, schema) for name, schema in sorted(definitions().items()) if name != "Frame"]
    return "\n".join([HEADER, *_constants(), *_literals(), *types, *(_tables(socket) for socket in SOCKETS)])


def _constants() -> Iterator[str]:
    yield "".join(f"export const {name} = {value};\n" for name, value in limits().items())


def _literals() -> Iterator[str]:
    for name, values in literals().items():
        yield f"export type {name} =" + "".join(f"\n  | {json.dumps(value)}" for value in values) + ";\n"


def _declaration(name: str, schema: type_schema) -> str:
    doc = "" if schema.get("description") is None else f"/** {_one_line(schema['description'])} */\n"
    properties: dict[str, type_schema] = schema.get("properties", {})
    if not properties:
        return f"{doc}export type {_name(name)} = Record<string, never>;\n"
    required = schema.get("required", [])
    fields = "".join(_field(field, of, field in required) for field, of in properties.items())
    return f"{doc}export interface {_name(name)} {{\n{fields}}}\n"


def _field(name: str, schema: type_schema, required: bool) -> str:
    remarks = [_one_line(schema["description"])] if "description" in schema else []
    for choice in alternatives(schema):
        remarks += [words.format(choice[key]) for key, words in CONSTRAINTS.items() if key in choice]
    doc = f"  /** {'; '.join(remarks)} */\n" if remarks else ""
    return f"{doc}  readonly {name}{'' if required else '?'}: {type_of(schema)};\n"


def type_of(schema: type_schema) -> str:
    if "anyOf" in schema:
        return " | ".join(type_of(choice) for choice in schema["anyOf"])
    if (ref := ref_name(schema)) is not None:
        return _name(ref)
    if "enum" in schema:
        return literal_name(schema["enum"]) or " | ".join(json.dumps(value) for value in schema["enum"])
    if schema["type"] == "array":
        inner = type_of(schema["items"])
        return f"readonly ({inner})[]" if "|" in inner else f"readonly {inner}[]"
    if schema["type"] == "object":
        return f"Readonly<Record<string, {type_of(schema['additionalProperties'])}>>"
    return PRIMITIVES[schema["type"]]


def _tables(socket: Socket) -> str:
    name = socket.name.capitalize()
    commands = "".join(
        f"{_meaning(command)}  {json.dumps(command)}: "
        f"{{ data: {_name(data.__name__)}; reply: {_name(reply.__name__)} }};\n"
        for command, (data, reply) in socket.commands.items()
    )
    pushes = "".join(
        f"{_meaning(push)}  {json.dumps(push)}: {_name(data.__name__)};\n" for push, data in socket.pushes.items()
    )
    return (
        f"/** What may be sent on {socket.path} and what it answers. */\n"
        f"export interface {name}Commands {{\n{commands}}}\n\n"
        f"/** What {socket.path} pushes. */\nexport interface {name}Pushes {{\n{pushes}}}\n"
    )


def _meaning(frame: str) -> str:
    return f"  /** {protocol.MEANINGS[frame]} */\n"


def _name(name: str) -> str:
    return RENAMED.get(name, name)


def _one_line(text: str) -> str:
    return " ".join(text.split())
