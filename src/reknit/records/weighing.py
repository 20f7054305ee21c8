"""Which model weighs pairs: the latest that a supervisor accepted, else the packaged one.

Rules: a model is kept sealed, in the database, so that it is backed up and restored with the rows
that name its version; taking one back lets the one before it weigh again. It holds shares of
answers by script and question, no names.

    version, model = current()
"""

from __future__ import annotations

from typing import NamedTuple

from reknit import __version__
from reknit.matching import Model
from reknit.records.models import MatchingModel, ModelState
from reknit.sealing import records as sealing

PACKAGED = f"packaged with {__version__}"


class Weighing(NamedTuple):
    """A model and what it is called on the candidates that it weighed."""

    version: str
    model: Model


def in_use() -> MatchingModel | None:
    """The row of the model in use; None where it is the packaged one."""
    accepted = MatchingModel.objects.filter(state=ModelState.ACCEPTED)
    return accepted.order_by("-decided_at").first()


def current_version() -> str:
    """The version of the model in use, by one small query."""
    accepted = MatchingModel.objects.filter(state=ModelState.ACCEPTED)
    newest = accepted.order_by("-decided_at").values_list("version", flat=True).first()
    return newest or PACKAGED


def current() -> Weighing:
    """The model in use. Raises LockedError, MatchingError."""
    row = in_use()
    return Weighing(PACKAGED, Model.default()) if row is None else opened(row)


def opened(row: MatchingModel) -> Weighing:
    """A stored model. Raises LockedError, MatchingError."""
    (content,) = sealing.unseal([row])
    return Weighing(row.version, Model.from_json(content["model"], f"model {row.version}"))
