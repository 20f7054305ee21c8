"""A model behind an OpenAI-compatible address: llama.cpp's server, vLLM, Ollama and others.

Rules: one question a call, at temperature 0, with the JSON Schema of the answer; an answer that
was cut off or does not fit its schema is a ProviderError; extracted values that are no literal
span of the text are dropped; a summary that holds a number which the message does not is refused;
an empty translation or summary is a failure. A message over 8,000 code points is not sent.
`confidence` is what the model reached when it was tried (see `trial`), None before: what a model
says of its own certainty is not asked.

    model = ChatModel(Endpoint.at("http://127.0.0.1:8080/v1"), "qwen3-8b")
    model.triage("my wife is bleeding").urgency
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from reknit.adapters import prompts
from reknit.adapters.answers import (
    Answer,
    Completion,
    Detected,
    Extracted,
    Sorted,
    Summarised,
    Translated,
    schema_of,
)
from reknit.adapters.endpoint import Endpoint
from reknit.adapters.errors import ProviderError
from reknit.adapters.provider import Ability, Opinion, machine_made
from reknit.adapters.spans import find_literal
from reknit.language.values import Detection, Fact, Made, Summary, Translation

LONGEST_MESSAGE = 8_000
"""Code points that are sent to a model; longer texts stay with the rules."""
_FEW_TOKENS, _SOME_TOKENS, _MANY_TOKENS = 120, 1_200, 6_000

A = TypeVar("A", bound=Answer)


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A provider of all five.

    model: its name at the server. version: what people call this setting of it; the server's own
    name by default. confidence: 0 to 1 as measured by `trial`, None where it was not tried.
    """

    endpoint: Endpoint
    model: str
    version: str = ""
    confidence: float | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model

    @property
    def abilities(self) -> frozenset[Ability]:
        """All."""
        return frozenset(Ability)

    def detect(self, text: str) -> Detection:
        """The language the model names, "und" where it does not know."""
        answer = self._ask(prompts.DETECT, text, Detected, _FEW_TOKENS)
        return Detection(answer.language, self.confidence or 0.0, "", made=self._made())

    def triage(self, text: str) -> Opinion:
        """Categories and urgency as the model sees them."""
        answer = self._ask(prompts.TRIAGE, text, Sorted, _FEW_TOKENS)
        return Opinion(tuple(dict.fromkeys(answer.categories)), answer.urgency, self._made())

    def extract(self, text: str) -> tuple[Fact, ...]:
        """The facts that the text says letter by letter; all others are dropped."""
        answer = self._ask(prompts.EXTRACT, text, Extracted, _SOME_TOKENS)
        made = self._made()
        facts: list[Fact] = []
        for quoted in answer.facts:
            taken = [(fact.start, fact.end) for fact in facts if fact.kind is quoted.kind]
            place = find_literal(text, quoted.quote, taken)
            if place is not None:
                facts.append(Fact(quoted.kind, quoted.quote, *place, quoted.role, made))
        return tuple(sorted(facts, key=lambda fact: (fact.start, fact.end)))

    def summarise(self, text: str, language: str) -> Summary:
        """A few sentences; refused where they hold a number that the text does not."""
        answer = self._ask(prompts.summarise_in(language), text, Summarised, _SOME_TOKENS)
        summary = answer.summary.strip()
        if not summary:
            raise self._unusable("an empty summary")
        if not numbers_of(summary) <= numbers_of(text):
            raise self._unusable("a summary with numbers that the message does not hold")
        return Summary(summary, language, self._made())

    def translates(self, source: str, target: str) -> bool:
        """Any direction: the model sees for itself which language it is given."""
        return source != target

    def translate(self, text: str, source: str, target: str) -> Translation:
        """The whole text as the model translates it; which language it is in, the model sees."""
        answer = self._ask(prompts.translate_into(target), text, Translated, _MANY_TOKENS)
        if not answer.translation.strip():
            raise self._unusable("an empty translation")
        return Translation(answer.translation.strip(), target, self._made())

    def _ask(self, instruction: str, text: str, answer: type[A], tokens: int) -> A:
        if len(text) > LONGEST_MESSAGE:
            raise ProviderError(
                self.model,
                f"a message over {LONGEST_MESSAGE:,} characters is not sent",
                "read it by hand",
            )
        said = self.endpoint.ask(
            "/chat/completions",
            {
                "model": self.model,
                "messages": prompts.question(instruction, text),
                "temperature": 0,
                "max_tokens": tokens,
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {
                        "name": answer.__name__.lower(),
                        "strict": True,
                        "schema": schema_of(answer),
                    },
                },
            },
        )
        try:
            choice = Completion.model_validate(said).choices[0]
            if choice.finish_reason == "length":
                raise self._unusable("an answer that was cut off")
            return answer.model_validate_json(choice.message.content)
        except ValidationError:
            # The answer itself stays out of the error: it may name people.
            raise self._unusable("an answer that does not fit its schema") from None

    def _unusable(self, what: str) -> ProviderError:
        return ProviderError(self.model, f"gave {what}", "the rules stand alone for this message")

    def _made(self) -> Made:
        return machine_made(self.model, self.version or self.model, self.confidence)


def numbers_of(text: str) -> frozenset[str]:
    """The numbers that a text writes in digits of any script, as ASCII, without leading zeros.

    >>> sorted(numbers_of("٣ أطفال, 12 years"))
    ['12', '3']
    """
    ascii_digits = "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in text
    )
    return frozenset(number.lstrip("0") or "0" for number in re.findall("[0-9]+", ascii_digits))
