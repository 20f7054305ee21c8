"""Matching two tables: the same answer however it is run, for tables of any size and shape."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reknit.matching import MatchingError, Model, match, train
from reknit.matching.estimate import found_rate
from reknit.matching.joint import pair_odds
from reknit.synth import synthesise
from reknit.vocabulary.columns import PEOPLE_COLUMNS
from tests.cast import (
    IDRIS_FOUND,
    IDRIS_SOUGHT,
    SIBLINGS_FOUND,
    SIBLINGS_SOUGHT,
    crowd,
    people_table,
    person,
    renamed,
)

ROOT = Path(__file__).parents[2]
SHAPE = {
    "sought_id": pl.String,
    "found_id": pl.String,
    "rank": pl.Int32,
    "probability": pl.Float64,
    "match_weight": pl.Float64,
}
JUNK = [person("junk", "Unknown Unknown", date_of_birth="1990-05-05")]


@pytest.mark.parametrize(
    ("sought", "found", "rows"),
    [
        ([], [], 0),
        ([], [IDRIS_FOUND], 0),
        ([IDRIS_SOUGHT], [], 0),
        ([IDRIS_SOUGHT], [IDRIS_FOUND], 1),
        ([IDRIS_SOUGHT], JUNK, 0),
        (JUNK, [IDRIS_FOUND], 0),
        (JUNK, JUNK, 0),
    ],
    ids=["none", "no sought", "no found", "one of each", "junk found", "junk sought", "all junk"],
)
def test_tables_of_any_size_give_a_table_of_one_shape(
    sought: list[dict[str, str]], found: list[dict[str, str]], rows: int
) -> None:
    result = match(people_table(sought), people_table(found))
    assert dict(result.table.schema) == SHAPE
    assert result.table.height == rows
    with_evidence = result.table_with_evidence()
    assert with_evidence.columns == [*SHAPE, "evidence"]
    assert with_evidence.height == rows


def test_ids_and_names_are_enough() -> None:
    sought = people_table([person("s", "Hovhannes Qassabian")])
    found = people_table([person("f", "Հովհաննես Ղասաբյան"), person("g", "Олена Петренко")])
    assert sought.columns == ["person_record_id", "full_name"]
    assert match(sought, found).table["found_id"].to_list() == ["f"]


def test_given_and_family_names_are_enough() -> None:
    sought = pl.DataFrame(
        {"person_record_id": ["s"], "given_name": ["Hovhannes"], "family_name": ["Qassabian"]}
    )
    found = people_table([person("f", "QASSABIAN, Hovhannes"), *crowd()])
    best = match(sought, found).table.row(0, named=True)
    assert best["found_id"] == "f"
    assert best["probability"] >= 0.5


def test_names_of_thirty_words_match() -> None:
    name = " ".join(f"{a}{b}" for a in ("Bar", "Kel", "Tom", "Zan", "Wil", "Dor")
                    for b in ("ado", "iko", "ume", "esh", "anti"))  # fmt: skip
    assert len(name.split()) == 30
    table = match(people_table([person("s", name)]), people_table([person("f", name), *crowd()]))
    assert table.table.row(0, named=True)["found_id"] == "f"


def test_five_thousand_of_one_name_stay_within_bounds() -> None:
    found = people_table([person(f"f{n}", "Mohamed Ali") for n in range(5_000)])
    sought = people_table([person(f"s{n}", "محمد علي") for n in range(200)])
    begun = time.perf_counter()
    result = match(sought, found)
    assert time.perf_counter() - begun < 20
    assert len(result.weight) <= 200 * 48
    assert result.table.filter(pl.col("probability") >= 0.5).is_empty()


def test_candidates_are_ranked_and_cut() -> None:
    found = people_table([*SIBLINGS_FOUND, IDRIS_FOUND, *crowd()])
    table = match(people_table(SIBLINGS_SOUGHT), found).table
    for sought in ("garen", "tigran"):
        mine = table.filter(sought_id=sought)
        assert mine["rank"].to_list() == list(range(1, mine.height + 1))
        assert mine["probability"].is_sorted(descending=True)
        assert mine["found_id"][0] == f"{sought}-found"
    first = match(people_table(SIBLINGS_SOUGHT), found, top=1).table
    assert first["rank"].to_list() == [1, 1]
    likely = match(people_table(SIBLINGS_SOUGHT), found, min_probability=0.5).table
    assert (likely["probability"] >= 0.5).all()
    assert likely.height == 2


def test_a_model_given_is_kept_for_the_weights() -> None:
    sought, found = people_table([IDRIS_SOUGHT]), people_table([IDRIS_FOUND, *crowd()])
    result = match(sought, found, model=Model.default())
    assert result.model.to_json() == Model.default().to_json()
    assert match(sought, found).model.provenance["estimated_on"]


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["محمد علي", "Unknown", "31/02/1990", "-5", "9" * 40, "1987-04-02", "father: ", ": x\n\n:",
         "+963 944 123 456", "\u202eالاسم\u202c", "\x00", "👪", "passport: ", "0", "حلب"]
    ),
)  # fmt: skip
ROW = st.fixed_dictionaries({"full_name": CELLS}, optional=dict.fromkeys(PEOPLE_COLUMNS[2:], CELLS))
ROWS = st.lists(ROW, max_size=4)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(sought=ROWS, found=ROWS)
def test_no_cell_breaks_a_match(sought: list[dict[str, str]], found: list[dict[str, str]]) -> None:
    tables = [
        people_table({**row, "person_record_id": str(n)} for n, row in enumerate(rows))
        for rows in (sought, found)
    ]
    result = match(*tables)
    table = result.table_with_evidence()
    assert table["probability"].is_between(0, 1).all()
    assert np.isfinite(result.weight).all()
    assert all(one["sentence"] for row in table["evidence"] for one in row)


def by_pair(table: pl.DataFrame) -> dict[tuple[str, str], float]:
    return {(s, f): p for s, f, p in table.select("sought_id", "found_id", "probability").rows()}


def test_the_order_of_rows_changes_no_probability() -> None:
    invented = synthesise(120, 3, "crossing")
    straight = match(invented.sought, invented.found, top=1000)
    shuffled = match(
        invented.sought.sample(fraction=1, shuffle=True, seed=1),
        invented.found.sample(fraction=1, shuffle=True, seed=2),
        top=1000,
    )
    first, second = by_pair(straight.table), by_pair(shuffled.table)
    assert len(first) > 100
    assert first == pytest.approx(second, abs=1e-6)  # tables round to six digits


_RUN = """
import hashlib, sys
from reknit.matching import dedupe, match
from reknit.synth import synthesise
invented = synthesise(150, 8, "crossing")
result = match(invented.sought, invented.found, top=1000)
text = result.table_with_evidence().write_json() + dedupe(invented.found).table.write_json()
text += result.model.to_json() + repr(result.probability.tolist())
sys.stdout.write(hashlib.sha256(text.encode()).hexdigest())
"""


def test_the_answer_is_the_same_on_one_core_and_on_two() -> None:
    said = []
    for cores in ("1", "2"):
        environment = {**os.environ, "REKNIT_CORES": cores, "PYTHONHASHSEED": cores}
        run = subprocess.run(
            [sys.executable, "-c", _RUN],
            env=environment, capture_output=True, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
        said.append(run.stdout)
    assert said[0] == said[1]
    assert len(said[0]) == 64


def moved(n: int = 60) -> tuple[pl.DataFrame, pl.DataFrame]:
    """People and their doubles in another country: only a person can say whether they match."""
    given = ["Ahmad", "Ali", "Omar", "Sami", "Hasan", "Karim", "Nabil", "Rami", "Walid", "Yusuf"]
    family = ["Haddad", "Khoury", "Saleh", "Mansour", "Nasser", "Hamdan"]
    names = [f"{a} {b}" for b in family for a in given][:n]
    sought = [
        person(f"s{k}", name, home_city="Aleppo", home_country="SY", date_of_birth=f"{1960 + k}")
        for k, name in enumerate(names)
    ]
    found = [
        renamed(row, f"f{k}", home_city="Beirut", home_country="LB") for k, row in enumerate(sought)
    ]
    return people_table(sought), people_table(found)


def judged(match: int, n: int = 60) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "sought_id": [f"s{k}" for k in range(n)],
            "found_id": [f"f{k}" for k in range(n)],
            "match": [match] * n,
        }
    )


def test_judgements_change_what_is_believed() -> None:
    sought, found = moved()
    yes, no = train(sought, found, judged(1)), train(sought, found, judged(0))
    assert yes.questions["home"].m_probability[1] > 2 * no.questions["home"].m_probability[1]
    assert no.questions["home"].u_probability[1] > yes.questions["home"].u_probability[1]
    assert yes.match_share > no.match_share
    assert yes.provenance["trained_on"] == "60 sought and 60 found records, 60 judgements"
    probability = [
        match(sought, found, model=model).table.filter(sought_id="s1", found_id="f1")
        for model in (yes, no)
    ]
    assert probability[0]["match_weight"][0] > probability[1]["match_weight"][0] + 1


def test_training_without_judgements_says_so() -> None:
    sought, found = moved(20)
    assert train(sought, found).provenance["trained_on"].endswith("no labels")


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ({"sought_id": ["s1"], "found_id": ["f1"], "match": [2]}, "1 for a match"),
        ({"sought_id": ["s1"], "found_id": ["f1"], "match": ["maybe"]}, "1 for a match"),
        ({"sought_id": ["s1"], "found_id": ["f1"], "match": [None]}, "1 for a match"),
        ({"sought_id": ["x"], "found_id": ["y"], "match": [1]}, "belong to them"),
        ({"sought_id": ["s1"], "found_id": ["f1"]}, "match"),
    ],
)
def test_labels_that_say_nothing_are_refused(labels: dict[str, list[object]], said: str) -> None:
    sought, found = moved(5)
    with pytest.raises(MatchingError, match=said):
        train(sought, found, pl.DataFrame(labels))


def test_what_was_likely_before_and_the_evidence_make_the_odds_in_any_two_scripts() -> None:
    # The report's waterfall starts from the one and ends at the other.
    invented = synthesise(400, 5, "crossing")
    result = match(invented.sought, invented.found)
    expected = pair_odds(
        result.model,
        result.compared.levels,
        result.compared.group,
        found_rate=found_rate(result.model, result.compared.totals()),
    )
    against = np.logaddexp2(expected.household, expected.stranger)
    odds = expected.match - against
    rows = np.argsort(-odds)[:300]
    added = [result.prior_weight_of(int(row)) + result.weight[row] for row in rows]
    assert added == pytest.approx(odds[rows].tolist(), abs=1e-6)
    assert len(set(result.compared.group[rows].tolist())) > 3
