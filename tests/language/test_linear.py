"""A trained model beside the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from reknit.language import LabelsError, ModelError, triage
from reknit.language.linear import MessageModel
from reknit.language.training import Labelled, train_model


def labelled() -> list[Labelled]:
    """Messages of which those with generators want electricity."""
    wanted = [
        Labelled(f"the generator of block {n} broke, it is dark", frozenset({"power"}), "en", 4)
        for n in range(12)
    ]
    others = [
        Labelled(f"my brother number {n} is at school today", frozenset({"sought"}), "en", 2)
        for n in range(15)
    ]
    return wanted + others


def test_it_learns_a_label_of_the_desks_own() -> None:
    model = train_model(labelled()).model
    read = triage("our generator is dark again", model=model)
    assert "power" in read.categories
    (reason,) = [one for one in read.because if one.category == "power"]
    assert "generator" in reason.words
    assert reason.made.confidence is not None


def test_words_that_tell_of_a_label_weigh_more_than_words_that_all_have() -> None:
    model = train_model(labelled()).model
    column, places = model.labels.index("power"), model.vocabulary["words"]
    weight = {
        word: abs(float(model.weights[places[word], column]))
        for word in ("generator", "brother", "is")
    }
    assert min(weight["generator"], weight["brother"]) > 10 * weight["is"]


def test_what_the_rules_found_of_danger_stays() -> None:
    model = train_model(
        [
            Labelled(f"my son is bleeding {n}", frozenset({"medical"} if n % 2 else ()), "en")
            for n in range(40)
        ]
    ).model
    assert "medical" in triage("my brother is bleeding", model=model).categories


def test_it_raises_urgency_and_never_lowers_it() -> None:
    model = train_model(labelled()).model
    assert triage("the generator of block 3 broke, it is dark", model=model).urgency.level == 4
    assert triage("my brother is bleeding at school today", model=model).urgency.level == 5


def test_the_same_messages_give_the_same_file(tmp_path: Path) -> None:
    for name in ("one.model", "two.model"):
        train_model(labelled()).model.save(tmp_path / name)
    assert (tmp_path / "one.model").read_bytes() == (tmp_path / "two.model").read_bytes()


def test_a_saved_model_says_the_same(tmp_path: Path) -> None:
    model = train_model(labelled()).model
    model.save(tmp_path / "desk.model")
    again = MessageModel.load(tmp_path / "desk.model")
    text = "our generator is dark again"
    assert triage(text, model=again).categories == triage(text, model=model).categories


@pytest.mark.parametrize("data", [b"", b"not a model", b"PK\x03\x04broken"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.model"
    path.write_bytes(data)
    with pytest.raises(ModelError, match="is no model of messages"):
        MessageModel.load(path)


def test_too_few_labels_are_refused() -> None:
    with pytest.raises(LabelsError, match="no category has 10 messages"):
        train_model([Labelled("help", frozenset({"medical"}), "en")])
