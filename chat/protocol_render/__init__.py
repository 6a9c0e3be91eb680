"""Turns chat.protocol into its three readable forms: JSON Schema, TypeScript and a page of documentation.

Pure and deterministic: the same protocol gives the same bytes, so that drift can be found by comparing.
"""

from collections.abc import Callable
from pathlib import PurePosixPath

from chat.protocol_render.markdown import render_markdown
from chat.protocol_render.schema import render_schema
from chat.protocol_render.typescript import render_typescript

GENERATED: dict[PurePosixPath, Callable[[], str]] = {
    PurePosixPath("docs/protocol.schema.json"): render_schema,
    PurePosixPath("docs/protocol.md"): render_markdown,
    PurePosixPath("frontend/src/protocol/index.ts"): render_typescript,
}
"""Each generated file, by its path from the repository's root."""
