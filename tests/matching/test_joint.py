"""From evidence to probabilities: companions support, rivals weaken, mirrors do neither."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.matching.joint import (
    COMPANION_BITS,
    Pairs,
    companion_bits,
    match_weights,
    pair_odds,
    probabilities,
    rival_odds,
    rivals,
)
from reknit.matching.levels import BIRTH, BITS, GRADE, HOME, QUESTIONS
from reknit.matching.model import Model
from reknit.matching.people import Lexicon, PeopleArrays, standardise_people
from tests.cast import people_table, person

F64 = npt.NDArray[np.float64]
LATIN = np.zeros(1, np.int8)


def levels(**by_name: int) -> npt.NDArray[np.int8]:
    columns = {"grade": GRADE, "bits": BITS, "birth": BIRTH, "home": HOME}
    row = np.zeros((1, QUESTIONS), np.int8)
    for name, level in by_name.items():
        row[0, columns[name]] = level
    return row


def odds_of(row: npt.NDArray[np.int8], **shares: float) -> float:
    return float(pair_odds(Model.default(), row, LATIN, **shares).odds()[0])


def test_a_bare_name_is_told_from_the_whole_population() -> None:
    common, rare = levels(grade=9, bits=3), levels(grade=9, bits=9)
    assert odds_of(common) < 0 < odds_of(rare) or odds_of(common) < odds_of(rare)
    log_population = np.log2(Model.default().population)
    assert odds_of(common) <= (3 + 0.5) * 2 - log_population + 1e-9


def test_what_speaks_for_a_pair_lifts_a_common_name_and_what_speaks_against_lowers_it() -> None:
    alone = odds_of(levels(grade=9, bits=4))
    assert odds_of(levels(grade=9, bits=4, birth=10, home=8)) > alone + 2
    assert odds_of(levels(grade=9, bits=4, birth=1)) < alone - 2
    assert odds_of(levels(grade=9, bits=4, birth=10, home=1)) < odds_of(
        levels(grade=9, bits=4, birth=10)
    )


def test_the_more_are_found_the_likelier_each_is() -> None:
    row = levels(grade=9, bits=7, birth=10)
    assert odds_of(row, found_rate=0.9) > odds_of(row, found_rate=0.1)


def test_the_weight_is_the_evidence_alone_whatever_the_shares_of_this_file() -> None:
    row = levels(grade=8, bits=6, birth=9)
    weights = [match_weights(model, row, LATIN)[0] for model in (Model.default(), Model.default())]
    assert weights[0] == weights[1]
    assert weights[0] > match_weights(Model.default(), levels(grade=8, bits=6), LATIN)[0]


ODDS = st.lists(st.floats(-50, 50), min_size=1, max_size=12)


@given(log_odds=ODDS, data=st.data())
def test_candidates_for_one_person_share_one_probability(
    log_odds: list[float], data: st.DataObject
) -> None:
    # Once the seventh of many namesakes had no rivals, and so was likelier than the first.
    n = len(log_odds)
    drawn = data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    owner, odds = np.array(sorted(drawn), np.int32), np.array(log_odds)
    claims = rivals(owner, odds)
    chances = probabilities(odds, rival_odds(claims, np.zeros(len(claims.p), bool), odds))
    assert ((chances >= 0) & (chances <= 1)).all()
    for one in np.unique(owner):
        mine, likelihood = chances[owner == one], odds[owner == one]
        assert mine.sum() <= 1.0 + 0.02 * n
        assert (np.diff(mine[np.argsort(likelihood, kind="stable")]) >= -1e-9).all()


def test_mirrors_are_no_rivals() -> None:
    odds = np.array([6.0, 6.0, 5.0])
    claims = rivals(np.zeros(3, np.int32), odds)
    pairs = set(zip(claims.p.tolist(), claims.q.tolist(), strict=True))
    assert pairs == {(0, 1), (0, 2), (1, 2)}
    first_two = (claims.p == 0) & (claims.q == 1)
    alone = probabilities(odds, rival_odds(claims, np.zeros(3, bool), odds))
    mirrored = probabilities(odds, rival_odds(claims, first_two, odds))
    assert alone[0] < 0.5 <= mirrored[0]
    assert mirrored[0] == mirrored[1]
    assert mirrored[2] == alone[2]


def test_the_hopeless_are_nobodys_rivals() -> None:
    claims = rivals(np.zeros(2, np.int32), np.array([6.0, -20.0]))
    assert len(claims.p) == 0


def grouped(*groups: str) -> PeopleArrays:
    rows = [person(str(n), "Sami Haddad", group_id=group) for n, group in enumerate(groups)]
    return standardise_people(people_table(rows), Lexicon()).arrays


def support(pairs: list[tuple[int, int]], log_odds: list[float], a: PeopleArrays, b: PeopleArrays
            ) -> list[float]:  # fmt: skip
    i, j = (np.array(column, np.int32) for column in zip(*pairs, strict=True))
    bits = companion_bits(Pairs(i, j), np.array(log_odds), a, b)
    return [float(one) for one in bits]


def test_a_companion_who_matches_supports_and_one_who_does_not_hardly_does() -> None:
    home, bus = grouped("home", "home"), grouped("bus", "bus")
    sure = support([(0, 0), (1, 1)], [0.0, 20.0], home, bus)
    assert sure[0] == pytest.approx(COMPANION_BITS, abs=0.01)
    unlikely = support([(0, 0), (1, 1)], [0.0, -20.0], home, bus)
    assert unlikely[0] == pytest.approx(0.0, abs=0.01)


def test_only_other_people_of_the_same_two_groups_are_companions() -> None:
    home, bus = grouped("home", "home"), grouped("bus", "bus")
    alone, elsewhere = grouped("", ""), grouped("bus", "boat")
    assert support([(0, 0), (0, 1)], [0.0, 20.0], home, bus) == [0.0, 0.0]
    assert support([(0, 0), (1, 0)], [0.0, 20.0], home, bus) == [0.0, 0.0]
    assert support([(0, 0), (1, 1)], [0.0, 20.0], home, elsewhere) == [0.0, 0.0]
    assert support([(0, 0), (1, 1)], [0.0, 20.0], alone, bus) == [0.0, 0.0]


def test_support_goes_to_the_brother_as_much_so_that_it_tells_none_apart() -> None:
    model = Model.default()
    brother = levels(grade=1, bits=6, birth=2, home=7)
    before = pair_odds(model, brother, LATIN)
    gained = before.odds(np.full(1, COMPANION_BITS)) - before.odds()
    assert gained[0] < 1.0, "a household alone made a match of a brother"
    person_row = levels(grade=8, bits=6, birth=9, home=7)
    own = pair_odds(model, person_row, LATIN)
    assert (own.odds(np.full(1, COMPANION_BITS)) - own.odds())[0] > 2.0
