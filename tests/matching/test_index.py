"""Asking for one person at a time, of an index that grows: the batch's answer, at once."""

from __future__ import annotations

import polars as pl
import pytest

from reknit.matching import Effort, MatchingError, Model, PeopleIndex, explain_pair, match
from reknit.matching import index as index_module
from tests.cast import (
    IDRIS_FOUND,
    IDRIS_SOUGHT,
    NOOR,
    RAFI,
    SIBLINGS_FOUND,
    SIBLINGS_SOUGHT,
    Row,
    crowd,
    people_table,
    person,
    renamed,
)


def found_ids(index: PeopleIndex, record: Row, top: int = 10) -> list[str]:
    return [answer.found_id for answer in index.search(record, top=top)]


def test_it_answers_with_rank_probability_weight_and_evidence() -> None:
    index = PeopleIndex.build(people_table([IDRIS_FOUND, *crowd()]))
    answers = index.search(IDRIS_SOUGHT)
    best = answers[0]
    assert best.found_id == "idris-found"
    assert best.probability >= 0.5
    assert [answer.rank for answer in answers] == list(range(1, len(answers) + 1))
    assert sum(one.weight for one in best.evidence) == pytest.approx(best.match_weight, abs=1e-6)
    chances = [answer.probability for answer in answers]
    assert chances == sorted(chances, reverse=True)


def test_an_index_of_nobody_finds_nobody_and_then_whom_it_is_given() -> None:
    index = PeopleIndex.build(people_table([]))
    assert len(index) == 0
    assert index.search(IDRIS_SOUGHT) == []
    index.add(IDRIS_FOUND)
    assert len(index) == 1
    assert found_ids(index, IDRIS_SOUGHT) == ["idris-found"]


def test_a_record_added_is_found_by_the_next_search() -> None:
    index = PeopleIndex.build(people_table(crowd()))
    assert "idris-found" not in found_ids(index, IDRIS_SOUGHT)
    index.add(IDRIS_FOUND)
    assert found_ids(index, IDRIS_SOUGHT)[0] == "idris-found"
    for row in crowd("new"):
        index.add(row)
        assert row["person_record_id"] in found_ids(index, row)


def grown(monkeypatch: pytest.MonkeyPatch, waiting: int, merge: int) -> PeopleIndex:
    """An index that began with the cast and was given the crowd, one by one."""
    monkeypatch.setattr(index_module, "MOST_WAITING", waiting)
    monkeypatch.setattr(index_module, "LEAST_MERGE", merge)
    index = PeopleIndex.build(people_table([IDRIS_FOUND, *SIBLINGS_FOUND]))
    for row in crowd():
        index.add(row)
    return index


@pytest.mark.parametrize(("waiting", "merge"), [(256, 20_000), (8, 20_000), (8, 10), (1, 5)])
def test_an_index_that_grew_finds_as_one_built_at_once(
    monkeypatch: pytest.MonkeyPatch, waiting: int, merge: int
) -> None:
    index = grown(monkeypatch, waiting, merge)
    at_once = PeopleIndex.build(people_table([IDRIS_FOUND, *SIBLINGS_FOUND, *crowd()]))
    assert len(index) == len(at_once) == 53
    for record in [IDRIS_SOUGHT, *SIBLINGS_SOUGHT, *crowd()]:
        best = found_ids(index, record)
        assert best[0] == found_ids(at_once, record)[0]
        likely = {a.found_id for a in index.search(record) if a.probability >= 0.5}
        assert likely == {a.found_id for a in at_once.search(record) if a.probability >= 0.5}


def test_records_added_by_the_hundred_are_all_found() -> None:
    words = ["Bar", "Kel", "Tom", "Zan", "Wil", "Dor", "Hul", "Nev"]
    ends = ["adin", "ikoff", "umero", "eshkul", "antipov", "orinsky", "ubarev", "ilchenko"]
    names = [f"{a}{b} {c}{d}" for a in words for b in ends for c in words[:3] for d in ends[:2]]
    index = PeopleIndex.build(people_table([RAFI]))
    for number, name in enumerate(names[:300]):
        index.add(person(f"p{number}", name))
    assert len(index) == 301
    for number in (0, 150, 255, 256, 299):
        assert f"p{number}" in found_ids(index, {"full_name": names[number]})


def test_a_family_added_late_is_as_rare_as_in_the_whole_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Once the last eight records were a list of their own, where two of one name were a quarter.
    monkeypatch.setattr(index_module, "MOST_WAITING", 8)
    late = [person(f"q{n}", f"{name} Qassabian") for n, name in enumerate(["Garen", "Tigran"])]
    index = PeopleIndex.build(people_table(crowd()))
    for row in [*late, *crowd("new")[:6]]:
        index.add(row)
    at_once = PeopleIndex.build(people_table([*crowd(), *late, *crowd("new")[:6]]))
    grown, whole = (one.search({"full_name": "Garen Qassabian"})[0] for one in (index, at_once))
    assert grown.found_id == whole.found_id == "q0"
    assert grown.match_weight > whole.match_weight - 1


def test_families_added_in_parts_are_known_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "MOST_WAITING", 4)
    monkeypatch.setattr(index_module, "LEAST_MERGE", 4)
    sought = person("s", "Sami Yousef", relatives="father: Nizar Qassabian")
    index = PeopleIndex.build(people_table(crowd()))
    index.add(person("son", "Sami Yousef", group_id="bus-3"))
    index.add(person("father", "Nizar Qassabian", group_id="bus-3"))
    family = {one.field: one.weight for one in index.search(sought)[0].evidence}["family"]
    assert family > 0


@pytest.mark.parametrize("waiting", [256, 8, 1])
def test_a_record_removed_is_found_no_more(monkeypatch: pytest.MonkeyPatch, waiting: int) -> None:
    index = grown(monkeypatch, waiting, 20_000)
    for row in [*crowd(), IDRIS_FOUND]:
        assert index.remove(row["person_record_id"])
        assert not index.remove(row["person_record_id"])
        assert row["person_record_id"] not in found_ids(index, row)
    assert len(index) == len(SIBLINGS_FOUND)
    assert [found_ids(index, row)[0] for row in SIBLINGS_FOUND] == [
        row["person_record_id"] for row in SIBLINGS_FOUND
    ]


def test_an_index_packed_is_as_one_built_without_those_removed() -> None:
    index = PeopleIndex.build(people_table([IDRIS_FOUND, *SIBLINGS_FOUND, *crowd()]))
    for row in crowd()[:20]:
        index.remove(row["person_record_id"])
    index.pack()
    at_once = PeopleIndex.build(people_table([IDRIS_FOUND, *SIBLINGS_FOUND, *crowd()[20:]]))
    for record in [IDRIS_SOUGHT, *SIBLINGS_SOUGHT, *crowd()]:
        assert index.search(record) == at_once.search(record)
    assert crowd()[0]["full_name"] not in str(index._segments[0].people.rows.to_dicts())


def test_a_record_added_again_takes_the_place_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for waiting in (256, 1):
        monkeypatch.setattr(index_module, "MOST_WAITING", waiting)
        index = PeopleIndex.build(people_table([RAFI, *crowd()]))
        for row in (renamed(IDRIS_FOUND, "same"), renamed(NOOR, "same"), renamed(NOOR, "same")):
            index.add(row)
        assert len(index) == 52
        assert all(one.probability < 0.5 for one in index.search(IDRIS_SOUGHT))
        assert found_ids(index, NOOR).count("same") == 1


def test_who_was_removed_vouches_for_nobody_registered_together() -> None:
    sought = person("s", "Sami Yousef", relatives="father: Nizar Qassabian")
    son = person("son", "Sami Yousef", group_id="bus-3")
    father = person("father", "Nizar Qassabian", group_id="bus-3")
    mother = person("mother", "Salma Haddad", group_id="bus-3")
    index = PeopleIndex.build(people_table([son, father, mother, *crowd()]))

    def family_weight() -> float:
        best = index.search(sought)[0]
        assert best.found_id == "son"
        return {one.field: one.weight for one in best.evidence}.get("family", 0.0)

    assert family_weight() > 0
    index.remove("father")
    assert family_weight() <= 0
    index.add(father)
    index.remove("son")
    assert "son" not in found_ids(index, sought)


def test_building_an_index_says_how_far_it_is() -> None:
    said: list[tuple[str, float]] = []
    PeopleIndex.build(
        people_table(crowd()), progress=lambda step, share: said.append((step, share))
    )
    shares = [share for _, share in said]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_several_asked_together_get_what_each_gets_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    index = grown(monkeypatch, waiting=9, merge=1)
    asked = [
        IDRIS_SOUGHT,
        RAFI,
        {"relatives": IDRIS_FOUND["relatives"]},
        *SIBLINGS_SOUGHT,
        {**RAFI, "person_record_id": IDRIS_SOUGHT["person_record_id"]},
        {"full_name": "Unknown Unknown"},
        *crowd(),
    ]
    alone = [index.search(record) for record in asked]
    assert any(alone[2])
    assert index.search_all(asked) == alone
    likely = [[one for one in answers if one.probability >= 0.02] for answers in alone]
    assert index.search_all(asked, least_probability=0.02) == likely
    assert index.search_all([]) == []


def test_a_search_changes_nothing() -> None:
    index = PeopleIndex.build(people_table([IDRIS_FOUND, *crowd()]))
    first = index.search(IDRIS_SOUGHT)
    for row in crowd("asked"):
        index.search({**row, "group_id": "asked-together"})
    assert index.search(IDRIS_SOUGHT) == first
    assert len(index) == 51


def test_top_and_effort_bound_the_answers() -> None:
    index = PeopleIndex.build(
        people_table([person(f"f{n}", "Nadezhda Shevchuk") for n in range(30)])
    )
    assert len(index.search({"full_name": "Надежда Шевчук"}, top=3)) == 3
    few = index.search({"full_name": "Надежда Шевчук"}, top=30, effort=Effort(candidates=5))
    assert 1 <= len(few) <= 5


def test_an_index_says_how_large_it_is() -> None:
    small, large = (PeopleIndex.build(people_table(crowd()[:n])) for n in (5, 50))
    assert 0 < small.nbytes < large.nbytes


def test_records_with_little_or_nothing_to_say_are_answered() -> None:
    index = PeopleIndex.build(people_table([IDRIS_FOUND, *crowd()]))
    assert index.search({}) == []
    assert index.search({"full_name": "   "}) == []
    assert index.search({"date_of_birth": "1987-04-02"}) == []
    index.search({"full_name": "I"})


NUMBERED = {**IDRIS_FOUND, "identifiers": "passport: A1234567"}


@pytest.mark.parametrize("late", [False, True])
def test_a_number_or_a_relative_finds_somebody_without_a_name(late: bool) -> None:
    index = PeopleIndex.build(people_table(crowd() if late else [NUMBERED, *crowd()]))
    if late:
        index.add(NUMBERED)
    (only,) = index.search({"identifiers": "passport: a-1234567"})
    assert only.found_id == "idris-found"
    assert only.probability > 0.5
    assert sum(one.weight for one in only.evidence) == pytest.approx(only.match_weight, abs=1e-6)
    assert "idris-found" in found_ids(index, {"relatives": IDRIS_SOUGHT["relatives"]})
    assert found_ids(index, {"identifiers": "passport: B7654321"}) == []


def test_who_has_no_name_is_found_by_nobody() -> None:
    unknown = {"person_record_id": "x", "full_name": "Unknown", "identifiers": "passport: A1234567"}
    index = PeopleIndex.build(people_table([unknown, *crowd()]))
    assert found_ids(index, {"identifiers": "passport: A1234567"}) == []
    assert found_ids(index, {"full_name": "Unknown Unknown"}) == []
    assert found_ids(index, {"home_city": "Homs"}) == []


def test_a_pair_explained_among_its_list_weighs_as_in_a_match() -> None:
    rows = [IDRIS_FOUND, *SIBLINGS_FOUND, *crowd()]
    found, model = people_table(rows), Model.default()
    table = match(people_table([IDRIS_SOUGHT, *SIBLINGS_SOUGHT]), found, model=model).table
    sought_rows = {row["person_record_id"]: row for row in (IDRIS_SOUGHT, *SIBLINGS_SOUGHT)}
    found_rows = {row["person_record_id"]: row for row in rows}
    assert table.height >= 3
    for sought, other, weight in table.select("sought_id", "found_id", "match_weight").rows():
        explained = explain_pair(sought_rows[sought], found_rows[other], model, among=found)
        assert explained.match_weight == pytest.approx(weight, abs=1e-4)  # rounded in tables


def test_a_pair_is_explained_only_among_a_list_that_holds_it() -> None:
    with pytest.raises(MatchingError, match="idris-found"):
        explain_pair(IDRIS_SOUGHT, IDRIS_FOUND, among=people_table(crowd()))


def test_a_pair_that_no_search_would_bring_together_is_explained_too() -> None:
    explanation = explain_pair(IDRIS_SOUGHT, renamed(crowd()[0], "x"))
    assert explanation.match_weight < 0
    assert explanation.probability < 0.01
    assert explanation.prior_weight < 0


def test_the_same_index_serves_ids_that_are_numbers() -> None:
    index = PeopleIndex.build(pl.DataFrame({"person_record_id": [7], "full_name": ["Rafi Mard"]}))
    assert found_ids(index, {"full_name": "Rafi Mard"}) == ["7"]
