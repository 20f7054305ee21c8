"""The crossing scenario: its rates are those it states, its families are families."""

from __future__ import annotations

import unicodedata
from collections import Counter
from random import Random

import polars as pl
import pytest

from reknit.synth import Noise, Scenario
from reknit.synth.crossing import World, cross
from reknit.synth.scenario import SHARES

NOISE = Noise()


def script_of(text: str | None) -> str:
    letters = [c for c in text or "" if c.isalpha()]
    return unicodedata.name(letters[0]).split()[0] if letters else ""


def names(table: pl.DataFrame) -> dict[str, str]:
    joined = table.select(
        "person_record_id", pl.coalesce("full_name", "given_name", "family_name").alias("name")
    )
    return dict(joined.rows())


def test_about_six_in_ten_sought_people_are_found(world: World) -> None:
    found = {person for person, _ in world.found if person}
    sought = [person for person, _ in world.sought if person]
    share = sum(person in found for person in sought) / len(sought)
    assert share == pytest.approx(NOISE.sought_found, abs=0.04)


def test_half_of_the_found_rows_belong_to_nobody_who_is_sought(world: World) -> None:
    sought = {person for person, _ in world.sought if person}
    strangers = sum(person not in sought for person, _ in world.found)
    assert strangers / len(world.found) == pytest.approx(NOISE.bystanders, abs=0.03)


def test_some_found_people_stand_on_two_lists(world: World) -> None:
    rows = Counter(person for person, _ in world.found if person)
    share = sum(count > 1 for count in rows.values()) / len(rows)
    assert share == pytest.approx(NOISE.mirrored, abs=0.03)


def test_true_pairs_cross_scripts(crossing: Scenario) -> None:
    sought, found = names(crossing.sought), names(crossing.found)
    pairs = [(script_of(sought[a]), script_of(found[b])) for a, b in crossing.truth.rows()]
    assert sum(a != b for a, b in pairs) / len(pairs) > 0.4
    for scripts in (sought, found):
        spread = Counter(script_of(name) for name in scripts.values())
        assert {"LATIN", "ARABIC", "CYRILLIC", "ETHIOPIC", "MYANMAR", "BENGALI", "CJK"} <= set(
            spread
        )
        assert {"GREEK", "GEORGIAN", "ARMENIAN", "HEBREW"} <= set(spread)
        assert max(spread.values()) / len(scripts) < 0.72


def test_brothers_and_sisters_of_the_sought_are_listed_unsought(world: World) -> None:
    sought = {person for person, _ in world.sought if person}
    listed = {person for person, _ in world.found if person}
    rivals = [p for p in sought if any(s in listed and s not in sought for s in p.siblings())]
    assert len(rivals) / len(sought) > 0.05


def test_several_people_of_one_home_are_sought_on_one_form(crossing: Scenario) -> None:
    sizes = crossing.sought["group_id"].drop_nulls().value_counts()["count"]
    assert (sizes >= 2).sum() / len(sizes) > 0.9
    assert sizes.max() <= 12


def test_namesakes_have_the_names_but_not_the_birth(world: World) -> None:
    sought = {tuple(p.names.values()): p for p, _ in world.sought if p}
    doubles = [
        (p, sought[tuple(p.names.values())])
        for p, _ in world.found
        if p and p.father is None and tuple(p.names.values()) in sought
    ]
    doubles = [(namesake, person) for namesake, person in doubles if namesake is not person]
    assert doubles
    assert all(namesake.birth.year != person.birth.year for namesake, person in doubles)


def test_rates_of_missing_and_odd_fields_are_near_those_stated(crossing: Scenario) -> None:
    found, sought = crossing.found, crossing.sought
    assert found["sex"].is_null().mean() == pytest.approx(NOISE.sex_missing, abs=0.02)
    assert found["last_known_location"].is_not_null().mean() == pytest.approx(
        NOISE.located, abs=0.06
    )
    assert sought["last_known_location"].is_null().all()
    assert sought["home_city"].is_not_null().mean() == pytest.approx(NOISE.city_sought, abs=0.03)
    exact = (found["date_of_birth"].str.len_chars() == 10).fill_null(False)
    assert exact.mean() == pytest.approx(NOISE.found_birth[0], abs=0.06)
    new_year = found.filter(exact)["date_of_birth"].str.ends_with("-01-01").mean()
    assert new_year is not None
    assert 0.1 < new_year < 0.35
    ages = sought["age"].drop_nulls().cast(pl.Int64, strict=False).drop_nulls()
    adult = ages.filter(ages >= 20)
    assert (adult % 5 == 0).mean() > 0.35  # memory rounds


def test_capitals_commas_and_swapped_names_are_there(crossing: Scenario) -> None:
    full = crossing.found["full_name"].drop_nulls()
    upper = (full == full.str.to_uppercase()) & (full != full.str.to_lowercase())
    assert 0.1 < upper.mean() < 0.3
    assert 0.01 < full.str.contains(", ").mean() < 0.1


def test_junk_rows_match_nobody(world: World) -> None:
    junk = [row for person, row in world.found if person is None]
    assert len(junk) == pytest.approx(NOISE.junk_found * len(world.found), rel=0.1)
    assert any("unknown" in (row["full_name"] or "").lower() for row in junk)


def test_noise_can_be_turned_down() -> None:
    quiet = Noise(mirrored=0, junk_found=0, junk_sought=0, sex_missing=0, sex_wrong=0)
    calm = cross(200, Random("quiet"), quiet, SHARES["earthquake"])
    assert all(person is not None and row["sex"] == person.sex for person, row in calm.found)
    rows = Counter(person for person, _ in calm.found)
    assert max(rows.values()) == 1
