"""Clusters: who in one list is whom, without chains of weak links."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.matching import dedupe
from reknit.matching.clusters import UNCOMPARED, cluster_records
from tests.cast import IDRIS_FOUND, IDRIS_SOUGHT, RAFI, crowd, people_table, person, renamed


def clusters(n: int, links: list[tuple[int, int, float]]) -> list[int]:
    i, j, odds = zip(*links, strict=True) if links else ((), (), ())
    numbers, _ = cluster_records(
        n, np.array(i, np.int32), np.array(j, np.int32), np.array(odds, np.float64)
    )
    return [int(number) for number in numbers]


def test_strong_links_hold_a_cluster_and_the_unlinked_stay_alone() -> None:
    assert clusters(4, [(0, 1, 6.0), (1, 2, 6.0), (0, 2, 5.0)]) == [0, 0, 0, 3]


def test_a_single_weak_link_chains_nobody() -> None:
    left, right = [(0, 1, 8.0), (0, 2, 8.0), (1, 2, 8.0)], [(3, 4, 8.0), (3, 5, 8.0), (4, 5, 8.0)]
    assert clusters(6, [*left, *right, (2, 3, 2.0)]) == [0, 0, 0, 3, 3, 3]


def test_two_strong_links_do_not_join_the_clearly_different() -> None:
    assert clusters(3, [(0, 1, 4.0), (1, 2, 4.0), (0, 2, -30.0)])[2] != 0
    assert UNCOMPARED < 0


def test_a_link_that_speaks_against_itself_joins_nobody() -> None:
    assert clusters(2, [(0, 1, -0.5)]) == [0, 1]
    assert clusters(2, []) == [0, 1]


LINKS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(-8, 12)).filter(
        lambda link: link[0] < link[1]
    ),
    unique_by=lambda link: link[:2],
    max_size=20,
)


@given(links=LINKS)
def test_clusters_are_named_by_their_first_record_and_speak_for_themselves(
    links: list[tuple[int, int, float]],
) -> None:
    cluster = clusters(8, links)
    assert clusters(8, list(reversed(links))) == cluster
    strength = {(i, j): odds for i, j, odds in links}
    for number in set(cluster):
        members = [record for record in range(8) if cluster[record] == number]
        assert members[0] == number
        pairs = [(a, b) for a in members for b in members if a < b]
        for record in members if len(members) > 1 else []:
            mine = [strength.get(pair, UNCOMPARED) for pair in pairs if record in pair]
            assert max(mine) > 0, "nothing holds this record"


def test_it_brings_one_persons_records_together_and_says_what_holds_them() -> None:
    twice = [IDRIS_SOUGHT, IDRIS_FOUND, renamed(IDRIS_FOUND, "idris-again"), RAFI, *crowd()]
    result = dedupe(people_table(twice))
    together = result.table.filter(pl.col("cluster_id") == "idris-sought")
    assert together["person_record_id"].to_list() == ["idris-sought", "idris-found", "idris-again"]
    assert (together["probability"] >= 0.9).all()
    assert set(result.links["cluster_id"]) == {"idris-sought"}
    assert result.links.height == 3
    assert (result.links["match_weight"] > 0).all()


def test_a_record_alone_is_sure_of_itself() -> None:
    result = dedupe(people_table([RAFI, *crowd()]))
    assert result.table["probability"].to_list() == [1.0] * 51
    assert result.table["cluster_id"].to_list() == result.table["person_record_id"].to_list()
    assert result.links.is_empty()


def test_a_record_between_two_people_does_not_make_them_one() -> None:
    # Once a family's one phone made a father and his son one person through a record of neither.
    yaroslav = person("a", "Yaroslav Dzyuba", date_of_birth="1980-03-04", home_city="Lviv",
                      phones="+380671234567")  # fmt: skip
    either = person("b", "Dzyuba", home_city="Львів", phones="+380671234567")
    stepan = person("c", "Stepan Dzyuba", date_of_birth="1999-11-25", home_city="Lviv",
                    phones="+380671234567")  # fmt: skip
    table = dedupe(people_table([yaroslav, either, stepan, *crowd()])).table
    cluster = dict(table.select("person_record_id", "cluster_id").iter_rows())
    assert cluster["a"] != cluster["c"]


def test_three_records_each_of_two_people_stay_two_clusters_round_a_doubtful_one() -> None:
    def three(name: str, born: str, prefix: str) -> list[dict[str, str]]:
        return [person(f"{prefix}{n}", name, date_of_birth=born) for n in range(3)]

    rows = [*three("Yaroslav Dzyuba", "1980-03-04", "a"), person("b", "Yaroslav Stepan Dzyuba"),
            *three("Stepan Dzyuba", "1999-11-25", "c"), *crowd()]  # fmt: skip
    table = dedupe(people_table(rows)).table
    cluster = dict(table.select("person_record_id", "cluster_id").iter_rows())
    assert {cluster["a0"], cluster["a1"], cluster["a2"]} == {"a0"}
    assert len({cluster["c0"], cluster["c1"], cluster["c2"]}) == 1
    assert cluster["c0"] != "a0"


@pytest.mark.parametrize("rows", [0, 1])
def test_tables_too_small_for_doubles_come_back_as_they_are(rows: int) -> None:
    result = dedupe(people_table([RAFI][:rows]))
    assert result.table.rows() == [("rafi", "rafi", 1.0)][:rows]
    assert result.links.is_empty()


def test_a_cluster_says_how_strong_the_weakest_link_it_needs_is() -> None:
    # Two pairs of strong twins, held together by links that are weaker; one record alone.
    i, j = np.array([0, 2, 0, 0, 1, 1], np.int32), np.array([1, 3, 2, 3, 2, 3], np.int32)
    odds = np.array([12.0, 11.0, 3.0, 2.0, 2.0, 2.0])
    cluster, weakest = cluster_records(5, i, j, odds)
    assert cluster.tolist() == [0, 0, 0, 0, 4]
    assert weakest.tolist() == [3.0, 3.0, 3.0, 3.0, np.inf]
