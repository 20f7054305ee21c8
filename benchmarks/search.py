"""One person among a million, typed in a hurry: how fast and how often the answer is there.

A query is a found person's name with a slip of the keyboard in one word or two, sometimes in the
other order, with the date or the year of birth and, often, the town.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

import polars as pl

from benchmarks.bench import OURS, Bench, Figure, Usage
from benchmarks.targets import BUILD_RATE, P50, P95, RECALL_10, RECORD_BYTES
from reknit.synth import synthesise

NAME = "search"
SEED = 31
RECORDS, QUICK_RECORDS = 1_000_000, 20_000
QUERIES = 1_000
SECOND_SLIP, SWAPPED, YEAR_ONLY, TOWN = 0.3, 0.1, 0.3, 0.7
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_KEYS = {
    "records_per_second": BUILD_RATE,
    "bytes_per_record": RECORD_BYTES,
    "p50_ms": P50,
    "p95_ms": P95,
}


def run(bench: Bench) -> Iterator[Figure]:
    """Ours, and tantivy with its answers scored again; `--records` sets the size of the index."""
    folder = bench.scratch / NAME
    folder.mkdir(parents=True, exist_ok=True)
    records = bench.records or (QUICK_RECORDS if bench.quick else RECORDS)
    people = synthesise(people=records, seed=SEED, scenario="latin").found
    asked, truth = queries(people, QUERIES, Random(SEED))
    paths = people_file, asked_file = folder / "people.csv", folder / "queries.csv"
    people.write_csv(people_file)
    asked.write_csv(asked_file)
    out = folder / "answers.csv"
    contestants = {
        OURS: bench.reknit("search", people_file, "--queries", asked_file, "--out", out, "--json"),
        "tantivy, scored again": bench.peer("tantivy_search", *paths, out),
    }
    for contestant, command in contestants.items():
        usage = bench.measure(command)
        answers = pl.read_csv(out).filter(pl.col("rank") <= 10)
        hit = answers.join(truth, on=["sought_id", "found_id"], how="semi")["sought_id"].n_unique()
        yield Figure(NAME, contestant, RECALL_10, hit / truth.height)
        yield from _figures(contestant, usage)


def _figures(contestant: str, usage: Usage) -> Iterator[Figure]:
    """What a contestant said of itself, and its memory."""
    said = json.loads(usage.output[usage.output.index("{") :])
    for key, measure in _KEYS.items():
        if said.get(key) is not None:
            yield Figure(NAME, contestant, measure, float(said[key]))
    yield from usage.figures(NAME, contestant)


def queries(people: pl.DataFrame, count: int, dice: Random) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Queries as a people table, and whom each is about (sought_id, found_id)."""
    complete = people.filter(
        pl.all_horizontal(pl.col("given_name", "family_name", "date_of_birth").is_not_null())
    )
    rows = complete.sample(min(count, complete.height), shuffle=True, seed=dice.randrange(2**32))
    typed = [
        _query(f"q{number}", row, dice) for number, row in enumerate(rows.iter_rows(named=True))
    ]
    ids = [row["person_record_id"] for row in typed]
    truth = pl.DataFrame({"sought_id": ids, "found_id": rows["person_record_id"]})
    return pl.DataFrame(typed), truth


def _query(number: str, row: dict[str, str], dice: Random) -> dict[str, str]:
    words = [row["given_name"].split()[0], row["family_name"]]
    first = dice.randrange(2)
    words[first] = slip(words[first], dice)
    if dice.random() < SECOND_SLIP:
        words[1 - first] = slip(words[1 - first], dice)
    if dice.random() < SWAPPED:
        words.reverse()
    birth = row["date_of_birth"]
    return {
        "person_record_id": number,
        "full_name": " ".join(words),
        "date_of_birth": birth[:4] if dice.random() < YEAR_ONLY else birth,
        "home_city": (row["home_city"] or "") if dice.random() < TOWN else "",
    }


def slip(word: str, dice: Random) -> str:
    """One letter lost, added, changed, or swapped with the next; a short word stays."""
    if len(word) < 3:
        return word
    at = dice.randrange(len(word) - 1)
    kind = dice.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + dice.choice(_LETTERS) + word[at:]
    if kind == 2:
        return word[:at] + dice.choice(_LETTERS) + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
