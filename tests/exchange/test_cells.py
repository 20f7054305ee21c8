"""Typed values as the contract's text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from reknit.exchange.cells import NestedValueError, cell_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("آمال", "آمال"),
        (1987, "1987"),
        (1987.0, "1987"),
        (2.5, "2.5"),
        (float("nan"), ""),
        (float("inf"), ""),
        (Decimal("12.50"), "12.50"),
        (True, "true"),
        (dt.date(1987, 3, 4), "1987-03-04"),
        (dt.datetime(1987, 3, 4), "1987-03-04"),
        (dt.datetime(1987, 3, 4, 5, 6), "1987-03-04T05:06:00"),
        (["+963 1", None, "+963 2"], "+963 1\n+963 2"),
        ({"father": "Omar", "mother": None}, "father: Omar"),
        ([{"relation": "father", "name": "Omar"}], "father: Omar"),
        ([{"type": "passport", "value": 12}, "case: 7"], "passport: 12\ncase: 7"),
        ([], ""),
    ],
)
def test_it_writes_a_value_as_text(value: object, text: str) -> None:
    assert cell_text(value) == text


@pytest.mark.parametrize("value", [[["a"]], {"a": {"b": 1}}, [{"a": [1]}]])
def test_it_refuses_what_is_nested_deeper(value: object) -> None:
    with pytest.raises(NestedValueError):
        cell_text(value)
