"""What was read in a message as a row: the contract's columns, for files and for records.

Rules: plain values only; a fact or a reason that a machine gave is marked with `made`; the text
itself is no part of the row.
"""

from __future__ import annotations

from typing import Any

from reknit.adapters.provider import is_machine_made
from reknit.language import Made, Triage


def as_row(message_id: str, read: Triage) -> dict[str, Any]:
    """What was read, in the contract's columns; what a machine gave is marked with `made`."""
    return {
        "message_id": message_id,
        "language": read.detection.language,
        "language_confidence": read.detection.confidence,
        "translation": None if read.translation is None else read.translation.text,
        "gloss": [
            {"start": one.start, "end": one.end, "word": one.word, "meaning": one.meaning}
            for one in read.gloss.words
        ],
        "summary": read.summary.text,
        "categories": list(read.categories),
        "urgency": read.urgency.level,
        "reasons": reasons_of(read),
        "facts": [
            {
                "kind": str(fact.kind),
                "value": fact.value,
                "start": fact.start,
                "end": fact.end,
                "role": str(fact.role),
                **_mark(fact.made),
            }
            for fact in read.facts
        ],
    }


def _mark(made: Made) -> dict[str, str]:
    return {"made": made.method} if is_machine_made(made) else {}


def reasons_of(read: Triage) -> list[str]:
    """Why this urgency and why these categories, each once."""
    reasons = list(read.urgency.reasons)
    for one in read.because:
        said = f"{one.category}: {', '.join(one.words)}" if one.words else str(one.category)
        if _mark(one.made):
            said += f" ({one.made.method})"
        elif one.made.confidence is not None:
            said += f" ({one.made.method}, probability {one.made.confidence:.2f})"
        reasons.append(said)
    if read.translation is not None:
        reasons.append(f"translation: {read.translation.made.method}")
    return list(dict.fromkeys([*reasons, *read.notes]))
