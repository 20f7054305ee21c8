"""The data sets as people tables: contract's columns, made-up ids, rows shuffled, no truth column.

Rules: a record's own id may hold the truth, so every row gets a number of its own; what the data
set says it should not be matched on (the place of birth in un_pairs) is left out; the peers get
the same rows, in the data set's own columns where their settings are written for those.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from benchmarks.linkage import Lists

SHUFFLE = 20_241


def _numbered(frame: pl.DataFrame, letter: str) -> pl.DataFrame:
    """Shuffled, each list in its own way, with `unique_id` in place of whatever id there was."""
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=SHUFFLE + ord(letter))
    return shuffled.with_columns(
        pl.concat_str(pl.lit(letter), pl.int_range(pl.len()).cast(pl.String)).alias("unique_id")
    )


def _truth(sought: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The pairs that share a cluster."""
    return sought.select("cluster", sought_id="unique_id").join(
        found.select("cluster", found_id="unique_id"), on="cluster"
    ).drop("cluster")  # fmt: skip


def febrl(data: Path) -> tuple[Lists, tuple[pl.DataFrame, pl.DataFrame]]:
    """FEBRL 4: the lists, and the same in the data set's own columns."""
    raw = []
    for name, letter in (("a", "s"), ("b", "f")):
        frame = pl.read_csv(data / "febrl" / f"shared_{name}.csv", infer_schema=False)
        frame = frame.with_columns(pl.all().str.strip_chars().fill_null(""))
        raw.append(_numbered(frame, letter))
    truth = _truth(raw[0], raw[1])
    own = [frame.drop("cluster", "rec_id") for frame in raw]
    people = [
        frame.select(
            person_record_id="unique_id",
            given_name="given_name",
            family_name="surname",
            date_of_birth="date_of_birth",
            home_street=pl.format("{} {}", "street_number", "address_1").str.strip_chars(),
            home_neighborhood="address_2",
            home_city="suburb",
            home_state="state",
            home_postal_code="postcode",
            home_country=pl.lit("AU"),
            identifiers=pl.when(pl.col("soc_sec_id") != "").then(
                pl.format("national: {}", "soc_sec_id")
            ),
        )
        for frame in own
    ]
    return Lists(people[0], people[1], truth), (own[0], own[1])


def historical(data: Path, clusters: int | None) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Historical figures: people, the same in the data set's own columns, and truth.

    clusters: how many people to take; None for all. truth: person_record_id, cluster_id.
    """
    frame = pl.read_parquet(data / "historical_figures" / "shared.parquet")
    if clusters is not None:
        kept = frame["cluster"].unique(maintain_order=True).head(clusters)
        frame = frame.filter(pl.col("cluster").is_in(kept.implode()))
    frame = _numbered(frame, "h")
    people = frame.select(
        person_record_id="unique_id",
        full_name="full_name",
        date_of_birth="dob",
        sex="gender",
        home_city="birth_place",
        home_postal_code="postcode_fake",
        description="occupation",
    )
    truth = frame.select(person_record_id="unique_id", cluster_id="cluster")
    return people, frame.drop("cluster"), truth


def eu_records(data: Path) -> Lists:
    """Public figures: those in other scripts or under an alias (B) sought among the others (A)."""
    found, sought = (
        _numbered(pl.read_csv(data / "eu_records" / f"shared_{n}.csv", infer_schema=False), letter)
        for n, letter in (("a", "f"), ("b", "s"))
    )
    return Lists(
        sought.select(
            person_record_id="unique_id",
            full_name="name",
            date_of_birth="birth_year",
            sex=pl.col("gender").str.to_lowercase(),
        ),
        found.select(
            person_record_id="unique_id",
            full_name="name",
            date_of_birth=pl.col("birth_date").map_elements(iso_date, return_dtype=pl.String),
            sex=pl.col("gender").str.to_lowercase(),
        ),
        _truth(sought, found),
    )


def un_pairs(data: Path) -> Lists:
    """The UN list clean against corrupted; the place of birth is no evidence here."""
    sought, found = (
        _numbered(pl.read_csv(data / "un_pairs" / f"shared_{n}.csv", infer_schema=False), letter)
        for n, letter in (("a", "s"), ("b", "f"))
    )
    columns = {"person_record_id": "unique_id", "full_name": "full_name"}
    columns["date_of_birth"] = "date_of_birth"
    return Lists(sought.select(**columns), found.select(**columns), _truth(sought, found))


def iso_date(text: str) -> str:
    """ "6.6.1957" as 1957-06-06; else the year in it; else nothing.

    >>> iso_date("6.6.1957"), iso_date("circa 1961"), iso_date("unknown")
    ('1957-06-06', '1961', '')
    """
    day = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text.strip())
    if day:
        return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    year = re.search(r"(19|20)\d\d", text)
    return year[0] if year else ""
