"""`reknit messages`: the contract's columns, and one line for bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reknit.cli import run
from tests.adapters.servers import model_saying
from tests.adapters.test_trial import by_the_labels

COLUMNS = {
    "message_id", "language", "language_confidence", "translation", "gloss", "summary",
    "categories", "urgency", "reasons", "facts",
}  # fmt: skip


def triage(messages: Path, out: Path, *more: str) -> list[dict[str, object]]:
    assert run(["messages", "triage", str(messages), "--out", str(out), *more]) == 0
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_it_writes_the_contracts_columns_and_loses_no_message(
    tmp_path: Path, write_csv: Callable[..., Path]
) -> None:
    messages = write_csv(
        "messages.csv",
        "message_id,text",
        'm1,"أبحث عن أخي إدريس عمره ٣٤ سنة"',
        "m2,",
        "m3,🙂",
    )
    rows = triage(messages, tmp_path / "out.jsonl")
    assert [row["message_id"] for row in rows] == ["m1", "m2", "m3"]
    assert all(set(row) == COLUMNS for row in rows)
    assert rows[0]["language"] == "ar"
    assert rows[1]["language"] == "und"


def test_offsets_are_code_points_of_the_text_as_it_came(
    tmp_path: Path, write_csv: Callable[..., Path]
) -> None:
    text = "  🙂 Looking for my brother Idris"
    messages = write_csv("messages.csv", "message_id,text", f'm1,"{text}"')
    (row,) = triage(messages, tmp_path / "out.jsonl")
    facts = row["facts"]
    assert isinstance(facts, list)
    names = [text[f["start"] : f["end"]] for f in facts if f["kind"] == "name"]
    assert names == ["Idris"]


def test_the_summary_is_in_the_readers_language(
    tmp_path: Path, write_csv: Callable[..., Path]
) -> None:
    messages = write_csv("messages.csv", "message_id,text", "m1,We have no water")
    (row,) = triage(messages, tmp_path / "out.jsonl", "--to", "es")
    assert str(row["summary"]).startswith("Asunto: agua")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("id,text", "m1,hello"), "no column message_id"),
        (("message_id,text", ",hello"), "message_id is empty"),
        (("message_id,text,received_at", "m1,hello,soon"), "received_at is 'soon', not a time"),
    ],
)
def test_bad_input_is_one_line_with_place_and_rule(
    tmp_path: Path,
    write_csv: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    lines: tuple[str, ...],
    said: str,
) -> None:
    messages = write_csv("messages.csv", *lines)
    out = tmp_path / "out.jsonl"
    assert run(["messages", "triage", str(messages), "--out", str(out)]) == 1
    heard = capsys.readouterr().err.strip().splitlines()
    assert len(heard) == 1
    assert said in heard[0]
    assert not out.exists()


def test_a_repeated_id_is_said_and_no_message_is_lost(
    tmp_path: Path, write_csv: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    messages = write_csv("messages.csv", "message_id,text", "m1,We have no water", "m1,SOS")
    rows = triage(messages, tmp_path / "out.jsonl")
    assert len(rows) == 2
    assert "1 messages bear an id that another has too" in capsys.readouterr().err


def test_another_ending_is_wrong_use(tmp_path: Path, write_csv: Callable[..., Path]) -> None:
    messages = write_csv("messages.csv", "message_id,text", "m1,hello")
    assert run(["messages", "triage", str(messages), "--out", str(tmp_path / "out.txt")]) == 2


def test_an_unknown_reader_is_refused(
    tmp_path: Path, write_csv: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    messages = write_csv("messages.csv", "message_id,text", "m1,hello")
    out = str(tmp_path / "out.jsonl")
    assert run(["messages", "triage", str(messages), "--out", out, "--to", "xx"]) == 1
    assert "choose one of en, fr, es, ar, uk" in capsys.readouterr().err


def test_it_trains_on_labels_and_uses_them(tmp_path: Path, write_csv: Callable[..., Path]) -> None:
    labels = write_csv(
        "labels.csv",
        "text,categories,language,urgency",
        *(f"the generator of block {n} broke,power;shelter,en,4" for n in range(12)),
        *(f"my brother number {n} is at school,sought,en,2" for n in range(12)),
    )
    model = tmp_path / "desk.model"
    assert run(["messages", "train", str(labels), "--out", str(model)]) == 0
    messages = write_csv("messages.csv", "message_id,text", "m1,the generator broke again")
    (row,) = triage(messages, tmp_path / "out.jsonl", "--model", str(model))
    assert "power" in str(row["categories"])


def test_labels_without_an_urgency_from_1_to_5_are_refused(
    tmp_path: Path, write_csv: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    labels = write_csv("labels.csv", "text,categories,urgency", "hello,sought,9")
    assert run(["messages", "train", str(labels), "--out", str(tmp_path / "m")]) == 1
    assert "urgency is '9', not 1 to 5" in capsys.readouterr().err


def test_a_table_without_messages_gives_an_empty_result(
    tmp_path: Path, write_csv: Callable[..., Path]
) -> None:
    messages = write_csv("messages.csv", "message_id,text")
    assert triage(messages, tmp_path / "out.jsonl") == []


def by_the_labels_or_medical(what: str, text: str) -> object:
    """A model that the trial admits, and that sees illness in any other message."""
    try:
        return by_the_labels(what, text)
    except KeyError:
        said = {
            "sorted": {"categories": ["medical"], "urgency": 5},
            "extracted": {
                "facts": [
                    {"kind": "condition", "quote": "no insulin", "role": "sender"},
                    {"kind": "name", "quote": "John Smith", "role": "sought"},
                ]
            },
            "translated": {"translation": "In safety."},
        }
        return said.get(what, {"language": "und"})


def test_a_model_that_passes_its_trial_adds_what_is_marked(
    tmp_path: Path, write_csv: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = write_csv(
        "messages.csv", "message_id,text", "m1,grandma has no insulin", "m2,Я в безпеці"
    )
    with model_saying(by_the_labels_or_medical) as (model, _):
        monkeypatch.setenv("REKNIT_MODEL_URL", f"{model.endpoint.place}/v1")
        monkeypatch.setenv("REKNIT_MODEL_NAME", "scripted")
        first, second = triage(messages, tmp_path / "out.jsonl", "--assisted")
    assert first["urgency"] == 5
    facts = first["facts"]
    assert isinstance(facts, list)
    assert [f["value"] for f in facts if "made" in f] in ([], ["no insulin"])
    assert "John Smith" not in json.dumps(first)
    assert second["translation"] == "In safety."
    assert "translation: machine-made: scripted" in str(second["reasons"])


def test_a_model_that_fails_its_trial_says_nothing(
    tmp_path: Path,
    write_csv: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    messages = write_csv("messages.csv", "message_id,text", "m1,Thank you")
    with model_saying(lambda *_: {"categories": ["offer"], "urgency": 5}) as (model, _):
        monkeypatch.setenv("REKNIT_MODEL_URL", f"{model.endpoint.place}/v1")
        monkeypatch.setenv("REKNIT_MODEL_NAME", "scripted")
        (row,) = triage(messages, tmp_path / "out.jsonl", "--assisted")
        assert run(["messages", "try"]) == 1
    (alone,) = triage(messages, tmp_path / "alone.jsonl")
    assert row == alone
    heard = capsys.readouterr()
    assert "scripted is refused, the rules stand alone: categories: F1" in heard.err
    assert "Refused: categories: F1" in heard.out


def test_a_trial_that_is_passed_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with model_saying(by_the_labels) as (model, _):
        monkeypatch.setenv("REKNIT_MODEL_URL", f"{model.endpoint.place}/v1")
        monkeypatch.setenv("REKNIT_MODEL_NAME", "scripted")
        assert run(["messages", "try"]) == 0
    assert "Admitted" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "neither REKNIT_MODEL_URL nor REKNIT_TRANSLATORS is set"),
        ({"REKNIT_MODEL_URL": "https://models.example/v1"}, "REKNIT_MODEL_NAME: it is empty"),
        (
            {"REKNIT_MODEL_URL": "https://models.example/v1", "REKNIT_MODEL_NAME": "m"},
            "the host is not allowed",
        ),
        ({"REKNIT_TRANSLATORS": "/no/such/folder"}, "is no folder"),
    ],
)
def test_what_may_not_be_asked_is_refused_in_one_line(
    tmp_path: Path,
    write_csv: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: dict[str, str],
    said: str,
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    messages = write_csv("messages.csv", "message_id,text", "m1,Thank you")
    out = tmp_path / "out.jsonl"
    assert run(["messages", "triage", str(messages), "--out", str(out), "--assisted"]) == 1
    heard = capsys.readouterr().err.strip()
    assert said in heard
    assert "\n" not in heard
    assert not out.exists()
