"""Run the benchmarks, each contestant a process of its own, and keep the table.

    python -m benchmarks --data DIR [--quick] [--only NAME ...] [--keep]

DIR holds the data sets (SOURCES.md there says what they are); without it, or REKNIT_BENCH_DATA,
only the benchmarks that make their own data run. The table is printed and, unless --quick, kept
in docs/explanation/benchmarks.md and README.md between their markers; a run of some benchmarks
(--only) keeps their rows when told to (--keep).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import (
    audit,
    crossing,
    febrl,
    historical,
    keeper,
    lists,
    load,
    million,
    name_pairs,
    pages,
    search,
    startup,
)
from benchmarks.bench import ROOT, Bench, Figure
from benchmarks.linkage import Lists
from benchmarks.messages import desk
from benchmarks.table import as_table, write_between_markers, write_rows
from reknit.synth import synthesise

Run = Callable[[Bench], Iterator[Figure]]
NEEDS_DATA: dict[str, Run] = {
    "names": name_pairs.run,
    "eu_records": lists.eu_records,
    "un_pairs": lists.un_pairs,
    "febrl": febrl.run,
    "historical_figures": historical.run,
}
MAKES_ITS_OWN: dict[str, Run] = {
    "crossing": crossing.run,
    "million": million.run,
    "search": search.run,
    "keeper": keeper.run,
    "start-up": startup.run,
    "audit": audit.run,
    "load": load.run,
    "pages": pages.run,
    "messages": desk.run,
}
BENCHMARKS = NEEDS_DATA | MAKES_ITS_OWN
PAGE = ROOT / "docs" / "explanation" / "benchmarks.md"
README = ROOT / "README.md"


def main(arguments: Sequence[str]) -> int:
    """Exit status: 1 when a benchmark could not run, 0 otherwise, whatever the figures say."""
    options = _parser().parse_args(arguments)
    names = options.only or list(BENCHMARKS)
    if options.data is None:
        left_out = [name for name in names if name in NEEDS_DATA]
        names = [name for name in names if name not in NEEDS_DATA]
        if left_out:
            print(f"without --data these are left out: {', '.join(left_out)}", file=sys.stderr)
    figures: list[Figure] = []
    failed = []
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(
            options.data or Path(),
            Path(scratch),
            options.quick,
            options.reknit,
            options.records,
            options.prepared,
        )
        for name in [WARM_UP, *names]:
            try:
                for figure in STEPS[name](bench):
                    figures.append(figure)
                    print(json.dumps(asdict(figure)), file=sys.stderr, flush=True)
            except RuntimeError as error:
                failed.append(name)
                print(f"{name}: {error}", file=sys.stderr)
    print(as_table(figures))
    keeps = options.keep if options.only else not options.quick
    if keeps and not failed:
        write = write_rows if options.only else write_between_markers
        write(PAGE, as_table(figures))
        write(README, as_table(figures, targets_only=True))
    return 1 if failed else 0


def warm(bench: Bench) -> Iterator[Figure]:
    """Run ours once on a handful of people, for no figures: numba compiles on the first use and
    keeps the result, which is part of an installation's first minute, not of every run."""
    made = synthesise(people=200, seed=1, scenario="crossing")
    sought, found = Lists(made.sought, made.found, made.truth).write(bench.scratch / "warm")
    out = bench.scratch / "warm" / "out.csv"
    bench.measure(bench.reknit("match", sought, found, "--out", out))
    bench.measure(bench.reknit("dedupe", found, "--out", out))
    bench.measure(bench.reknit("search", found, "--queries", sought, "--out", out))
    return iter(())


WARM_UP = "warm-up"
STEPS: dict[str, Run] = {WARM_UP: warm, **BENCHMARKS}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Reknit.")
    data = os.environ.get("REKNIT_BENCH_DATA")
    parser.add_argument("--data", type=Path, default=Path(data) if data else None, metavar="DIR")
    parser.add_argument("--quick", action="store_true", help="small data; the table is not kept")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, metavar="NAME")
    parser.add_argument(
        "--keep", action="store_true", help="with --only: keep the rows of these in the tables"
    )
    parser.add_argument(
        "--prepared", type=Path, metavar="FOLDER",
        help="keep there what `pages` prepares, for its next run",
    )  # fmt: skip
    parser.add_argument("--records", type=int, help="records a list, where the data is made")
    parser.add_argument(
        "--reknit",
        default=str(Path(sys.executable).with_name("reknit")),
        help="the command that is measured",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
