"""A model out of what people judged: made in the background, measured, and used once a supervisor
has accepted it.

Rules: of each pair the judgement that stands counts, *unsure* none; no model is made of too few
(reknit.matching.retraining), and one that foretells unseen verdicts no better than the model in use
is set aside; nobody but a supervisor accepts, with a reason, and it can be taken back, which lets
the one before weigh again; either way open candidates are scored anew in the background. What the
vault holds is not learned from. A model and its figures are kept sealed; they name nobody.

    consider()                                     # each night: is there enough that is new?
    accept(supervisor, model.id, "better on both figures")
    take_back(supervisor, model.id, "too many siblings")
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.casework.errors import CaseworkError
from reknit.exchange import PEOPLE_COLUMNS
from reknit.guard import access, audit, commits, searching
from reknit.guard.audit import Resource
from reknit.guard.keeper.reading import with_keys
from reknit.guard.permissions import Permission
from reknit.matching import MatchingError, Model
from reknit.matching import retraining as matching
from reknit.matching.retraining import Figures
from reknit.queue import enqueue
from reknit.queue.worker import Run
from reknit.records import accounts, weighing
from reknit.records.models import (
    Account,
    AccountKind,
    Judgement,
    MatchingModel,
    ModelState,
    Verdict,
)
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Purpose

LEAST_NEW = 25
"""So many judgements after the last model, another is made."""
MOST_FOUND, MOST_SOUGHT = 20_000, 2_000
"""How many accounts besides the judged show what strangers have in common."""
JOB, SCORE_ANEW = "train model", "score anew"
TOO_FEW, NOT_BETTER, REPLACED = "too_few", "not_better", "replaced"
_BATCH = 2_000
_COLUMNS = tuple(c for c in PEOPLE_COLUMNS if c not in {"last_known_location", "phones"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A model's row, opened: what it was measured by, why it was set aside, why it was decided so.

    blind: how many of the judgements were made without seeing a score.
    """

    row: MatchingModel
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    blind: int
    why: str
    reason: str
    provenance: Mapping[str, str]


def consider() -> bool:
    """Have a model made where enough was judged since the last one; whether one will be."""
    done = MatchingModel.objects.aggregate(last=Max("made_at"))["last"]
    new = Judgement.objects.exclude(enquiry=None)
    if done is not None:
        new = new.filter(at__gt=done)
    if new.count() < LEAST_NEW:
        return False
    with transaction.atomic():
        enqueue(JOB, "", key=JOB)
    return True


def train_now(actor: Actor) -> None:
    """Have a model made, however little is new. Raises NotPermittedError."""

    def ask() -> None:
        access.require(actor, Permission.MODEL_DECIDE, purpose=Purpose.QUALITY)
        enqueue(JOB, "", key=JOB)
        audit.record(actor, "model:train", Resource("model", "any"), Purpose.QUALITY)

    commits.commit(ask)


def train(attempt: Run) -> None:
    """The job: read what was judged, make a model, measure it, propose it or set it aside."""
    judged = standing_judgements()
    matches = sum(j.verdict == Verdict.MATCH for j in judged)
    blind = sum(j.probability is None for j in judged)
    if not matching.are_enough(matches, len(judged) - matches):
        _keep(len(judged), ModelState.SET_ASIDE, {"why": TOO_FEW, "blind": blind})
        return
    attempt.progress("reading what was judged", 0.0)
    sought = _table(_with_sample(AccountKind.SOUGHT, {j.one_id for j in judged}, MOST_SOUGHT))
    found = _table(_with_sample(AccountKind.FOUND, {j.other_id for j in judged}, MOST_FOUND))
    labels = pl.DataFrame(
        {
            "sought_id": [str(j.one_id) for j in judged],
            "found_id": [str(j.other_id) for j in judged],
            "match": [int(j.verdict == Verdict.MATCH) for j in judged],
        }
    )
    version, model = weighing.current()
    among = accounts.current().filter(kind=AccountKind.FOUND).count()
    try:
        made = matching.retrain(
            sought, found, labels, start=model, among=among, progress=attempt.progress
        )
    except MatchingError:  # accounts were erased since: too few are left
        _keep(len(judged), ModelState.SET_ASIDE, {"why": TOO_FEW, "blind": blind})
        return
    figures = {"before": asdict(made.before), "after": asdict(made.after), "blind": blind}
    if made.after.log_loss >= made.before.log_loss:
        _keep(len(judged), ModelState.SET_ASIDE, {**figures, "why": NOT_BETTER})
        return
    proposed = made.model.with_provenance(
        trained_on=f"{len(judged)} judgements of this installation, {matches} of them matches, "
        f"beside {sought.height} people sought and {found.height} found",
        started_from=version,
    )
    _keep(len(judged), ModelState.PROPOSED, {**figures, "model": proposed.to_json()})


def standing_judgements() -> list[Judgement]:
    """Of each pair of a case the judgement that stands, where it says match or no match; and the
    accounts are there."""
    live = Judgement.objects.filter(
        undone_at=None, one__removed_at=None, other__removed_at=None
    ).exclude(enquiry=None)
    counted = live.exclude(needs_two=True, confirmed_by=None).order_by("at", "pk")
    latest = {(judgement.one_id, judgement.other_id): judgement for judgement in counted}
    return [judgement for judgement in latest.values() if judgement.verdict != Verdict.UNSURE]


def accept(actor: Actor, model_id: UUID, reason: str) -> MatchingModel:
    """Weigh by it from now on. Raises NotPermittedError, CaseworkError."""
    return _decide(actor, model_id, ModelState.PROPOSED, ModelState.ACCEPTED, reason)


def refuse(actor: Actor, model_id: UUID, reason: str) -> MatchingModel:
    """Leave it. Raises NotPermittedError, CaseworkError."""
    return _decide(actor, model_id, ModelState.PROPOSED, ModelState.REFUSED, reason)


def take_back(actor: Actor, model_id: UUID, reason: str) -> MatchingModel:
    """Weigh by the one before again. Raises NotPermittedError, CaseworkError."""
    return _decide(actor, model_id, ModelState.ACCEPTED, ModelState.TAKEN_BACK, reason)


def proposals(actor: Actor, most: int = 20) -> list[Proposal]:
    """The latest models with their figures, the newest first. Raises NotPermittedError."""
    rows = access.visible(actor, Permission.MODEL_READ, MatchingModel.objects.all())
    shown = list(rows.select_related("decided_by").order_by("-made_at")[:most])
    contents = access.read(actor, Permission.MODEL_READ, shown, purpose=Purpose.QUALITY)
    return [_opened(row, content) for row, content in zip(shown, contents, strict=True)]


def _opened(row: MatchingModel, content: Mapping[str, Any]) -> Proposal:
    provenance: Mapping[str, str] = {}
    if content.get("model"):
        provenance = Model.from_json(content["model"], row.version).provenance
    return Proposal(
        row,
        content.get("before"),
        content.get("after"),
        int(content.get("blind", 0)),
        str(content.get("why", "")),
        str(content.get("reason", "")),
        provenance,
    )


def _decide(
    actor: Actor, model_id: UUID, from_: ModelState, to: ModelState, reason: str
) -> MatchingModel:
    if not reason.strip():
        raise CaseworkError(_("model: say why; whoever comes after you will want to know."))

    def decide() -> MatchingModel:
        row = access.load(
            actor, Permission.MODEL_DECIDE, MatchingModel, model_id, purpose=Purpose.QUALITY,
            lock=True,
        )  # fmt: skip
        if row.state != from_:
            raise CaseworkError(
                _("model %(version)s: it was decided on before; reload the page.")
                % {"version": row.version}
            )
        (content,) = sealing.unseal([row])
        sealing.reseal([row], [{**content, "reason": reason}])
        row.state, row.decided_at, row.decided_by_id = to, timezone.now(), access.staff_id(actor)
        row.save(update_fields=["state", "decided_at", "decided_by", "sealed"])
        audit.record(
            actor, Permission.MODEL_DECIDE.action, Resource.of(row), Purpose.QUALITY,
            verdict=to.value,
        )  # fmt: skip
        if ModelState.ACCEPTED in {from_, to}:
            enqueue(SCORE_ANEW, str(row.pk), key=SCORE_ANEW)
            transaction.on_commit(searching.changed)
        return row

    return commits.commit(decide)


def _keep(judgements: int, state: ModelState, content: Mapping[str, Any]) -> MatchingModel:
    """The model's row; one that was still proposed is replaced by it."""

    def keep() -> MatchingModel:
        if state == ModelState.PROPOSED:
            for older in MatchingModel.objects.filter(state=ModelState.PROPOSED):
                (said,) = sealing.unseal([older])
                sealing.reseal([older], [{**said, "why": REPLACED}])
                older.state = ModelState.SET_ASIDE
                older.save(update_fields=["state", "sealed"])
        row = MatchingModel(version=_next_version(), state=state, judgements=judgements)
        sealing.seal([row], [content])
        row.save(force_insert=True)
        return row

    return commits.commit(keep)


def _next_version() -> str:
    day = f"judged {timezone.now():%Y-%m-%d}"
    return f"{day} no. {1 + MatchingModel.objects.filter(version__startswith=day).count()}"


def _with_sample(kind: AccountKind, judged: Iterable[UUID], most: int) -> list[UUID]:
    """The judged accounts, and others as chance has it: ids are random."""
    others = accounts.current().filter(kind=kind).order_by("pk").values_list("pk", flat=True)
    return list(dict.fromkeys([*judged, *others[:most]]))


def _table(ids: Sequence[UUID]) -> pl.DataFrame:
    """A people table of accounts; an erased one is passed over."""
    rows: list[dict[str, str]] = []
    for start in range(0, len(ids), _BATCH):
        batch = list(Account.objects.filter(pk__in=ids[start : start + _BATCH]))
        there = with_keys([account.key_id for account in batch])
        kept = [account for account in batch if account.key_id in there]
        for account, content in zip(kept, sealing.unseal(kept), strict=True):
            said = {**content, "person_record_id": account.pk}
            rows.append({column: str(said.get(column) or "") for column in _COLUMNS})
    return pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String))


__all__ = [
    "Figures", "Proposal", "accept", "consider", "proposals", "refuse", "standing_judgements",
    "take_back", "train", "train_now",
]  # fmt: skip
