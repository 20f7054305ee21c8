"""Typed values from JSON, Parquet and workbooks as the contract's text.

Rules: whole numbers lose ".0"; a date is ISO 8601, and so is a time unless it is midnight; several
values stand one a line; a pair such as {"relation": "father", "name": "Omar"} or
{"father": "Omar"} is the line "father: Omar". A value nested deeper has no text.

>>> cell_text(1987.0), cell_text(["Amal", "Amel"]), cell_text({"father": "Omar"})
('1987', 'Amal\\nAmel', 'father: Omar')
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

_PAIRS = (("relation", "name"), ("type", "value"))


class NestedValueError(ValueError):
    """A value that has no text in a table's cell."""


def cell_text(value: object) -> str:
    """The text of one cell; NestedValueError when the value is nested too deep."""
    match value:
        case list() | tuple():
            return "\n".join(line for line in map(_line, value) if line)
        case dict():
            return _pairs(value)
        case _:
            return _scalar(value)


def _line(value: object) -> str:
    if isinstance(value, dict):
        return _pairs(value)
    return _scalar(value)


def _pairs(value: dict[object, object]) -> str:
    for label, content in _PAIRS:
        if label in value and content in value:
            left, right = _scalar(value[label]), _scalar(value[content])
            return f"{left}: {right}" if left else right
    lines = [(str(key), _scalar(item)) for key, item in value.items()]
    return "\n".join(f"{key}: {text}" for key, text in lines if text)


def _scalar(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return str(value)
        case float():
            return _number(value)
        case dt.datetime():
            return _moment(value)
        case dt.date() | dt.time():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", "replace")
    raise NestedValueError(type(value).__name__)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)


def _moment(value: dt.datetime) -> str:
    midnight = not (value.hour or value.minute or value.second or value.microsecond)
    return value.date().isoformat() if midnight and value.tzinfo is None else value.isoformat()
