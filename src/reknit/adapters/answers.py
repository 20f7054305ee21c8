"""What a model must answer, as schemas: sent with the question, and held against the answer.

Rules: one definition makes the JSON Schema that the server is given and the check of what comes
back; the check is strict (no text for a number, no field too many, no list without end), so an
answer is used whole or not at all. Prompts name nobody: what stands for a person is a description
in angle brackets, which no message says and so no literal span can be.

>>> Sorted.model_validate_json('{"categories": ["medical"], "urgency": 5}').urgency
5
>>> Sorted.model_validate_json('{"categories": ["medical"], "urgency": "5"}')
Traceback (most recent call last):
pydantic_core._pydantic_core.ValidationError: ...
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from reknit.language.values import Category, FactKind, FactRole

MOST_FACTS = 40
MOST_CATEGORIES = 6


class Answer(BaseModel):
    """Base: strict, closed, frozen."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Detected(Answer):
    """The language of a message."""

    language: Annotated[str, Field(pattern=r"^([a-z]{2}|und)$")]


class Sorted(Answer):
    """What a message is about and how urgent it is."""

    categories: Annotated[list[Category], Field(min_length=1, max_length=MOST_CATEGORIES)]
    urgency: Annotated[int, Field(ge=1, le=5)]


class Translated(Answer):
    """A message in another language."""

    translation: Annotated[str, Field(max_length=40_000)]


class Summarised(Answer):
    """A message in a few sentences."""

    summary: Annotated[str, Field(max_length=1_200)]


class Quoted(Answer):
    """One fact. quote: the words of the message, unchanged."""

    kind: FactKind
    quote: Annotated[str, Field(max_length=200)]
    role: FactRole


class Extracted(Answer):
    """The facts of a message."""

    facts: Annotated[list[Quoted], Field(max_length=MOST_FACTS)]


class Message(BaseModel):
    """What a server's choice says."""

    content: str


class Choice(BaseModel):
    """One of a server's answers. finish_reason: "length" where it was cut off."""

    message: Message
    finish_reason: str | None = None


class Completion(BaseModel):
    """What the server sends around an answer, as far as it is read: the OpenAI protocol's
    `chat.completion`."""

    choices: Annotated[list[Choice], Field(min_length=1)]


def schema_of(answer: type[Answer]) -> dict[str, Any]:
    """The JSON Schema of an answer, its definitions in place: not every server follows `$ref`."""
    schema = answer.model_json_schema()
    resolved: dict[str, Any] = _resolved(schema, schema.get("$defs", {}))
    resolved.pop("$defs", None)
    return resolved


def _resolved(part: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        if "$ref" in part:
            return _resolved(definitions[part["$ref"].rpartition("/")[2]], definitions)
        return {
            name: _resolved(value, definitions)
            for name, value in part.items()
            if name not in {"title", "description"} or not isinstance(value, str)
        }
    if isinstance(part, list):
        return [_resolved(value, definitions) for value in part]
    return part
