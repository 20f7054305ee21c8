"""Estimation: from patterns drawn by known probabilities it finds those probabilities again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from reknit.matching.estimate import (
    MATCH,
    NO_MATCH,
    UNKNOWN,
    Totals,
    estimate,
    find_patterns,
    found_rate,
)
from reknit.matching.homes import OTHER_REGION, SAME_CITY
from reknit.matching.levels import (
    BIRTH,
    BIRTH_CLOSE_YEARS,
    BIRTH_FAR,
    BIRTH_SAME_YEAR,
    BITS,
    FAMILY,
    GRADE,
    HOME,
    IDENTIFIER,
    OTHER_QUESTIONS,
    PHONE,
    QUESTIONS,
    SEX,
)
from reknit.matching.model import Model
from reknit.matching.script_pairs import SCRIPT_PAIRS, script_pair
from reknit.vocabulary import Script

F64 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int8]

TRUE_M: dict[int, list[float]] = {
    BIRTH: [0.01, 0.02, 0.02, 0.05, 0.10, 0.02, 0.10, 0.05, 0.08, 0.55],
    SEX: [0.02, 0.98],
    HOME: [0.02, 0.08, 0.05, 0.05, 0.05, 0.15, 0.40, 0.10, 0.05, 0.05],
    PHONE: [0.70, 0.30],
}
TRUE_U: dict[int, list[float]] = {
    BIRTH: [0.60, 0.20, 0.06, 0.04, 0.04, 0.02, 0.02, 0.01, 0.005, 0.005],
    SEX: [0.48, 0.52],
    HOME: [0.30, 0.35, 0.15, 0.06, 0.03, 0.04, 0.04, 0.015, 0.0075, 0.0075],
    PHONE: [0.998, 0.002],
}
CANDIDATES = 5
FOUND_ROWS = 5_000


def latin_pairs(number: int) -> F64:
    """So many pairs, all of two Latin names."""
    pairs = np.zeros(len(SCRIPT_PAIRS))
    pairs[0] = number
    return pairs


class Drawn:
    """Compared pairs of `asked` people, each with five candidates; at most one is the person."""

    def __init__(self, asked: int, found_rate: float, seed: int) -> None:
        rng = np.random.default_rng(seed)
        n = asked * CANDIDATES
        self.owner = np.repeat(np.arange(asked, dtype=np.int32), CANDIDATES)
        self.is_match = np.zeros(n, bool)
        found = np.flatnonzero(rng.random(asked) < found_rate)
        self.is_match[found * CANDIDATES + rng.integers(0, CANDIDATES, len(found))] = True
        self.levels = np.zeros((n, QUESTIONS), np.int8)
        self.levels[:, GRADE] = np.where(self.is_match, 9, rng.choice([4, 6, 9], n))
        self.levels[:, BITS] = np.where(self.is_match, 6, rng.choice([4, 5, 6], n))
        for column in TRUE_M:
            as_match, as_stranger = TRUE_M[column], TRUE_U[column]
            m = rng.choice(len(as_match), n, p=as_match)
            u = rng.choice(len(as_stranger), n, p=as_stranger)
            known = rng.random(n) < 0.9
            self.levels[:, column] = np.where(known, np.where(self.is_match, m, u) + 1, 0)
        self.group = np.zeros(n, np.int16)
        self.totals = Totals(latin_pairs(asked * FOUND_ROWS), asked, asked)

    def estimated(self, judgement: I8 | None = None, start: Model | None = None) -> Model:
        patterns = find_patterns(self.owner, self.levels, self.group, judgement)
        return estimate(patterns, self.totals, start or Model.default())


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    return Drawn(asked=4_000, found_rate=0.6, seed=20)


@pytest.fixture(scope="module")
def estimated(drawn: Drawn) -> Model:
    return drawn.estimated()


def by_column(model: Model, column: int) -> tuple[F64, F64]:
    (name,) = (question.name for question in OTHER_QUESTIONS if question.column == column)
    return model.questions[name].m_probability[1:], model.questions[name].u_probability[1:]


@pytest.mark.parametrize("column", TRUE_M)
def test_it_finds_the_probabilities_that_made_the_pairs(estimated: Model, column: int) -> None:
    m, u = by_column(estimated, column)
    assert m == pytest.approx(TRUE_M[column], abs=0.03)
    assert u == pytest.approx(TRUE_U[column], abs=0.03)


def test_it_finds_how_many_match(drawn: Drawn, estimated: Model) -> None:
    matches = estimated.match_share * drawn.totals.pairs.sum()
    assert matches == pytest.approx(drawn.is_match.sum(), rel=0.05)
    assert found_rate(estimated, drawn.totals) == pytest.approx(0.6, abs=0.04)


@pytest.mark.parametrize("rate", [0.1, 0.9])
def test_it_finds_a_low_and_a_high_share_of_matches(rate: float) -> None:
    drawn = Drawn(asked=3_000, found_rate=rate, seed=4)
    matches = drawn.estimated().match_share * drawn.totals.pairs.sum()
    assert matches / 3_000 == pytest.approx(drawn.is_match.sum() / 3_000, abs=0.03)


def test_what_nobody_was_asked_keeps_its_start(estimated: Model) -> None:
    for column in (IDENTIFIER, FAMILY):
        m, u = by_column(estimated, column)
        start_m, start_u = by_column(Model.default(), column)
        assert m == pytest.approx(start_m / start_m.sum())
        assert u == pytest.approx(start_u / start_u.sum())


def test_probabilities_stay_probabilities(estimated: Model) -> None:
    for question in estimated.questions.values():
        for table in (question.m_probability, question.u_probability):
            assert table[0] == 1.0
            assert table[1:].sum() == pytest.approx(1.0, abs=1e-4)
            assert (table > 0).all()
    assert estimated.name.m_probability.sum(axis=1) == pytest.approx(1.0, abs=1e-4)
    assert 0 < estimated.match_share < 1


def test_a_few_rows_change_little() -> None:
    few = Drawn(asked=10, found_rate=0.6, seed=2)
    m, _ = by_column(few.estimated(), BIRTH)
    start, _ = by_column(Model.default(), BIRTH)
    assert m == pytest.approx(start, abs=0.12)
    assert m != pytest.approx(start, abs=1e-4)


def test_candidates_of_one_person_share_at_most_one_match() -> None:
    # Thirty namesakes of each person asked for are not thirty matches.
    asked, each = 50, 30
    owner = np.repeat(np.arange(asked, dtype=np.int32), each)
    levels = np.zeros((asked * each, QUESTIONS), np.int8)
    levels[:, GRADE], levels[:, BITS], levels[:, BIRTH] = 9, 8, 10
    group = np.zeros(asked * each, np.int16)
    totals = Totals(latin_pairs(asked * 1000), asked, asked)
    model = estimate(find_patterns(owner, levels, group), totals, Model.default())
    assert model.match_share * totals.pairs.sum() <= asked * 1.01


def test_judgements_move_what_cannot_be_told_otherwise() -> None:
    """Pairs alike in all but home: people who judged them say what a move of home means."""
    asked = 200
    levels = np.zeros((asked, QUESTIONS), np.int8)
    levels[:, GRADE], levels[:, BITS], levels[:, BIRTH], levels[:, HOME] = 8, 4, 7, 1
    owner, group = np.arange(asked, dtype=np.int32), np.zeros(asked, np.int16)
    totals = Totals(latin_pairs(asked * 1000), asked, asked)

    def other_country(judgement: int) -> tuple[float, float, float]:
        judged = np.full(asked, judgement, np.int8)
        patterns = find_patterns(owner, levels, group, judged)
        model = estimate(patterns, totals, Model.default())
        m, u = by_column(model, HOME)
        return float(m[0]), float(u[0]), model.match_share

    said_yes, said_no, silent = (
        other_country(MATCH),
        other_country(NO_MATCH),
        other_country(UNKNOWN),
    )
    assert said_yes[0] > silent[0] >= said_no[0]
    assert said_no[1] > said_yes[1]
    assert said_yes[2] > said_no[2]


def test_patterns_give_back_every_pair() -> None:
    drawn = Drawn(asked=300, found_rate=0.5, seed=9)
    judgement = np.where(drawn.is_match, MATCH, UNKNOWN).astype(np.int8)
    group = (np.arange(len(drawn.owner)) % len(SCRIPT_PAIRS)).astype(np.int16)
    patterns = find_patterns(drawn.owner, drawn.levels, group, judgement)
    assert (patterns.levels[patterns.of_pair] == drawn.levels).all()
    assert (patterns.group[patterns.of_pair] == group).all()
    assert (patterns.judgement[patterns.of_pair] == judgement).all()
    assert len(patterns.levels) < len(drawn.levels)
    assert patterns.sampled == 1.0


def test_of_very_many_pairs_it_keeps_whole_owners(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = Drawn(asked=2_000, found_rate=0.6, seed=3)
    whole = drawn.estimated()
    monkeypatch.setattr("reknit.matching.estimate.MOST_PAIRS", 4_000)
    patterns = find_patterns(drawn.owner, drawn.levels, drawn.group)
    kept = np.unique(patterns.owner, return_counts=True)
    assert set(kept[1]) == {CANDIDATES}
    assert patterns.sampled == pytest.approx(len(kept[0]) / 2_000, abs=0.01)
    assert drawn.estimated().match_share == pytest.approx(whole.match_share, rel=0.15)


def test_relatives_tell_no_more_from_the_person_where_everyone_is_of_one_town() -> None:
    # Once a file from one town made that town a mark of one person against her brothers.
    drawn = Drawn(asked=1_000, found_rate=0.6, seed=5)
    drawn.levels[:, HOME] = 6
    home = drawn.estimated().questions["home"]
    start = Model.default().questions["home"]
    towns = slice(6, 9)
    assert home.m_probability[6] > 0.8
    told = np.log2(home.m_probability[towns] / home.household_probability[towns])
    assert told == pytest.approx(np.full(3, told[0]))
    assert told[0] <= np.log2(1 / start.household_probability[towns].sum()) + 1e-9


def test_a_phone_says_little_of_which_one_of_a_family_it_is(estimated: Model) -> None:
    # Invented families had a phone each, so that a shared one made brothers one person.
    for phone in (estimated.questions["phone"], Model.default().questions["phone"]):
        assert phone.household_probability[2] >= 0.49 * phone.m_probability[2]
        assert phone.household_probability[1:].sum() == pytest.approx(1.0)


def in_two_scripts() -> tuple[Drawn, I8]:
    """Half of those asked for are matched in Latin letters, half meet only strangers' names, as
    like theirs, in Greek ones."""
    drawn = Drawn(asked=2_000, found_rate=0.6, seed=6)
    greek = drawn.owner % 2 == 1
    drawn.levels[greek & drawn.is_match] = 0
    drawn.group[greek] = script_pair(Script.LATIN, Script.GREEK)
    drawn.totals.pairs[:] = latin_pairs(1_000 * FOUND_ROWS)
    drawn.totals.pairs[script_pair(Script.GREEK, Script.LATIN)] = 1_000 * FOUND_ROWS
    drawn.is_match &= ~greek
    return drawn, greek


def test_it_finds_in_which_scripts_people_are_found() -> None:
    # Once a file in one script, beside strangers in ten others, made many of those matches.
    drawn, _ = in_two_scripts()
    estimated = drawn.estimated()
    latin, greek = (
        estimated.script_shares[script_pair(Script.LATIN, other)]
        for other in (Script.LATIN, Script.GREEK)
    )
    assert latin == pytest.approx(2.0, abs=0.1)
    assert greek < 0.1
    assert estimated.match_share * drawn.totals.pairs.sum() == pytest.approx(
        drawn.is_match.sum(), rel=0.05
    )


def test_a_pair_of_scripts_of_which_little_is_seen_is_as_its_group() -> None:
    drawn = Drawn(asked=1_000, found_rate=0.6, seed=7)
    hebrew, arabic = (script_pair(Script.LATIN, s) for s in (Script.HEBREW, Script.ARABIC))
    drawn.group[:] = hebrew
    drawn.group[:20] = arabic
    drawn.totals.pairs[:] = 0.0
    drawn.totals.pairs[[hebrew, arabic]] = 996 * FOUND_ROWS, 4 * FOUND_ROWS
    name, start = drawn.estimated().name, Model.default().name
    across = SCRIPT_PAIRS.index("across scripts")
    # All matches here are written the same: what was seen of Hebrew moves its group, and Arabic
    # with it, for of that little was seen.
    assert name.m_probability[hebrew, 9] > 0.8
    assert name.m_probability[arabic] == pytest.approx(name.m_probability[across], abs=0.05)
    unseen = script_pair(Script.LATIN, Script.THAI)
    assert name.m_probability[unseen] == pytest.approx(name.m_probability[across])
    assert start.m_probability[across, 9] < 0.1


def test_strangers_names_teach_what_strangers_share_in_their_own_scripts() -> None:
    drawn, greek = in_two_scripts()
    latin_greek = script_pair(Script.LATIN, Script.GREEK)
    fewer = drawn.estimated().name.u_scale
    # The same strangers among a tenth of the pairs: names of these scripts are shared more.
    drawn.totals.pairs[latin_greek] /= 10
    more = drawn.estimated().name.u_scale
    ratio = more[latin_greek, 4] / fewer[latin_greek, 4]
    assert 3 < ratio < 30
    assert greek.any()


def test_namesakes_do_not_teach_it_that_people_have_two_birthdays() -> None:
    # Once, in a list where few of the sought were found and names were few, namesakes passed for
    # matches, whose births then seemed often years apart, which made more namesakes matches.
    drawn = Drawn(asked=1_500, found_rate=0.1, seed=8)
    namesakes = ~drawn.is_match & (np.arange(len(drawn.owner)) % (6 * CANDIDATES) == 0)
    drawn.levels[namesakes, GRADE], drawn.levels[namesakes, BITS] = 9, 8
    m, _ = by_column(drawn.estimated(), BIRTH)
    start, _ = by_column(Model.default(), BIRTH)
    assert m[BIRTH_FAR - 1] < start[BIRTH_FAR - 1] + 0.06


def test_people_who_judge_may_say_that_births_contradict() -> None:
    drawn = Drawn(asked=1_000, found_rate=0.9, seed=9)
    wrong = drawn.is_match & (np.arange(len(drawn.owner)) % 5 < 2)
    drawn.levels[wrong, BIRTH] = BIRTH_FAR
    judged = np.where(drawn.is_match, MATCH, NO_MATCH).astype(np.int8)
    share = wrong.sum() / drawn.is_match.sum()
    told, silent = (
        by_column(drawn.estimated(judgement), BIRTH)[0][BIRTH_FAR - 1]
        for judgement in (judged, None)
    )
    assert told == pytest.approx(share, abs=0.08)
    assert silent < told


def test_where_nobody_says_who_lives_together_few_are_relatives() -> None:
    # Once a list of names and birthdays was taken for one where everybody has relatives on the
    # other side, and names spelt a little differently for those of brothers.
    drawn = Drawn(asked=1_000, found_rate=0.6, seed=10)
    drawn.levels[~drawn.is_match, GRADE] = 1
    drawn.levels[:, [HOME, PHONE]] = 0
    relatives = drawn.estimated().household_share * drawn.totals.pairs.sum()
    assert relatives == pytest.approx(0.3 * 1_000, rel=0.01)


@pytest.mark.long
def test_it_estimates_as_splink_does(tmp_path: Path) -> None:
    """Four yes-or-no questions, five candidates a person: both find what made the pairs."""
    duckdb = pytest.importorskip("duckdb")
    splink = pytest.importorskip("splink")
    cl = pytest.importorskip("splink.comparison_library")

    rng = np.random.default_rng(8)
    asked, m, u = 4_000, [0.95, 0.8, 0.9, 0.85], [0.5, 0.02, 0.05, 0.05]
    owner = np.repeat(np.arange(asked, dtype=np.int32), CANDIDATES)
    n = len(owner)
    is_match = np.zeros(n, bool)
    found = np.flatnonzero(rng.random(asked) < 0.6)
    is_match[found * CANDIDATES + rng.integers(0, CANDIDATES, len(found))] = True
    agrees = [rng.random(n) < np.where(is_match, p, q) for p, q in zip(m, u, strict=True)]

    asks = {"unique_id": np.arange(asked), "owner": np.arange(asked)}
    answers = {"unique_id": np.arange(n), "owner": owner}
    for number, agree in enumerate(agrees):
        asks[f"q{number}"] = np.full(asked, "yes")
        answers[f"q{number}"] = np.where(agree, "yes", "no")
    connection = duckdb.connect()
    api = splink.DuckDBAPI(connection)
    inputs = []
    for name, table in (("asks", asks), ("answers", answers)):
        pl.DataFrame(table).write_csv(tmp_path / f"{name}.csv")
        path = tmp_path / f"{name}.csv"
        connection.execute(f"create table {name} as select * from read_csv('{path}')")  # noqa: S608  a path of tmp_path
        inputs.append(api.register(name, dataset_display_name=name))
    settings = splink.SettingsCreator(
        link_type="link_only",
        comparisons=[cl.ExactMatch(f"q{number}") for number in range(4)],
        blocking_rules_to_generate_predictions=[splink.block_on("owner")],
    )
    linker = splink.Linker(inputs, settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(
        splink.block_on("owner"), fix_u_probabilities=False
    )
    records = linker.misc.save_model_to_json()["comparisons"]
    theirs = [
        level["m_probability"]
        for record in records
        for level in record["comparison_levels"]
        if level.get("m_probability") and level["label_for_charts"].startswith("Exact")
    ]

    levels = np.zeros((n, QUESTIONS), np.int8)
    levels[:, GRADE], levels[:, BITS] = 8, 4
    asked_about = {
        SEX: (2, 1),
        PHONE: (2, 1),
        BIRTH: (BIRTH_SAME_YEAR, BIRTH_CLOSE_YEARS),
        HOME: (SAME_CITY, OTHER_REGION),
    }
    for (column, (yes, no)), agree in zip(asked_about.items(), agrees, strict=True):
        levels[:, column] = np.where(agree, yes, no)
    totals = Totals(latin_pairs(asked * FOUND_ROWS), asked, asked)
    patterns = find_patterns(owner, levels, np.zeros(n, np.int16))
    estimated = estimate(patterns, totals, Model.default())
    ours = [by_column(estimated, column)[0][yes - 1] for column, (yes, _) in asked_about.items()]
    assert ours == pytest.approx(m, abs=0.04)
    assert ours == pytest.approx(theirs, abs=0.05)
