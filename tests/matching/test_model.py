"""The model file: readable, whole or not there, and refused in one line when it is not one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reknit.matching import MatchingError, Model
from reknit.matching.levels import BITS, GRADE, NAME_GRADES, OTHER_QUESTIONS, QUESTIONS
from reknit.matching.model import FLOOR, FORMAT_VERSION, SCRIPT_GROUPS
from reknit.matching.script_pairs import script_pair
from reknit.vocabulary import Script


def test_a_model_saved_and_loaded_is_the_same_text(tmp_path: Path) -> None:
    model = Model.default().with_provenance(trained_on="a list of 7, مجهول")
    path = tmp_path / "model.json"
    model.save(path)
    assert Model.load(path).to_json() == model.to_json() == path.read_text("utf-8")
    assert [file.name for file in tmp_path.iterdir()] == ["model.json"]


def test_a_model_loaded_weighs_as_the_one_saved(tmp_path: Path) -> None:
    model = Model.default()
    model.save(tmp_path / "m.json")
    levels = np.array([[9, 5, 10, 2, 7, 2, 3, 6, 0, 3], [0, 0, 0, 1, 1, 1, 1, 1, 2, 1]], np.int8)
    group = np.array([2, 0], np.int16)
    loaded = Model.load(tmp_path / "m.json")
    assert (
        loaded.log_tables.weights(levels, group) == model.log_tables.weights(levels, group)
    ).all()


def test_what_a_model_knows_of_two_scripts_is_saved_and_weighs() -> None:
    start, arabic = Model.default(), script_pair(Script.LATIN, Script.ARABIC)
    assert json.loads(start.to_json())["name"]["script_pairs"] == {}
    m_probability, shares = start.name.m_probability.copy(), start.script_shares.copy()
    m_probability[arabic] = np.linspace(0.01, 0.19, len(NAME_GRADES))
    shares[arabic] = 2.5
    known = replace(
        start, name=replace(start.name, m_probability=m_probability), script_shares=shares
    )
    data = json.loads(known.to_json())["name"]["script_pairs"]
    assert list(data) == ["latin and arabic"]
    assert data["latin and arabic"]["times_as_often"] == 2.5
    loaded = Model.from_json(known.to_json(), "the file")
    levels = np.array([[8, 5, 10, 2, 7, 2, 3, 6, 0, 1]], np.int8)
    weights = [
        model.log_tables.weights(levels, np.array([arabic], np.int16))[0]
        for model in (start, known, loaded)
    ]
    assert (weights[1] == weights[2]).all()
    assert weights[0][0] != weights[1][0]
    share, _, _ = loaded.log_tables.shares(np.array([arabic, 0], np.int16))
    assert share[0] - share[1] == pytest.approx(np.log2(2.5))


@pytest.mark.parametrize(
    "pair",
    [
        {"latin and martian": {"times_as_often": 1.0, "grades": []}},
        {"latin and arabic": {"times_as_often": 0.0, "grades": []}},
        {"latin and arabic": {"grades": []}},
        {"latin and arabic": []},
        [],
    ],
)
def test_two_scripts_that_make_no_sense_are_refused(pair: object) -> None:
    data = json.loads(Model.default().to_json())
    data["name"]["script_pairs"] = pair
    with pytest.raises(MatchingError, match="not a Reknit model"):
        Model.from_json(json.dumps(data), "the file")


def test_a_model_can_be_read_by_a_person() -> None:
    data = json.loads(Model.default().to_json())
    assert data["format"] == "reknit-model"
    assert data["provenance"]["trained_on"]
    assert [row["level"] for row in data["questions"]["sex"]] == ["different", "same"]
    assert set(data["name"]["groups"]) == set(SCRIPT_GROUPS)


def test_a_model_is_saved_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.json"
    Model.default().save(path)
    before = path.read_text("utf-8")

    def full_disk(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        Model.default().with_provenance(trained_on="something else").save(path)
    assert path.read_text("utf-8") == before
    assert [file.name for file in tmp_path.iterdir()] == ["model.json"]


def changed(**parts: Any) -> str:
    return json.dumps({**json.loads(Model.default().to_json()), **parts})


def without(part: str) -> str:
    data = json.loads(Model.default().to_json())
    del data[part]
    return json.dumps(data)


def renamed_level() -> str:
    data = json.loads(Model.default().to_json())
    data["questions"]["sex"][0]["level"] = "opposite"
    return json.dumps(data)


def with_probability(value: object) -> str:
    data = json.loads(Model.default().to_json())
    data["questions"]["sex"][0]["m_probability"] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    "text",
    [
        "", "not json", "[]", "3", "null", '"reknit-model"', "{}",
        changed(version=FORMAT_VERSION + 1), changed(format="splink-model"), changed(name=None),
        changed(match_share="many"), without("name"), without("questions"), without("provenance"),
        renamed_level(), with_probability("a few"), with_probability(-0.1),
        with_probability(float("nan")),
    ],
)  # fmt: skip
def test_what_is_no_model_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "notes.json"
    path.write_text(text, "utf-8")
    with pytest.raises(MatchingError) as caught:
        Model.load(path)
    said = str(caught.value)
    assert said.startswith(str(path))
    assert "\n" not in said
    assert "reknit train" in said


@pytest.mark.parametrize("share", [-0.5, 0.0, 1.0, 7.0, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(MatchingError, match="match_share"):
        Model.from_json(changed(match_share=share), "the file")


def test_bytes_that_are_no_text_and_files_that_are_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "photo.json").write_bytes(b"\xff\xfe\x00\x81")
    for name in ("photo.json", "absent.json"):
        with pytest.raises(MatchingError, match=name):
            Model.load(tmp_path / name)


def test_what_is_not_known_weighs_nothing() -> None:
    levels = np.zeros((len(SCRIPT_GROUPS), QUESTIONS), np.int8)
    weights = Model.default().log_tables.weights(levels, np.arange(3).astype(np.int8))
    assert (weights[:, 1:] == 0).all()


def test_no_weight_is_infinite_even_where_nothing_was_ever_seen() -> None:
    data = json.loads(Model.default().to_json())
    for rows in data["questions"].values():
        for row in rows:
            row["u_probability"] = row["household_probability"] = 0.0
    model = Model.from_json(json.dumps(data), "the file")
    rows = [
        [len(NAME_GRADES) - 1, 15, *(len(question.levels) - 1 for question in OTHER_QUESTIONS)],
        [0, 0, *(1 for _ in OTHER_QUESTIONS)],
    ]
    weights = model.log_tables.weights(np.array(rows, np.int8), np.zeros(2, np.int8))
    assert np.isfinite(weights).all()
    assert weights[:, 1:].max() <= -np.log2(FLOOR)


@pytest.mark.parametrize("group", range(len(SCRIPT_GROUPS)))
def test_better_names_and_rarer_names_weigh_more(group: int) -> None:
    def weight(grade: int, bits: int) -> float:
        levels = np.zeros((1, QUESTIONS), np.int8)
        levels[0, GRADE], levels[0, BITS] = grade, bits
        groups = np.array([group], np.int16)
        return float(Model.default().log_tables.weights(levels, groups)[0, 0])

    assert weight(0, 0) < weight(4, 4) < weight(8, 4) < weight(8, 8) < weight(8, 12)
