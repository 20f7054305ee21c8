"""Where the marks of the plots go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.report import HistogramBin, ReliabilityBin
from reknit.report.plots import Tick, even_ticks, histogram, plain, reliability


def halves(left: int, right: int) -> tuple[HistogramBin, ...]:
    return (HistogramBin(0.0, 0.5, left), HistogramBin(0.5, 1.0, right))


def test_a_bar_is_as_high_as_its_count() -> None:
    draw = histogram(halves(5, 10), threshold=0.5)
    assert draw is not None
    assert not draw.is_log
    assert [bar.height for bar in draw.bars] == ["50%", "100%"]
    assert draw.total == 15


def test_a_count_axis_that_spans_too_much_is_logarithmic_and_says_so() -> None:
    draw = histogram(halves(4_000, 1), threshold=0.5)
    assert draw is not None
    assert draw.is_log
    assert float(draw.bars[1].height.removesuffix("%")) > 5
    assert [tick.label for tick in draw.y_ticks] == ["0", "1", "10", "100", "1,000", "10,000"]


def test_an_empty_histogram_is_not_drawn() -> None:
    assert histogram(halves(0, 0), threshold=0.5) is None
    assert histogram((), threshold=0.5) is None


def test_a_threshold_outside_the_bins_is_not_drawn() -> None:
    draw = histogram(halves(1, 1), threshold=-3)
    assert draw is not None
    assert draw.threshold is None


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_no_bar_leaves_its_frame(counts: list[int]) -> None:
    draw = histogram(
        [HistogramBin(at, at + 1, count) for at, count in enumerate(counts)], threshold=0
    )
    assert (draw is None) == (not any(counts))
    for bar in draw.bars if draw else ():
        top, height = float(bar.y.removesuffix("%")), float(bar.height.removesuffix("%"))
        assert top >= 0
        assert top + height == pytest.approx(100, abs=0.02)


def test_a_well_calibrated_bin_lies_on_the_diagonal() -> None:
    curve = reliability((ReliabilityBin(0.25, 0.25, 40), ReliabilityBin(0.75, 0.75, 160)))
    assert curve is not None
    assert [(point.x, point.y) for point in curve.points] == [("25%", "75%"), ("75%", "25%")]
    assert len(curve.steps) == 1


def test_bins_without_pairs_are_no_points() -> None:
    assert reliability((ReliabilityBin(0.1, 0.0, 0),)) is None


@given(st.floats(-1000, 1000), st.floats(0.001, 1000))
def test_ticks_are_few_rising_and_inside(low: float, span: float) -> None:
    ticks = even_ticks(low, low + span, 5)
    assert 1 <= len(ticks) <= 12
    assert list(ticks) == sorted(set(ticks))
    assert low - span / 1e3 <= ticks[0] <= ticks[-1] <= low + span * 1.001


def test_the_outermost_labels_are_not_cut_off() -> None:
    assert [Tick(at, "").anchor for at in ("0%", "50%", "100%")] == ["start", "middle", "end"]


def test_numbers_are_plain() -> None:
    assert [plain(number) for number in (0.30000000000000004, -20.0, 1.0)] == ["0.3", "−20", "1"]
