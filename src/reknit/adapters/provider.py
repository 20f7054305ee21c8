"""The one shape of everything that may help to read messages: models, translators, programs.

Rules: a provider says what it is able to do and is asked for nothing else; each result says how it
was made (`Made`: method, version, confidence) and its method begins with "machine-made"; whatever
cannot be used is a `ProviderError`, never an empty or a guessed result. A provider alone decides
nothing: `reknit.adapters.Assistant` holds its words against the rules.

>>> class Echo:
...     name, abilities = "echo", frozenset({Ability.TRANSLATE})
...     def translate(self, text: str, source: str, target: str) -> Translation:
...         return Translation(text, target, machine_made("echo", "1", 0.0))
>>> Echo().translate("hola", "es", "en").made.method
'machine-made: echo'
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from reknit.language.values import (
    Category,
    Detection,
    Fact,
    Made,
    Summary,
    Translation,
)

MACHINE_MADE = "machine-made"


class Ability(StrEnum):
    """What a provider may be asked for."""

    DETECT = "detect"
    TRANSLATE = "translate"
    TRIAGE = "triage"
    SUMMARISE = "summarise"
    EXTRACT = "extract"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a provider holds a message to be about, and how urgent: 1 (lowest) to 5 (now)."""

    categories: tuple[Category, ...]
    urgency: int
    made: Made


class Translator(Protocol):
    """What translates and nothing more."""

    @property
    def name(self) -> str:
        """For people: which model or program."""

    @property
    def abilities(self) -> frozenset[Ability]:
        """What it may be asked for."""

    def translates(self, source: str, target: str) -> bool:
        """Whether it has this direction. source, target: ISO 639-1; source may be "und"."""

    def translate(self, text: str, source: str, target: str) -> Translation:
        """The whole text in another language.

        Raises ProviderError, also where the translation is empty.
        """


class Provider(Translator, Protocol):
    """What may be asked for all five. Each method raises ProviderError."""

    def detect(self, text: str) -> Detection:
        """The language; "und" where the provider does not know."""

    def triage(self, text: str) -> Opinion:
        """Categories and urgency."""

    def summarise(self, text: str, language: str) -> Summary:
        """A few sentences in the reader's language (ISO 639-1)."""

    def extract(self, text: str) -> tuple[Fact, ...]:
        """Facts, each a literal span of the text."""


def machine_made(name: str, version: str, confidence: float | None) -> Made:
    """How a provider's result is marked. confidence: 0 to 1, None where nothing was measured."""
    return Made(f"{MACHINE_MADE}: {name}", version, confidence)


def is_machine_made(made: Made) -> bool:
    """True for what a provider said, whoever it was."""
    return made.method.startswith(MACHINE_MADE)
