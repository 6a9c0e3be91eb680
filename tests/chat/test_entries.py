"""The hot path's twins say exactly what the protocol says."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from chat import protocol as wire
from chat.entries import Entry, From, Receipt, Who, rendered

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis wants its bounds naive
SOURCES = st.builds(From, st.integers(1, 2**31), TEXTS, TEXTS)
AUTHORS = st.builds(Who, st.sampled_from(["customer", "bot", "agent", "system"]), st.none() | TEXTS, TEXTS)
ENTRIES = st.builds(
    Entry, st.uuids(), st.integers(1, 2**31), TEXTS, AUTHORS, TEXTS, st.none() | TEXTS,
    st.lists(SOURCES, max_size=2).map(tuple), MOMENTS,
)  # fmt: skip


def same(twin: Entry | Receipt, model: type[BaseModel]) -> None:
    assert model.model_validate_json(rendered(twin)).model_dump_json() == rendered(twin)


@settings(max_examples=200, deadline=None)
@given(ENTRIES)
def test_an_entry_reads_as_a_message_and_back(entry: Entry) -> None:
    same(entry, wire.Message)


@settings(max_examples=50, deadline=None)
@given(st.uuids(), TEXTS, st.integers(1, 2**31), MOMENTS)
def test_a_receipt_reads_as_posted_and_back(conversation: UUID, client_id: str, seq: int, moment: datetime) -> None:
    same(Receipt(conversation, client_id, seq, moment), wire.Posted)


def test_no_field_is_missing() -> None:
    for twin, model in ((Who, wire.Author), (From, wire.Source), (Entry, wire.Message), (Receipt, wire.Posted)):
        assert list(twin.__struct_fields__) == list(model.model_fields)
