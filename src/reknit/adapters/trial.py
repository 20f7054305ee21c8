"""Is a model better than the rules? Tried on labelled messages before it may say anything.

Rules: rules and model read the same messages (`data/trial.jsonl`, written by the project, nobody
in them exists) and are scored alike: F1 of categories, F1 of "urgent" (4 or 5), recall of the
urgent ones, F1 of facts. A model below the rules in one of the four is refused, with the figures.
Facts are asked for only where the first three are reached. A message that the model fails on
counts as one where it says nothing. Three failures in a row end the trial, and so do urgent
messages missed once their recall can no longer reach the rules'. One that is admitted
carries what it reached as its confidence.

    verdict = try_out(model, rules=triage)
    verdict.provider            # the model with its measured confidence, or None
    verdict.reasons             # ('categories: F1 0.31, rules 0.82', …)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from statistics import fmean
from typing import Any

from reknit.adapters.chat import ChatModel
from reknit.adapters.errors import ProviderError
from reknit.adapters.spans import find_literal, overlap
from reknit.language.values import FactKind, Triage

URGENT = 4
ENOUGH_OVERLAP = 0.5
FAILURES_THAT_END_IT = 3
TRIED_KINDS = frozenset(
    {FactKind.NAME, FactKind.AGE, FactKind.PLACE, FactKind.PHONE, FactKind.RELATION}
)

Span = tuple[FactKind, int, int]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what it is: categories, urgency 1 to 5, facts as spans (code points)."""

    text: str
    language: str
    categories: frozenset[str]
    urgency: int
    facts: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in a message, by rules or by a model. urgency: 0 where nothing was said."""

    categories: frozenset[str] = frozenset()
    urgency: int = 0
    facts: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """Four shares from 0 to 1; facts is None where they were not asked for."""

    categories: float
    urgent: float
    urgent_recall: float
    facts: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a trial ended. provider: the model with its confidence, None where it is refused."""

    provider: ChatModel | None
    model: Score
    rules: Score
    reasons: tuple[str, ...]

    @property
    def admitted(self) -> bool:
        """True where the model may be asked."""
        return self.provider is not None


@cache
def labelled_messages() -> tuple[Labelled, ...]:
    """The packaged messages of the trial."""
    lines = files(__package__).joinpath("data/trial.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(_labelled(json.loads(line)) for line in lines if line.strip())


def try_out(
    model: ChatModel,
    rules: Callable[[str], Triage],
    messages: Sequence[Labelled] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Verdict:
    """Try a model against the rules. progress: told the share done, 0 to 1."""
    messages = labelled_messages() if messages is None else messages
    by_rules = [_of_rules(rules(message.text)) for message in messages]
    bound = score(messages, by_rules)
    sorted_by_model: list[Reading] = []
    failures = 0
    for number, message in enumerate(messages, start=1):
        reading = _sorted(model, message.text)
        sorted_by_model.append(reading)
        failures = failures + 1 if reading == Reading() else 0
        if failures >= FAILURES_THAT_END_IT:
            return Verdict(
                None,
                score(messages[:number], sorted_by_model, with_facts=False),
                bound,
                (f"{model.name} failed {failures} times in a row",),
            )
        if best_recall(messages, sorted_by_model) < bound.urgent_recall:
            reached = score(messages[:number], sorted_by_model, with_facts=False)
            why = f"too many urgent messages missed after {number} of {len(messages)}"
            return Verdict(None, reached, bound, (why,))
        progress(number / len(messages) / 2)
    reached = score(messages, sorted_by_model, with_facts=False)
    if below := _below(reached, bound):
        return Verdict(None, reached, bound, below)
    whole = []
    for number, (message, reading) in enumerate(zip(messages, sorted_by_model, strict=True), 1):
        whole.append(replace(reading, facts=_extracted(model, message.text)))
        progress(0.5 + number / len(messages) / 2)
    reached = score(messages, whole)
    if below := _below(reached, bound):
        return Verdict(None, reached, bound, below)
    confidence = fmean([reached.categories, reached.urgent, reached.facts or 0.0])
    return Verdict(replace(model, confidence=round(confidence, 3)), reached, bound, ())


def score(
    messages: Sequence[Labelled], readings: Sequence[Reading], *, with_facts: bool = True
) -> Score:
    """What readings are worth against the labels; each share 1 where there is nothing to find."""
    pairs = list(zip(messages, readings, strict=True))
    urgent = [(m.urgency >= URGENT, r.urgency >= URGENT) for m, r in pairs]
    both = sum(true and said for true, said in urgent)
    true_urgent = sum(true for true, _ in urgent)
    return Score(
        _f1(
            sum(len(m.categories & r.categories) for m, r in pairs),
            sum(len(r.categories) for _, r in pairs),
            sum(len(m.categories) for m, _ in pairs),
        ),
        _f1(both, sum(said for _, said in urgent), true_urgent),
        both / true_urgent if true_urgent else 1.0,
        _f1(
            sum(_matched(m.facts, r.facts) for m, r in pairs),
            sum(len(r.facts) for _, r in pairs),
            sum(len(m.facts) for m, _ in pairs),
        )
        if with_facts
        else None,
    )


def best_recall(messages: Sequence[Labelled], readings: Sequence[Reading]) -> float:
    """The recall of urgent messages that is still in reach after the first readings, 0 to 1."""
    urgent = sum(message.urgency >= URGENT for message in messages)
    pairs = zip(messages, readings, strict=False)
    missed = sum(m.urgency >= URGENT and r.urgency < URGENT for m, r in pairs)
    return (urgent - missed) / urgent if urgent else 1.0


def _below(model: Score, rules: Score) -> tuple[str, ...]:
    """The figures in which a model is below the rules, in words."""
    figures = (
        ("categories: F1", model.categories, rules.categories),
        ("urgent: F1", model.urgent, rules.urgent),
        ("urgent: recall", model.urgent_recall, rules.urgent_recall),
        ("facts: F1", model.facts, rules.facts),
    )
    return tuple(
        f"{name} {reached:.2f}, rules {bound:.2f}"
        for name, reached, bound in figures
        if reached is not None and bound is not None and reached < bound
    )


def _sorted(model: ChatModel, text: str) -> Reading:
    try:
        opinion = model.triage(text)
    except ProviderError:
        return Reading()
    return Reading(frozenset(opinion.categories), opinion.urgency)


def _extracted(model: ChatModel, text: str) -> tuple[Span, ...]:
    try:
        facts = model.extract(text)
    except ProviderError:
        return ()
    return _tried((fact.kind, fact.start, fact.end) for fact in facts)


def _of_rules(triage: Triage) -> Reading:
    spans = ((fact.kind, fact.start, fact.end) for fact in triage.facts)
    return Reading(frozenset(triage.categories), triage.urgency.level, _tried(spans))


def _tried(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(span for span in spans if span[0] in TRIED_KINDS)


def _matched(marked: Sequence[Span], found: Sequence[Span]) -> int:
    """How many found spans are marked ones: the kind, and half of the longer span; each once."""
    free = list(marked)
    for kind, start, end in found:
        fits = [m for m in free if m[0] is kind and overlap(m[1:], (start, end)) >= ENOUGH_OVERLAP]
        if fits:
            free.remove(fits[0])
    return len(marked) - len(free)


def _f1(right: int, found: int, marked: int) -> float:
    return 2 * right / (found + marked) if found + marked else 1.0


def _labelled(row: dict[str, Any]) -> Labelled:
    text = row["text"]
    spans: list[Span] = []
    for kind, quote in row["facts"]:
        place = find_literal(text, quote, [span[1:] for span in spans if span[0] == kind])
        if place is None:
            raise ValueError(f"data/trial.jsonl: {quote!r} is not in {text!r}")
        spans.append((FactKind(kind), *place))
    return Labelled(
        text, row["language"], frozenset(row["categories"]), row["urgency"], tuple(spans)
    )
