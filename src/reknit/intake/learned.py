"""Models that learn from what people confirm and correct at the message desk.

Rules: what is learned stands beside the rules as `reknit messages train` writes it, and never takes
away a danger that they found; before it is proposed it is measured on messages that it did not see,
and one that is below the rules in danger or in categories is set aside; a supervisor accepts it,
and it then reads new messages, none anew; its bytes hold words of messages, so they lie sealed.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission, granted
from reknit.intake.errors import LessonError
from reknit.intake.models import Act, ActKind, LearnedModel, LearnedState, Message
from reknit.intake.uploads import place_of
from reknit.language import DANGER, LabelsError, ModelError, triage
from reknit.language.linear import MessageModel
from reknit.language.training import Labelled, train_model
from reknit.queue import enqueue
from reknit.queue.worker import Run
from reknit.sealing import files
from reknit.sealing import records as sealing
from reknit.sealing.errors import ErasedError
from reknit.vocabulary import SYSTEM, Actor, Purpose

JOB = "learn from messages"
FEWEST = 40
"""Messages that people confirmed or corrected, before anything is learned."""
FRESH = 25
"""So many more than the latest model learned from, before the nightly run learns again."""
_HELD_OUT = 4  # each fourth message measures
_TEACHES = (ActKind.CONFIRM, ActKind.CORRECT)

_loaded: tuple[UUID, MessageModel] | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """On messages that were not learned from: F1 over the categories, recall of danger."""

    categories: float
    danger: float


def in_use() -> MessageModel | None:
    """The model that a supervisor accepted last; None where none is, or its file is damaged."""
    global _loaded
    rows = LearnedModel.objects.filter(state=LearnedState.ACCEPTED)
    row = rows.order_by("-decided_at").first()
    if row is None:
        return None
    if _loaded is None or _loaded[0] != row.id:
        try:
            data = files.unseal(row, place_of(row))
            _loaded = row.id, MessageModel.load(io.BytesIO(data))
        except (OSError, ErasedError, ModelError):
            return None
    return _loaded[1]


def labels() -> list[Labelled]:
    """What people said of messages: their latest word on each, with its text."""
    acts = Act.objects.filter(kind__in=_TEACHES, undone_at=None)
    rows = Message.objects.filter(id__in=acts.values("message"), removed_at=None)
    found = []
    for row in rows.order_by("received_at", "id"):
        try:
            (content,) = sealing.unseal([row])
        except ErasedError:
            continue
        found.append(
            Labelled(content["text"], frozenset(row.categories), row.language, row.urgency)
        )
    return found


def learn(_attempt: Run) -> None:
    """The job: learn, measure, propose. Run again it proposes again, and the older goes."""
    taught = labels()
    if len(taught) < FEWEST:
        return
    held_out = taught[::_HELD_OUT]
    rest = [one for number, one in enumerate(taught) if number % _HELD_OUT]
    try:
        trial = train_model(rest).model
        model = train_model(taught).model
    except LabelsError:
        return
    rules, beside = measure(held_out, None), measure(held_out, trial)
    below = beside.danger < rules.danger or beside.categories < rules.categories
    out = io.BytesIO()
    model.save(out)

    def keep() -> None:
        LearnedModel.objects.filter(state=LearnedState.PROPOSED).update(state=LearnedState.RETIRED)
        row = LearnedModel(
            state=LearnedState.BELOW if below else LearnedState.PROPOSED, labels=len(taught)
        )
        sealing.seal([row], [_figures(rules, beside, len(held_out), model.labels)])
        files.seal(row, out.getvalue(), place_of(row))
        row.save(force_insert=True)
        audit.record(
            SYSTEM, "lesson:propose", Resource.of(row), Purpose.QUALITY,
            labels=len(taught), below=below,
        )  # fmt: skip

    commits.commit(keep)


def is_due() -> bool:
    """True when enough was confirmed or corrected since the latest model."""
    latest = LearnedModel.objects.order_by("-made_at").first()
    return count() >= (FEWEST if latest is None else latest.labels + FRESH)


def measure(held_out: Sequence[Labelled], model: MessageModel | None) -> Figures:
    """What rules, or rules and model together, reach on labelled messages."""
    right = given = wanted = found = dangers = 0
    danger = {str(one) for one in DANGER}
    for one in held_out:
        said = set(triage(one.text, stated=one.language, model=model).categories)
        right += len(said & one.categories)
        given += len(said)
        wanted += len(one.categories)
        found += len(said & one.categories & danger)
        dangers += len(one.categories & danger)
    return Figures(
        2 * right / (given + wanted) if given + wanted else 1.0,
        found / dangers if dangers else 1.0,
    )


def ask(actor: Actor) -> None:
    """Learn in the background. Raises NotPermittedError."""
    access.require(actor, Permission.LESSON_DECIDE)

    def work() -> None:
        job = enqueue(JOB, "", key=JOB)
        audit.record(actor, "lesson:ask", Resource("job", str(job.id)), Purpose.QUALITY)

    commits.commit(work)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A learned model, and its figures beside the rules' on messages that it had not seen."""

    row: LearnedModel
    figures: Mapping[str, Any]


def listed(actor: Actor) -> list[Lesson]:
    """The learned models, the latest first. Raises NotPermittedError."""
    rows = LearnedModel.objects.select_related("decided_by").order_by("-made_at")[:20]
    shown = [row for row in rows if granted(Permission.LESSON_DECIDE, actor) is not None]
    said = access.read(actor, Permission.LESSON_DECIDE, shown, purpose=Purpose.QUALITY)
    return [Lesson(row, figures) for row, figures in zip(shown, said, strict=True)]


def count() -> int:
    """How many messages people confirmed or corrected."""
    acts = Act.objects.filter(kind__in=_TEACHES, undone_at=None)
    return acts.values("message").distinct().count()


def decide(actor: Actor, model_id: UUID, *, accept: bool) -> None:
    """Use a proposed model from now on, or do not. Raises NotPermittedError, LessonError."""

    def work() -> None:
        row = access.load(
            actor, Permission.LESSON_DECIDE, LearnedModel, model_id, purpose=Purpose.QUALITY,
            lock=True,
        )  # fmt: skip
        if row.state != LearnedState.PROPOSED:
            raise LessonError(
                _("model %(model_id)s: only a proposed one is decided; reload the page.")
                % {"model_id": model_id}
            )
        if accept:
            LearnedModel.objects.filter(state=LearnedState.ACCEPTED).update(
                state=LearnedState.RETIRED
            )
        row.state = LearnedState.ACCEPTED if accept else LearnedState.REFUSED
        row.decided_by_id, row.decided_at = actor.user_id, timezone.now()
        row.save(update_fields=["state", "decided_by", "decided_at"])
        audit.record(
            actor, Permission.LESSON_DECIDE.action, Resource.of(row), Purpose.QUALITY, accept=accept
        )

    commits.commit(work)


def retire(actor: Actor, model_id: UUID) -> None:
    """Stop using an accepted model; the one before it reads again, else the rules alone."""

    def work() -> None:
        row = access.load(
            actor, Permission.LESSON_DECIDE, LearnedModel, model_id, purpose=Purpose.QUALITY,
            lock=True,
        )  # fmt: skip
        if row.state != LearnedState.ACCEPTED:
            raise LessonError(
                _("model %(model_id)s: it is not in use; reload the page.") % {"model_id": model_id}
            )
        row.state = LearnedState.REFUSED
        row.save(update_fields=["state"])
        before = LearnedModel.objects.filter(
            state=LearnedState.RETIRED, decided_at__isnull=False
        ).order_by("-decided_at")
        latest = before.first()
        if latest is not None:
            LearnedModel.objects.filter(id=latest.id).update(state=LearnedState.ACCEPTED)
        audit.record(actor, "lesson:retire", Resource.of(row), Purpose.QUALITY)

    commits.commit(work)


def _figures(
    rules: Figures, beside: Figures, held_out: int, learned: Sequence[str]
) -> Mapping[str, Any]:
    return {
        "held_out": held_out,
        "labels": list(learned),
        "rules": {"categories": rules.categories, "danger": rules.danger},
        "model": {"categories": beside.categories, "danger": beside.danger},
    }
