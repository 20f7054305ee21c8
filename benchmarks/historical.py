"""Historical figures: one list in which everybody stands several times, with errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from benchmarks import sources
from benchmarks.bench import OURS, Bench, Figure
from benchmarks.targets import F1
from reknit.matching.evaluate import evaluate_clusters, evaluate_matches

NAME = "historical_figures"
QUICK_PEOPLE = 300
THRESHOLDS = range(-4, 16)


def run(bench: Bench) -> Iterator[Figure]:
    """Pairwise F1 of our clusters, and of Splink's at its best threshold, clustered or not."""
    folder = bench.scratch / NAME
    folder.mkdir(parents=True, exist_ok=True)
    people, own, truth = sources.historical(bench.data, QUICK_PEOPLE if bench.quick else None)
    people.write_csv(folder / "people.csv")
    own.write_csv(folder / "own.csv")
    out = folder / "out.csv"

    usage = bench.measure(bench.reknit("dedupe", folder / "people.csv", "--out", out))
    ours = evaluate_clusters(pl.read_csv(out), truth).pairs
    yield Figure(NAME, OURS, F1, ours.f1)
    yield Figure(NAME, OURS, "precision", ours.precision or 0.0)
    yield Figure(NAME, OURS, "recall", ours.recall)
    yield from usage.figures(NAME, OURS)

    usage = bench.measure(bench.peer("splink_historical", folder / "own.csv", out))
    for contestant, f1 in peer_scores(out, truth).items():
        yield Figure(NAME, contestant, F1, f1)
    yield from usage.figures(NAME, "Splink 5, clusters")


def peer_scores(pairs_file: Path, truth: pl.DataFrame) -> dict[str, float]:
    """The peer's best F1: its pairs as they are, and joined into clusters (connected components,
    as Splink clusters), each at the threshold that is best for the labels."""
    pairs = pl.read_csv(pairs_file)
    known = truth.join(truth, on="cluster_id", suffix="_other")
    known = known.filter(pl.col("person_record_id") < pl.col("person_record_id_other"))
    low = pl.min_horizontal("sought_id", "found_id")
    high = pl.max_horizontal("sought_id", "found_id")
    edges = evaluate_matches(
        pairs.select(sought_id=low, found_id=high, probability="match_weight"),
        known.select(sought_id="person_record_id", found_id="person_record_id_other"),
    )
    clustered = (
        evaluate_clusters(components(pairs, truth["person_record_id"], threshold), truth)
        for threshold in THRESHOLDS
    )
    return {
        "Splink 5, clusters": max(one.pairs.f1 for one in clustered),
        "Splink 5, pairs": edges.at_best.f1,
    }


def components(pairs: pl.DataFrame, ids: pl.Series, threshold: float) -> pl.DataFrame:
    """person_record_id, cluster_id: records linked by pairs at or above a match weight."""
    leader = {record: record for record in ids}

    def find(record: str) -> str:
        while leader[record] != record:
            leader[record] = record = leader[leader[record]]
        return record

    linked = pairs.filter(pl.col("match_weight") >= threshold)
    for one, other in linked.select("sought_id", "found_id").iter_rows():
        leader[find(one)] = find(other)
    return pl.DataFrame({"person_record_id": ids, "cluster_id": [find(record) for record in ids]})
