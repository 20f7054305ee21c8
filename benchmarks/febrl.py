"""FEBRL 4: two lists of synthetic Australians, one of them corrupted."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import sources
from benchmarks.bench import OURS, Bench, Figure
from benchmarks.linkage import judge, match_command

NAME = "febrl"


def run(bench: Bench) -> Iterator[Figure]:
    """Ours, Splink by the example in its documentation, and Splink with the address added."""
    folder = bench.scratch / NAME
    lists, own = sources.febrl(bench.data)
    sought, found = lists.write(folder)
    for table, name in zip(own, ("own_a.csv", "own_b.csv"), strict=True):
        table.write_csv(folder / name)
    out = folder / "pairs.csv"
    yield from judge(
        bench, OURS, match_command(bench, sought, found, out), out, lists.truth
    ).figures(NAME)
    for contestant, settings in (("Splink 5", "full"), ("Splink 5, its example", "example")):
        command = bench.peer(
            "splink_febrl", folder / "own_a.csv", folder / "own_b.csv", out, settings
        )
        yield from judge(bench, contestant, command, out, lists.truth).figures(NAME)
