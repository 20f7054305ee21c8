"""Tables of messages in, and what was read in them out, a JSON object a line.

Rules: the formats, encodings and header matching of people tables; `message_id` and `text` are
needed; an id that is there twice names two messages, for none may be lost; `received_at` (ISO
8601), `channel` and `stated_language` may be. A text stays as it was written, letter by letter,
for facts are said by their place in it.

>>> import tempfile
>>> path = Path(tempfile.mkdtemp()) / "messages.csv"
>>> _ = path.write_text("message_id,text\\nM1, Where is Amal? \\n")
>>> read_messages(path)[0].text
' Where is Amal? '
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from reknit.exchange.errors import ExchangeError, OutputError
from reknit.exchange.findings import shorten
from reknit.exchange.pairs import read_pairs, read_pairs_bytes
from reknit.exchange.writing import whole_file

MESSAGE_ENDINGS = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message of a table. received_at: when it came, None where that was not said."""

    message_id: str
    text: str
    received_at: dt.datetime | None = None
    channel: str | None = None
    stated_language: str | None = None


def read_messages(path: Path) -> list[MessageRow]:
    """The messages of a table, in its order.

    ExchangeError when the file is no table, a column is missing, an id is empty, or a time cannot
    be read.
    """
    return _rows(read_pairs(path, ("message_id", "text")), path)


def read_message_bytes(data: bytes, name: str) -> list[MessageRow]:
    """As `read_messages`, of a table in memory; `name` tells the format by its ending."""
    return _rows(read_pairs_bytes(data, name, ("message_id", "text")), Path(name))


def _rows(table: pl.DataFrame, path: Path) -> list[MessageRow]:
    rows: list[MessageRow] = []
    for row in table.iter_rows(named=True):
        message_id = str(row["message_id"])
        rows.append(
            MessageRow(
                message_id,
                row["text"] or "",
                _time(row.get("received_at"), path, message_id),
                row.get("channel") or None,
                row.get("stated_language") or None,
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """One labelled message of a table. urgency: 1 to 5, None where not said."""

    text: str
    categories: frozenset[str]
    language: str | None = None
    urgency: int | None = None


def read_labelled_messages(path: Path) -> list[LabelledRow]:
    """The labelled messages of a table: text, categories divided by ";", language, urgency.

    ExchangeError when the file is no table, a column is missing, it has no rows, or an urgency is
    none.
    """
    table = read_pairs(path, ("text", "categories"))
    rows = [
        LabelledRow(
            row["text"] or "",
            frozenset(name for part in _parts(row["categories"]) if (name := part.strip().lower())),
            (row.get("language") or "").strip() or None,
            _urgency(row.get("urgency"), path, number),
        )
        for number, row in enumerate(table.iter_rows(named=True), 1)
    ]
    if not rows:
        raise ExchangeError(path.name, "there are no labelled messages in it", "Label some")
    return rows


def _parts(cell: str | None) -> list[str]:
    return (cell or "").replace("\n", ";").split(";")


def _urgency(written: str | None, path: Path, number: int) -> int | None:
    text = (written or "").strip()
    if not text:
        return None
    if text not in {"1", "2", "3", "4", "5"}:
        raise ExchangeError(
            f"{path.name}, message {number}", f"urgency is '{shorten(text)}', not 1 to 5",
            "Correct it or leave it empty",
        )  # fmt: skip
    return int(text)


def write_messages(rows: Iterable[Mapping[str, object]], path: Path) -> int:
    """One JSON object a line; the whole file or none. Returns how many lines were written."""
    if path.suffix.lower() not in MESSAGE_ENDINGS:
        raise OutputError(str(path), f"messages are not written as {path.suffix!r}", "Use .jsonl")
    count = 0
    with whole_file(path) as stream:
        for row in rows:
            stream.write(_line(row))
            count += 1
    return count


def _line(row: Mapping[str, object]) -> bytes:
    try:
        return (json.dumps(row, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:  # half of a surrogate pair, out of a broken JSON text
        return (json.dumps(row) + "\n").encode()


def _time(written: str | None, path: Path, message_id: str) -> dt.datetime | None:
    text = (written or "").strip()
    if not text:
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise ExchangeError(
            f"{path.name}, message {shorten(message_id)}",
            f"received_at is '{shorten(text)}', not a time",
            "Write it as 2026-06-01T05:00 or leave it empty",
        ) from None
