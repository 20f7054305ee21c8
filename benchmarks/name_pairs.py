"""name_pairs and name_bench: how well two names are told to be forms of one (see names.py)."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import OURS, Bench, Figure
from benchmarks.targets import AUC_ALL, AUC_WORST


def run(bench: Bench) -> Iterator[Figure]:
    """AUC over all scripts and of the worst script, ours beside the two peers of names.py."""
    from benchmarks import names

    measures = {
        OURS: names.ours(),
        "ICU + token_sort": names.token_sort,
        "ICU + skeleton": names.with_skeleton,
    }
    for name in ("name_pairs", "name_bench"):
        frame = names.read(bench.data / name / "shared.csv")
        labels, scripts = frame["label"].to_numpy(), frame["other_script"].to_numpy()
        for contestant, measure in measures.items():
            scores = names.scored(frame, measure)
            yield Figure(name, contestant, AUC_ALL, names.auc(scores, labels))
            if name == "name_pairs":
                by_script = [
                    names.auc(scores[scripts == script], labels[scripts == script])
                    for script in set(scripts)
                ]
                yield Figure(name, contestant, AUC_WORST, min(by_script))
