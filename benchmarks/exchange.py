"""How fast people tables are read and results written, on this machine.

Run: `python benchmarks/exchange.py [ROWS]` (500,000 people and ten times as many result rows).
It makes its own files in a temporary folder and prints the best of three for each step.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from reknit.exchange import PEOPLE_COLUMNS, read_pairs, read_people, write_table

GIVEN = ["Amal", "محمد", "Иван", "José", "Sara", "Li Wei", "ኣማል", "Noor"]
FAMILY = ["Haddad", "الحسن", "Петров", "Kaya", "García", "ሃብተ"]


def people(rows: int) -> pl.DataFrame:
    """A clean list of `rows` people, every column filled as lists fill it."""
    dice = random.Random(7)

    def column(values: list[str]) -> list[str]:
        return dice.choices(values, k=rows)

    days = [f"{y}-{m:02}-{d:02}" for y in range(1935, 2021) for m in range(1, 13) for d in (3, 17)]
    names = [f"{given} {family}" for given in GIVEN for family in FAMILY]
    cells = {
        "person_record_id": [f"S{n:07}" for n in range(rows)],
        "full_name": column(names),
        "sex": column(["female", "male", ""]),
        "date_of_birth": column([*days, "", "1987", "1990-04"]),
        "age": column([str(n) for n in range(90)]),
        "source_date": ["2024-05-01"] * rows,
        "source_name": column(["desk 1", "desk 2"]),
        "home_city": column(["Homs", "Мариуполь", "حلب"]),
        "home_country": column(["SY", "UA", ""]),
        "last_known_location": column(["Camp 4, north", "bus 12", ""]),
        "phones": [f"+963944{n:06}" for n in range(rows)],
        "relatives": [f"father: {name}" for name in column(names)],
        "group_id": [f"G{n // 4}" for n in range(rows)],
    }
    return pl.DataFrame({name: cells.get(name, [""] * rows) for name in PEOPLE_COLUMNS})


def matches(rows: int) -> pl.DataFrame:
    """Results as the engine gives them."""
    dice = random.Random(7)
    return pl.DataFrame(
        {
            "sought_id": [f"S{n // 10:07}" for n in range(rows)],
            "found_id": [f"F{n:07}" for n in range(rows)],
            "rank": [n % 10 + 1 for n in range(rows)],
            "probability": [dice.random() for _ in range(rows)],
            "match_weight": [dice.random() * 40 - 20 for _ in range(rows)],
        }
    )


def best_of_three(name: str, work: Callable[[], object]) -> None:
    """Print the shortest wall time and the least processor time of three runs, in seconds."""
    walls, processors = [], []
    for _ in range(3):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    print(f"{name:40} {min(walls):6.2f} s  (processor {min(processors):6.2f} s)")


def main() -> None:
    """Make the files, time each step."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        table, results = people(rows), matches(10 * rows)
        clean, legacy, ragged = here / "clean.csv", here / "legacy.csv", here / "ragged.csv"
        table.write_csv(clean)
        text = table.select(pl.all().str.replace_all(r"[^\x00-\x7f]+", "Иван")).write_csv()
        legacy.write_bytes(text.encode("cp1251"))
        ragged.write_bytes(clean.read_bytes() + b"X1,Amal\n")
        best_of_three(f"read {rows:,} rows, clean CSV", lambda: read_people(clean))
        best_of_three(f"read {rows:,} rows, windows-1251", lambda: read_people(legacy))
        best_of_three(f"read {rows:,} rows, one ragged row", lambda: read_people(ragged))
        for ending in ("parquet", "jsonl"):
            path = here / f"people.{ending}"
            write_table(table, path)
            best_of_three(f"read {rows:,} rows, {ending}", lambda path=path: read_people(path))
        part = table.head(rows // 10)
        part.write_excel(here / "people.xlsx")
        best_of_three(f"read {part.height:,} rows, xlsx", lambda: read_people(here / "people.xlsx"))
        for ending in ("csv", "jsonl", "parquet"):
            path = here / f"matches.{ending}"
            best_of_three(
                f"write {results.height:,} x 5, {ending}",
                lambda path=path: write_table(results, path),
            )
        best_of_three(
            f"read pairs {results.height:,} x 5, csv",
            lambda: read_pairs(here / "matches.csv", results.columns),
        )


if __name__ == "__main__":
    main()
