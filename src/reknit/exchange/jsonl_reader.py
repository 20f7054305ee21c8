"""JSON Lines into cells: one object a line.

Rules: a line that is no JSON object is set aside; a value that cannot stand in a cell becomes
unknown and is reported; keys are columns, in the order they first appear.

>>> line = b'{"person_record_id": 1, "full_name": ["Amal", "Amel"]}'
>>> read_json_lines(line, "a.jsonl").frame.rows()
[('1', 'Amal\\nAmel')]
"""

from __future__ import annotations

import json

import polars as pl

from reknit.exchange.cells import NestedValueError, cell_text
from reknit.exchange.encodings import to_utf8
from reknit.exchange.errors import ExchangeError
from reknit.exchange.findings import (
    Finding,
    RawTable,
    SetAside,
    nul_bytes,
    shorten,
    unreadable_characters,
)


def read_json_lines(data: bytes, name: str) -> RawTable:
    """The cells of a JSON Lines file; ExchangeError when no line is a JSON object."""
    decoded = to_utf8(data, name)
    if decoded.data.lstrip().startswith(b"["):
        raise ExchangeError(
            name, "this is a JSON array, not JSON Lines", "Write one JSON object a line"
        )
    columns: dict[str, list[str]] = {}
    lines: list[int] = []
    findings: list[Finding] = []
    set_aside: list[SetAside] = []
    for number, raw in enumerate(decoded.data.decode().split("\n"), 1):
        if not raw or raw.isspace():
            continue
        row = _parse(raw)
        if isinstance(row, str):
            set_aside.append(SetAside(number, f"not a JSON object: {row}", (raw,)))
            continue
        for key, value in row.items():
            column = columns.get(key)
            if column is None:
                column = columns[key] = [""] * len(lines)
            try:
                text = cell_text(value)
            except NestedValueError:
                findings.append(_nested(number, key, value))
                text = ""
            column.append(text)
        lines.append(number)
        for column in columns.values():
            if len(column) < len(lines):
                column.append("")
    if not lines:
        raise ExchangeError(name, "no line is a JSON object", "Write one JSON object a line")
    frame = pl.DataFrame(
        [pl.Series(str(n), map(_storable, cells)) for n, cells in enumerate(columns.values())]
    )
    header, numbers = tuple(map(_storable, columns)), pl.Series("line", lines, pl.Int64)
    found = nul_bytes(decoded.nul_lines) + tuple(findings)
    if decoded.damaged:
        found += unreadable_characters(frame, numbers, header)
    return RawTable(header, frame, numbers, decoded.encoding, found, tuple(set_aside))


def _parse(raw: str) -> dict[str, object] | str:
    """The object of one line, or why there is none."""
    try:
        value = json.loads(raw)
    except RecursionError:
        return "nested too deep"
    except ValueError as error:
        return str(error)
    return value if isinstance(value, dict) else f"a {type(value).__name__}"


def _nested(line: int, key: str, value: object) -> Finding:
    rule = "a nested value cannot stand in a cell"
    return Finding(line, _storable(key), shorten(_storable(repr(value))), rule, "Flatten it")


def _storable(text: str) -> str:
    """JSON may escape half a surrogate pair, which no UTF-8 can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
