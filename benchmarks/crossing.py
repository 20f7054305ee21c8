"""Families across borders and scripts: `reknit synth`, three seeds, beside Splink on romanised
names."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import OURS, Bench, Figure
from benchmarks.linkage import Judged, Lists, judge, match_command
from benchmarks.targets import CANDIDATES, MISSED, NOT_FIRST
from reknit.synth import synthesise

NAME = "crossing"
SEEDS = (11, 12, 13)
PEOPLE, QUICK_PEOPLE = 10_000, 1_000
ALL_CANDIDATES = 1_000
"""As many as to list every candidate that was compared, for the recall of candidates."""


def run(bench: Bench) -> Iterator[Figure]:
    """Every seed, ours and the peer; one seed and fewer people when quick."""
    people = bench.records or (QUICK_PEOPLE if bench.quick else PEOPLE)
    for seed in SEEDS[:1] if bench.quick else SEEDS:
        made = synthesise(people=people, seed=seed, scenario="crossing")
        lists = Lists(made.sought, made.found, made.truth)
        sought, found = lists.write(bench.scratch / NAME)
        out = bench.scratch / NAME / "pairs.csv"
        contestants = {
            OURS: match_command(bench, sought, found, out, ALL_CANDIDATES),
            "Splink 5, romanised": bench.peer("splink_romanised", sought, found, out),
        }
        for contestant, command in contestants.items():
            yield from figures(judge(bench, contestant, command, out, lists.truth))


def figures(judged: Judged) -> Iterator[Figure]:
    """The usual ones, and what is missed, which is what the target speaks of."""
    yield Figure(NAME, judged.contestant, MISSED, 1 - judged.f1)
    yield Figure(NAME, judged.contestant, NOT_FIRST, 1 - judged.evaluation.top_1)
    yield Figure(NAME, judged.contestant, CANDIDATES, judged.listed)
    yield from judged.figures(NAME)
