"""`reknit messages`: the contract's columns, and one line for bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reknit.cli import run

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
        (("message_id,text", "m1,hello", "m1,hello"), "the id m1 is there twice"),
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
