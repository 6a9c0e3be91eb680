"""What an operator writes to define a flow: its slots, what is asked, and what is said in the end."""

from __future__ import annotations

import string
from typing import Annotated, Any, Literal

import re2
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

Line = Annotated[str, StringConstraints(min_length=1, max_length=600)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]
"""By which the merchant refuses."""
PATTERN_CHARS = 200


def _is_plain(text: str) -> str:
    try:
        fields = [(name, form) for _, name, form, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        raise ValueError("a { or } stands alone: write {slot} or {answer}") from None
    for name, form in fields:
        if not name.isidentifier() or form:
            raise ValueError(f"{{{name}}} is no plain name: write only {{slot}} or {{answer}}")
    return text


Template = Annotated[Line, AfterValidator(_is_plain)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Slot(Part):
    """One thing to know. `pattern` has one group: what is kept, put into `shape` ("LO-{}")."""

    name: Name
    kind: Literal["pattern", "date", "choice", "text"]
    ask: Line
    again: Line
    """Asked where the answer is none."""
    pattern: Annotated[str, StringConstraints(max_length=PATTERN_CHARS)] = ""
    shape: Annotated[str, StringConstraints(max_length=60)] = "{}"
    choices: Annotated[dict[Word, Annotated[list[Word], Field(max_length=20)]], Field(max_length=20)] = {}
    """Value -> the words that mean it, for `choice`."""
    days_most: Annotated[int, Field(ge=1, le=730)] = 60
    """A date is from tomorrow to this many days ahead."""
    chars_most: Annotated[int, Field(ge=1, le=2000)] = 500

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            groups = re2.compile(pattern).groups
        except re2.error as error:
            said = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
            raise ValueError(f"the pattern cannot be read: {said}") from None
        if pattern and groups != 1:
            raise ValueError("the pattern needs exactly one group: what is kept")
        return pattern

    @model_validator(mode="after")
    def _is_whole(self) -> Slot:
        if self.kind == "pattern" and not self.pattern:
            raise ValueError(f"slot {self.name}: a pattern slot needs a pattern")
        if self.kind == "choice" and not self.choices:
            raise ValueError(f"slot {self.name}: a choice slot needs choices")
        return self


class Refusal(Part):
    """What follows when the merchant refuses with a code: words, then another try at a slot, the end, or a person."""

    say: Template
    then: Literal["end", "human"] | Name = "human"


class Spec(Part):
    """`done` and `confirm` may name slots and, `done` only, what the action gives: "{status}"."""

    title: Line
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] = "en"
    """Of all that it says: it begins only for customers who write in it."""
    slots: list[Slot] = Field(max_length=8)
    confirm: Template | None = None
    done: Template
    refusals: Annotated[dict[Code, Refusal], Field(max_length=20)] = {}

    def slot(self, name: str) -> Slot | None:
        return next((each for each in self.slots if each.name == name), None)


VALUE_CHARS = 400


def filled(template: str, values: dict[str, Any]) -> str:
    """`template` with each {name} as text; values are data: their braces stay braces."""
    parts = string.Formatter().parse(template)
    return "".join(text + (shown(values.get(name)) if name is not None else "") for text, name, _, _ in parts).strip()


def shown(value: Any) -> str:
    text = "" if value is None else "yes" if value is True else "no" if value is False else str(value)
    return " ".join(text.split())[:VALUE_CHARS]
