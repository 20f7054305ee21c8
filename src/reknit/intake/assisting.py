"""What a model or a translator that the settings name adds to messages, once the rules have read
them.

Rules: where none is named nothing is asked; the rules read first, and what is asked waits behind
all that is still to be read, urgent ones first; a model is tried before it may say anything, the
trial is audited, and one below the rules says nothing; what it adds is marked as machine-made,
stands behind the rules' facts (their numbers stay what they were) and beside the original, raises
the urgency and never lowers it; what a person said of a message stays. A model that is down leaves
the rules' reading and a note.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from reknit.adapters import (
    Assistant,
    ChatModel,
    Score,
    model_from,
    reader_from,
    settings_of,
    translators_from,
    try_out,
)
from reknit.adapters.rows import as_row
from reknit.guard import audit, commits
from reknit.guard.audit import Resource
from reknit.intake.learned import in_use
from reknit.intake.models import Message, MessageState
from reknit.intake.places import gazetteer
from reknit.language import Category, Triage, triage
from reknit.queue import enqueue
from reknit.queue.worker import Run
from reknit.sealing import records as sealing
from reknit.sealing.errors import ErasedError
from reknit.vocabulary import SYSTEM, Purpose

JOB = "assist message"
TRIED_AGAIN_S = 3_600.0
"""A model that was refused is tried anew so much later: its server may have been down."""
_LATEST = 13
"""Behind every job that reads a message (`reknit.intake.messages`), the most urgent first."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """This process's assistant under some settings, and until when that holds."""

    settings: Mapping[str, str]
    assistant: Assistant | None
    until: float


_ready: _Ready | None = None


def ask_for(message: Message) -> None:
    """Have a message that the rules have read looked at again, where the settings name somebody;
    in the caller's transaction."""
    if settings_of(os.environ):
        enqueue(
            JOB, str(message.id), key=f"assist {message.id}", priority=_LATEST - message.urgency
        )


def assist(attempt: Run) -> None:
    """The job. Running it twice has one effect."""
    message = Message.objects.filter(id=attempt.subject_id, removed_at=None).first()
    if message is None or message.state == MessageState.WAITING:
        return
    assistant = _assistant(attempt)
    if assistant is None:
        return
    try:
        (content,) = sealing.unseal([message])
    except ErasedError:
        return
    rules = triage(
        content["text"],
        stated=message.stated_language or None,
        received=message.received_at.date(),
        gazetteer=gazetteer(),
        model=in_use(),
    )
    found = assistant.assist(content["text"], rules).triage

    def keep() -> None:
        row = Message.objects.select_for_update().get(id=message.id)
        try:
            (now,) = sealing.unseal([row])
        except ErasedError:
            return
        reading = now.get("reading")
        if row.removed_at is not None or reading is None or reading.get("assisted"):
            return
        reading = added(reading, rules, found)
        sealing.reseal([row], [now | {"reading": reading}])
        if row.state == MessageState.OPEN:
            row.urgency, row.categories = reading["urgency"], reading["categories"]
        row.save()
        audit.record(SYSTEM, "message:assist", Resource.of(row), Purpose.FAMILY_TRACING)

    commits.commit(keep)


def added(reading: Mapping[str, Any], rules: Triage, found: Triage) -> dict[str, Any]:
    """A stored reading with what machines found beside the rules.

    rules, found: the same text read by the rules, and by rules and machines together.
    """
    before, after = as_row("", rules), as_row("", found)
    held = {(fact["kind"], fact["start"], fact["end"]) for fact in reading["facts"]}
    facts = [
        fact
        for fact in after["facts"]
        if "made" in fact and (fact["kind"], fact["start"], fact["end"]) not in held
    ]
    categories = [*reading["categories"], *_new(after["categories"], before["categories"])]
    if set(categories) != {Category.OTHER}:
        categories = [one for one in categories if one != Category.OTHER]
    return {
        **reading,
        "facts": [*reading["facts"], *facts],
        "categories": list(dict.fromkeys(categories)),
        "urgency": max(reading["urgency"], after["urgency"]),
        "reasons": [*reading["reasons"], *_new(after["reasons"], reading["reasons"])],
        "translation": after["translation"] or reading["translation"],
        "guess": reading["guess"] or found.detection.guess,
        "assisted": True,
    }


def _new(after: Sequence[str], before: Sequence[str]) -> list[str]:
    return [one for one in after if one not in before]


def _assistant(attempt: Run) -> Assistant | None:
    """This process's, made and tried at its first use; None where nobody may be asked."""
    global _ready
    settings = settings_of(os.environ)
    if _ready is None or _ready.settings != settings or time.monotonic() > _ready.until:
        model, translators = model_from(os.environ), translators_from(os.environ)
        named = model
        if model is not None:
            model = _tried(model, attempt)
        nobody = model is None and not translators
        _ready = _Ready(
            settings,
            None
            if nobody
            else Assistant(model, translators, reader=reader_from(os.environ), summaries=False),
            time.monotonic() + TRIED_AGAIN_S if model is None and named else float("inf"),
        )
    return _ready.assistant


def _tried(model: ChatModel, attempt: Run) -> ChatModel | None:
    """The model with its measured confidence, None where it is below the rules; audited."""
    verdict = try_out(
        model,
        partial(triage, gazetteer=gazetteer()),
        progress=lambda share: attempt.progress("trying the model", share),
    )

    def keep() -> None:
        audit.record(
            SYSTEM, "model:try", Resource("job", str(attempt.job_id)), Purpose.QUALITY,
            admitted=verdict.admitted, model=_shares(verdict.model), rules=_shares(verdict.rules),
        )  # fmt: skip

    commits.commit(keep)
    return verdict.provider


def _shares(score: Score) -> list[float | None]:
    """The trial's four figures, in its order."""
    return [score.categories, score.urgent, score.urgent_recall, score.facts]
