"""A model that judgements might have made, for tests: the packaged one under another name.

row = a_model()
"""

from __future__ import annotations

from reknit.matching import Model
from reknit.records.models import MatchingModel, ModelState
from reknit.sealing import records

FIGURES = {
    "judgements": 120, "matches": 40, "agreement": 0.9, "log_loss": 0.21, "ece": 0.03,
    "people": 35, "top_1": 0.9,
    "bins": [{"mean_probability": 0.1, "matched_share": 0.2, "rows": 60},
             {"mean_probability": 0.9, "matched_share": 0.8, "rows": 60}],
}  # fmt: skip


def a_model(state: ModelState = ModelState.PROPOSED, model: Model | None = None) -> MatchingModel:
    """A stored model with figures."""
    made = (model or Model.default()).with_provenance(trained_on="a test", started_from="packaged")
    number = MatchingModel.objects.count() + 1
    row = MatchingModel(version=f"judged 2026-11-26 no. {number}", state=state, judgements=120)
    after = {**FIGURES, "log_loss": 0.19}
    content = {"model": made.to_json(), "before": FIGURES, "after": after, "blind": 12}
    records.seal([row], [content])
    row.save(force_insert=True)
    return row
