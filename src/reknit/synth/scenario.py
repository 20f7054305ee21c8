"""Scenarios: invented people sought and found, with the truth beside them.

Rules: one seed gives the same bytes; ids and order are random and say nothing of who is whom;
the lists, spellings and rules used here belong to this room alone, so that a figure measured on
a scenario is not measured on the matcher's own tables. Nobody in it exists, the towns do.

>>> small = synthesise(people=20, seed=7)
>>> small.sought.height, small.truth.columns
(20, ['sought_id', 'found_id'])
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from reknit.synth.crossing import World, cross
from reknit.synth.errors import TooFewPeopleError, UnknownScenarioError
from reknit.synth.messages import MESSAGE_COLUMNS, write_english, write_messages
from reknit.synth.noise import LatinNoise, Noise
from reknit.synth.people import Person
from reknit.synth.records import COLUMNS, Row

if TYPE_CHECKING:
    import polars as pl

SCENARIOS = {
    "crossing": "Several displacements at once: relatives' forms in twelve scripts, desks' lists",
    "flood": "One flooded country and its camps: Bengali and Latin",
    "earthquake": "Two neighbours, one earthquake: Turkish, Arabic and Kurdish names",
    "latin": "Latin letters only, with addresses and typing errors; for millions of rows",
}
SHARES: dict[str, dict[str, float]] = {
    "crossing": {
        "syria": 14,
        "iraq": 8,
        "sudan": 12,
        "kurdistan": 4,
        "afghanistan": 14,
        "ukraine": 12,
        "russia": 1.5,
        "ethiopia": 6,
        "eritrea": 5,
        "somalia": 5,
        "myanmar": 4,
        "rohingya": 4,
        "bangladesh": 1,
        "china": 1.2,
        "hongkong": 0.8,
        "venezuela": 3,
        "honduras": 2,
        "haiti": 1.5,
        "congo": 2.5,
        "vietnam": 1.5,
        "turkey": 1.5,
        "georgia": 1,
        "armenia": 1.5,
        "israel": 0.5,
        "greece": 0.5,
    },
    "flood": {"bangladesh": 80, "rohingya": 20},
    "earthquake": {"turkey": 55, "syria": 33, "kurdistan": 12},
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """Two people tables by the contract, the true pairs, and messages; all columns are text.

    truth: `sought_id, found_id`, every pair of rows about one person. messages: `message_id,
    text, received_at, channel, stated_language`.
    """

    sought: pl.DataFrame
    found: pl.DataFrame
    truth: pl.DataFrame
    messages: pl.DataFrame


def synthesise(
    people: int = 10_000, seed: int = 1, scenario: str = "crossing", noise: Noise | None = None
) -> Scenario:
    """A scenario with `people` rows sought and a like number found.

    noise: the rates of its errors; `Noise()` unless given.
    Raises UnknownScenarioError, TooFewPeopleError.
    """
    if scenario not in SCENARIOS:
        raise UnknownScenarioError(scenario, SCENARIOS)
    if people < 1:
        raise TooFewPeopleError(people)
    if scenario == "latin":
        return _latin(people, seed)
    rng = Random(f"{scenario} {seed}")
    noise = noise or Noise()
    world = cross(people, rng, noise, SHARES[scenario])
    persons = [person for person, _ in world.sought if person is not None]
    count = max(300, people // 20)
    messages = write_messages(persons, count, rng, noise) if persons else []
    return _numbered(world, messages, rng)


def _latin(people: int, seed: int) -> Scenario:
    from reknit.synth.latin import make_latin

    rng = Random(f"latin {seed}")
    sought, found, truth = make_latin(people, seed, LatinNoise())
    messages = write_english(sought.head(2000).to_dicts(), 300, rng)
    return Scenario(sought, found, truth, _message_table(messages, rng))


def write_scenario(scenario: Scenario, folder: Path) -> None:
    """Write sought.csv, found.csv, truth.csv and messages.csv into `folder`, made if absent."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("sought", "found", "truth", "messages"):
        getattr(scenario, name).write_csv(folder / f"{name}.csv")


def _numbered(world: World, messages: list[Row], rng: Random) -> Scenario:
    """Rows shuffled, ids and group ids drawn at random, then the truth by person."""
    import polars as pl

    sought = _shuffled(world.sought, "S", rng)
    found = _shuffled(world.found, "F", rng)
    rows_of: dict[Person, list[str]] = {}
    for person, row in found:
        if person is not None:
            rows_of.setdefault(person, []).append(str(row["person_record_id"]))
    pairs = [
        (str(row["person_record_id"]), found_id)
        for person, row in sought
        if person is not None
        for found_id in rows_of.get(person, ())
    ]
    rng.shuffle(pairs)
    return Scenario(
        sought=_table([row for _, row in sought]),
        found=_table([row for _, row in found]),
        truth=pl.DataFrame(
            {"sought_id": [a for a, _ in pairs], "found_id": [b for _, b in pairs]},
            schema={"sought_id": pl.String, "found_id": pl.String},
        ),
        messages=_message_table(messages, rng),
    )


def _shuffled(
    rows: list[tuple[Person | None, Row]], letter: str, rng: Random
) -> list[tuple[Person | None, Row]]:
    rows = list(rows)
    rng.shuffle(rows)
    ids = iter(rng.sample(range(1 << 32), len(rows) * 2))
    groups: dict[str, str] = {}
    for _, row in rows:
        row["person_record_id"] = f"{letter}-{next(ids):08x}"
        group = row.get("group_id")
        if group is not None and group not in groups:
            groups[group] = f"G-{next(ids):08x}"
        row["group_id"] = groups[group] if group is not None else None
    return rows


def _message_table(messages: list[Row], rng: Random) -> pl.DataFrame:
    for row, number in zip(messages, rng.sample(range(1 << 32), len(messages)), strict=True):
        row["message_id"] = f"M-{number:08x}"
    return _table(messages, MESSAGE_COLUMNS)


def _table(rows: list[Row], columns: tuple[str, ...] = COLUMNS) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(
        {column: [row.get(column) for row in rows] for column in columns},
        schema=dict.fromkeys(columns, pl.String),
    )
