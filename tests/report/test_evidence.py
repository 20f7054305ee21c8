"""The evidence as bars."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.report import ChosenPair, EvidenceBar, ModelComparison, ModelLevel, ReportData, Verdict
from reknit.report.evidence import Kind, model_chart, waterfall
from reknit.report.words import probability_of

weights = st.floats(-30, 30)


def pair(prior: float, evidence: tuple[EvidenceBar, ...], probability: float) -> ChosenPair:
    return ChosenPair(
        "A pair", "", "s", "f", (), (), prior, evidence, probability, Verdict.DOUBTFUL
    )


@given(weights, st.lists(weights, max_size=8), st.floats(1e-9, 1 - 1e-9))
def test_bars_add_up_to_the_figure_at_the_end(
    prior: float, bars: list[float], probability: float
) -> None:
    """Splink's bar and waterfall disagree, its users report; here they cannot."""
    evidence = tuple(EvidenceBar(str(at), weight, "") for at, weight in enumerate(bars))
    fall = waterfall(pair(prior, evidence, probability))
    assert sum(bar.weight for bar in fall.bars[:-1]) == pytest.approx(fall.bars[-1].odds_after)
    assert probability_of(fall.bars[-1].odds_after) == pytest.approx(probability, abs=0.03)
    assert fall.bars[-1].probability_after == probability


def test_each_bar_begins_where_the_last_one_ended() -> None:
    evidence = (EvidenceBar("Name", 8.0, ""), EvidenceBar("Home", -3.0, ""))
    fall = waterfall(pair(-5.0, evidence, 0.5))
    assert [bar.kind for bar in fall.bars] == [Kind.START, Kind.FOR, Kind.AGAINST, Kind.END]
    for before, after in zip(fall.bars, fall.bars[1:-1], strict=False):
        assert before.reached == after.start


def test_what_is_not_known_weighs_nothing_and_says_so() -> None:
    fall = waterfall(pair(0.0, (EvidenceBar("Phones", 9.0, "", is_known=False),), 0.5))
    unknown = fall.bars[1]
    assert (unknown.kind, unknown.weight) == (Kind.UNKNOWN, 0.0)
    assert unknown.sentence == "Not known on one side or both: weighs nothing."


def test_the_engines_own_words_on_what_is_not_known_are_kept() -> None:
    said = "Home: Deir, and not known: not known on one side."
    fall = waterfall(pair(0.0, (EvidenceBar("home", 0.0, said, is_known=False),), 0.5))
    assert fall.bars[1].sentence == f"{said} It weighs nothing."


def test_the_family_step_is_a_bar_of_its_own() -> None:
    fall = waterfall(pair(-3.0, (EvidenceBar("Name", 3.0, ""),), 0.8))
    rest = fall.bars[-2]
    assert rest.label == "All together"
    assert rest.weight == pytest.approx(2.0)


def test_no_bar_is_added_where_the_sum_is_the_probability() -> None:
    fall = waterfall(pair(-3.0, (EvidenceBar("Name", 3.0, ""),), 0.5))
    assert [bar.label for bar in fall.bars] == ["Before any evidence", "Name", "Probability"]


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_a_certain_probability_can_be_drawn(probability: float) -> None:
    fall = waterfall(pair(-3.0, (EvidenceBar("Name", math.inf, ""),), probability))
    assert all(math.isfinite(bar.odds_after) for bar in fall.bars)
    assert fall.bars[-1].probability_after == probability


def test_axis_labels_say_odds_in_words() -> None:
    evidence = (EvidenceBar("Name", 22.0, ""),)
    labels = [tick.label for tick in waterfall(pair(-11.0, evidence, 0.9995)).ticks]
    assert labels == ["1 in 1,000", "even", "1,000 to 1"]


def test_the_sample_has_each_kind_of_bar(sample: ReportData) -> None:
    kinds = {bar.kind for pair in sample.pairs for bar in waterfall(pair).bars}
    assert kinds == set(Kind) - {Kind.NOTHING}


def test_model_levels_share_one_scale_and_diverge_from_zero() -> None:
    chart = model_chart(
        (
            ModelComparison("Name", (ModelLevel("agrees", 0.5, 0.001, 9.0),)),
            ModelComparison("Sex", (ModelLevel("differs", 0.01, 0.5, -3.0),)),
        )
    )
    assert chart is not None
    (_, (agrees,)), (_, (differs,)) = chart.comparisons
    assert chart.zero == "25%"
    assert (agrees.x, agrees.width, agrees.kind) == ("25%", "75%", Kind.FOR)
    assert (differs.x, differs.width, differs.kind) == ("0%", "25%", Kind.AGAINST)


def test_an_impossible_level_does_not_stretch_the_scale() -> None:
    levels = (ModelLevel("never", 0.0, 0.5, -math.inf), ModelLevel("agrees", 0.5, 0.125, 2.0))
    chart = model_chart((ModelComparison("Sex", levels),))
    assert chart is not None
    assert chart.comparisons[0][1][0].kind is Kind.AGAINST
    assert chart.zero == "33.33%"


def test_a_run_without_a_model_has_no_chart(sample: ReportData) -> None:
    assert model_chart(dataclasses.replace(sample, model=()).model) is None
