"""Ages said on unknown days: compared with ages, weakly, and never taken as of today."""

from __future__ import annotations

import numpy as np
import pytest

from reknit.matching import Model, explain_pair
from reknit.matching.births import NO_AGE, standardise_births
from reknit.matching.people import complete_columns
from tests.cast import people_table, person

NAME = "Zaynab al-Tikriti Qaddura"


def births(**cells: str) -> dict[str, int]:
    rows = complete_columns(people_table([person("1", NAME, **cells)]))
    return {name: int(array[0]) for name, array in standardise_births(rows).items()}


@pytest.mark.parametrize(
    ("cells", "low", "high"),
    [
        ({"age": "30"}, 30, 30),
        ({"age": "30-34"}, 30, 34),
        ({"age": "30", "source_date": "2020-06-01"}, 30, 30),
        ({"date_of_birth": "1990-03-02", "source_date": "2020-06-01"}, 29, 30),
        ({"date_of_birth": "1990", "age": "50", "source_date": "2020-06-01"}, 29, 30),
        ({"date_of_birth": "1990-03-02"}, NO_AGE, NO_AGE),
        ({"date_of_birth": "2021", "source_date": "2020-06-01"}, NO_AGE, NO_AGE),
        ({"date_of_birth": "1880", "source_date": "2020-06-01"}, NO_AGE, NO_AGE),
        ({"age": "many"}, NO_AGE, NO_AGE),
        ({}, NO_AGE, NO_AGE),
    ],
)
def test_it_says_how_old_a_person_was_when_the_source_said_so(
    cells: dict[str, str], low: int, high: int
) -> None:
    read = births(**cells)
    assert (read["age_low"], read["age_high"]) == (low, high)


def test_an_age_said_on_an_unknown_day_gives_no_year_of_birth() -> None:
    assert births(age="30")["birth_low"] == 0
    assert births(age="30", source_date="2020-06-01")["birth_low"] == 1989


def evidence(sought: dict[str, str], found: dict[str, str]) -> dict[str, tuple[float, str]]:
    explained = explain_pair(person("s", NAME, **sought), person("f", NAME, **found))
    return {one.field: (one.weight, one.sentence) for one in explained.evidence}


DATED = {"age": "34", "source_date": "2024-01-01"}


@pytest.mark.parametrize("found", [{"age": "34"}, {"age": "35"}, DATED])
def test_ages_that_are_close_speak_for_a_pair_weakly(found: dict[str, str]) -> None:
    said = evidence({"age": "34"}, found)
    assert "birth" not in said
    weight, sentence = said["age"]
    assert 0 < weight <= 1.01
    assert weight < evidence(DATED, DATED)["birth"][0]
    assert "unknown day" in sentence


@pytest.mark.parametrize(
    "found", [{"age": "9"}, {"date_of_birth": "2015", "source_date": "2024-03-01"}]
)
def test_ages_far_apart_speak_against_it_weakly(found: dict[str, str]) -> None:
    weight, sentence = evidence({"age": "34"}, found)["age"]
    assert -2 < weight < -1
    assert "10 years or more apart" in sentence


@pytest.mark.parametrize("found", [{"date_of_birth": "1990"}, {}])
def test_where_only_one_side_has_an_age_it_weighs_nothing(found: dict[str, str]) -> None:
    said = evidence({"age": "34"}, found)
    assert "age" not in said
    assert said["birth"][0] == 0.0


def test_births_in_known_years_are_asked_once() -> None:
    said = evidence(DATED, DATED)
    assert "age" not in said
    assert said["birth"][0] > 0


def test_the_packaged_model_holds_weak_questions_weak() -> None:
    for name in ("age", "last seen"):
        levels = Model.default().questions[name]
        weights = np.log2(levels.m_probability / levels.u_probability)
        assert np.abs(weights).max() < 2
        assert weights.max() <= 1.01
