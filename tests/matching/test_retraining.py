"""Verdicts make a better model, measured on verdicts that it has not seen; few make none."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from reknit.matching import Model, match
from reknit.matching.errors import MatchingError
from reknit.matching.retraining import FOLDS, Retrained, retrain
from reknit.synth import synthesise


def judged(people: int = 300) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """A scenario, and a verdict on the three likeliest candidates of each person sought."""
    made = synthesise(people, 5, "crossing")
    listed = match(made.sought, made.found, model=Model.default(), top=3).table
    truth = made.truth.select("sought_id", "found_id").with_columns(match=pl.lit(1))
    labels = listed.join(truth, on=["sought_id", "found_id"], how="left")
    return made.sought, made.found, labels.select(
        "sought_id", "found_id", pl.col("match").fill_null(0)
    )  # fmt: skip


def spoiled() -> Model:
    """The packaged model, but believing that names say nothing and sexes all."""
    model = Model.default()
    sex = model.questions["sex"]
    wrong = replace(sex, m_probability=sex.u_probability, u_probability=sex.m_probability)
    name = replace(model.name, m_probability=model.name.m_probability[:, ::-1].copy())
    return replace(model, name=name, questions={**model.questions, "sex": wrong})


@pytest.fixture(scope="module")
def made() -> Retrained:
    sought, found, labels = judged()
    return retrain(sought, found, labels, start=spoiled(), among=found.height)


def test_verdicts_mend_a_spoiled_model(made: Retrained) -> None:
    assert made.after.log_loss < made.before.log_loss
    assert made.after.agreement > made.before.agreement


def test_each_figure_says_what_it_rests_on(made: Retrained) -> None:
    _, _, labels = judged()
    for figures in (made.before, made.after):
        assert figures.judgements == labels.height
        assert figures.matches == labels["match"].sum()
        assert sum(bin.rows for bin in figures.bins) == figures.judgements
        assert 0 < figures.people <= labels.filter(match=1)["sought_id"].n_unique()
        assert 0 <= figures.ece <= 1


def test_the_measure_has_not_seen_the_verdicts_that_it_is_measured_by() -> None:
    """Verdicts at random, equal in number, teach nothing about the unseen: a measure that had seen
    them would show a gain."""
    sought, found, labels = judged(120)
    at_random = labels.with_columns(match=(pl.int_range(pl.len()) * 7919 % 2).cast(pl.Int64))
    made = retrain(sought, found, at_random, start=Model.default(), among=found.height)
    assert made.after.agreement < 0.6
    assert FOLDS >= 2


@pytest.mark.parametrize(("matches", "others"), [(19, 90), (90, 9), (30, 30)])
def test_too_few_verdicts_make_no_model(matches: int, others: int) -> None:
    sought, found, labels = judged(200)
    few = pl.concat([labels.filter(match=1).head(matches), labels.filter(match=0).head(others)])
    with pytest.raises(MatchingError, match="a model needs 100 verdicts, 20 of either kind"):
        retrain(sought, found, few, start=Model.default(), among=found.height)
