"""People as arrays: each value read once, nothing lost, and appended rows touch none before."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reknit.matching import people
from reknit.matching.births import FROM_AGE, HEAPED
from reknit.matching.people import (
    Lexicon,
    PeopleArrays,
    complete_columns,
    join_people,
    standardise_people,
    standardise_person,
    take_people,
    text_key,
)
from reknit.vocabulary.columns import PEOPLE_COLUMNS
from tests.cast import (
    AMAL,
    IDRIS_FOUND,
    IDRIS_SOUGHT,
    RAFI,
    SIBLINGS_FOUND,
    Row,
    crowd,
    people_table,
    person,
)

EVERYBODY = [AMAL, IDRIS_SOUGHT, IDRIS_FOUND, RAFI, *SIBLINGS_FOUND, *crowd()[:12]]


def arrays_of(*rows: Row) -> PeopleArrays:
    return standardise_people(people_table(rows), Lexicon()).arrays


def same_arrays(a: PeopleArrays, b: PeopleArrays) -> list[str]:
    """The fields in which two tables differ."""
    nested = "home", "seen"
    plain = [name for name in PeopleArrays._fields if name not in nested]
    differing = [name for name in plain if getattr(a, name).tolist() != getattr(b, name).tolist()]
    for outer in nested:
        one, other = getattr(a, outer), getattr(b, outer)
        for name in one._fields:
            if getattr(one, name).tolist() != getattr(other, name).tolist():
                differing.append(f"{outer}.{name}")
    return differing


def test_a_table_of_ids_and_names_alone_is_enough() -> None:
    arrays = arrays_of(person("1", "Idris Haddad"), person("2", "إدريس حداد"))
    assert np.diff(arrays.form_start).tolist() == [1, 1]
    unknown = [*arrays.sex, *arrays.birth_low, *arrays.home.country, *np.diff(arrays.phone_start)]
    assert not any(unknown)
    assert arrays.group.tolist() == [-1, -1]


@given(rows=st.lists(st.integers(0, len(EVERYBODY) - 1), unique=True))
def test_people_taken_are_as_if_they_had_stood_alone(rows: list[int]) -> None:
    lexicon = Lexicon()
    everybody = standardise_people(people_table(EVERYBODY), lexicon)
    taken = take_people(everybody, np.array(rows, np.int64))
    alone = standardise_people(taken.rows, lexicon, everybody.groups)
    assert taken.ids.to_list() == [EVERYBODY[row]["person_record_id"] for row in rows]
    assert same_arrays(taken.arrays, alone.arrays) == []


def test_a_table_gets_every_column_of_the_contract_as_text() -> None:
    rows = complete_columns(pl.DataFrame({"person_record_id": [7], "age": [None], "extra": ["x"]}))
    assert tuple(rows.columns) == PEOPLE_COLUMNS
    assert rows.row(0)[0] == "7"
    assert set(rows.row(0)[1:]) == {""}


_SAID = (
    "Idris idris AMAL Amal HD Ali ali McDonald O'Neill al-Rahman Abd bin Dr Haji J. X Gebre Mariam "
    "Unknown baby of alias dit Md Mohammad Ivanovich PETROV é Nguyễn ΝΑΜΠΙΛΣ Αμαλ Петрович Марія "
    "ПАК იвани Ӏса عبد المنعم أحمد احمد الرحمن نجیب\u200cالله ገብረ ወልደ 小明 김철수 ဟိန်းအောင် মোহাম্মদ "
    "გიორგი Հայկ İbrahim P\u0435tr\u043ev aaa مجهول غير معروف невідомо 12 Gi0rgi , ( ) \n \t \xa0"
)
_WORDS = st.sampled_from(_SAID.split(" "))
_NAMES = st.lists(_WORDS, max_size=5).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(names=st.lists(st.tuples(_NAMES, _NAMES, _NAMES), min_size=2, max_size=6))
def test_the_quick_way_reads_names_as_the_full_way(names: list[tuple[str, str, str]]) -> None:
    rows: list[Row] = [
        {
            "person_record_id": str(number), "full_name": full, "given_name": given,
            "family_name": family, "relatives": f"father: {full}".replace("\n", " "),
        }
        for number, (full, given, family) in enumerate(names)
    ]  # fmt: skip
    lexicon = Lexicon()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "FEW", 0)
        together = standardise_people(people_table(rows), lexicon)
    for number, row in enumerate(rows):
        alone = standardise_person(row, lexicon)
        taken = take_people(together, np.array([number], np.int64))
        assert same_arrays(taken.arrays, alone.arrays) == [], row


def test_junk_is_no_name() -> None:
    junk = ["Unknown Unknown", "baby of Fatima", "test", "مجهول الهوية", "неизвестно", "---"]
    arrays = arrays_of(*(person(str(n), name) for n, name in enumerate(junk)))
    assert np.diff(arrays.form_start).tolist() == [0] * len(junk)


def test_each_form_of_a_name_is_kept() -> None:
    arrays = arrays_of({**person("1", "Idris Haddad\nإدريس حداد"), "alternate_names": "Abu Yusuf"})
    assert np.diff(arrays.form_start).tolist() == [3]


def test_ages_become_years_of_birth_only_with_their_day() -> None:
    arrays = arrays_of(
        person("1", "A Haddad", age="30", source_date="2020-06-01"),
        person("2", "B Haddad", age="31-33", source_date="2020-06-01"),
        person("3", "C Haddad", age="30"),
    )
    assert arrays.birth_low.tolist() == [1989, 1986, 0]
    assert arrays.birth_high.tolist() == [1990, 1989, 0]
    assert arrays.birth_flags.tolist() == [FROM_AGE | HEAPED, FROM_AGE, 0]


def test_a_date_wins_over_an_age() -> None:
    arrays = arrays_of(
        person("1", "A Haddad", age="60", source_date="2020-06-01", date_of_birth="1987-04-02")
    )
    assert (arrays.birth_low[0], arrays.birth_month[0], arrays.birth_day[0]) == (1987, 4, 2)


def test_people_registered_together_know_one_another() -> None:
    groups = {"1": "x", "2": "", "3": "y", "4": "x"}
    rows = [person(n, "Sami Haddad", group_id=group) for n, group in groups.items()]
    arrays = arrays_of(*rows)
    first = arrays.group[0]
    members = slice(arrays.group_member_start[first], arrays.group_member_start[first + 1])
    assert arrays.group_members[members].tolist() == [0, 3]
    assert arrays.group[1] == -1


@settings(max_examples=25)
@given(rows=st.lists(st.sampled_from(EVERYBODY), max_size=8), cut=st.integers(0, 8))
def test_rows_appended_are_as_rows_there_from_the_start(rows: list[Row], cut: int) -> None:
    at_once = Lexicon()
    whole = standardise_people(people_table(rows), at_once)
    first = standardise_people(people_table(rows[:cut]), at_once)
    second = standardise_people(people_table(rows[cut:]), at_once, first.groups)
    joined = join_people(first, second)
    assert same_arrays(whole.arrays, joined.arrays) == []
    assert joined.ids.to_list() == [row["person_record_id"] for row in rows]


def test_one_record_is_read_as_in_a_table() -> None:
    lexicon = Lexicon()
    table = standardise_people(people_table([IDRIS_SOUGHT]), lexicon)
    assert same_arrays(table.arrays, standardise_person(IDRIS_SOUGHT, lexicon).arrays) == []


@given(text=st.text(max_size=20))
def test_text_keys_are_stable_and_never_zero(text: str) -> None:
    assert text_key(text) == text_key(text)
    assert 0 < text_key(text) < 2**63
