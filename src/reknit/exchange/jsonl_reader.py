"""JSON Lines into cells: one object a line.

Rules: a line that is no JSON object is set aside; a value that cannot stand in a cell becomes
unknown and is reported; keys are columns, in the order they first appear.

>>> line = b'{"person_record_id": 1, "full_name": ["Amal", "Amel"]}'
>>> read_json_lines(line, "a.jsonl").frame.rows()
[('1', 'Amal\\nAmel')]
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from operator import itemgetter

import polars as pl

from reknit.exchange.cells import NestedValueError, cell_text
from reknit.exchange.encodings import refuse_damage, to_utf8
from reknit.exchange.errors import ExchangeError
from reknit.exchange.findings import (
    Finding,
    RawTable,
    SetAside,
    nul_bytes,
    shorten,
    unreadable_characters,
)
from reknit.exchange.limits import refuse_findings, refuse_swelling

MOST_COLUMNS = 1_000
_BATCH = 20_000


def read_json_lines(data: bytes, name: str, *, was_sent: bool = False) -> RawTable:
    """The cells of a JSON Lines file; ExchangeError when no line is a JSON object, or it is more
    than may be sent in."""
    decoded = to_utf8(data, name)
    sent_as = name if was_sent else None
    refuse_damage(sent_as, decoded)
    if decoded.data.lstrip().startswith(b"["):
        raise ExchangeError(
            name, "this is a JSON array, not JSON Lines", "Write one JSON object a line"
        )
    keys: dict[str, None] = {}
    rows: list[dict[str, object]] = []
    lines: list[int] = []
    frames: list[pl.DataFrame] = []
    findings: list[Finding] = []
    set_aside: list[SetAside] = []
    for number, text in enumerate(decoded.data.decode().split("\n"), 1):
        if not text or text.isspace():
            continue
        row = _parse(text)
        if isinstance(row, str):
            set_aside.append(SetAside(number, row, (text,)))
            refuse_findings(sent_as, len(set_aside))
            continue
        if not row.keys() <= keys.keys():
            keys.update(dict.fromkeys(row))
            if len(keys) > MOST_COLUMNS:
                raise ExchangeError(
                    f"{name}, line {number}",
                    f"more than {MOST_COLUMNS:,} different keys",
                    "Use the same keys in every line",
                )
        rows.append(row)
        lines.append(number)
        if len(rows) == _BATCH:
            if was_sent:
                refuse_swelling(name, rows=len(lines), columns=len(keys))
            frames.append(_frame(rows, tuple(keys), lines[-_BATCH:], findings))
            refuse_findings(sent_as, len(findings))
            rows = []
    if not lines:
        raise ExchangeError(name, "no line is a JSON object", "Write one JSON object a line")
    if was_sent:
        refuse_swelling(name, rows=len(lines), columns=len(keys))
    frames.append(_frame(rows, tuple(keys), lines[len(lines) - len(rows) :], findings))
    frame = pl.concat(frames, how="diagonal").with_columns(pl.all().fill_null(""))
    header, numbers = tuple(map(_storable, keys)), pl.Series("line", lines, pl.Int64)
    found = nul_bytes(decoded.nul_lines) + tuple(findings)
    if decoded.damaged:
        found += unreadable_characters(frame, numbers, header)
    return RawTable(header, frame, numbers, decoded.encoding, found, tuple(set_aside))


def _frame(
    rows: list[dict[str, object]], keys: tuple[str, ...], lines: list[int], findings: list[Finding]
) -> pl.DataFrame:
    columns = []
    for position, (key, values) in enumerate(zip(keys, _by_key(rows, keys), strict=True)):
        try:
            columns.append(pl.Series(str(position), values, pl.String, strict=True))
        except (TypeError, UnicodeEncodeError, pl.exceptions.PolarsError):
            texts = _texts(key, values, lines, findings)
            columns.append(pl.Series(str(position), texts, pl.String))
    return pl.DataFrame(columns)


def _by_key(rows: list[dict[str, object]], keys: tuple[str, ...]) -> list[Sequence[object]]:
    """The values of each key; None where a row does not have it."""
    if len(keys) > 1 and rows:
        try:
            return list(zip(*map(itemgetter(*keys), rows), strict=True))
        except KeyError:
            pass
    return [[row.get(key) for row in rows] for key in keys]


def _texts(
    key: str, values: Sequence[object], lines: list[int], findings: list[Finding]
) -> list[str]:
    texts = []
    for value, line in zip(values, lines, strict=True):
        try:
            texts.append(_storable(cell_text(value)))
        except NestedValueError:
            texts.append("")
            rule = "a nested value cannot stand in a cell"
            shown = shorten(_storable(repr(value)))
            findings.append(Finding(line, _storable(key), shown, rule, "Flatten it"))
    return texts


def _parse(raw: str) -> dict[str, object] | str:
    """The object of one line, or why it is set aside."""
    try:
        value = json.loads(raw)
    except RecursionError:
        return "not a JSON object: nested too deep"
    except json.JSONDecodeError as error:
        return f"not a JSON object: it cannot be read from sign {error.pos + 1} on"
    except ValueError:  # Python's bound on the digits of a whole number
        return "not a JSON object: a number of too many digits"
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        return "not a JSON object: a list"
    return "not a JSON object: a single value"


def _storable(text: str) -> str:
    """JSON may escape half a surrogate pair, which no UTF-8 can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
