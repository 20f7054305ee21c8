"""What is said of a message: its language, gloss, categories, urgency, facts and summary.

Rules: each value is frozen and says how it was made (`Made`: method, version, confidence), so that
rules, a trained model and a provider of `reknit.adapters` return the same values; positions are
code points in the text as it came, half-open; closed sets are enums, the contract's words.

>>> Fact(FactKind.AGE, "34", 10, 12, FactRole.SOUGHT).value
'34'
>>> Urgency(4, ("insulin: medicine",)).is_urgent
True
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

UNDETERMINED = "und"
"""The language that is said where none is sure: ask."""
VERSION = "1"
"""Of the rules and lexicons; grows when what they say may change."""


@dataclass(frozen=True, slots=True)
class Made:
    """How a result came about. confidence: 0 to 1, None where the method cannot say."""

    method: str
    version: str = VERSION
    confidence: float | None = None


BY_RULES = Made("rules")


class Category(StrEnum):
    """What a message is about; a message may have several."""

    SOUGHT = "sought"
    SIGHTING = "sighting"
    SAFE = "safe"
    MEDICAL = "medical"
    RESCUE = "rescue"
    THREAT = "threat"
    CHILD_ALONE = "child_alone"
    DETENTION = "detention"
    TRAFFICKING = "trafficking"
    DEATH = "death"
    SHELTER = "shelter"
    FOOD = "food"
    WATER = "water"
    TRANSPORT = "transport"
    OFFER = "offer"
    CASE_QUESTION = "case_question"
    OTHER = "other"


DANGER = frozenset(
    {
        Category.MEDICAL,
        Category.RESCUE,
        Category.THREAT,
        Category.CHILD_ALONE,
        Category.DETENTION,
        Category.TRAFFICKING,
    }
)
"""The categories that rules found and nothing else may take away."""


class FactKind(StrEnum):
    """The kinds of facts that are looked for."""

    NAME = "name"
    AGE = "age"
    SEX = "sex"
    DATE = "date"
    PLACE = "place"
    PHONE = "phone"
    RELATION = "relation"
    CONDITION = "condition"
    GROUP_SIZE = "group_size"


class FactRole(StrEnum):
    """Whom a fact is about, as far as the words around it tell."""

    SOUGHT = "sought"
    FOUND = "found"
    SENDER = "sender"
    RELATIVE = "relative"
    CHILD = "child"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Detection:
    """The language of a text.

    language: ISO 639-1, or "und": ask. guess: what it may be all the same, for the person who asks
    (romanised Arabic is "ar" here and "und" there); None where there is no guess.
    """

    language: str
    confidence: float
    script: str
    guess: str | None = None
    made: Made = BY_RULES


@dataclass(frozen=True, slots=True)
class GlossWord:
    """A word of the message that a glossary knows, and what it means to the reader.

    field: kinship, body, danger, detention, time, place, need, … reviewed: False while the entry
    awaits a native speaker's review.
    """

    start: int
    end: int
    word: str
    meaning: str
    field: str
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Gloss:
    """The known words of a message in the reader's language, in the message's order."""

    words: tuple[GlossWord, ...]
    language: str
    made: Made = BY_RULES


@dataclass(frozen=True, slots=True)
class Translation:
    """A whole text in another language, made by a provider and marked as such."""

    text: str
    language: str
    made: Made


@dataclass(frozen=True, slots=True)
class CategoryReason:
    """Why a category was given. words: those that fired, as written; () for a model's own."""

    category: str
    words: tuple[str, ...]
    made: Made = BY_RULES


@dataclass(frozen=True, slots=True)
class Urgency:
    """1 (lowest) to 5 (now), and why."""

    level: int
    reasons: tuple[str, ...]
    made: Made = BY_RULES

    @property
    def is_urgent(self) -> bool:
        """True from 4 on: a person should look before the rest of the queue."""
        return self.level >= 4


@dataclass(frozen=True, slots=True)
class Fact:
    """A value and the span of the message that says it."""

    kind: FactKind
    value: str
    start: int
    end: int
    role: FactRole
    made: Made = BY_RULES


@dataclass(frozen=True, slots=True)
class Summary:
    """A few lines for the reader: facts in template words, then sentences of the original."""

    text: str
    language: str
    made: Made = BY_RULES


@dataclass(frozen=True, slots=True)
class Triage:
    """All that was read in one message. The text itself stays with whoever calls.

    categories: the contract's words, or a desk's own labels that its model was trained on.
    """

    detection: Detection
    gloss: Gloss
    categories: tuple[str, ...]
    because: tuple[CategoryReason, ...]
    urgency: Urgency
    facts: tuple[Fact, ...]
    summary: Summary
    translation: Translation | None = None
    notes: tuple[str, ...] = field(default=())
