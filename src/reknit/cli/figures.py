"""An evaluation's figures as text for a person and as JSON for a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reknit.matching.evaluate import Agreement, ClusterEvaluation, MatchEvaluation

JsonObject = dict[str, object]


def matches_as_json(whole: MatchEvaluation, parts: Mapping[str, MatchEvaluation]) -> JsonObject:
    """All figures; what cannot be said is null. `by_script` only where it was asked for."""
    figures = _match_figures(whole)
    if parts:
        figures["by_script"] = {script: _match_figures(part) for script, part in parts.items()}
    return figures


def matches_as_text(whole: MatchEvaluation, parts: Mapping[str, MatchEvaluation]) -> str:
    """A few lines and, where asked for, a table by script."""
    half, best = whole.at_half, whole.at_best
    lines = [
        f"{whole.rows:,} pairs listed; {half.true_pairs:,} true pairs "
        f"of {whole.sought:,} people sought",
        "",
        f"{'':12}{'at 0.5':>10}{f'best, at {best.threshold:.3f}':>18}",
        f"{'precision':12}{_figure(half.precision):>10}{_figure(best.precision):>18}",
        f"{'recall':12}{_figure(half.recall):>10}{_figure(best.recall):>18}",
        f"{'F1':12}{_figure(half.f1):>10}{_figure(best.f1):>18}",
        "",
        f"top-1 {_figure(whole.top_1)}, top-5 {_figure(whole.top_5)}",
        _calibration_line(whole),
    ]
    if parts:
        lines += ["", *_script_table(parts)]
    return "\n".join(lines)


def clusters_as_json(clusters: ClusterEvaluation) -> JsonObject:
    """All figures of a dedupe run."""
    return {
        "records": clusters.records,
        "clusters": clusters.clusters,
        "pairs": _agreement(clusters.pairs),
    }


def clusters_as_text(clusters: ClusterEvaluation) -> str:
    """A few lines."""
    pairs = clusters.pairs
    return (
        f"{clusters.records:,} records in {clusters.clusters:,} clusters; "
        f"{pairs.true_pairs:,} true pairs\n\n"
        f"precision {_figure(pairs.precision)}, recall {_figure(pairs.recall)}, "
        f"F1 {_figure(pairs.f1)} (pair by pair)"
    )


def _match_figures(part: MatchEvaluation) -> JsonObject:
    calibration = part.calibration
    return {
        "rows": part.rows,
        "true_pairs": part.at_half.true_pairs,
        "sought": part.sought,
        "at_half": _agreement(part.at_half),
        "at_best": _agreement(part.at_best),
        "top_1": part.top_1,
        "top_5": part.top_5,
        "ece": calibration.ece if calibration else None,
        "ece_rows": calibration.rows if calibration else None,
        "reliability": [
            {
                "mean_probability": one.mean_probability,
                "matched_share": one.matched_share,
                "rows": one.rows,
            }
            for one in (calibration.bins if calibration else ())
        ],
    }


def _agreement(pairs: Agreement) -> JsonObject:
    return {
        "threshold": pairs.threshold,
        "precision": pairs.precision,
        "recall": pairs.recall,
        "f1": pairs.f1,
        "predicted": pairs.predicted,
        "correct": pairs.correct,
    }


def _calibration_line(whole: MatchEvaluation) -> str:
    if whole.calibration is None:
        return "expected calibration error: not said, fewer than 200 rows to tell from"
    found = whole.calibration
    return f"expected calibration error {found.ece:.4f} over {found.rows:,} rows"


def _script_table(parts: Mapping[str, MatchEvaluation]) -> list[str]:
    width = max(len("script"), *(len(script) for script in parts)) + 2
    head = ("people", "precision", "recall", "F1", "best F1", "top-1", "top-5", "ECE")
    rows = [f"{'script':{width}}" + "".join(f"{title:>11}" for title in head)]
    for script, part in parts.items():
        half = part.at_half
        ece = part.calibration.ece if part.calibration else None
        figures = (half.precision, half.recall, half.f1, part.at_best.f1, part.top_1, part.top_5)
        cells = [f"{part.sought:,}", *(_figure(value) for value in (*figures, ece))]
        rows.append(f"{script:{width}}" + "".join(f"{cell:>11}" for cell in cells))
    return rows


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
