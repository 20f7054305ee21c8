"""What Reknit promises of every match, each as a test that can fail (see docs/explanation)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from reknit.matching import Model, PeopleIndex, dedupe, explain_pair, match
from reknit.matching.people import complete_columns
from reknit.synth import synthesise
from tests.cast import (
    AMAL,
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

JUNK = [
    "Unknown Unknown", "baby of Fatima", "TEST TEST", "Unidentified male", "مجهول الهوية",
    "неизвестный", "不明", "---",
]  # fmt: skip
JUNK_ROWS = [
    person(f"junk-{n}", name, date_of_birth="1990-05-05", home_city="Homs", phones="+963944123456")
    for n, name in enumerate(JUNK)
]


def probability(
    sought: list[Row] | list[dict[str, str]],
    found: list[Row] | list[dict[str, str]],
    sought_id: str,
    found_id: str,
    model: Model | None = None,
) -> float:
    """The probability that a match of two small files gives one pair; 0 where it has none."""
    table = match(people_table(sought), people_table(found), model=model, top=1000).table
    pair = table.filter(sought_id=sought_id, found_id=found_id)
    return float(pair["probability"][0]) if pair.height else 0.0


def names_only(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [person(row["person_record_id"], row["full_name"]) for row in rows]


# ── the cast ────────────────────────────────────────────────────────────────────────────────────


def test_amal_finds_idris_across_scripts_and_nobody_else() -> None:
    result = match(people_table([IDRIS_SOUGHT]), people_table([IDRIS_FOUND, NOOR, RAFI, *crowd()]))
    likely = result.table.filter(pl.col("probability") >= 0.5)
    assert likely["found_id"].to_list() == ["idris-found"]
    assert likely["rank"].to_list() == [1]


def test_a_brother_is_not_his_sister() -> None:
    assert probability([AMAL], [IDRIS_FOUND, *crowd()], "amal", "idris-found") < 0.5


# ── junk ────────────────────────────────────────────────────────────────────────────────────────


def test_junk_matches_nothing() -> None:
    # Once two nameless records with one birthday were candidates, at probabilities up to 0.7.
    found = [renamed(row, f"{row['person_record_id']}-found") for row in JUNK_ROWS]
    real = person("real", "Fatima Haddad", date_of_birth="1990-05-05", phones="+963944123456")
    assert match(people_table(JUNK_ROWS), people_table([*found, real])).table.is_empty()
    assert match(people_table([real]), people_table(found)).table.is_empty()


def test_junk_is_found_by_no_search_and_finds_nobody() -> None:
    real = person("real", "Fatima Haddad", date_of_birth="1990-05-05", phones="+963944123456")
    index = PeopleIndex.build(people_table([*JUNK_ROWS, real]))
    index.add(renamed(JUNK_ROWS[0], "junk-added"))
    assert [found.found_id for found in index.search(real)] == ["real"]
    for row in JUNK_ROWS:
        assert index.search(row) == []


def test_junk_is_nobodys_duplicate() -> None:
    twice = [*JUNK_ROWS, *(renamed(row, f"{row['person_record_id']}-again") for row in JUNK_ROWS)]
    result = dedupe(people_table(twice))
    assert result.links.is_empty()
    assert result.table["cluster_id"].to_list() == result.table["person_record_id"].to_list()


def test_junk_explained_beside_its_double_is_no_match_and_says_why() -> None:
    explanation = explain_pair(JUNK_ROWS[0], JUNK_ROWS[0])
    assert explanation.probability < 1e-12
    assert "no name" in explanation.evidence[0].sentence


# ── common and rare names ───────────────────────────────────────────────────────────────────────

COMMON = [
    ("محمد علي", "Mohamed Ali"),
    ("Mohammed Ali", "Mohammed Ali"),
    ("Мохаммед Али", "محمد علی"),
    ("José García", "Jose Garcia"),
    ("Ivan Ivanov", "Иван Иванов"),
    ("Nguyen Van Minh", "Nguyễn Văn Minh"),
]
RARE = [
    ("Hovhannes Qassabian", "Հովհաննես Ղասաբյան"),
    ("Zaynab al-Tikriti Qaddura", "زينب التكريتي قدورة"),
    ("Wilhelmina Szczepaniak", "Wilhelmina Szczepaniak"),
    ("Tesfamichael Weldegebriel", "ተስፋሚካኤል ወልደገብርኤል"),
]


@pytest.mark.parametrize(("a", "b"), COMMON)
@pytest.mark.parametrize("others", [0, 49])
def test_a_common_name_alone_never_decides(a: str, b: str, others: int) -> None:
    rest = names_only(crowd()[:others])
    sought = [person("s", a), *(renamed(row, f"s-{row['person_record_id']}") for row in rest)]
    assert probability([person("s", a)], [person("f", b), *rest], "s", "f") < 0.5
    assert probability(sought, [person("f", b), *rest], "s", "f") < 0.5


@pytest.mark.parametrize(("a", "b"), RARE)
def test_a_rare_name_alone_may_decide(a: str, b: str) -> None:
    rest = names_only(crowd()[:49])
    assert probability([person("s", a)], [person("f", b), *rest], "s", "f") >= 0.5


def test_a_rare_name_that_is_common_in_the_file_decides_no_longer() -> None:
    name = "Zaynab Qaddura"
    rest = names_only(crowd()[:40])
    namesakes = [person(f"other-{n}", name) for n in range(9)]
    assert probability([person("s", name)], [person("f", name), *rest], "s", "f") >= 0.5
    assert probability([person("s", name)], [person("f", name), *namesakes, *rest], "s", "f") < 0.5


# ── mirrors and siblings ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("others", [0, 50])
def test_one_person_registered_twice_may_match_twice(others: int) -> None:
    found = [IDRIS_FOUND, renamed(IDRIS_FOUND, "idris-again"), *crowd()[:others]]
    for found_id in ("idris-found", "idris-again"):
        assert probability([IDRIS_SOUGHT], found, "idris-sought", found_id) >= 0.5


@pytest.mark.parametrize("others", [0, 50])
def test_siblings_match_themselves_and_not_one_another(others: int) -> None:
    # Once, in files this small, brothers passed for mirrors of each other, and "same big town"
    # for a mark of one person, since every town is big in a file of two.
    found = [*SIBLINGS_FOUND, *crowd()[:others]]
    for own, brother in (("garen", "tigran"), ("tigran", "garen")):
        assert probability(SIBLINGS_SOUGHT, found, own, f"{own}-found") >= 0.5
        assert probability(SIBLINGS_SOUGHT, found, own, f"{brother}-found") < 0.5


@pytest.mark.parametrize("others", [0, 50])
@pytest.mark.parametrize("together", [True, False])
def test_a_sibling_is_no_match_when_the_right_one_is_not_there(others: int, together: bool) -> None:
    sought = SIBLINGS_SOUGHT if together else SIBLINGS_SOUGHT[:1]
    found = [SIBLINGS_FOUND[1], *crowd()[:others]]
    assert probability(sought, found, "garen", "tigran-found") < 0.5


# ── family ──────────────────────────────────────────────────────────────────────────────────────

SAMI = person(
    "sami", "سامي يوسف", sex="male", age="30", source_date="2024-01-01", home_country="SY",
    relatives="father: نزار يوسف\nmother: هالة شماس",
)  # fmt: skip
SAMI_FOUND = person(
    "found", "Sami Yousef", sex="male", age="33", source_date="2024-01-01", home_country="SY"
)
PARENTS = [person("p1", "Nizar Yousef"), person("p2", "Hala Shammas")]
OTHER_PARENTS = [person("p1", "Ibrahim Yousef"), person("p2", "Lamia Qudsi")]


def of_sami(found: dict[str, str], others: list[dict[str, str]], together: bool) -> float:
    rows = [found, *others]
    if together:
        rows = [{**row, "group_id": "bus-3"} for row in rows]
    return probability([SAMI], [*rows, *crowd()], "sami", "found")


def test_relatives_registered_together_with_the_found_raise_a_doubtful_pair() -> None:
    alone = of_sami(SAMI_FOUND, PARENTS, together=False)
    assert 0.1 < alone < 0.9, "this pair should be doubtful"
    assert of_sami(SAMI_FOUND, PARENTS, together=True) > alone + 0.05
    assert of_sami(SAMI_FOUND, OTHER_PARENTS, together=True) < alone


def test_relatives_named_on_both_sides_raise_and_lower_a_doubtful_pair() -> None:
    # Once a conflict of fathers changed nothing where the name alone had to decide.
    alone = of_sami(SAMI_FOUND, [], together=False)
    same = of_sami({**SAMI_FOUND, "relatives": "father: Nizar Yousef"}, [], together=False)
    other = of_sami({**SAMI_FOUND, "relatives": "father: Bassam Qudsi"}, [], together=False)
    assert other < alone - 0.05 < alone + 0.05 < same


def test_families_sought_and_found_together_raise_one_another() -> None:
    family = [{k: v for k, v in row.items() if k != "relatives"} for row in (SAMI, *PARENTS)]
    sought = [renamed(row, f"s{n}", group_id="home") for n, row in enumerate(family)]
    apart = probability(sought, [SAMI_FOUND, *PARENTS, *crowd()], "s0", "found")
    found = [{**row, "group_id": "bus-3"} for row in (SAMI_FOUND, *PARENTS)]
    assert probability(sought, [*found, *crowd()], "s0", "found") > apart + 0.05


def test_relatives_nobody_named_weigh_exactly_nothing_and_say_so() -> None:
    found = {k: v for k, v in IDRIS_FOUND.items() if k != "relatives"}
    evidence = {one.field: one for one in explain_pair(IDRIS_SOUGHT, found).evidence}
    assert evidence["family"].weight == 0.0
    assert "not known" in evidence["family"].sentence


# ── evidence ────────────────────────────────────────────────────────────────────────────────────


def test_the_evidence_adds_up_speaks_and_says_what_is_missing() -> None:
    sought = [IDRIS_SOUGHT, AMAL, *SIBLINGS_SOUGHT, SAMI]
    result = match(people_table(sought), people_table([IDRIS_FOUND, *SIBLINGS_FOUND, SAMI_FOUND]))
    assert len(result.weight) >= 5
    said = result.evidence(np.arange(len(result.weight)))
    for weight, evidence in zip(result.weight, said, strict=True):
        assert sum(one.weight for one in evidence) == pytest.approx(weight, abs=1e-6)
        assert all(one.sentence.strip().endswith(".") for one in evidence)
        for one in evidence:
            if "not known on one side" in one.sentence:
                assert one.weight == 0.0


def test_sentences_quote_names_in_their_own_script() -> None:
    name = explain_pair(IDRIS_SOUGHT, IDRIS_FOUND).evidence[0].sentence
    assert IDRIS_SOUGHT["full_name"] in name
    assert IDRIS_FOUND["full_name"] in name


# ── one answer, however it is asked ─────────────────────────────────────────────────────────────


def weights_of(sought: pl.DataFrame, found: pl.DataFrame) -> dict[tuple[str, str], float]:
    result = match(sought, found, model=Model.default(), top=1000)
    a, b = result.compared.people
    ids = zip(a.ids.gather(result.compared.i), b.ids.gather(result.compared.j), strict=True)
    return dict(zip(ids, result.weight.tolist(), strict=True))


def test_a_pair_weighs_the_same_in_batch_and_online() -> None:
    # Once the spellings that others asked for made a name less rare, and those sought together
    # counted as relatives in batch only.
    invented = synthesise(150, 11, "crossing")
    batch = weights_of(invented.sought, invented.found)
    index = PeopleIndex.build(invented.found, Model.default())
    online = {
        (row["person_record_id"], answer.found_id): answer.match_weight
        for row in complete_columns(invented.sought).iter_rows(named=True)
        for answer in index.search(row, top=1000)
    }
    assert len(batch) > 300
    assert online == pytest.approx(batch, abs=1e-9)


def test_a_pair_weighs_the_same_explained_where_names_are_as_rare() -> None:
    batch = weights_of(people_table([IDRIS_SOUGHT]), people_table([IDRIS_FOUND]))
    explained = explain_pair(IDRIS_SOUGHT, IDRIS_FOUND)
    assert explained.match_weight == pytest.approx(batch["idris-sought", "idris-found"], abs=1e-9)
    added = sum(one.weight for one in explained.evidence)
    assert added == pytest.approx(explained.match_weight, abs=1e-6)


# ── nothing left behind ─────────────────────────────────────────────────────────────────────────


def test_a_match_leaves_nothing_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    match(people_table([IDRIS_SOUGHT]), people_table([IDRIS_FOUND])).table_with_evidence()
    assert list(tmp_path.rglob("*")) == []
