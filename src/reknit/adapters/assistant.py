"""Rules first, then what providers add: never less urgent, never fewer dangers, never made up.

Rules, whatever a provider says:

- Urgency is the higher of the two; categories of the rules stay, a provider's are added and marked.
- Facts of the rules stay; a provider's fact is added where it is a literal span that no fact of
  its kind overlaps. Its own words (translation, summary) stand beside the original, marked.
- Which language it is, rules say; where they say "und", a provider's word is a guess and no more.
- A provider that fails leaves the rules alone and a note that says so. After three failures in a
  row it is left alone for a minute, so that a flood does not wait for a dead server.
- Nothing is stored, sent or decided here: the result is a suggestion (trust: I10).

    assistant = Assistant(model, reader="en")
    assistant.assist(text, triage(text)).triage.urgency.level
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from reknit.adapters.errors import ProviderError
from reknit.adapters.provider import Ability, Opinion, Provider, Translator
from reknit.adapters.spans import overlap
from reknit.language.values import (
    UNDETERMINED,
    Category,
    CategoryReason,
    Detection,
    Fact,
    Made,
    Summary,
    Translation,
    Triage,
    Urgency,
)

P = TypeVar("P", bound=Translator)
R = TypeVar("R")

FAILURES_BEFORE_REST = 3
REST_S = 60.0


@dataclass(frozen=True, slots=True)
class Assisted:
    """What rules and providers say together, and what the provider said by itself.

    triage: the rules' result with what was added, its translation and the notes on failures.
    opinion, summary: the provider's own, None where it was not asked or failed.
    """

    triage: Triage
    opinion: Opinion | None = None
    summary: Summary | None = None


class Assistant:
    """Asks a provider and translators about messages, one at a time.

    provider: None for translators alone. translators: asked in their order for the first that has
    the direction; the provider itself comes last. reader: ISO 639-1. clock: seconds that only grow.
    """

    def __init__(
        self,
        provider: Provider | None,
        translators: Sequence[Translator] = (),
        *,
        reader: str = "en",
        summaries: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._provider = provider
        self._translators = (*translators, *([] if provider is None else [provider]))
        self._reader = reader
        self._summaries = summaries
        self._clock = clock
        self._failures: dict[str, int] = {}
        self._rests_until: dict[str, float] = {}

    def assist(self, text: str, rules: Triage) -> Assisted:
        """The rules' triage of a text with what providers add to it; their errors become notes."""
        notes: list[str] = []
        provider = self._provider
        opinion = summary = None
        facts: tuple[Fact, ...] = ()
        detection = rules.detection
        if provider is not None:
            opinion = self._try(provider, Ability.TRIAGE, lambda p: p.triage(text), notes)
            facts = self._try(provider, Ability.EXTRACT, lambda p: p.extract(text), notes) or ()
            if self._summaries:
                summary = self._try(
                    provider, Ability.SUMMARISE, lambda p: p.summarise(text, self._reader), notes
                )
            if detection.language == UNDETERMINED and detection.guess is None:
                detected = self._try(provider, Ability.DETECT, lambda p: p.detect(text), notes)
                detection = guessed(detection, detected)
        translation = rules.translation or self._translate(text, detection.language, notes)
        triage = replace(
            rules,
            detection=detection,
            facts=added_facts(text, rules.facts, facts),
            translation=translation,
        )
        if opinion is not None:
            triage = with_opinion(triage, opinion)
        return Assisted(replace(triage, notes=(*rules.notes, *notes)), opinion, summary)

    def _translate(self, text: str, source: str, notes: list[str]) -> Translation | None:
        if source == self._reader:
            return None
        for translator in self._translators:
            if not translator.translates(source, self._reader):
                continue
            made = self._try(
                translator,
                Ability.TRANSLATE,
                lambda t: t.translate(text, source, self._reader),
                notes,
            )
            if made is not None:
                return made
        return None

    def _try(
        self, provider: P, ability: Ability, ask: Callable[[P], R], notes: list[str]
    ) -> R | None:
        """What the provider says; None, and a note, where it rests or fails."""
        if ability not in provider.abilities:
            return None
        name = provider.name
        if self._clock() < self._rests_until.get(name, 0.0):
            _note(notes, f"{name} rests after {FAILURES_BEFORE_REST} failures; rules alone")
            return None
        try:
            said = ask(provider)
        except ProviderError as error:
            failures = self._failures[name] = self._failures.get(name, 0) + 1
            if failures >= FAILURES_BEFORE_REST:
                self._rests_until[name] = self._clock() + REST_S
                self._failures[name] = 0
            _note(notes, f"no {ability} by {name}: {error.rule}; rules alone")
            return None
        self._failures[name] = 0
        return said


def with_opinion(rules: Triage, opinion: Opinion) -> Triage:
    """The rules' triage with a provider's opinion: urgency never lower, no category less."""
    added = tuple(c for c in opinion.categories if c not in rules.categories)
    categories = (*rules.categories, *(str(category) for category in added))
    if any(category != Category.OTHER for category in categories):
        categories = tuple(c for c in categories if c != Category.OTHER)
        added = tuple(c for c in added if c is not Category.OTHER)
    return replace(
        rules,
        categories=categories,
        because=(*rules.because, *(CategoryReason(c, (), opinion.made) for c in added)),
        urgency=raised(rules.urgency, opinion.urgency, opinion.made),
    )


def raised(rules: Urgency, level: int, made: Made) -> Urgency:
    """The rules' urgency, or a higher one that a provider gave, which says from where it rose.

    >>> by = Made("machine-made: m")
    >>> raised(Urgency(2, ("question",)), 4, by).reasons
    ('question', 'raised from 2: machine-made: m')
    >>> raised(Urgency(4, ()), 1, by).level
    4
    """
    if level <= rules.level:
        return rules
    because = f"raised from {rules.level}: {made.method}"
    return Urgency(level, (*rules.reasons, because), made)


def added_facts(text: str, rules: Sequence[Fact], more: Sequence[Fact]) -> tuple[Fact, ...]:
    """Facts of the rules, and of a provider those that are a literal span of the text and touch
    none of the same kind; in the text's order."""
    facts = list(rules)
    for fact in more:
        span = (fact.start, fact.end)
        literal = 0 <= fact.start < fact.end and text[fact.start : fact.end] == fact.value
        free = all(f.kind != fact.kind or overlap((f.start, f.end), span) == 0 for f in facts)
        if literal and free:
            facts.append(fact)
    return tuple(sorted(facts, key=lambda fact: (fact.start, fact.end)))


def guessed(detection: Detection, said: Detection | None) -> Detection:
    """A language that rules do not know stays unknown; a provider's word is a guess to ask on."""
    if said is None or said.language == UNDETERMINED:
        return detection
    return replace(detection, guess=said.language)


def _note(notes: list[str], note: str) -> None:
    if note not in notes:
        notes.append(note)
