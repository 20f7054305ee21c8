"""Public lists: eu_records across scripts, un_pairs clean against corrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import sources
from benchmarks.bench import OURS, Bench, Figure
from benchmarks.linkage import Lists, judge, match_command, recall_at_precision
from benchmarks.targets import AT_PRECISION

PRECISION = 0.95


def eu_records(bench: Bench) -> Iterator[Figure]:
    """Those in other scripts or under an alias sought among the others."""
    yield from _compare(bench, "eu_records", sources.eu_records)


def un_pairs(bench: Bench) -> Iterator[Figure]:
    """The UN list against a corrupted copy, with distractors on both sides."""
    yield from _compare(bench, "un_pairs", sources.un_pairs)


def _compare(bench: Bench, name: str, read: Callable[[Path], Lists]) -> Iterator[Figure]:
    lists = read(bench.data)
    sought, found = lists.write(bench.scratch / name)
    out = bench.scratch / name / "pairs.csv"
    contestants = {
        OURS: match_command(bench, sought, found, out),
        "ICU + token_sort, year": bench.peer("token_sort", sought, found, out),
    }
    for contestant, command in contestants.items():
        judged = judge(
            bench, contestant, command, out, lists.truth, says_probability=contestant == OURS
        )
        yield from judged.figures(name)
        recall = recall_at_precision(judged.pairs, lists.truth, PRECISION)
        yield Figure(name, contestant, AT_PRECISION, recall)
