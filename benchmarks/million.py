"""A million Latin records: two lists of half a million, three hundred thousand true pairs.

From CSV to CSV, reading and writing included; each contestant a process of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import OURS, Bench, Figure
from benchmarks.linkage import Lists, judge, match_command
from reknit.synth import synthesise

NAME = "million"
SEED = 21
PEOPLE, QUICK_PEOPLE = 500_000, 20_000


def run(bench: Bench) -> Iterator[Figure]:
    """Ours and Splink on the same two files; `--records` sets the length of each list."""
    people = bench.records or (QUICK_PEOPLE if bench.quick else PEOPLE)
    folder = bench.scratch / NAME
    made = synthesise(people=people, seed=SEED, scenario="latin")
    truth = made.truth
    sought, found = Lists(made.sought, made.found, truth).write(folder)
    del made
    out = folder / "pairs.csv"
    contestants = {
        OURS: match_command(bench, sought, found, out),
        "Splink 5": bench.peer("splink_latin", sought, found, out),
    }
    for contestant, command in contestants.items():
        yield from judge(bench, contestant, command, out, truth).figures(NAME)
