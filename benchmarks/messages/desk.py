"""The project's own messages through `reknit messages triage`: languages, facts, danger, urgency.

Rules: the command gets ids and texts in a plain CSV file, nothing else; each half is scored apart,
and targets are held by the held-out half, which nobody may read who writes rules. A danger signal
is read from what the contract's output says: its categories, and for pregnancy the reasons and
conditions. Trafficking counts as a threat, since somebody is held.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.bench import OURS, Bench, Figure
from benchmarks.messages import marking
from benchmarks.messages.marking import CATEGORIES, DANGERS, Half, Message
from benchmarks.messages.scoring import (
    RECALLED_KINDS,
    SCORED_KINDS,
    Counts,
    Found,
    added,
    match_facts,
)
from benchmarks.targets import (
    DANGER_FLAGGED,
    DANGER_RECALL,
    FACTS_F1,
    LANGUAGE,
    MESSAGES,
    OTHER_LANGUAGES,
    ROMANISED,
)

WELL_SERVED = ("en", "fr", "es", "ar", "uk", "ru")
UNKNOWN = "und"
URGENT = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What the command said of one message, as far as it is scored."""

    message_id: str
    language: str
    urgency: int
    categories: frozenset[str]
    dangers: frozenset[str]
    facts: tuple[Found, ...]


Pair = tuple[Message, Answer]


def run(bench: Bench) -> Iterator[Figure]:
    """Figures of the held-out half; `python -m benchmarks.messages` prints the rest."""
    answers = triage(bench, all_messages())
    plain = _paired(marking.read_plain(), answers, Half.HELD_OUT)
    yield from (Figure(MESSAGES, OURS, name, value) for name, value in figures(plain).items())
    romanised = _paired(marking.read_romanised(), answers, None)
    yield Figure(MESSAGES, OURS, ROMANISED, language_share(romanised, or_unknown=True))
    injected = _paired(marking.read_injections(), answers, None)
    yield Figure(MESSAGES, OURS, "injections: urgent found", urgent_recall(injected))


def all_messages() -> list[Message]:
    """Plain, romanised and injected."""
    return [*marking.read_plain(), *marking.read_romanised(), *marking.read_injections()]


def triage(bench: Bench, messages: Sequence[Message]) -> dict[str, Answer]:
    """What `reknit messages triage` says of each. RuntimeError when it fails or one is missing."""
    folder = bench.scratch / "messages"
    folder.mkdir(parents=True, exist_ok=True)
    asked, out = folder / "messages.csv", folder / "triaged.jsonl"
    with asked.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["message_id", "text"])
        writer.writerows([message.message_id, message.text] for message in messages)
    bench.measure(bench.reknit("messages", "triage", asked, "--out", out))
    answers = read_answers(out)
    missing = [m.message_id for m in messages if m.message_id not in answers]
    if missing:
        raise RuntimeError(f"{out.name}: {len(missing)} messages have no answer: {missing[:3]}")
    return answers


def read_answers(path: Path) -> dict[str, Answer]:
    """A triaged file, by message id."""
    lines = path.read_text(encoding="utf-8").splitlines()
    answers = (read_answer(json.loads(line)) for line in lines if line.strip())
    return {answer.message_id: answer for answer in answers}


def read_answer(row: Mapping[str, Any]) -> Answer:
    """One row of the contract's output."""
    return Answer(
        str(row["message_id"]),
        str(row["language"]),
        int(row["urgency"]),
        frozenset(row["categories"]),
        frozenset(_dangers(row)),
        tuple(Found(f["kind"], int(f["start"]), int(f["end"])) for f in row["facts"]),
    )


def figures(pairs: Sequence[Pair]) -> dict[str, float]:
    """All measures of one half, those with targets among them."""
    measured: dict[str, float] = {LANGUAGE: language_share(pairs)}
    by_language = {name: facts_of(_only(pairs, name)) for name in _languages(pairs)}
    for name in WELL_SERVED:
        measured[f"{FACTS_F1}, {name}"] = by_language[name].f1
    others = [counts.f1 for name, counts in by_language.items() if name not in WELL_SERVED]
    measured[OTHER_LANGUAGES] = min(others)
    measured[f"{FACTS_F1}, mean of the others"] = fmean(others)
    for kind in SCORED_KINDS:
        measured[f"F1 of {kind}s"] = facts_of(pairs, (kind,)).f1
    measured[DANGER_RECALL] = danger_recall(pairs)
    measured[DANGER_FLAGGED] = flagged_to_true(pairs)
    measured["urgent found (urgency ≥ 4)"] = urgent_recall(pairs)
    measured["called urgent, share"] = fmean(answer.urgency >= URGENT for _, answer in pairs)
    measured["categories, macro-F1"] = fmean(
        category_counts(pairs, category).f1 for category in CATEGORIES
    )
    return measured


def facts_of(pairs: Iterable[Pair], kinds: Sequence[str] = SCORED_KINDS) -> Counts:
    """Facts of these kinds over messages."""
    return added(
        match_facts(
            [fact for fact in message.facts if fact.kind in kinds],
            [fact for fact in answer.facts if fact.kind in kinds],
        )
        for message, answer in pairs
    )


def language_share(pairs: Sequence[Pair], *, or_unknown: bool = False) -> float:
    """Share of messages whose language is right; where said, "und" is right as well."""
    return fmean(
        answer.language == message.language or (or_unknown and answer.language == UNKNOWN)
        for message, answer in pairs
    )


def danger_counts(pairs: Iterable[Pair], danger: str) -> Counts:
    """Messages with one danger signal."""
    return _label_counts((danger in m.dangers, danger in a.dangers) for m, a in pairs)


def category_counts(pairs: Iterable[Pair], category: str) -> Counts:
    """Messages of one category."""
    return _label_counts((category in m.categories, category in a.categories) for m, a in pairs)


def danger_recall(pairs: Sequence[Pair]) -> float:
    """Share of all (message, danger signal) that was given."""
    return added(danger_counts(pairs, danger) for danger in DANGERS).recall


def flagged_to_true(pairs: Sequence[Pair]) -> float:
    """Messages flagged with any danger over messages that have one."""
    return sum(bool(a.dangers) for _, a in pairs) / sum(bool(m.dangers) for m, _ in pairs)


def urgent_recall(pairs: Iterable[Pair]) -> float:
    """Share of the messages of urgency 4 and 5 that were given 4 or 5."""
    return _label_counts((m.urgency >= URGENT, a.urgency >= URGENT) for m, a in pairs).recall


def report(pairs: Sequence[Pair], title: str) -> Iterator[str]:
    """Lines of a table by language (danger: recall of its signals) and by kind and category."""
    yield f"{title}: {len(pairs)} messages"
    yield _line("", "messages", "language", "danger", "facts", "exact", *SCORED_KINDS)
    for name in _languages(pairs):
        part = _only(pairs, name)
        counts = facts_of(part)
        kinds = [facts_of(part, (kind,)).f1 for kind in SCORED_KINDS]
        yield _line(
            name,
            len(part),
            language_share(part),
            danger_recall(part),
            counts.f1,
            counts.exact_f1,
            *kinds,
        )
    yield ""

    def every(kind: str) -> Counts:
        return facts_of(pairs, (kind,))

    yield from _rows("facts", SCORED_KINDS, every)
    yield from _rows("recall only", RECALLED_KINDS, every)
    yield from _rows("danger", DANGERS, lambda danger: danger_counts(pairs, danger))
    yield from _rows("category", CATEGORIES, lambda category: category_counts(pairs, category))
    yield ""
    yield from (f"{name:32} {value:.3f}" for name, value in figures(pairs).items())


def errors(pairs: Iterable[Pair]) -> Iterator[str]:
    """What went wrong, a line each: for the half that may be read."""
    for message, answer in pairs:
        wrong = []
        if answer.language != message.language:
            wrong.append(f"language {answer.language}")
        wrong += [f"danger missed: {name}" for name in sorted(message.dangers - answer.dangers)]
        wrong += [f"danger false: {name}" for name in sorted(answer.dangers - message.dangers)]
        wrong += [f"category missed: {c}" for c in sorted(message.categories - answer.categories)]
        wrong += [f"category false: {c}" for c in sorted(answer.categories - message.categories)]
        if abs(answer.urgency - message.urgency) > 1:
            wrong.append(f"urgency {answer.urgency} for {message.urgency}")
        for kind in SCORED_KINDS:
            marked = [f for f in message.facts if f.kind == kind]
            found = [f for f in answer.facts if f.kind == kind]
            for fact in marked:
                if not fact.optional and match_facts([fact], found).right == 0:
                    wrong.append(f"{kind} missed: {fact.value}")
            for guess in found:
                if match_facts(marked, [guess]) == Counts(0, 1, _wanted(marked), 0):
                    wrong.append(f"{kind} false: {message.text[guess.start : guess.end]}")
        if wrong:
            yield f"{message.message_id} {message.text!r}"
            yield from (f"    {what}" for what in wrong)


def _wanted(marked: Iterable[marking.Fact]) -> int:
    return sum(not fact.optional for fact in marked)


def _dangers(row: Mapping[str, Any]) -> Iterator[str]:
    categories = set(row["categories"])
    if categories & {"threat", "trafficking"}:
        yield "threat"
    yield from categories & {"medical", "child_alone", "detention"}
    conditions = [fact["value"] for fact in row["facts"] if fact["kind"] == "condition"]
    said = json.dumps([row["reasons"], conditions], ensure_ascii=False).casefold()
    if "pregnan" in said:
        yield "pregnancy"


def _paired(
    messages: Iterable[Message], answers: Mapping[str, Answer], half: Half | None
) -> list[Pair]:
    return [(m, answers[m.message_id]) for m in messages if half is None or m.half is half]


def _languages(pairs: Iterable[Pair]) -> list[str]:
    return sorted({message.language for message, _ in pairs})


def _only(pairs: Iterable[Pair], language: str) -> list[Pair]:
    return [pair for pair in pairs if pair[0].language == language]


def _label_counts(labels: Iterable[tuple[bool, bool]]) -> Counts:
    """(true, said) of each message as counts."""
    labels = list(labels)
    right = sum(true and said for true, said in labels)
    said = sum(said for _, said in labels)
    return Counts(right, said, sum(true for true, _ in labels), right)


def _rows(title: str, names: Iterable[str], counts_of: Callable[[str], Counts]) -> Iterator[str]:
    yield _line(title, "F1", "precision", "recall", "marked", "found")
    for name in names:
        c = counts_of(name)
        yield _line(f"  {name}", c.f1, c.precision, c.recall, c.marked, c.found)


def _line(first: str, *cells: object) -> str:
    shown = (f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells)
    return f"{first:14}" + "".join(f"{cell:>11}" for cell in shown)
