"""Splink 5 on names in many scripts, romanised by ICU, with consonant skeletons beside them.

    python -m benchmarks.peers.splink_romanised SOUGHT FOUND OUT

What an experienced user of Splink would do with the same columns: tokens whose order is free,
skeletons for what romanisation spells differently, the year of birth worked out from the age,
and the relatives' names, phones and identifiers as sets.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import polars as pl
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import SettingsCreator

from benchmarks.peers.romanise import romanised, skeleton
from benchmarks.peers.splink import Training, block_on, link

_TITLES = {"mr", "mrs", "ms", "dr", "al", "el", "sheikh", "haji", "hajji", "sayed", "u", "daw"}


def _sql(condition: str, label: str) -> cll.CustomLevel:
    return cll.CustomLevel(condition, label)


def _shared(column: str) -> str:
    return f"len(list_intersect({column}_l, {column}_r))"


NAME = cl.CustomComparison(
    output_column_name="name",
    comparison_levels=[
        cll.NullLevel("name"),
        cll.ExactMatchLevel("name").configure(tf_adjustment_column="name"),
        cll.ExactMatchLevel("bones").configure(tf_adjustment_column="bones"),
        cll.JaroWinklerLevel("name", 0.94),
        _sql(
            f"{_shared('bone_tokens')} >= 2 and {_shared('bone_tokens')} = "
            "least(len(bone_tokens_l), len(bone_tokens_r))",
            "the shorter within the longer, two tokens or more",
        ),
        cll.JaroWinklerLevel("bones", 0.9),
        _sql(f"{_shared('bone_tokens')} >= 2", "two tokens shared"),
        cll.JaroWinklerLevel("name", 0.85),
        _sql(f"{_shared('bone_tokens')} >= 1", "one token shared"),
        cll.JaroWinklerLevel("bones", 0.75),
        cll.ElseLevel(),
    ],
)
BIRTH = cl.CustomComparison(
    output_column_name="birth",
    comparison_levels=[
        cll.NullLevel("birth_year"),
        _sql("len(birth_l) = 10 and birth_l = birth_r", "same date"),
        _sql(
            "len(birth_l) = 10 and len(birth_r) = 10 and levenshtein(birth_l, birth_r) <= 1",
            "one figure apart",
        ),
        _sql("birth_year_l = birth_year_r", "same year"),
        _sql("abs(birth_year_l - birth_year_r) <= 1", "a year apart"),
        _sql("abs(birth_year_l - birth_year_r) <= 3", "three years apart"),
        _sql("abs(birth_year_l - birth_year_r) <= 6", "six years apart"),
        cll.ElseLevel(),
    ],
)
HOME = cl.CustomComparison(
    output_column_name="home",
    comparison_levels=[
        _sql("len(places_l) = 0 or len(places_r) = 0", "unknown").configure(is_null_level=True),
        cll.ExactMatchLevel("city").configure(tf_adjustment_column="city"),
        cll.JaroWinklerLevel("city", 0.8),
        _sql(f"{_shared('places')} >= 1", "a place shared"),
        cll.ElseLevel(),
    ],
)


def _overlap(column: str, sizes: Iterable[int]) -> cl.CustomComparison:
    """Sets, compared by how much they share; empty ones are unknown."""
    unknown = _sql(f"len({column}_l) = 0 or len({column}_r) = 0", "unknown")
    return cl.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            unknown.configure(is_null_level=True),
            *(_sql(f"{_shared(column)} >= {size}", f"{size} shared") for size in sizes),
            cll.ElseLevel(),
        ],
    )


SETTINGS = SettingsCreator(
    link_type="link_only",
    blocking_rules_to_generate_predictions=[
        block_on("bones"),
        block_on("birth_year", "city"),
        block_on("bone_pairs", arrays_to_explode=["bone_pairs"]),
        block_on("phones", arrays_to_explode=["phones"]),
        block_on("identifiers", arrays_to_explode=["identifiers"]),
        block_on("bone_tokens", "birth_spans", arrays_to_explode=["bone_tokens", "birth_spans"]),
        block_on("bone_tokens", "places", arrays_to_explode=["bone_tokens", "places"]),
        block_on("bone_tokens", "relatives", arrays_to_explode=["bone_tokens", "relatives"]),
    ],
    comparisons=[
        NAME,
        BIRTH,
        cl.ExactMatch("sex"),
        HOME,
        _overlap("relatives", (4, 3, 2, 1)),
        _overlap("phones", (1,)),
        _overlap("identifiers", (1,)),
    ],
)
TRAINING = Training(
    deterministic=[
        block_on("phones", "sex", arrays_to_explode=["phones"]),
        block_on("bones", "birth_year", "sex"),
        block_on("bones", "city", "birth_year"),
    ],
    recall=0.3,
    expectation_maximisation=[block_on("bones"), block_on("birth", "sex")],
)


def _bones(words: str) -> list[str]:
    return sorted({skeleton(word) for word in words.split() if word not in _TITLES})


def _lines(cell: str | None) -> list[str]:
    return [line.strip() for line in (cell or "").splitlines() if line.strip()]


def _birth_year(row: dict[str, str]) -> int | None:
    if row["date_of_birth"]:
        year = row["date_of_birth"][:4]
        return int(year) if year.isdigit() else None
    if not row["age"] or not row["source_date"]:
        return None
    ages = [int(part) for part in row["age"].split("-") if part.isdigit()]
    return int(row["source_date"][:4]) - sum(ages) // len(ages) if ages else None


def prepare(row: dict[str, str]) -> dict[str, object]:
    """One record of the contract's columns as the columns compared above."""
    written = _lines(row["full_name"]) or [f"{row['given_name']} {row['family_name']}"]
    words = [word for word in romanised(written[0]).split() if word not in _TITLES]
    bones = _bones(" ".join(words))
    relatives = [line.partition(":")[2] for line in _lines(row["relatives"])]
    city = romanised(row["home_city"])
    year = _birth_year(row)
    return {
        "unique_id": row["person_record_id"],
        "name": " ".join(sorted(words)) or None,
        "bones": " ".join(bones) or None,
        "bone_tokens": bones,
        "bone_pairs": [" ".join(pair) for pair in combinations(bones, 2)],
        "birth": row["date_of_birth"] or None,
        "birth_year": year,
        "birth_spans": [] if year is None else [f"a{year // 4}", f"b{(year + 2) // 4}"],
        "sex": row["sex"] or None,
        "city": skeleton(city) or None,
        "places": [p for p in (skeleton(city), skeleton(romanised(row["home_state"]))) if p],
        "relatives": sorted({bone for name in relatives for bone in _bones(romanised(name))}),
        "phones": ["".join(filter(str.isdigit, p))[-9:] for p in _lines(row["phones"])],
        "identifiers": [romanised(line) for line in _lines(row["identifiers"])],
    }


SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "unique_id": pl.String,
    "name": pl.String,
    "bones": pl.String,
    "bone_tokens": pl.List(pl.String),
    "bone_pairs": pl.List(pl.String),
    "birth": pl.String,
    "birth_year": pl.Int32,
    "birth_spans": pl.List(pl.String),
    "sex": pl.String,
    "city": pl.String,
    "places": pl.List(pl.String),
    "relatives": pl.List(pl.String),
    "phones": pl.List(pl.String),
    "identifiers": pl.List(pl.String),
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        tables: list[str] = []
        for source in sys.argv[1:3]:
            people = pl.read_csv(source, infer_schema=False).fill_null("")
            rows = [prepare(row) for row in people.iter_rows(named=True)]
            table = Path(folder) / f"{len(tables)}.parquet"
            pl.DataFrame(rows, schema=SCHEMA).write_parquet(table)
            tables.append(str(table))
        link(tables, SETTINGS, TRAINING, Path(sys.argv[3]))
