"""A large scenario in Latin letters alone: two lists of equal length, with slips of the keyboard.

Rules: sought and found have `people` rows each; six in ten of them are about the same people.
Some people share a family name and an address, as families do. Columns are drawn with numpy as
whole arrays; only the words that get an error pass through Python. Phone numbers have the area
code 000, passports begin with ZZ: neither is ever issued. Errors after the fashion of FEBRL's
generator (Christen and Pudjijono, "Accurate synthetic generation of realistic personal
information", 2009): insertion, deletion, substitution, transposition, loss, swapped fields.

>>> sought, found, truth = make_latin(1000, 1, LatinNoise())
>>> sought.height, found.height, truth.height
(1000, 1000, 600)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from reknit.synth.entries import read_sections
from reknit.synth.noise import LatinNoise
from reknit.synth.records import COLUMNS
from reknit.synth.slips import (
    nickname,
    shorten,
    swap_day_month,
    typo,
    wrong_birth_figure,
    wrong_figure,
)

Ints = np.ndarray[Any, np.dtype[np.int64]]
Slip = Callable[[str, float, float], str]

_ADDRESS = ("home_street", "home_city", "home_state", "home_postal_code")
_FIRST_DAY = np.datetime64("1935-01-01")


def make_latin(
    people: int, seed: int, noise: LatinNoise
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Sought, found and truth; `people` rows in each list."""
    rng = np.random.default_rng([seed, people])
    common = round(people * noise.pairs)
    persons = _persons(2 * people - common, rng, noise)
    sought_rows = rng.permutation(people)
    found_rows = rng.permutation(np.r_[0:common, people : 2 * people - common])
    sought_ids, found_ids = _ids("S", people, rng), _ids("F", people, rng)
    sought = _written(persons, sought_rows, rng, noise, noise.sought_share)
    found = _written(persons, found_rows, rng, noise, 1.0)
    sought_at, found_at = np.argsort(sought_rows), np.full(2 * people - common, -1)
    found_at[found_rows] = np.arange(people)
    order = rng.permutation(common)
    truth = pl.DataFrame(
        {
            "sought_id": sought_ids.gather(sought_at[order]),
            "found_id": found_ids.gather(found_at[order]),
        }
    )
    return _table(sought, sought_ids, "sought form"), _table(found, found_ids, "register"), truth


@dataclass(frozen=True, slots=True)
class _Lists:
    men: list[str]
    women: list[str]
    nicknames: dict[str, list[str]]
    surnames: list[str]
    streets: list[str]
    types: dict[str, str]
    towns: list[tuple[str, str, str]]


@cache
def _lists() -> _Lists:
    sections = read_sections("latin.txt")
    names = [line.split("|") for line in sections["men"] + sections["women"]]
    composed = [stem + end for end in sections["endings"] for stem in sections["stems"]]
    towns = [line.split("|") for line in sections["towns"]]
    return _Lists(
        men=[line.split("|")[0] for line in sections["men"]],
        women=[line.split("|")[0] for line in sections["women"]],
        nicknames={name: short.split(",") for name, short in names if short},
        surnames=sections["surnames"] + composed,
        streets=sections["streets"] + composed[: len(sections["stems"]) * 8],
        types=dict(line.split("|") for line in sections["street_types"]),
        towns=[(town, state, code) for town, state, code in towns],
    )


def _ranked(size: int, count: int, steepness: float, rng: np.random.Generator) -> Ints:
    weights = (np.arange(size) + 4.0) ** -steepness
    cumulative = np.cumsum(weights)
    ranks: Ints = np.searchsorted(cumulative, rng.random(count) * cumulative[-1])
    return ranks


def _persons(count: int, rng: np.random.Generator, noise: LatinNoise) -> pl.DataFrame:
    """The people as they are, before anybody writes them down."""
    lists = _lists()
    # A family is a run of people; shuffling them spreads it over both lists.
    leads = np.where(rng.random(count) >= noise.family, np.arange(count), 0)
    head = np.maximum.accumulate(leads)
    female = rng.random(count) < 0.5
    names = pl.Series(lists.men + lists.women)
    given = np.where(
        female,
        len(lists.men) + _ranked(len(lists.women), count, 0.8, rng),
        _ranked(len(lists.men), count, 0.8, rng),
    )
    middle = np.where(
        female,
        len(lists.men) + _ranked(len(lists.women), count, 0.5, rng),
        _ranked(len(lists.men), count, 0.5, rng),
    )
    surname = _ranked(len(lists.surnames), count, 0.55, rng)[head]
    town = _ranked(len(lists.towns), count, 0.6, rng)[head]
    number = (rng.integers(1, 400, count) ** 1.3).astype(np.int64)[head]
    street = _ranked(len(lists.streets), count, 0.5, rng)[head]
    kind = _ranked(len(lists.types), count, 0.9, rng)[head]
    code = rng.integers(0, 100, count)[head]
    days = rng.integers(0, 365 * 88, count)
    numbers = rng.integers(0, 10**7, (2, count))
    frame = pl.DataFrame(
        {
            "given_name": names.gather(given),
            "middle": pl.Series(names.gather(middle)),
            "has_middle": rng.random(count) < noise.middle_name,
            "family_name": pl.Series(lists.surnames).gather(surname),
            "sex": pl.Series(["male", "female"]).gather(female.astype(np.int64)),
            "date_of_birth": (_FIRST_DAY + days).astype("datetime64[D]"),
            "number": number,
            "street": pl.Series(lists.streets).gather(street),
            "type": pl.Series(list(lists.types)).gather(kind),
            "home_city": pl.Series([t[0] for t in lists.towns]).gather(town),
            "home_state": pl.Series([t[1] for t in lists.towns]).gather(town),
            "prefix": pl.Series([t[2] for t in lists.towns]).gather(town),
            "code": code,
            "phone": numbers[0],
            "passport": numbers[1],
        }
    )
    shuffled = frame[rng.permutation(count)]
    return shuffled.select(
        "given_name",
        "middle",
        "has_middle",
        "family_name",
        "sex",
        pl.col("date_of_birth").cast(pl.Date).cast(pl.String),
        pl.format("{} {} {}", "number", "street", "type").alias("home_street"),
        "home_city",
        "home_state",
        (pl.col("prefix") + pl.col("code").cast(pl.String).str.zfill(2)).alias("home_postal_code"),
        ("+1000" + pl.col("phone").cast(pl.String).str.zfill(7)).alias("phones"),
        ("passport: ZZ" + pl.col("passport").cast(pl.String).str.zfill(7)).alias("identifiers"),
    )


def _written(
    persons: pl.DataFrame,
    rows: Ints,
    rng: np.random.Generator,
    noise: LatinNoise,
    share: float,
) -> pl.DataFrame:
    """The persons at `rows` as a list has them, with errors at `share` of the stated rates."""
    frame = persons[rows]
    count = frame.height

    def hit(rate: float) -> Ints:
        return np.flatnonzero(rng.random(count) < rate * share)

    moved, married = hit(noise.moved), hit(noise.surname_changed)
    frame = _replace(frame, _ADDRESS, moved, rng)
    frame = _replace(frame, ("family_name",), married, rng)
    keeps = frame["has_middle"] & pl.Series(rng.random(count) < 0.5)
    columns = {name: frame[name] for name in frame.columns if name not in {"middle", "has_middle"}}
    for name, rate, slip in _slips(noise):
        columns[name] = _slipped(columns[name], hit(rate), slip, rng)
    middled = columns["given_name"] + " " + frame["middle"]
    columns["given_name"] = middled.zip_with(keeps, columns["given_name"])
    swapped = pl.Series(rng.random(count) < noise.names_swapped * share)
    given, family = columns["given_name"], columns["family_name"]
    columns["given_name"] = family.zip_with(swapped, given)
    columns["family_name"] = given.zip_with(swapped, family)
    missing = {
        "given_name": noise.missing_given * share,
        "date_of_birth": noise.missing_birth,
        "home_street": noise.missing_street,
        "home_city": noise.missing_city,
        "home_state": noise.missing_state,
        "home_postal_code": noise.missing_postcode,
        "sex": noise.missing_sex,
        "phones": noise.missing_phone,
        "identifiers": noise.missing_identifier,
    }
    for name, rate in missing.items():
        known = pl.Series(rng.random(count) >= rate)
        columns[name] = columns[name].zip_with(known, pl.Series([None], dtype=pl.String))
    return pl.DataFrame({name: column.alias(name) for name, column in columns.items()})


def _slips(noise: LatinNoise) -> tuple[tuple[str, float, Slip], ...]:
    """Which columns slip how often and how, in the order of writing."""
    lists = _lists()
    return (
        ("given_name", noise.nickname, lambda text, u, v: nickname(text, u, lists.nicknames)),
        ("given_name", noise.initial, lambda text, u, v: text[0]),
        ("given_name", noise.name_typo, typo),
        ("given_name", noise.name_typo * noise.second_typo, typo),
        ("family_name", noise.name_typo, typo),
        ("family_name", noise.name_typo * noise.second_typo, typo),
        ("home_street", noise.street_short, lambda text, u, v: shorten(text, lists.types)),
        ("home_street", noise.street_typo, typo),
        ("home_city", noise.city_typo, typo),
        ("home_postal_code", noise.postcode_typo, wrong_figure),
        ("date_of_birth", noise.birth_typo, wrong_birth_figure),
        ("date_of_birth", noise.birth_day_month, lambda text, u, v: swap_day_month(text)),
        ("date_of_birth", noise.birth_year_only, lambda text, u, v: text[:4]),
        ("phones", noise.id_typo, wrong_figure),
        ("identifiers", noise.id_typo, wrong_figure),
    )


def _replace(
    frame: pl.DataFrame, names: tuple[str, ...], rows: Ints, rng: np.random.Generator
) -> pl.DataFrame:
    """Give the people at `rows` the columns `names` of somebody else."""
    source = np.arange(frame.height)
    source[rows] = rng.integers(0, frame.height, len(rows))
    return frame.with_columns(frame[name].gather(source) for name in names)


def _slipped(column: pl.Series, rows: Ints, slip: Slip, rng: np.random.Generator) -> pl.Series:
    u, v = rng.random((2, len(rows)))
    texts = column.gather(rows).to_list()
    changed = [slip(*args) for args in zip(texts, u.tolist(), v.tolist(), strict=True)]
    return column.clone().scatter(rows, pl.Series(changed, dtype=pl.String))


def _ids(letter: str, count: int, rng: np.random.Generator) -> pl.Series:
    """Random ids, none twice; their order says nothing."""
    drawn = np.unique(rng.integers(0, 1 << 44, count + count // 100 + 100))
    chosen = rng.permutation(drawn)[:count]
    return pl.Series([f"{letter}-{number:011x}" for number in chosen.tolist()])


def _table(frame: pl.DataFrame, ids: pl.Series, source: str) -> pl.DataFrame:
    table = frame.with_columns(
        ids.alias("person_record_id"),
        pl.lit(source).alias("source_name"),
        pl.lit("US").alias("home_country"),
    )
    absent = [name for name in COLUMNS if name not in table.columns]
    return table.with_columns(pl.lit(None, dtype=pl.String).alias(n) for n in absent).select(
        COLUMNS
    )
