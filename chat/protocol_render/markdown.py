"""docs/protocol.md: the protocol as a page to read, tables first."""

from collections.abc import Iterator, Sequence
from typing import get_args

from chat import protocol
from chat.protocol_render.advice import CLOSE_ADVICE, ERROR_ADVICE
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
from chat.protocol_render.story import EXAMPLE, INTRODUCTION

LIMIT_WORDS = {
    "FRAME_BYTES": "bytes in a frame; a longer one answers `frame_too_large`",
    "FRAME_BYTES_HARD": "bytes in a frame; past this the server hangs up",
    "TEXT_CHARS": "characters in a message or note",
    "RATE_PER_SECOND": "frames a second on one socket, in the long run",
    "RATE_BURST": "frames at once on one socket; past this `rate_limited`",
    "JOIN_PAGE": "messages in one answer to `conversation.join`",
    "HEARTBEAT_S": "seconds of silence after which a side sends `ping`",
}


def render_markdown() -> str:
    return "\n".join(
        [
            INTRODUCTION,
            *(_socket(socket) for socket in SOCKETS),
            _types(),
            _errors(),
            _closes(),
            _limits(),
            EXAMPLE,
        ]
    )


def _socket(socket: Socket) -> str:
    commands = [
        (f"`{name}`", _fields(data.__name__), _answer(reply.__name__), protocol.MEANINGS[name])
        for name, (data, reply) in socket.commands.items()
    ]
    pushes = [(f"`{name}`", _answer(data.__name__), protocol.MEANINGS[name]) for name, data in socket.pushes.items()]
    return (
        f"## {socket.name.capitalize()} socket: `{socket.path}`\n\n### Commands\n\n"
        + _table(("Command", "Data", "Answer", "Meaning"), commands)
        + "\n### Pushes\n\n"
        + _table(("Push", "Data", "Meaning"), pushes)
    )


def _answer(name: str) -> str:
    return "`{}`" if name == "Empty" else f"[{name}](#{name.lower()})"


def _fields(name: str) -> str:
    schema = definitions()[name]
    required = schema.get("required", [])
    return "<br>".join(
        f"`{field}{'' if field in required else '?'}`: {_type(of)}{_limits_of(of)}"
        for field, of in schema.get("properties", {}).items()
    )


def _types() -> str:
    """The objects that replies and pushes carry; a command's own data stands in its socket's table."""
    sent = {data.__name__ for socket in SOCKETS for data, _ in socket.commands.values()}
    shown = [name for name in sorted(definitions()) if name not in sent | {"Empty", "Frame"}]
    return "## Types\n\n" + "\n".join(_type_section(name) for name in shown) + "\n" + _choices()


def _type_section(name: str) -> str:
    schema = definitions()[name]
    rows = [(f"`{field}`", _type(of), of.get("description", "")) for field, of in schema["properties"].items()]
    about = " ".join(schema.get("description", "").split())
    return f"### {name}\n\n" + (f"{about}\n\n" if about else "") + _table(("Field", "Type", "Meaning"), rows)


def _choices() -> str:
    rows = [
        (f"`{name}`", " ".join(f"`{value}`" for value in values))
        for name, values in literals().items()
        if name != "ErrorCode"
    ]
    return "### Choices\n\n" + _table(("Name", "One of"), rows)


def _type(schema: type_schema) -> str:
    return " or ".join(_one_type(choice) for choice in alternatives(schema))


def _one_type(schema: type_schema) -> str:
    if (ref := ref_name(schema)) is not None:
        return f"[{ref}](#{ref.lower()})"
    if "enum" in schema:
        named = literal_name(schema["enum"])
        return f"`{named}`" if named else " ".join(f"`{value}`" for value in schema["enum"])
    if schema["type"] == "array":
        return f"list of {_type(schema['items'])}"
    if schema["type"] == "object":
        return f"object of {_type(schema['additionalProperties'])}"
    return str(schema.get("format", schema["type"]))


def _limits_of(schema: type_schema) -> str:
    return "".join(_limit_of(choice) for choice in alternatives(schema))


def _limit_of(schema: type_schema) -> str:
    if "pattern" in schema:
        return f" `{schema['pattern']}`".replace("|", "\\|")
    if "maxLength" in schema:
        return f" ({schema.get('minLength', 0)} to {schema['maxLength']} characters)"
    if "maximum" in schema:
        return f" ({schema['minimum']} to {schema['maximum']})"
    return ""


def _errors() -> str:
    rows = [(f"`{code}`", *ERROR_ADVICE[code]) for code in get_args(protocol.ErrorCode)]
    return "## Error codes\n\n" + _table(("Code", "What happened", "What to do"), rows)


def _closes() -> str:
    rows = [(f"`{code}`", *words) for code, words in CLOSE_ADVICE.items()]
    return "## Close codes\n\n" + _table(("Code", "What happened", "What to do"), rows)


def _limits() -> str:
    rows = [(f"`{name}`", str(limits()[name]), words) for name, words in LIMIT_WORDS.items()]
    return "## Limits\n\n" + _table(("Name", "Value", "Unit"), rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join(_lines(head, rows)) + "\n"


def _lines(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
