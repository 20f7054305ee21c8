"""A hand keeps to one script and, mostly, to one spelling."""

from __future__ import annotations

from collections import Counter
from random import Random

from reknit.synth.cultures import culture
from reknit.synth.hands import Hand, Manner
from reknit.synth.noise import Noise
from reknit.synth.people import Household, make_household

STEADY = Noise(typed_error=0, scanned=0, spelled_anew=0, capitals_found=0, honorific=0, initials=0)


def family(name: str, seed: int, least: int = 3) -> Household:
    rng = Random(seed)
    while True:
        home = make_household(culture(name), rng, STEADY)
        if len(home.members) >= least and home.members[-1].siblings():
            return home


def test_one_desk_spells_a_fathers_name_alike_for_all_his_children() -> None:
    home = family("eritrea", 1)
    hand = Hand(Manner("latin", "en"), home, Random(1), STEADY, desk=True)
    children = [p for p in home.members if p.father is home.members[-1].father]
    assert len({hand.word(p.names["father"]) for p in children}) == 1


def test_a_syrian_desk_sheet_drops_the_fathers_name_more_than_a_relative_does() -> None:
    home = family("syria", 2)
    person = home.members[-1]
    counts: Counter[bool] = Counter()
    for desk in (True, False):
        for seed in range(200):
            hand = Hand(Manner("native", "ar"), home, Random(seed), STEADY, desk=desk)
            counts[desk] += "father" in dict(hand.parts(person))
    assert counts[True] < counts[False]


def test_a_chinese_name_is_written_without_a_space_in_its_own_script() -> None:
    home = family("china", 3, least=2)
    person = home.members[0]
    hand = Hand(Manner("native", "zh"), home, Random(1), STEADY, desk=False)
    assert " " not in hand.full(hand.parts(person), person)


def test_burmese_names_bear_the_honorific_of_age_and_sex() -> None:
    home = family("myanmar", 4)
    elder = max(home.members, key=lambda person: person.age_at_today())
    written = set()
    for seed in range(60):
        hand = Hand(Manner("latin", "en"), home, Random(seed), STEADY, desk=False)
        written.add(hand.full(hand.parts(elder), elder).split()[0])
    assert written & {"U", "Daw", "Ko", "Ma"}


def test_kurdish_names_are_written_in_both_of_their_scripts() -> None:
    home = family("kurdistan", 5)
    person = home.members[0]
    sorani = Hand(Manner("native", "ku"), home, Random(1), STEADY, desk=False).parts(person)
    kurmanji = Hand(Manner("second", "ku"), home, Random(1), STEADY, desk=False).parts(person)
    assert sorani[0][1] in person.names["given"].native
    assert kurmanji[0][1] == person.names["given"].second
