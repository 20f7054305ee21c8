"""The latin scenario: two lists of equal length, errors at the stated rates."""

from __future__ import annotations

from dataclasses import fields

import polars as pl
import pytest

from reknit.synth import Scenario
from reknit.synth.latin import LatinNoise, make_latin

NOISE = LatinNoise()
PEOPLE = 20_000


def paired(made: Scenario) -> pl.DataFrame:
    return made.truth.join(made.sought, left_on="sought_id", right_on="person_record_id").join(
        made.found, left_on="found_id", right_on="person_record_id", suffix="_found"
    )


def test_six_in_ten_rows_of_each_list_are_about_the_same_people(latin: Scenario) -> None:
    assert (latin.sought.height, latin.found.height) == (PEOPLE, PEOPLE)
    assert latin.truth.height == round(PEOPLE * NOISE.pairs)
    assert latin.truth["sought_id"].is_unique().all()
    assert latin.truth["found_id"].is_unique().all()


def test_without_noise_true_pairs_are_alike() -> None:
    rates = {field.name: 0.0 for field in fields(LatinNoise)}
    quiet = LatinNoise(**rates | {"pairs": 0.5, "sought_share": 1.0})
    sought, found, truth = make_latin(500, 3, quiet)
    pairs = paired(Scenario(sought, found, truth, pl.DataFrame()))
    assert pairs.height == 250
    for name in ("given_name", "family_name", "date_of_birth", "home_street", "identifiers"):
        assert (pairs[name] == pairs[f"{name}_found"]).all()


def test_errors_come_at_about_the_stated_rates(latin: Scenario) -> None:
    pairs = paired(latin)
    both = 1 + NOISE.sought_share
    differs = (pairs["family_name"] != pairs["family_name_found"]).mean()
    stated = (NOISE.name_typo + NOISE.surname_changed + NOISE.names_swapped) * both
    assert differs == pytest.approx(stated, abs=0.03)
    births = pairs.filter(
        pl.col("date_of_birth").is_not_null(), pl.col("date_of_birth_found") != ""
    )
    wrong = (births["date_of_birth"] != births["date_of_birth_found"]).mean()
    assert 0.1 < (wrong or 0) < 0.2
    assert latin.found["phones"].is_null().mean() == pytest.approx(NOISE.missing_phone, abs=0.02)


def test_people_of_one_family_share_name_and_address(latin: Scenario) -> None:
    homes = latin.sought.drop_nulls(["home_street", "family_name"]).group_by(
        "home_street", "family_name", "home_postal_code"
    )
    sizes = homes.len()["len"]
    assert (sizes > 1).sum() > 500


def test_every_birth_date_is_a_date_or_a_year(latin: Scenario) -> None:
    for table in (latin.sought, latin.found):
        births = table["date_of_birth"].drop_nulls()
        full = births.filter(births.str.len_chars() == 10)
        assert full.str.to_date("%Y-%m-%d", strict=True).is_not_null().all()
        assert births.filter(births.str.len_chars() != 10).str.contains(r"^\d{4}$").all()


def test_phones_and_passports_cannot_be_anyones(latin: Scenario) -> None:
    assert latin.found["phones"].drop_nulls().str.contains(r"^\+1000\d{7}$").all()
    assert latin.found["identifiers"].drop_nulls().str.contains(r"^passport: ZZ\d{7}$").all()


def test_its_hotline_gets_english_messages_about_the_people_sought(latin: Scenario) -> None:
    assert latin.messages.height == 300
    assert not latin.messages["text"].str.contains(r"[{}]").any()
    family = set(latin.sought["family_name"].drop_nulls())
    named = latin.messages["text"].str.extract(r"This is .*?(\S+) from ").drop_nulls()
    assert len(named) > 20
    assert named.is_in(family).mean() > 0.9
