"""What is generated from chat/protocol.py is whole, true and up to date."""

import json
from pathlib import Path
from typing import get_args

import pytest
from django.core.management import CommandError, call_command

from chat import protocol
from chat.management.commands.protocol import ROOT
from chat.protocol_render import GENERATED
from chat.protocol_render.advice import CLOSE_ADVICE, ERROR_ADVICE
from chat.protocol_render.catalog import SOCKETS, limits
from chat.protocol_render.markdown import LIMIT_WORDS


def test_generated_files_match_the_protocol() -> None:
    call_command("protocol", "--check")


def test_check_names_a_drifted_file_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("protocol", "--root", str(tmp_path))
    page = tmp_path / "docs/protocol.md"
    page.write_text(page.read_text() + "An edit by hand.\n")
    with pytest.raises(CommandError, match=r"docs/protocol\.md"):
        call_command("protocol", "--check", "--root", str(tmp_path))
    assert "-An edit by hand." in capsys.readouterr().err
    assert page.read_text().endswith("An edit by hand.\n")


def test_writing_again_writes_the_same_bytes(tmp_path: Path) -> None:
    call_command("protocol", "--root", str(tmp_path))
    for path in GENERATED:
        assert (tmp_path / path).read_bytes() == (ROOT / path).read_bytes()


def test_every_error_close_code_limit_and_frame_has_its_words() -> None:
    assert set(ERROR_ADVICE) == set(get_args(protocol.ErrorCode))
    assert {code for name, code in limits().items() if name.startswith("CLOSE_")} <= set(CLOSE_ADVICE)
    assert set(LIMIT_WORDS) == {name for name in limits() if not name.startswith("CLOSE_")}
    assert {name for socket in SOCKETS for name in (*socket.commands, *socket.pushes)} <= set(protocol.MEANINGS)


def test_every_frame_stands_in_all_three_forms() -> None:
    texts = {path.name: render() for path, render in GENERATED.items()}
    for socket in SOCKETS:
        for frame in (*socket.commands, *socket.pushes):
            assert f"`{frame}`" in texts["protocol.md"]
            assert f'"{frame}"' in texts["index.ts"]
            assert f'"const": "{frame}"' in texts["protocol.schema.json"]


def test_every_reference_of_the_schema_resolves() -> None:
    document = json.loads((ROOT / "docs/protocol.schema.json").read_text())

    def references(node: object) -> list[str]:
        if isinstance(node, dict):
            here = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return here + [ref for value in node.values() for ref in references(value)]
        return [ref for value in node for ref in references(value)] if isinstance(node, list) else []

    assert {ref.removeprefix("#/$defs/") for ref in references(document)} <= set(document["$defs"])
