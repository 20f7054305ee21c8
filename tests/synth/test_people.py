"""Invented people: families by custom, births that can be, phones that reach nobody."""

from __future__ import annotations

import json
from importlib import resources
from random import Random

import pytest

from reknit.synth.crossing import World
from reknit.synth.cultures import culture
from reknit.synth.noise import Noise
from reknit.synth.people import TODAY, Household, make_household, name_of
from reknit.synth.scenario import SHARES

CULTURES = sorted(SHARES["crossing"])


def homes(name: str, count: int = 60) -> list[Household]:
    rng = Random(name)
    return [make_household(culture(name), rng, Noise()) for _ in range(count)]


def test_every_culture_on_file_is_in_a_scenario() -> None:
    text = resources.files("reknit.synth").joinpath("data", "cultures.json").read_text("utf-8")
    assert set(json.loads(text)) - {"_"} == {name for s in SHARES.values() for name in s}


@pytest.mark.parametrize("name", CULTURES)
def test_households_are_families(name: str) -> None:
    for home in homes(name):
        assert 1 <= len(home.members) <= 13
        for person in home.members:
            assert person.birth < TODAY
            assert set(person.culture.order) & set(person.names)
            if person.father is not None:
                assert person.names["father"] is person.father.names["given"]
                assert person.names["grandfather"] is person.father.names["father"]
            if person.mother is not None:
                assert (person.birth - person.mother.birth).days > 14 * 365
            given = [p.names["given"] for p in person.siblings()]
            assert person.names["given"] not in given


def test_an_ethiopian_child_bears_its_fathers_and_grandfathers_name() -> None:
    child = next(p for h in homes("ethiopia") for p in h.members if p.father and p.father.father)
    assert child.father
    assert child.father.father
    assert child.names["grandfather"] is child.father.father.names["given"]


def test_a_venezuelan_child_bears_a_family_name_of_each_parent() -> None:
    child = next(p for h in homes("venezuela") for p in h.members if p.father and p.mother)
    assert child.father
    assert child.mother
    assert child.names["family"] is child.father.names["family"]
    assert child.names["family2"] is child.mother.names["family"]


def test_a_russian_woman_bears_the_feminine_forms() -> None:
    women = [p for h in homes("russia") for p in h.members if p.sex == "female"]
    for woman in women:
        family, patronymic = name_of(woman, "family"), name_of(woman, "patronymic")
        assert family
        assert patronymic
        assert family.native[0].endswith("а")
        assert patronymic.native[-1].endswith("на")
    assert women


def test_twins_and_close_siblings_exist(world: World) -> None:
    people = {p for person, _ in world.found if person for p in person.siblings()}
    gaps = [abs((p.birth - s.birth).days) for p in people for s in p.siblings()]
    assert 0 in gaps
    assert min(gap for gap in gaps if gap) > 270
